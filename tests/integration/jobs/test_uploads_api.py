"""Large files sent straight to storage, and the jobs made of them."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from builders_jobs import NOW, pdf, settings
from calls_jobs import ADA, BOB, PNG, READER, data, error

UPLOADS = "/api/v1/uploads"


def open_upload(client: FlaskClient, body: Any = None, headers: dict[str, str] = ADA) -> Any:
    arguments = {} if body is None else {"json": body}
    return data(client.post(UPLOADS, headers=headers, **arguments), 201)


def send(s3: Any, upload: Any, content: bytes = PNG) -> None:
    """What a client's POST of the form does in S3."""
    s3.put_object(Bucket=settings().blueprints_bucket, Key=upload["fields"]["key"], Body=content)


def create(client: FlaskClient, upload_id: Any, headers: dict[str, str] = ADA, **blueprint: Any) -> Any:
    body = {"blueprint": {"upload_id": upload_id} | blueprint}
    return client.post("/api/v1/jobs", json=body, headers=headers)


@pytest.mark.parametrize("body", [None, {}, {"filename": "big.pdf"}, {"format": "pdf"}])
def test_an_upload_is_opened(client: FlaskClient, body: Any) -> None:
    upload = open_upload(client, body)
    assert set(upload) == {"upload_id", "url", "fields", "expires_at"}
    assert upload["fields"]["key"] == f"uploads/{upload['upload_id']}"
    assert upload["expires_at"].endswith("Z")


@pytest.mark.parametrize("body", [{"size": 1}, {"filename": 7}, {"format": None}, [], "x"])
def test_an_upload_that_does_not_validate(client: FlaskClient, body: Any) -> None:
    error(client.post(UPLOADS, json=body, headers=ADA), 400, "INVALID_REQUEST")


def test_an_upload_of_an_unknown_format(client: FlaskClient) -> None:
    refused = error(client.post(UPLOADS, json={"format": "gif"}, headers=ADA), 400, "INVALID_FILE_FORMAT")
    assert refused["details"] == {"received_format": "gif", "found_format": None}


def test_an_upload_takes_json_only_and_a_writer(client: FlaskClient) -> None:
    error(client.post(UPLOADS, data="x", headers=ADA), 415, "UNSUPPORTED_MEDIA_TYPE")
    error(client.post(UPLOADS, headers=READER), 403, "FORBIDDEN")
    error(client.get(UPLOADS, headers=ADA), 405, "METHOD_NOT_ALLOWED")


def test_a_job_from_an_upload_moves_the_file_and_uses_it_up(client: FlaskClient, s3: Any) -> None:
    upload = open_upload(client, {"filename": "big.pdf", "format": "pdf"})
    content = pdf(2)
    send(s3, upload, content)
    response = create(client, upload["upload_id"])
    job = data(response, 201)
    assert response.headers["Location"] == f"/api/v1/jobs/{job['job_id']}"
    assert (job["page_count"], job["blueprint_filename"], job["blueprint_format"]) == (2, "big.pdf", "pdf")
    bucket = settings().blueprints_bucket
    moved = s3.get_object(Bucket=bucket, Key=job["blueprint_s3_key"])
    assert moved["Body"].read() == content
    assert moved["ContentType"] == "application/pdf"
    left = s3.list_objects_v2(Bucket=bucket, Prefix=upload["fields"]["key"])
    assert left["KeyCount"] == 0
    error(create(client, upload["upload_id"]), 404, "UPLOAD_NOT_FOUND")
    send(s3, upload)
    error(create(client, upload["upload_id"]), 404, "UPLOAD_NOT_FOUND")


def test_an_unsent_upload(client: FlaskClient) -> None:
    error(create(client, open_upload(client)["upload_id"]), 404, "UPLOAD_NOT_FOUND")


def test_a_foreign_upload(client: FlaskClient, s3: Any) -> None:
    upload = open_upload(client)
    send(s3, upload)
    error(create(client, upload["upload_id"], BOB), 404, "UPLOAD_NOT_FOUND")
    data(create(client, upload["upload_id"]), 201)


def test_an_expired_upload(client: FlaskClient, s3: Any, dynamodb: Any) -> None:
    upload = open_upload(client)
    send(s3, upload)
    dynamodb.update_item(
        TableName=settings().uploads_table,
        Key={"upload_id": {"S": upload["upload_id"]}},
        UpdateExpression="SET usable_until = :past",
        ExpressionAttributeValues={":past": {"S": (NOW - timedelta(days=365)).isoformat()}},
    )
    error(create(client, upload["upload_id"]), 404, "UPLOAD_NOT_FOUND")


@pytest.mark.parametrize("upload_id", ["", "nonsense", "up_x", "up_20260301120000_0123456789abc", "../x"])
def test_an_upload_that_never_was(client: FlaskClient, upload_id: str) -> None:
    error(create(client, upload_id), 404, "UPLOAD_NOT_FOUND")


@pytest.mark.parametrize("upload_id", [None, 7, ["up_x"]])
def test_an_upload_id_of_another_kind(client: FlaskClient, upload_id: Any) -> None:
    error(create(client, upload_id), 400, "INVALID_REQUEST")


def test_the_format_declared_for_an_upload_has_to_agree(client: FlaskClient, s3: Any) -> None:
    upload = open_upload(client, {"format": "pdf"})
    send(s3, upload, PNG)
    refused = error(create(client, upload["upload_id"]), 400, "INVALID_FILE_FORMAT")
    assert refused["details"] == {"received_format": "pdf", "found_format": "png"}


def test_a_refused_file_may_be_sent_again(client: FlaskClient, s3: Any) -> None:
    upload = open_upload(client)
    send(s3, upload, b"not a plan")
    error(create(client, upload["upload_id"]), 400, "INVALID_FILE_FORMAT")
    send(s3, upload, PNG)
    data(create(client, upload["upload_id"], format="png", filename="late.png"), 201)


def test_what_storage_let_through_is_measured_again(client: FlaskClient, s3: Any) -> None:
    upload = open_upload(client)
    send(s3, upload, PNG + bytes(52_428_801 - len(PNG)))
    error(create(client, upload["upload_id"]), 413, "FILE_TOO_LARGE")
    send(s3, upload, b"")
    error(create(client, upload["upload_id"]), 400, "INVALID_REQUEST")
