"""Which files of folders are plans."""

import os
from pathlib import Path

import pytest

from location_detection.plans import find_plans


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    (folder / "level 1").mkdir(parents=True)
    (folder / "level 1/a.PDF").write_bytes(b"plan")
    return folder


def names(folder: Path) -> list[str]:
    return [plan.name for plan in find_plans([folder], folder / "rooms")]


def test_only_files_are_plans(folder: Path) -> None:
    (folder / "level 2.pdf").mkdir()
    (folder / "level 2.pdf/b.png").write_bytes(b"plan")
    (folder / "gone.pdf").symlink_to(folder / "nowhere")
    (folder / "linked.pdf").symlink_to(folder / "level 1/a.PDF")
    (folder / "level 3.pdf").symlink_to(folder / "level 1")
    os.mkfifo(folder / "pipe.pdf")
    assert names(folder) == ["level 1/a.PDF", "level 2.pdf/b.png"]


def test_what_is_hidden_and_earlier_results_are_not_looked_into(folder: Path) -> None:
    for inside in (".trash", "rooms/level 1"):
        (folder / inside).mkdir(parents=True)
        (folder / inside / "b.png").write_bytes(b"plan")
    (folder / ".c.png").write_bytes(b"plan")
    assert names(folder) == ["level 1/a.PDF"]


def test_a_folder_that_cannot_be_read_is_among_the_plans_so_that_the_run_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "level 2").mkdir()
    (folder / ".level 3").mkdir()
    scandir = os.scandir

    def refusing(path: str) -> object:
        if Path(path) in (folder / "level 2", folder / ".level 3"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert names(folder) == ["level 1/a.PDF", "level 2"]
