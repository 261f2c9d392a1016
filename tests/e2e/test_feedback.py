"""What people say about rooms: applied, taken back, exported, and erased with the job."""

import json
from pathlib import Path
from typing import Any

from e2e.caller import Caller
from e2e.commands import export_feedback
from plan_library import plan_path
from running_stack import RunningStack

PLAN = "studio_small.png"
OUTLINE = [[10.0, 10.0], [60.0, 10.0], [60.0, 60.0], [10.0, 60.0]]


def say(caller: Caller, job_id: str, **said: Any) -> dict[str, Any]:
    return caller.data("POST", f"/api/v1/jobs/{job_id}/feedback", 201, json=said)


def rooms(caller: Caller, job_id: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller.data("GET", f"/api/v1/jobs/{job_id}/preview", params=query)["rooms"]
    return found


def corrected(caller: Caller, job_id: str) -> dict[str, dict[str, Any]]:
    return {room["id"]: room for room in rooms(caller, job_id, corrected="true")}


def test_corrections_are_applied_taken_back_and_outlive_a_new_computation(caller: Caller) -> None:
    job_id = caller.create(PLAN)["job_id"]
    caller.whole_preview(job_id)
    found = rooms(caller, job_id)
    renamed, removed = found[0]["id"], found[1]["id"]
    said = say(
        caller,
        job_id,
        feedback="partial",
        room_id=renamed,
        correction={"name": "Salon", "room_type": "office"},
    )
    say(caller, job_id, feedback="wrong", room_id=removed, correction={"removed": True})
    added = say(caller, job_id, feedback="missing", correction={"polygon": OUTLINE, "name": "Kitchen"})
    shown = corrected(caller, job_id)
    assert (shown[renamed]["name_hint"], shown[renamed]["room_type"]) == ("Salon", "office")
    assert removed not in shown
    assert (shown[added["room_id"]]["polygon"], shown[added["room_id"]]["room_type"]) == (OUTLINE, "kitchen")
    assert rooms(caller, job_id) == found

    caller.whole_preview(job_id, refresh=True)
    assert corrected(caller, job_id) == shown

    caller.data("DELETE", f"/api/v1/jobs/{job_id}/feedback/{said['feedback_id']}")
    assert corrected(caller, job_id)[renamed] == found[0]


def test_an_export_holds_what_was_corrected_until_it_is_erased(
    stack: RunningStack, caller: Caller, tmp_path: Path
) -> None:
    job = caller.create(PLAN)
    job_id = job["job_id"]
    caller.whole_preview(job_id)
    say(caller, job_id, feedback="missing", correction={"polygon": OUTLINE, "name": "Shed"})
    export_feedback(stack, tmp_path)
    document = json.loads((tmp_path / "annotations.json").read_text(encoding="utf-8"))
    [image] = [image for image in document["images"] if image["job_id"] == job_id]
    assert (image["page"], image["sha256"]) == (1, job["blueprint_hash"])
    assert (tmp_path / image["file_name"]).read_bytes() == plan_path(PLAN).read_bytes()
    names = [
        each["attributes"]["name"] for each in document["annotations"] if each["image_id"] == image["id"]
    ]
    assert len(names) == len(rooms(caller, job_id)) + 1
    assert "Shed" in names

    assert caller.data("DELETE", f"/api/v1/jobs/{job_id}/data")["removed"]["feedback"] == 1
    export_feedback(stack, tmp_path)
    assert job_id not in (tmp_path / "annotations.json").read_text(encoding="utf-8")
    assert not (tmp_path / image["file_name"]).exists()
