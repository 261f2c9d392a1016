"""``make demo`` against a running stack, and against nothing."""

import os
import socket
import subprocess
import sys
from urllib.parse import urlsplit

from PIL import Image

from running_stack import REPOSITORY, RunningStack


def demo(port: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REPOSITORY / "docker/demo.py")]
    environ = {**os.environ, "PORT": str(port)}
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)


def test_the_demo_prints_rooms_and_writes_the_picture(stack: RunningStack) -> None:
    shown = demo(urlsplit(stack.addresses.router).port or 0)
    assert shown.returncode == 0, shown.stderr
    assert "room_001" in shown.stdout
    assert "LIVING ROOM" in shown.stdout.upper()
    picture = REPOSITORY / "demo.png"
    assert str(picture) in shown.stdout
    with Image.open(picture) as image:
        assert image.format == "PNG"


def test_the_demo_says_what_to_do_when_nothing_runs() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        shown = demo(free.getsockname()[1])
    assert shown.returncode == 1
    assert "make run" in shown.stderr
    assert "Traceback" not in shown.stderr
