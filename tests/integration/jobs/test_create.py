"""``POST /api/v1/jobs``: what is accepted, what is refused with which code, and what is stored."""

import hashlib
import re
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from builders_jobs import in_base64, pdf, picture, settings
from calls_jobs import ADA, PNG, READER, create, data, error, inline, post_form
from jobs.app import create_app

GIF = picture("GIF")
JPG = picture("JPEG")


def stored_keys(s3: Any) -> set[str]:
    listing = s3.list_objects_v2(Bucket=settings().blueprints_bucket)
    return {entry["Key"] for entry in listing.get("Contents", [])}


def test_a_job_from_base64_is_stored_whole(client: FlaskClient, s3: Any, dynamodb: Any) -> None:
    response = client.post(
        "/api/v1/jobs",
        json=inline(filename="Ground floor.png"),
        headers=ADA | {"X-Correlation-ID": "import-7"},
    )
    job = data(response, 201)
    assert response.headers["Location"] == f"/api/v1/jobs/{job['job_id']}"
    assert re.fullmatch(r"job_\d{14}_[0-9a-z]{13,32}", job["job_id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", job["created_at"])
    assert job == {
        "job_id": job["job_id"],
        "status": "pending",
        "stage": None,
        "progress": 0,
        "pages": None,
        "degraded": [],
        "message": None,
        "created_at": job["created_at"],
        "updated_at": job["created_at"],
        "expires_at": job["expires_at"],
        "blueprint_s3_key": f"blueprints/{job['job_id']}/Ground_floor.png",
        "blueprint_format": "png",
        "blueprint_hash": hashlib.sha256(PNG).hexdigest(),
        "blueprint_filename": "Ground floor.png",
        "blueprint_size_bytes": len(PNG),
        "page_count": 1,
        "result_s3_key": None,
        "error": None,
        "request_id": response.headers["X-Request-ID"],
        "correlation_id": "import-7",
        "api_version": "v1",
    }
    lifetime = datetime.fromisoformat(job["expires_at"]) - datetime.fromisoformat(job["created_at"])
    assert timedelta(days=7, seconds=-1) < lifetime <= timedelta(days=7)
    found = s3.get_object(Bucket=settings().blueprints_bucket, Key=job["blueprint_s3_key"])
    assert found["Body"].read() == PNG
    item = dynamodb.get_item(TableName=settings().jobs_table, Key={"job_id": {"S": job["job_id"]}})["Item"]
    assert (item["owner"]["S"], item["status"]["S"], item["version"]["N"]) == ("ada", "pending", "1")


@pytest.mark.parametrize(
    ("content", "declared", "found", "pages"),
    [
        (PNG, "png", "png", 1),
        (JPG, "jpg", "jpg", 1),
        (JPG, "jpeg", "jpg", 1),
        (pdf(3), "pdf", "pdf", 3),
        (PNG + b"bytes after its end", "png", "png", 1),
    ],
)
def test_every_format_is_taken(
    client: FlaskClient, content: bytes, declared: str, found: str, pages: int
) -> None:
    job = data(client.post("/api/v1/jobs", json=inline(content, format=declared), headers=ADA), 201)
    assert (job["blueprint_format"], job["page_count"]) == (found, pages)
    assert job["blueprint_filename"] is None
    assert job["blueprint_s3_key"].endswith(f"/blueprint.{found}")


def test_base64_may_be_broken_into_lines(client: FlaskClient) -> None:
    encoded = in_base64(PNG)
    lines = "\r\n".join(encoded[i : i + 76] for i in range(0, len(encoded), 76)) + "\n"
    assert create(client, file=lines)["blueprint_hash"] == hashlib.sha256(PNG).hexdigest()


def test_a_form_may_say_the_format_and_ask_for_a_preview(client: FlaskClient) -> None:
    job = data(post_form(client, format="png", preview="true"), 201)
    assert (job["status"], "preview" in job["message"]) == ("pending", True)
    again = data(client.get(f"/api/v1/jobs/{job['job_id']}", headers=ADA))
    assert again == job


def test_a_file_part_without_a_name_is_taken(client: FlaskClient) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + PNG + b"\r\n--b--\r\n"
    response = client.post(
        "/api/v1/jobs", data=body, headers=ADA, content_type="multipart/form-data; boundary=b"
    )
    assert data(response, 201)["blueprint_filename"] is None


def test_a_preview_that_cannot_be_started_leaves_the_job_pending(client: FlaskClient) -> None:
    response = client.post("/api/v1/jobs", json=inline() | {"options": {"preview": True}}, headers=ADA)
    job = data(response, 201)
    assert job["status"] == "pending"
    assert "preview" in job["message"]


@pytest.mark.parametrize(
    ("content", "declared", "received", "found"),
    [
        (GIF, "gif", "gif", "gif"),
        (GIF, "png", "png", "gif"),
        (PNG, "gif", "gif", "png"),
        (PNG, "pdf", "pdf", "png"),
        (JPG, "png", "png", "jpg"),
        (b"random bytes", "png", "png", None),
        (b"<html>", "pdf", "pdf", "html"),
        (PNG[:20], "png", "png", None),
    ],
)
def test_formats_that_do_not_agree(
    client: FlaskClient, s3: Any, content: bytes, declared: str, received: str, found: str | None
) -> None:
    before = stored_keys(s3)
    response = client.post("/api/v1/jobs", json=inline(content, format=declared), headers=ADA)
    refused = error(response, 400, "INVALID_FILE_FORMAT")
    assert refused["details"] == {"received_format": received, "found_format": found}
    response = post_form(client, content, format=declared)
    assert error(response, 400, "INVALID_FILE_FORMAT")["details"] == refused["details"]
    assert stored_keys(s3) == before


def test_a_parts_content_type_has_to_agree_too(client: FlaskClient) -> None:
    refused = error(post_form(client, media_type="application/pdf"), 400, "INVALID_FILE_FORMAT")
    assert refused["details"] == {"received_format": "application/pdf", "found_format": "png"}


def test_a_file_names_extension_declares_nothing(client: FlaskClient) -> None:
    job = data(post_form(client, filename="plan.pdf", media_type="application/octet-stream"), 201)
    assert (job["blueprint_format"], job["blueprint_filename"]) == ("png", "plan.pdf")


def with_pages(count: int) -> bytes:
    pages = b"".join(b"%d 0 obj<</Type/Page/Parent 2 0 R>>endobj\n" % (i + 3) for i in range(count))
    kids = b" ".join(b"%d 0 R" % (i + 3) for i in range(count))
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids["
        + kids
        + b"]/Count %d/MediaBox[0 0 9 9]>>endobj\n" % count
        + pages
        + b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


def vast_png() -> bytes:
    """A header that promises 10,001 by 10,000 pixels."""
    header = (10_001).to_bytes(4) + (10_000).to_bytes(4)
    chunk = b"IHDR" + header + bytes([1, 0, 0, 0, 0])
    return PNG[:12] + chunk + zlib.crc32(chunk).to_bytes(4) + PNG[33:]


@pytest.mark.parametrize(
    ("content", "declared"), [(vast_png(), "png"), (with_pages(501), "pdf")], ids=["pixels", "pages"]
)
def test_a_blueprint_that_nobody_could_read(client: FlaskClient, content: bytes, declared: str) -> None:
    response = client.post("/api/v1/jobs", json=inline(content, format=declared), headers=ADA)
    assert error(response, 422, "UNREADABLE_BLUEPRINT")["details"]["reason"]


JSON_PROBLEMS: dict[str, Any] = {
    "nothing": {},
    "a list": [],
    "no blueprint": {"options": {}},
    "blueprint of another kind": {"blueprint": "file"},
    "no file": {"blueprint": {"format": "png"}},
    "no format": inline(format=None),
    "format null": {"blueprint": {"file": in_base64(PNG), "format": None}},
    "format of another kind": inline(format=7),
    "format empty": inline(format=""),
    "format endless": inline(format="p" * 33),
    "file empty": inline(file=""),
    "file of nothing": inline(file="\n"),
    "file of another kind": inline(file=7),
    "not base64": inline(file="not base64!"),
    "unpadded": inline(file="iVBORw0KGg"),
    "padded in the middle": inline(file="iVBORw==iVBORw=="),
    "data url": inline(file="data:image/png;base64,iVBORw0KGgo="),
    "unknown field": inline(colour="red"),
    "unknown field outside": inline() | {"colour": "red"},
    "file and upload": inline(upload_id="up_20260301120000_0123456789abc"),
    "unknown option": inline() | {"options": {"fast": True}},
    "option as text": inline() | {"options": {"preview": "true"}},
    "option as number": inline() | {"options": {"preview": 1}},
    "options null": inline() | {"options": None},
    "control character": inline(filename="a\nb.png"),
    "half a character": inline(filename="\ud800.png"),
    "endless name": inline(filename="a" * 1025),
}


@pytest.mark.parametrize("body", JSON_PROBLEMS.values(), ids=JSON_PROBLEMS.keys())
def test_json_that_does_not_validate(client: FlaskClient, body: Any) -> None:
    refused = error(client.post("/api/v1/jobs", json=body, headers=ADA), 400, "INVALID_REQUEST")
    assert refused["details"]["problems"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 50_000, b'{"blueprint": NaN', b"null"])
def test_a_body_that_is_not_json(client: FlaskClient, body: bytes) -> None:
    response = client.post("/api/v1/jobs", data=body, headers=ADA, content_type="application/json")
    error(response, 400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    "fields",
    [{"colour": "red"}, {"preview": "yes"}, {"preview": "True"}, {"format": "p" * 2000}],
)
def test_a_form_that_does_not_validate(client: FlaskClient, fields: dict[str, str]) -> None:
    error(post_form(client, **fields), 400, "INVALID_REQUEST")


PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + PNG + b"\r\n"
FORM_PROBLEMS: dict[str, tuple[bytes, str]] = {
    "no boundary": (PART + b"--b--", "multipart/form-data"),
    "two files": (PART + PART + b"--b--", "multipart/form-data; boundary=b"),
    "no end": (PART, "multipart/form-data; boundary=b"),
    "nothing": (b"", "multipart/form-data; boundary=b"),
    "no parts": (b"--b--\r\n", "multipart/form-data; boundary=b"),
    "garbage": (b"garbage", "multipart/form-data; boundary=b"),
    "another file": (PART.replace(b'"file"', b'"plan"') + b"--b--", "multipart/form-data; boundary=b"),
    "a file as format": (PART.replace(b'"file"', b'"format"') + b"--b--", "multipart/form-data; boundary=b"),
    "no name": (PART.replace(b' name="file";', b"") + b"--b--", "multipart/form-data; boundary=b"),
    "bad name": (PART.replace(b"a.png", b"a\x01.png") + b"--b--", "multipart/form-data; boundary=b"),
}


@pytest.mark.parametrize(("body", "content_type"), FORM_PROBLEMS.values(), ids=FORM_PROBLEMS.keys())
def test_a_form_that_is_not_well_formed(client: FlaskClient, body: bytes, content_type: str) -> None:
    response = client.post("/api/v1/jobs", data=body, headers=ADA, content_type=content_type)
    assert "form" in error(response, 400, "INVALID_REQUEST")["details"]["problems"]


@pytest.mark.parametrize(
    "part",
    [
        b'name="file"; filename="a.png"\r\nContent-Type: image/' + b"x" * 200_000,
        b'name="file"; filename="' + b"x" * 200_000 + b'.png"',
        b'name="' + b"x" * 200_000 + b'"',
    ],
    ids=["media type", "filename", "name"],
)
def test_a_refused_form_is_not_repeated(client: FlaskClient, part: bytes) -> None:
    form = b"--b\r\nContent-Disposition: form-data; " + part + b"\r\n\r\n" + PNG + b"\r\n--b--"
    refused = client.post(
        "/api/v1/jobs", data=form, headers=ADA, content_type="multipart/form-data; boundary=b"
    )
    assert refused.status_code == 400
    assert len(refused.data) < 2_000


def test_a_form_without_a_file(client: FlaskClient) -> None:
    refused = error(post_form(client, None, format="png"), 400, "INVALID_REQUEST")
    assert refused["details"]["problems"] == {"form": {"file": [refused["message"]]}}


def test_a_file_that_is_not_base64(client: FlaskClient) -> None:
    response = client.post("/api/v1/jobs", json=inline(file="not base64!"), headers=ADA)
    refused = error(response, 400, "INVALID_REQUEST")
    assert refused["details"]["problems"] == {"json": {"blueprint": {"file": [refused["message"]]}}}


def test_an_empty_file(client: FlaskClient) -> None:
    refused = error(post_form(client, b""), 400, "INVALID_REQUEST")
    assert "empty" in refused["message"]
    assert refused["details"]["problems"] == {"file": [refused["message"]]}


@pytest.mark.parametrize("url", ["https://example.com/plan.png", "http://10.0.0.1/", " file:///etc/passwd"])
def test_a_url_is_refused_while_urls_are_switched_off(client: FlaskClient, url: str) -> None:
    error(client.post("/api/v1/jobs", json=inline(file=url), headers=ADA), 400, "URL_INPUT_DISABLED")


@pytest.mark.parametrize("content_type", ["text/plain", "image/png", "application/x-www-form-urlencoded"])
def test_another_media_type(client: FlaskClient, content_type: str) -> None:
    response = client.post("/api/v1/jobs", data=PNG, headers=ADA, content_type=content_type)
    error(response, 415, "UNSUPPORTED_MEDIA_TYPE")


def test_no_body_at_all(client: FlaskClient) -> None:
    error(client.post("/api/v1/jobs", headers=ADA), 415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_reader_creates_nothing(client: FlaskClient) -> None:
    error(client.post("/api/v1/jobs", json=inline(), headers=READER), 403, "FORBIDDEN")


LIMIT = 52_428_800


def test_a_file_at_the_limit_is_taken(client: FlaskClient) -> None:
    content = PNG + bytes(LIMIT - len(PNG))
    assert data(post_form(client, content), 201)["blueprint_size_bytes"] == LIMIT
    assert create(client, content=content)["blueprint_size_bytes"] == LIMIT


def test_a_file_over_the_limit_is_refused(client: FlaskClient) -> None:
    content = PNG + bytes(LIMIT + 1 - len(PNG))
    assert error(post_form(client, content), 413, "FILE_TOO_LARGE")["details"] == {"limit_bytes": LIMIT}
    error(client.post("/api/v1/jobs", json=inline(content), headers=ADA), 413, "FILE_TOO_LARGE")


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=b"])
def test_a_body_over_the_limit_is_refused_unread(client: FlaskClient, content_type: str) -> None:
    response = client.post(
        "/api/v1/jobs",
        data=b"{}",
        headers=ADA,
        content_type=content_type,
        environ_overrides={"CONTENT_LENGTH": "80000000"},
    )
    error(response, 413, "FILE_TOO_LARGE")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"jobs_table": "no-such-table"}, 500, "INTERNAL_ERROR"),
        ({"blueprints_bucket": "no-such-bucket"}, 500, "INTERNAL_ERROR"),
    ],
)
def test_a_failing_store_leaves_nothing_and_says_little(
    aws: None, s3: Any, changes: dict[str, Any], status: int, code: str
) -> None:
    app = create_app(settings(**changes))
    before = stored_keys(s3)
    refused = error(app.test_client().post("/api/v1/jobs", json=inline(), headers=ADA), status, code)
    assert stored_keys(s3) == before
    assert "no-such" not in str(refused)
    for stop in reversed(app.extensions["on_stop"]):
        stop()


def test_a_table_that_is_away_is_503_and_undone(
    aws: None, s3: Any, monkeypatch: pytest.MonkeyPatch, client_of: Callable[[str], Any]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")
    app = create_app(settings())
    monkeypatch.delenv("AWS_ENDPOINT_URL_DYNAMODB")
    before = stored_keys(s3)
    response = app.test_client().post("/api/v1/jobs", json=inline(), headers=ADA)
    error(response, 503, "SERVICE_UNAVAILABLE")
    assert int(response.headers["Retry-After"]) > 0
    assert stored_keys(s3) == before
    for stop in reversed(app.extensions["on_stop"]):
        stop()
