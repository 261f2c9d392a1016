"""Cursors belong to one list."""

import base64
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders_jobs import JOB_ID, NOW
from jobs.domain.errors import InvalidRequest
from jobs.domain.job import JobStatus
from jobs.domain.listing import JobFilter, Position, decode_cursor, encode_cursor

ADA = JobFilter("ada", None, NOW)
POSITION = Position("2026-03-01T12:00:00.250Z", JOB_ID)


@pytest.mark.parametrize("jobs", [ADA, replace(ADA, status=JobStatus.FAILED)])
def test_a_cursor_leads_back_to_its_position(jobs: JobFilter) -> None:
    assert decode_cursor(encode_cursor(POSITION, jobs), jobs) == POSITION


@pytest.mark.parametrize(
    "other", [JobFilter("bob", None, NOW), JobFilter("ada", JobStatus.PENDING, NOW)], ids=["owner", "state"]
)
def test_a_cursor_of_another_list_is_refused(other: JobFilter) -> None:
    with pytest.raises(InvalidRequest):
        decode_cursor(encode_cursor(POSITION, ADA), other)


def test_a_cursor_that_was_changed_anywhere_is_refused() -> None:
    cursor = encode_cursor(POSITION, ADA)
    for place in range(len(cursor)):
        changed = cursor[:place] + ("B" if cursor[place] == "A" else "A") + cursor[place + 1 :]
        with pytest.raises(InvalidRequest):
            decode_cursor(changed, ADA)
    for longer in (cursor + "=", cursor + "A", f" {cursor}"):
        with pytest.raises(InvalidRequest):
            decode_cursor(longer, ADA)


def forged(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


DIGEST = json.loads(base64.urlsafe_b64decode(encode_cursor(POSITION, ADA) + "=="))[2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "ä",
        "e30",
        forged(),
        forged(POSITION.created_at, "", DIGEST),
        forged(POSITION.created_at, 7, DIGEST),
        forged("yesterday", JOB_ID, DIGEST),
        forged(5, JOB_ID, DIGEST),
        forged("2026-03-01\ud80012:00:00Z", JOB_ID, DIGEST),
        forged(POSITION.created_at, JOB_ID, DIGEST, "more"),
    ],
)
def test_a_bad_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        decode_cursor(text, ADA)


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_cursors(text: str) -> None:
    with pytest.raises(InvalidRequest):
        decode_cursor(text, ADA)
