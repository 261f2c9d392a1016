"""``Idempotency-Key`` on ``POST /api/v1/jobs``, over the whole app."""

import itertools
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builders_jobs import in_base64, picture, settings
from calls_jobs import ADA, BOB, PNG, data, error, inline, post_form

OTHER = picture("PNG", (41, 30))
numbers = itertools.count()


@pytest.fixture
def key() -> str:
    return f"key-{next(numbers)}"


def post(client: FlaskClient, key: str, body: Any, headers: dict[str, str] = ADA) -> TestResponse:
    return client.post("/api/v1/jobs", json=body, headers=headers | {"Idempotency-Key": key})


def stored(s3: Any, dynamodb: Any) -> tuple[int, int]:
    objects = s3.list_objects_v2(Bucket=settings().blueprints_bucket, Prefix="blueprints/")["KeyCount"]
    return objects, dynamodb.scan(TableName=settings().jobs_table, Select="COUNT")["Count"]


def replays(again: TestResponse, first: TestResponse) -> None:
    assert data(again, 201) == data(first, 201)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["X-Request-ID"] != first.headers["X-Request-ID"]


@pytest.mark.parametrize("preview", [False, True])
def test_a_repeat_gets_the_first_answer(
    client: FlaskClient, s3: Any, dynamodb: Any, key: str, preview: bool
) -> None:
    body = inline(filename="plan.png") | {"options": {"preview": preview}}
    first = post(client, key, body)
    before = stored(s3, dynamodb)
    client.delete(first.headers["Location"], headers=ADA)
    replays(post(client, key, body), first)
    replays(post(client, key, body), first)
    assert stored(s3, dynamodb) == before


def test_one_file_may_be_sent_in_different_ways(
    client: FlaskClient, s3: Any, dynamodb: Any, key: str
) -> None:
    first = post(client, key, inline())
    before = stored(s3, dynamodb)
    for again in (
        post(client, key, inline(filename="another-name.png")),
        post_form(client, key=key),
        post_form(client, key=key, format="png", preview="false"),
        post(client, key, from_upload(client, s3)),
    ):
        replays(again, first)
    assert stored(s3, dynamodb) == before


def from_upload(client: FlaskClient, s3: Any, content: bytes = PNG) -> Any:
    opened = data(client.post("/api/v1/uploads", headers=ADA), 201)
    s3.put_object(Bucket=settings().blueprints_bucket, Key=opened["fields"]["key"], Body=content)
    return {"blueprint": {"upload_id": opened["upload_id"]}}


def test_a_repeat_after_its_upload_is_used_up(client: FlaskClient, s3: Any, dynamodb: Any, key: str) -> None:
    body = from_upload(client, s3)
    first = post(client, key, body)
    before = stored(s3, dynamodb)
    replays(post(client, key, body), first)
    replays(post(client, key, inline()), first)
    error(post(client, key, body | {"options": {"preview": True}}), 422, "IDEMPOTENCY_KEY_REUSED")
    error(post(client, "another-" + key, body), 404, "UPLOAD_NOT_FOUND")
    error(post(client, key, body, BOB), 404, "UPLOAD_NOT_FOUND")
    assert stored(s3, dynamodb) == before


@pytest.mark.parametrize("other", ["file", "preview", "form"])
def test_a_key_used_for_something_else(client: FlaskClient, key: str, other: str) -> None:
    post(client, key, inline())
    if other == "file":
        refused = post(client, key, inline(OTHER))
    elif other == "preview":
        refused = post(client, key, inline() | {"options": {"preview": True}})
    else:
        refused = post_form(client, OTHER, key=key)
    assert "new key" in error(refused, 422, "IDEMPOTENCY_KEY_REUSED")["message"]


def test_a_key_is_one_owners(client: FlaskClient, key: str) -> None:
    first, others = post(client, key, inline()), post(client, key, inline(OTHER), BOB)
    assert data(others, 201)["job_id"] != data(first, 201)["job_id"]


def test_a_refused_request_leaves_its_key_free(client: FlaskClient, key: str) -> None:
    error(post(client, key, inline(b"random bytes")), 400, "INVALID_FILE_FORMAT")
    error(post(client, key, inline(format=None)), 400, "INVALID_REQUEST")
    assert "Idempotency-Replayed" not in post(client, key, inline()).headers


def test_a_request_that_meets_the_first_one_at_work(client: FlaskClient, dynamodb: Any, key: str) -> None:
    post(client, key, inline())
    items = dynamodb.scan(TableName=settings().idempotency_table)["Items"]
    newest = max(items, key=lambda item: item["claimed_until"]["S"])
    at_work = {name: value for name, value in newest.items() if name != "job"} | {"stage": {"S": "claimed"}}
    dynamodb.put_item(TableName=settings().idempotency_table, Item=at_work)
    refused = post(client, key, inline())
    error(refused, 409, "REQUEST_IN_PROGRESS")
    assert int(refused.headers["Retry-After"]) > 0


@pytest.mark.parametrize("accepted", ["x", "~" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "a,b;c=d"])
def test_a_key_is_any_visible_ascii(client: FlaskClient, accepted: str) -> None:
    first = post(client, accepted, inline())
    replays(post(client, accepted, inline()), first)


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "clé", "tab\tbed"])
def test_a_key_of_another_form(client: FlaskClient, s3: Any, dynamodb: Any, key: str) -> None:
    before = stored(s3, dynamodb)
    for refused in (post(client, key, inline()), post_form(client, key=key)):
        problems = error(refused, 400, "INVALID_REQUEST")["details"]["problems"]
        assert list(problems["headers"]) == ["Idempotency-Key"]
    assert stored(s3, dynamodb) == before


def test_the_key_and_its_owner_are_stored_as_a_digest_only(client: FlaskClient, dynamodb: Any) -> None:
    post(client, "a-telling-key", {"blueprint": {"file": in_base64(PNG), "format": "png"}})
    for item in dynamodb.scan(TableName=settings().idempotency_table)["Items"]:
        assert "a-telling-key" not in str(item)
        assert len(item["idempotency_key"]["S"]) == 64
        assert int(item["expires_at"]["N"]) > 0


def test_without_a_key_a_create_sent_twice_makes_two_jobs(client: FlaskClient) -> None:
    first, second = post_form(client), post_form(client)
    assert data(first, 201)["job_id"] != data(second, 201)["job_id"]
    assert "Idempotency-Replayed" not in second.headers
