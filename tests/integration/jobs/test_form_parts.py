"""The parts of a form that creates a job: their names and their Content-Types."""

import hashlib

import pytest
from flask.testing import FlaskClient

from builders_jobs import picture
from calls_jobs import ADA, PNG, data, error, post_form

JPG = picture("JPEG")
MEDIA_TYPES_OF_A_PNG = [
    None,
    "application/octet-stream",
    "binary/octet-stream",
    "image/png",
    "image/x-png",
    "IMAGE/PNG",
    "image/png; name=x",
    "image/png;",
    ' image/png ; name="a;b"',
]


@pytest.mark.parametrize("media_type", MEDIA_TYPES_OF_A_PNG)
def test_a_job_from_a_form(client: FlaskClient, media_type: str | None) -> None:
    job = data(post_form(client, media_type=media_type), 201)
    assert job["blueprint_hash"] == hashlib.sha256(PNG).hexdigest()
    assert job["blueprint_filename"] == "plan.png"


@pytest.mark.parametrize("media_type", ["image/jpg", "image/pjpeg", "image/jpeg;charset=binary"])
def test_a_jpeg_from_a_form_under_each_name_of_its_type(client: FlaskClient, media_type: str) -> None:
    assert data(post_form(client, JPG, media_type=media_type), 201)["blueprint_format"] == "jpg"
    refused = error(post_form(client, PNG, media_type=media_type), 400, "INVALID_FILE_FORMAT")
    assert refused["details"]["found_format"] == "png"


def test_an_unknown_part_is_named_with_those_that_are_known(client: FlaskClient) -> None:
    refused = error(post_form(client, formatt="png"), 400, "INVALID_REQUEST")
    assert (
        refused["message"]
        == "There is no part 'formatt'. Those that are known: file, format, preview, pages."
    )
    assert refused["details"]["problems"] == {"form": {"formatt": [refused["message"]]}}


@pytest.mark.parametrize(
    ("name", "shown"), [("a" * 5000, "a" * 100), ("a\x00\u202eb", "a\ufffd\ufffdb"), ("", "")]
)
def test_what_is_said_of_an_unknown_part_is_short_and_printable(
    client: FlaskClient, name: str, shown: str
) -> None:
    refused = error(post_form(client, **{name: "x"}), 400, "INVALID_REQUEST")
    assert list(refused["details"]["problems"]["form"]) == [shown]
    assert refused["message"].startswith(f"There is no part '{shown}'.")


def test_a_field_that_is_sent_as_a_file_is_refused(client: FlaskClient) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="format"; filename="f.txt"\r\n\r\n'
    body = head + b"png\r\n--b--\r\n"
    response = client.post(
        "/api/v1/jobs", data=body, headers=ADA, content_type="multipart/form-data; boundary=b"
    )
    assert "without a filename" in error(response, 400, "INVALID_REQUEST")["message"]


def test_a_long_content_type_of_a_part_is_not_sent_back_whole(client: FlaskClient) -> None:
    refused = error(post_form(client, media_type="text/" + "a" * 5000), 400, "INVALID_FILE_FORMAT")
    assert refused["details"]["received_format"] == "text/" + "a" * 95


def test_a_field_that_was_not_filled_in_declares_nothing(client: FlaskClient) -> None:
    assert data(post_form(client, format=""), 201)["blueprint_format"] == "png"
