"""Textract throttling, failing and hanging: rooms all the same, in time, and repaired later."""

import time

import pytest

from e2e.caller import Caller
from e2e.textract import TextractSimulator
from plan_library import plan_path

LONGEST_SECONDS = 8
"""The deadline is 5 s; a loaded machine gets the rest."""


@pytest.mark.parametrize("mode", ["throttle", "error", "hang"])
def test_rooms_are_answered_without_textract_and_named_once_it_is_back(
    caller: Caller, textract: TextractSimulator, mode: str
) -> None:
    textract.fail(mode)
    job_id = create_fresh(caller, mode)

    started = time.monotonic()
    without = caller.preview(job_id)
    assert time.monotonic() - started < LONGEST_SECONDS

    assert "textract_unavailable" in without["degraded"]
    assert without["rooms"]
    assert all("name_hint" not in room for room in without["rooms"])

    textract.recover()
    repaired = caller.whole_preview(job_id)
    assert any(room.get("name_hint") for room in repaired["rooms"])


def test_names_come_from_the_text_of_a_pdf_while_textract_is_away(
    caller: Caller, textract: TextractSimulator
) -> None:
    textract.fail("error")
    preview = caller.preview(caller.create("bungalow_rotated.pdf")["job_id"])
    assert preview["degraded"] == ["textract_unavailable"]
    assert any("LOUNGE" in room.get("name_hint", "").upper() for room in preview["rooms"])


def create_fresh(caller: Caller, difference: str) -> str:
    """Upload a plan that is not in the cache yet: bytes after a PNG's end change only its hash."""
    content = plan_path("studio_small.png").read_bytes() + difference.encode()
    job = caller.data("POST", "/api/v1/jobs", 201, files={"file": ("studio.png", content)})
    return str(job["job_id"])
