"""Temporary files of processes that live, that end, and that are killed."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.scratch import ScratchFolder

PROCESS = """
import sys, tempfile
from shared.scratch import ScratchFolder

scratch = ScratchFolder()
scratch.open()
file = tempfile.NamedTemporaryFile()
print(file.name, flush=True)
sys.stdin.read()
scratch.close()
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


@contextmanager
def at_work() -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process with a temporary file."""
    command = [sys.executable, "-c", PROCESS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())


def test_what_a_killed_process_left_is_removed_by_the_next(temporary: Path) -> None:
    with at_work() as (process, file):
        process.kill()
        process.wait()
        assert file.exists()
        assert file.is_relative_to(temporary)
        scratch = ScratchFolder()
        scratch.open()
    assert not file.exists()
    scratch.close()
    assert not list(temporary.iterdir())


def test_a_process_at_work_keeps_its_files(temporary: Path) -> None:
    with at_work() as (_, file):
        scratch = ScratchFolder()
        scratch.open()
        assert file.exists()
        scratch.close()
    assert not list(temporary.iterdir())


def test_temporary_files_lie_in_the_folder_until_it_is_closed(temporary: Path) -> None:
    scratch = ScratchFolder()
    scratch.open()
    assert Path(tempfile.gettempdir()).parent == temporary
    scratch.close()
    assert Path(tempfile.gettempdir()) == temporary
    scratch.close()


def test_what_is_no_folder_of_ours_is_left_alone(temporary: Path) -> None:
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (temporary / "location-detection-link").symlink_to(elsewhere)
    scratch = ScratchFolder()
    scratch.open()
    scratch.close()
    assert elsewhere.exists()
