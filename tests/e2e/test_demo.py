"""``make demo`` against a running stack, and against nothing."""

import os
import socket
import subprocess
import sys
from urllib.parse import urlsplit

from PIL import Image

from running_stack import REPOSITORY, RunningStack


def demo(**told: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REPOSITORY / "docker/demo.py")]
    environ = {name: value for name, value in os.environ.items() if name != "PORT"} | told
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)


def test_the_demo_prints_rooms_and_writes_the_picture(stack: RunningStack) -> None:
    shown = demo(PORT=str(urlsplit(stack.addresses.router).port))
    assert shown.returncode == 0, shown.stderr
    assert "room_001" in shown.stdout
    assert "LIVING ROOM" in shown.stdout.upper()
    picture = REPOSITORY / "demo.png"
    assert str(picture) in shown.stdout
    with Image.open(picture) as image:
        assert image.format == "PNG"


def test_the_demo_finds_the_stack_whatever_its_port(stack: RunningStack) -> None:
    shown = demo(LOCAL_STATE_DIR=str(stack.state_dir))
    assert shown.returncode == 0, shown.stderr


def test_the_house_of_twelve_rooms_has_twelve(stack: RunningStack) -> None:
    """The plan that a newcomer sees first; its words are read, as in AWS."""
    shown = demo(LOCAL_STATE_DIR=str(stack.state_dir))
    assert "12 rooms, 12 of them named" in shown.stdout


def test_the_demo_says_what_to_do_when_nothing_runs() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        shown = demo(PORT=str(free.getsockname()[1]))
    assert shown.returncode == 1
    assert "make run" in shown.stderr
    assert "Traceback" not in shown.stderr
