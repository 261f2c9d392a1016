"""The scale that a caller gives: all answers are measured by it, until it is forgotten."""

import csv
import io
from typing import Any

import pytest

from e2e.caller import Caller

LENGTH = {"from": [0, 500], "to": [1000, 500], "metres": 20}


def read(caller: Caller, job_id: str) -> dict[str, Any]:
    return caller.data("GET", f"/api/v1/jobs/{job_id}/preview")


def areas(preview: dict[str, Any]) -> list[float | None]:
    return [room["area_m2"] for room in preview["rooms"]]


def exported_areas(caller: Caller, job_id: str) -> list[float]:
    table = caller.send("GET", f"/api/v1/jobs/{job_id}/previews", params={"format": "csv"}).content
    return [float(row["area_m2"]) for row in csv.DictReader(io.StringIO(table.decode("utf-8-sig")))]


@pytest.mark.parametrize(
    ("plan", "scale", "read_from"),
    [("studio_small.png", LENGTH, None), ("clinic_sheet.pdf", "1:200", "dimensions")],
)
def test_areas_follow_the_scale_that_is_given_until_it_is_forgotten(
    caller: Caller, plan: str, scale: Any, read_from: str | None
) -> None:
    job_id, other_id = caller.create(plan, pages="1")["job_id"], caller.create(plan)["job_id"]
    caller.job_once(job_id, lambda job: job["status"] == "completed")
    before = read(caller, job_id)
    assert (before["scale"] and before["scale"]["source"]) == read_from
    given = caller.preview(job_id, scale=scale)
    assert given["cached"]
    assert given["scale"]["source"] == "given"
    assert given["scale"]["conflicts"] == ([read_from] if read_from else [])
    assert all(area and area > 0 for area in areas(given))
    assert read(caller, job_id) == given
    assert exported_areas(caller, job_id) == areas(given)
    assert caller.preview(other_id)["scale"] == before["scale"]
    caller.data("POST", f"/api/v1/jobs/{job_id}/previews", 202, json={"pages": "1", "scale": None})
    assert read(caller, job_id) == before
