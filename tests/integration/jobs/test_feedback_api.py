"""Feedback over HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from builders_jobs import JOB_ID, NOW, job, page_rooms
from calls_jobs import ADA, BOB, INNER, READER, data, error
from jobs.api import current_use_cases
from world_jobs import World, new_world

PATH = f"/api/v1/jobs/{JOB_ID}/feedback"
SQUARE = [[100.0, 100.0], [250.5, 100.0], [250.5, 300.0]]
PARTIAL = {"feedback": "partial", "room_id": "room_001", "correction": {"polygon": SQUARE, "name": None}}
MISSING = {"feedback": "missing", "correction": {"bounding_box": [700, 100, 900, 300], "name": "Bath"}}


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = new_world(tmp_path)
    world.has(job(page_count=2))
    world.preview.rooms = {1: page_rooms()}
    return world


@pytest.fixture
def client(app: Flask, world: World) -> Iterator[FlaskClient]:
    """A caller of the app with this test's use cases in it."""
    before = app.extensions["jobs.use_cases"]
    current_use_cases.install(app, world.use_cases, 10.0)
    yield app.test_client()
    current_use_cases.install(app, before, 10.0)


def give(client: FlaskClient, body: Any) -> Any:
    return data(client.post(PATH, json=body, headers=ADA), 201)


def test_what_was_said_is_answered_as_it_was_sent(client: FlaskClient) -> None:
    said = give(client, PARTIAL)
    assert said == {
        "feedback_id": said["feedback_id"],
        "job_id": JOB_ID,
        "created_at": "2026-03-01T12:00:00.250Z",
        "feedback": "partial",
        "page": 1,
        "room_id": "room_001",
        "correction": PARTIAL["correction"],
        "comment": None,
    }
    assert said["feedback_id"].startswith("fb_20260301120000_250")
    assert data(client.get(PATH, headers=READER)) == {"feedback": [said], "next_cursor": None}


def test_several_are_answered_like_one(client: FlaskClient) -> None:
    items = give(client, {"items": [{"feedback": "correct"}, MISSING]})["items"]
    assert [each["feedback"] for each in items] == ["correct", "missing"]
    assert items[0]["correction"] is None
    assert items[1]["room_id"] == f"room_a{items[1]['feedback_id'].rpartition('_')[2]}"
    assert give(client, {"items": [PARTIAL]})["items"][0]["room_id"] == "room_001"


def test_what_is_taken_back_is_answered_once(client: FlaskClient) -> None:
    said = give(client, PARTIAL)
    path = f"{PATH}/{said['feedback_id']}"
    error(client.delete(path, headers=READER), 403, "FORBIDDEN")
    error(client.delete(path, headers=BOB), 404, "JOB_NOT_FOUND")
    assert data(client.delete(path, headers=ADA)) == said
    refused = error(client.delete(path, headers=ADA), 404, "FEEDBACK_NOT_FOUND")
    assert refused["details"] == {"feedback_id": said["feedback_id"]}
    assert data(client.get(PATH, headers=ADA))["feedback"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"room_id": "room_001"},
        {"feedback": None},
        {"feedback": "correct", "page": 0},
        {"feedback": "correct", "page": "1"},
        {"feedback": "correct", "rating": 5},
        {"feedback": "partial", "room_id": "room_001", "correction": {"colour": "red"}},
        {"feedback": "partial", "room_id": "room_001", "correction": {"polygon": [["1", "2"]]}},
        {"feedback": "partial", "room_id": "room_001", "correction": {"polygon": [[1, 2, 3]]}},
        {"feedback": "partial", "room_id": "room_001", "correction": {"bounding_box": [1, 2, 3]}},
        {"feedback": "partial", "room_id": "room_001", "correction": {"bounding_box": [1, 2, 3, True]}},
        {"feedback": "partial", "room_id": "room_001", "correction": {"removed": 1}},
        {"items": None},
        {"items": [{}]},
        {"items": [{"items": []}]},
        {"items": [{"feedback": "correct"}], "page": 1},
    ],
)
def test_what_has_another_form_is_no_request(client: FlaskClient, body: Any) -> None:
    error(client.post(PATH, json=body, headers=ADA), 400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({"feedback": "great"}, {"rule": "verdict"}),
        ({"feedback": "wrong"}, {"rule": "correction"}),
        ({"feedback": "correct", "room_id": "room_009"}, {"rule": "room_id"}),
        ({"items": []}, {"rule": "items"}),
        ({"items": [{"feedback": "correct"}] * 26}, {"rule": "items"}),
        ({"items": [{"feedback": "correct"}, {"feedback": "missing"}]}, {"rule": "outline", "item": 1}),
    ],
)
def test_what_makes_no_sense_is_said_by_its_rule(client: FlaskClient, body: Any, details: Any) -> None:
    assert error(client.post(PATH, json=body, headers=ADA), 400, "INVALID_FEEDBACK")["details"] == details


