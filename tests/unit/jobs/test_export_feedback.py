"""All feedback as an evaluation set in a folder."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from builders_jobs import JOB_ID, job, page_rooms
from jobs.cli.feedback import feedback_commands
from jobs.domain.feedback import Correction, Entry, Submission
from world_jobs import World, new_world

OTHER_ID = "job_20260301120000_other00000000"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two jobs of two pages, the first of which was spoken of in each."""
    world = new_world(tmp_path)
    for each in (job(page_count=2), replace(job(page_count=2), job_id=OTHER_ID, blueprint_s3_key="other")):
        world.has(each)
        world.bucket.store(each.blueprint_s3_key, each.job_id.encode())
    world.preview.rooms = {1: page_rooms(), 2: page_rooms(2)}
    for job_id in (JOB_ID, OTHER_ID):
        say(world, job_id, Correction(bounding_box=(100, 100, 200, 200), name="Bath", sets_name=True))
    return world


def say(world: World, job_id: str, correction: Correction) -> Entry:
    said = Submission("wrong", room_id="room_001", correction=correction)
    [given] = world.use_cases.give_feedback(job_id, "ada", "key_1", [said], several=False)
    return given


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "set"


def export(world: World, folder: Path) -> dict[str, Any]:
    done = CliRunner().invoke(feedback_commands(world.use_cases.export_feedback), ["export", str(folder)])
    assert done.exit_code == 0, done.output
    document: dict[str, Any] = json.loads((folder / "annotations.json").read_text())
    assert f"{len(document['images'])} pages" in done.output
    numbers = {image["id"] for image in document["images"]}
    assert {each["image_id"] for each in document["annotations"]} <= numbers
    return document


def exported(document: dict[str, Any]) -> set[str]:
    return {image["job_id"] for image in document["images"]}


def test_a_corrected_page_is_exported_with_its_file(world: World, folder: Path) -> None:
    document = export(world, folder)
    image = next(image for image in document["images"] if image["job_id"] == JOB_ID)
    assert (image["page"], image["sha256"], image["width"], image["height"]) == (1, "ab" * 32, 3300, 2550)
    assert (folder / image["file_name"]).read_bytes() == JOB_ID.encode()
    bath, hall = (each for each in document["annotations"] if each["image_id"] == image["id"])
    assert bath["bbox"] == [330, 255, 330, 255]
    assert bath["segmentation"] == [[330, 255, 660, 255, 660, 510, 330, 510]]
    assert (bath["attributes"]["name"], bath["attributes"]["corrected"]) == ("Bath", True)
    assert (hall["attributes"]["name"], hall["attributes"]["corrected"]) == ("Hall", False)
    assert exported(document) == {JOB_ID, OTHER_ID}


def test_a_file_that_is_gone_leaves_its_page(world: World, folder: Path) -> None:
    world.bucket.delete("other")
    assert exported(export(world, folder)) == {JOB_ID, OTHER_ID}
    assert [file.stem for file in (folder / "files").iterdir()] == [JOB_ID]


def test_what_was_erased_since_is_removed(world: World, folder: Path) -> None:
    export(world, folder)
    world.use_cases.erase_job(OTHER_ID, "ada")
    world.clock.now = job().expires_at  # the other has only expired
    document = export(world, folder)
    assert exported(document) == {JOB_ID}
    assert len(document["annotations"]) == 2
    assert [file.stem for file in (folder / "files").iterdir()] == [JOB_ID]
    assert OTHER_ID not in (folder / "annotations.json").read_text()
    assert export(world, folder) == document


def test_what_others_put_beside_the_files_stays(world: World, folder: Path) -> None:
    export(world, folder)
    world.use_cases.erase_job(OTHER_ID, "ada")
    (folder / "files" / f"{OTHER_ID}.part").write_bytes(b"of an export that was killed")
    (folder / "files" / "holiday.jpg").write_bytes(b"a picture")
    (folder / "files" / "mine").mkdir()
    export(world, folder)
    left = {file.name for file in (folder / "files").iterdir()}
    assert left == {f"{JOB_ID}.png", "holiday.jpg", "mine"}


def test_what_was_taken_back_is_removed(world: World, folder: Path) -> None:
    export(world, folder)
    [said] = world.feedback.stored[OTHER_ID]
    world.use_cases.take_back_feedback(OTHER_ID, said.feedback_id, "ada")
    say(world, JOB_ID, Correction(removed=True))
    document = export(world, folder)
    assert exported(document) == {JOB_ID}
    assert [each["attributes"]["room_id"] for each in document["annotations"]] == ["room_002"]


def test_what_cannot_be_read_is_said_in_a_sentence(world: World, folder: Path) -> None:
    export(world, folder)
    before = (folder / "annotations.json").read_bytes()
    world.feedback.broken = {"page"}
    done = CliRunner().invoke(feedback_commands(world.use_cases.export_feedback), ["export", str(folder)])
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert (folder / "annotations.json").read_bytes() == before
