"""From an uploaded plan to its rooms with names, for every kind of file."""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
import requests
from PIL import Image

from e2e.caller import Caller
from plan_library import TrueRoom, plan_path, true_rooms

PLANS = [
    ("house_12_rooms.png", 1),
    ("flat_furnished.jpg", 1),
    ("flat_sideways.jpg", 1),
    ("cottage_blueprint.jpg", 1),
    ("office_floor.pdf", 1),
    ("clinic_sheet.pdf", 1),
    ("bungalow_scan.pdf", 1),
    ("bungalow_rotated.pdf", 1),
    ("townhouse_three_pages.pdf", 3),
]
SHARE_NAMED = 0.5
"""A floor to notice a broken pipeline; how good the detector is, benchmarks say."""


@pytest.mark.parametrize(("plan", "pages"), PLANS)
def test_a_plan_becomes_named_rooms_where_they_were_drawn(caller: Caller, plan: str, pages: int) -> None:
    job = caller.create(plan)
    assert (job["status"], job["page_count"]) == ("pending", pages if plan.endswith("pdf") else 1)

    preview = caller.whole_preview(job["job_id"])

    assert preview["page"]["count"] == pages
    assert_names_lie_where_drawn(preview["rooms"], true_rooms(plan))
    finished = caller.job(job["job_id"])
    assert (finished["status"], finished["progress"], finished["error"]) == ("completed", 100, None)
    assert finished["result_s3_key"].startswith(f"cache/preview/{job['job_id']}/")


def assert_names_lie_where_drawn(found: list[dict[str, Any]], drawn: list[TrueRoom]) -> None:
    """Enough names are read, and a named room's box holds the middle of the room that was drawn."""
    labels = [f"{room.get('name_hint', '')} {room['room_number'] or ''}".strip() for room in found]
    boxes = {plain(label): room["bounding_box"] for label, room in zip(labels, found, strict=True) if label}
    known = [room for room in drawn if any(plain(room.name) in name for name in boxes)]
    assert len(known) >= SHARE_NAMED * len(drawn), (sorted(boxes), [room.name for room in drawn])
    misplaced = [room.name for room in known if not overlap(room, boxes.items())]
    assert len(misplaced) <= 0.2 * len(known), misplaced


def overlap(room: TrueRoom, boxes: Iterable[tuple[str, list[float]]]) -> bool:
    x_min, y_min, x_max, y_max = room.bounding_box
    return any(
        plain(room.name) in name
        and min(x_max, box[2]) > max(x_min, box[0])
        and min(y_max, box[3]) > max(y_min, box[1])
        for name, box in boxes
    )


def plain(name: str) -> str:
    """A name without case, spaces and punctuation, which readers differ in."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def test_a_page_stored_sideways_is_answered_upright(caller: Caller) -> None:
    for plan in ("flat_sideways.jpg", "bungalow_rotated.pdf"):
        page = caller.preview(caller.create(plan)["job_id"])["page"]
        assert page["rotation"] == 90
        assert page["width_px"] > page["height_px"]


def test_each_page_of_a_pdf_has_its_own_rooms(caller: Caller) -> None:
    job_id = caller.create("townhouse_three_pages.pdf")["job_id"]
    for number in (1, 2, 3):
        preview = caller.whole_preview(job_id, page=number)
        assert preview["page"]["number"] == number
        assert_names_lie_where_drawn(preview["rooms"], true_rooms("townhouse_three_pages.pdf", number))
    missing = caller.send("POST", f"/api/v1/jobs/{job_id}/preview", json={"page": 4})
    assert (missing.status_code, missing.json()["error"]["code"]) == (422, "UNREADABLE_BLUEPRINT")
    assert caller.job(job_id)["status"] == "completed"


def test_a_preview_can_be_read_again_in_every_form(caller: Caller) -> None:
    job_id = caller.create("studio_small.png")["job_id"]
    rooms = caller.whole_preview(job_id)["rooms"]
    path = f"/api/v1/jobs/{job_id}/preview"

    assert caller.data("GET", path)["rooms"] == rooms
    assert caller.data("GET", f"{path}?withheld=true")["withheld"][0]["message"]
    assert len(caller.send("GET", f"{path}?format=geojson").json()["features"]) == len(rooms)
    assert len(caller.send("GET", f"{path}?format=coco").json()["annotations"]) == len(rooms)
    assert caller.send("GET", f"{path}?format=svg").text.count("<polygon") == len(rooms)
    with Image.open(BytesIO(caller.send("GET", f"{path}/image").content)) as picture:
        assert picture.format == "PNG"
        assert picture.width / picture.height == pytest.approx(816 / 576, rel=0.01)
    words = caller.data("GET", f"/api/v1/jobs/{job_id}/textract-results")["text_blocks"]
    assert any("KITCHEN" in (block["text"] or "") for block in words)


def test_a_repeated_preview_costs_no_second_analysis(caller: Caller, textract: Any) -> None:
    job_id = caller.create("studio_small.png")["job_id"]
    first = caller.whole_preview(job_id)
    calls = textract.calls()
    again = caller.preview(job_id)
    assert (again["cached"], again["rooms"]) == (True, first["rooms"])
    assert textract.calls() == calls


def test_a_large_file_goes_straight_to_s3_and_becomes_a_job(caller: Caller) -> None:
    upload = caller.data("POST", "/api/v1/uploads", 201, json={"filename": "studio.png", "format": "png"})
    content = plan_path("studio_small.png").read_bytes()
    sent = requests.post(upload["url"], data=upload["fields"], files={"file": content}, timeout=30)
    assert sent.ok, sent.text

    body = {"blueprint": {"upload_id": upload["upload_id"]}}
    job = caller.data("POST", "/api/v1/jobs", 201, json=body)

    assert (job["blueprint_filename"], job["blueprint_size_bytes"]) == ("studio.png", len(content))
    assert caller.send("GET", f"/api/v1/jobs/{job['job_id']}/blueprint").content == content
    assert caller.preview(job["job_id"])["rooms"]
    used = caller.send("POST", "/api/v1/jobs", json=body)
    assert (used.status_code, used.json()["error"]["code"]) == (404, "UPLOAD_NOT_FOUND")


def test_a_preview_can_be_started_with_the_upload(caller: Caller) -> None:
    job = caller.create("studio_small.png", preview="true")
    assert job["status"] == "pending"
    finished = caller.job_once(job["job_id"], lambda job: job["status"] not in ("pending", "processing"))
    assert finished["status"] == "completed"
    assert caller.data("GET", f"/api/v1/jobs/{job['job_id']}/preview")["rooms"]