def test_a_page_without_a_preview_is_told_from_one_that_is_not_there(client: FlaskClient) -> None:
    body = {"feedback": "wrong", "comment": "No.", "page": 2}
    error(client.post(PATH, json=body, headers=ADA), 404, "PREVIEW_NOT_FOUND")
    error(client.post(PATH, json=body | {"page": 3}, headers=ADA), 422, "UNREADABLE_BLUEPRINT")
    error(client.get(f"{PATH}?page=3", headers=ADA), 422, "UNREADABLE_BLUEPRINT")
    assert data(client.get(f"{PATH}?page=2", headers=ADA))["feedback"] == []


def test_anothers_job_is_not_found(client: FlaskClient) -> None:
    error(client.post(PATH, json=PARTIAL, headers=BOB), 404, "JOB_NOT_FOUND")
    error(client.get(PATH, headers=BOB), 404, "JOB_NOT_FOUND")
    error(client.post(PATH, json={"feedback": "great"}, headers=BOB), 400, "INVALID_FEEDBACK")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "page=0", "cursor=", "cursor=x", "room_id=room_001"]
)
def test_a_list_that_cannot_be_is_refused(client: FlaskClient, query: str) -> None:
    error(client.get(f"{PATH}?{query}", headers=ADA), 400, "INVALID_REQUEST")


def test_a_list_goes_on(client: FlaskClient) -> None:
    items = give(client, {"items": [{"feedback": "correct"}] * 3})["items"]
    first = data(client.get(f"{PATH}?limit=2", headers=ADA))
    rest = data(client.get(f"{PATH}?limit=2&cursor={first['next_cursor']}", headers=ADA))
    assert (first["feedback"] + rest["feedback"], rest["next_cursor"]) == (items, None)


def test_preview_reads_what_was_said_with_the_outlines_of_then(client: FlaskClient, world: World) -> None:
    said = give(client, PARTIAL)
    world.clock.now += timedelta(milliseconds=1)
    added = give(client, MISSING)
    path = f"/internal/v1/jobs/{JOB_ID}/feedback"
    error(client.get(path, headers=ADA), 401, "UNAUTHORIZED")
    first, second = data(client.get(f"{path}?page=1", headers=INNER))["feedback"]
    assert first == {
        "feedback_id": said["feedback_id"],
        "feedback": "partial",
        "room_id": "room_001",
        "correction": PARTIAL["correction"],
        "model_version": "1.0.0",
        "computed_at": "2026-03-01T12:00:00.250Z",
        "outline": page_rooms().rooms[0]["polygon"],
    }
    assert (second["room_id"], second["outline"]) == (added["room_id"], None)
    assert data(client.get(f"{path}?page=2", headers=INNER))["feedback"] == []
    error(client.get("/internal/v1/jobs/job_unknown/feedback", headers=INNER), 404, "JOB_NOT_FOUND")


def test_who_said_it_is_not_answered(client: FlaskClient, world: World) -> None:
    give(client, PARTIAL)
    [entry] = world.feedback.stored[JOB_ID]
    assert (entry.author_key_id, entry.created_at) == ("ada-key", NOW)
    assert "ada-key" not in client.get(PATH, headers=ADA).text
