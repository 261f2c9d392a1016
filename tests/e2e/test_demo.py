"""``make demo`` against a running stack, and against nothing."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from running_stack import REPOSITORY, RunningStack

WRITTEN = REPOSITORY / "demo"


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    yield
    shutil.rmtree(WRITTEN, ignore_errors=True)


def demo(**told: str) -> subprocess.CompletedProcess[str]:
    """Run the recipe, with the programs of this environment."""
    environ = {name: value for name, value in os.environ.items() if name != "PORT"} | told
    installed = Path(sys.executable).parent
    command = ["make", "--no-print-directory", "--old-file=.venv/.installed", f"BIN={installed}", "demo"]
    return subprocess.run(
        command, cwd=REPOSITORY, env=environ, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_demo_prints_rooms_and_writes_the_picture(stack: RunningStack) -> None:
    shown = demo(PORT=str(urlsplit(stack.addresses.router).port))
    assert shown.returncode == 0, shown.stderr
    assert "room_001" in shown.stdout
    assert "LIVING ROOM" in shown.stdout.upper()
    assert "are in demo." in shown.stdout
    with Image.open(WRITTEN / "house_12_rooms.png.p1.png") as image:
        assert image.format == "PNG"


def test_the_demo_finds_the_stack_whatever_its_port(stack: RunningStack) -> None:
    shown = demo(LOCAL_STATE_DIR=str(stack.state_dir))
    assert shown.returncode == 0, shown.stderr


def test_the_house_of_twelve_rooms_has_twelve(stack: RunningStack) -> None:
    """The plan that a newcomer sees first; its words are read, as in AWS."""
    shown = demo(LOCAL_STATE_DIR=str(stack.state_dir))
    rooms = [line.split() for line in shown.stdout.splitlines() if line.startswith("room_")]
    assert len(rooms) == 12
    assert all(name != "-" for _, name, *_ in rooms)


def test_the_demo_says_what_to_do_when_nothing_runs() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        shown = demo(PORT=str(free.getsockname()[1]))
    assert shown.returncode != 0
    assert "make run" in shown.stderr
    assert "Traceback" not in shown.stderr
