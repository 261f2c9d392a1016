"""The preview service at its HTTP seam, with fakes behind the service."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from builders_preview import JOB_ID, OTHER_JOB_ID, a_job, a_loaded_page, a_page, a_room
from fakes_preview import FakeJobs, World, too_complex
from job_ids import MALFORMED_IDS, WELL_FORMED_IDS
from preview.api.current_use_cases import install
from preview.api.schemas.text import TextBlockSchema
from preview.app import create_app
from preview.domain.corrections import Correction, FeedbackEntry, Verdict
from preview.domain.errors import ConcurrentUpdate
from preview.domain.job import JobStatus
from preview.domain.room_type import RoomType
from preview.domain.scale import Scale, ScaleSource
from preview.exports.formats import EXPORTS
from preview.settings import Settings
from shared.timestamps import parse_iso

DOCUMENT = Path(__file__).parents[3] / "docs/openapi/preview.json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PATH = f"/api/v1/jobs/{JOB_ID}/preview"
KEY = {"Authorization": "Bearer a-key"}
READ_ONLY = {"Authorization": "Bearer a-read-key"}
INTERNAL = {"Authorization": "Bearer inner"}
LENGTH = {"from": [100, 200], "to": [400, 200], "metres": 5.2}


def reading_one_page() -> list[str]:
    """The public paths of the documented operations that read the page that their query names."""
    return [
        path.format(job_id=JOB_ID)
        for path, item in json.loads(DOCUMENT.read_text())["paths"].items()
        if not path.startswith("/internal/")
        and any(parameter["name"] == "page" for parameter in item.get("get", {}).get("parameters", []))
    ]


@pytest.fixture
def world() -> Iterator[World]:
    world = World(jobs=FakeJobs(a_job(), a_job(OTHER_JOB_ID, owner="other")))
    yield world
    world.close()


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    for stop in reversed(app.extensions["on_stop"]):
        stop()


@pytest.fixture
def client(app: Flask, world: World) -> FlaskClient:
    """A caller of the app with this test's service in it."""
    install(app, world.use_cases())
    return app.test_client()


def posted(client: FlaskClient, body: dict[str, Any] | None = None) -> Any:
    return client.post(PATH, headers=KEY, json=body) if body is not None else client.post(PATH, headers=KEY)


def test_a_preview_has_the_documented_fields(client: FlaskClient) -> None:
    answer = posted(client)
    assert answer.status_code == 200
    data = answer.json["data"]
    assert list(data) == [
        "job_id",
        "stage",
        "page",
        "scale",
        "rooms",
        "processing_time_seconds",
        "timing_metrics",
        "model_version",
        "cached",
        "degraded",
        "timestamp",
    ]
    assert data["stage"] == "preview"
    assert data["page"] == {
        "number": 1,
        "count": 3,
        "width_px": 3300,
        "height_px": 2550,
        "rotation": 0,
        "width_mm": None,
        "height_mm": None,
    }
    assert data["scale"] is None
    assert data["rooms"] == [
        {
            "id": "room_001",
            "bounding_box": [50, 50, 200, 300],
            "polygon": [[50, 50], [200, 50], [200, 300], [50, 300]],
            "name_hint": "KITCHEN",
            "room_number": None,
            "room_type": None,
            "confidence": 0.75,
            "area_m2": None,
            "perimeter_m": None,
            "width_m": None,
            "length_m": None,
            "printed_area_m2": None,
            "printed_size_m": None,
        }
    ]
    assert set(data["timing_metrics"]) == {
        "load_seconds",
        "render_seconds",
        "textract_analysis_seconds",
        "room_detection_seconds",
        "total_seconds",
    }
    assert (data["cached"], data["degraded"], data["timestamp"]) == (False, [], "2024-01-15T10:30:00.000Z")
    assert answer.json["meta"]["request_id"] == answer.headers["X-Request-ID"]


def test_a_page_with_a_scale_answers_measures(client: FlaskClient, world: World) -> None:
    page = a_page(width_mm=279.4, height_mm=215.9)
    world.analyser.loaded = replace(a_loaded_page(), page=page)
    world.analyser.scale = Scale((0.028, 0.0216), ScaleSource.DIMENSIONS, "4.20 x 5.40 m", 0.93)
    read = {"room_number": "101A", "room_type": RoomType.KITCHEN}
    printed = {"printed_area_m2": 22.7, "printed_size_m": (4.2, 5.4)}
    world.analyser.found = [replace(a_room(), **read, **printed)]
    for answer in (posted(client), posted(client), client.get(PATH, headers=KEY)):
        data = answer.json["data"]
        assert (data["page"]["width_mm"], data["page"]["height_mm"]) == (279.4, 215.9)
        assert data["scale"] == {
            "metres_per_unit": [0.028, 0.0216],
            "source": "dimensions",
            "text": "4.20 x 5.40 m",
            "confidence": 0.93,
            "conflicts": [],
        }
        (room,) = data["rooms"]
        assert (room["room_number"], room["room_type"]) == ("101A", "kitchen")
        assert (room["area_m2"], room["perimeter_m"]) == (22.68, 19.2)
        assert (room["width_m"], room["length_m"]) == (4.2, 5.4)
        assert (room["printed_area_m2"], room["printed_size_m"]) == (22.7, [4.2, 5.4])


@pytest.mark.parametrize("path", [PATH, f"{PATH}s"])
def test_a_given_scale_measures_every_answer_about_the_page(client: FlaskClient, path: str) -> None:
    posted(client)
    pages = {"pages": "1"} if path.endswith("s") else {}
    assert client.post(path, headers=KEY, json={"scale": LENGTH} | pages).status_code in (200, 202)
    for answer in (
        posted(client),
        client.get(PATH, headers=KEY),
        client.get(f"/internal/v1/jobs/{JOB_ID}/preview", headers=INTERNAL),
    ):
        scale, (room,) = answer.json["data"]["scale"], answer.json["data"]["rooms"]
        assert scale == {
            "metres_per_unit": [0.0173333, 0.0133939],
            "source": "given",
            "text": None,
            "confidence": 1,
            "conflicts": [],
        }
        assert room["area_m2"] == 8.71
    assert client.get(f"{PATH}?format=geojson", headers=KEY).json["units"] == "m"
    assert client.post(path, headers=KEY, json={"scale": None} | pages).status_code in (200, 202)
    assert client.get(PATH, headers=KEY).json["data"]["scale"] is None


@pytest.mark.parametrize(("path", "body"), [(PATH, {}), (f"{PATH}s", {"pages": "all"})])
def test_a_ratio_for_a_picture_says_what_to_give_instead(
    client: FlaskClient, path: str, body: dict[str, Any]
) -> None:
    error = client.post(path, headers=KEY, json=body | {"scale": "1:100"}).json["error"]
    assert error["code"] == "INVALID_REQUEST"
    assert "Give two points and the metres" in error["message"]


def test_a_degraded_answer_says_when_to_have_it_repaired(client: FlaskClient, world: World) -> None:
    world.text.switch.down = True
    for answer in (
        posted(client),
        client.get(PATH, headers=KEY),
        client.get(f"{PATH}?format=csv", headers=KEY),
    ):
        assert answer.status_code == 200
        assert int(answer.headers["Retry-After"]) >= 1

    world.text.switch.down = False
    for answer in (posted(client), client.get(PATH, headers=KEY)):
        assert "Retry-After" not in answer.headers


def test_a_room_without_a_name_has_no_name_hint(client: FlaskClient, world: World) -> None:
    world.text.switch.down = True
    [room] = posted(client).json["data"]["rooms"]
    assert "name_hint" not in room


def test_page_and_refresh_are_taken_from_the_body(client: FlaskClient) -> None:
    assert posted(client, {"page": 2}).json["data"]["page"]["number"] == 2
    assert posted(client, {"page": 2.0}).json["data"]["cached"] is True
    assert posted(client, {"page": 2, "refresh": True}).json["data"]["cached"] is False


def test_a_path_without_a_version_means_the_first(client: FlaskClient) -> None:
    assert client.post(f"/api/jobs/{JOB_ID}/preview", headers=KEY).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"page": 0},
        {"page": "1"},
        {"page": 1.5},
        {"page": True},
        {"page": None},
        {"page": 501},
        {"refresh": 1},
        {"refresh": "true"},
        {"pages": 1},
        {"scale": 5.2},
        {"scale": True},
        {"scale": ""},
        {"scale": "100"},
        {"scale": "1:0"},
        {"scale": "1:100\n"},
        {"scale": "2:100"},
        {"scale": {}},
        {"scale": LENGTH | {"from": [100]}},
        {"scale": LENGTH | {"from": [100, "200"]}},
        {"scale": LENGTH | {"to": [400, 1000.1]}},
        {"scale": LENGTH | {"to": [-0.1, 200]}},
        {"scale": LENGTH | {"to": [100.001, 200]}},
        {"scale": LENGTH | {"metres": 0.009}},
        {"scale": LENGTH | {"metres": 10000.1}},
        {"scale": LENGTH | {"metres": "5.2"}},
        {"scale": LENGTH | {"feet": 17}},
        [],
        "text",
    ],
)
def test_a_body_that_makes_no_sense_is_invalid(client: FlaskClient, body: Any) -> None:
    answer = client.post(PATH, headers=KEY, json=body)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    "raw", [b"null", b"{", b"\xff\xfe", b"[" * 60_000, b'{"page": 1e400}', b'{"page": NaN}']
)
def test_bytes_that_are_no_request_are_invalid(client: FlaskClient, raw: bytes) -> None:
    answer = client.post(PATH, headers={**KEY, "Content-Type": "application/json"}, data=raw)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (PATH, "page=0"),
        (PATH, "page=one"),
        (PATH, "format=xml"),
        (PATH, "withheld=1"),
        (PATH, "withheld="),
        (PATH, "withheld=true&format=geojson"),
        (PATH, "withheld=true&format=csv"),
        (f"{PATH}/image", "withheld=true"),
        (PATH, "unknown=1"),
        (f"{PATH}/image", "format=svg"),
        (f"{PATH}/image", "rooms=no"),
        (f"{PATH}/image", "width=63"),
        (f"{PATH}/image", "width=4001"),
        (f"{PATH}/image", "region=0,0,1000"),
        (f"{PATH}/image", "region=0,0,1000,1001"),
        (f"{PATH}/image", "region=0,0,0.5,1000"),
        (f"{PATH}/image", "region=500,0,400,1000"),
        (f"{PATH}/image", "region=nan,0,400,1000"),
        (f"{PATH}/image", "region="),
        (f"/api/v1/jobs/{JOB_ID}/textract-results", "page=-1"),
    ],
)
def test_a_query_that_makes_no_sense_is_invalid(client: FlaskClient, path: str, query: str) -> None:
    answer = client.get(f"{path}?{query}", headers=KEY)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "INVALID_REQUEST")


def test_an_unfinished_preview_is_202_with_retry_after(client: FlaskClient, world: World) -> None:
    world.somebody_computes()
    world.parameters.seconds = 0.4
    answer = posted(client)
    assert answer.status_code == 202
    assert answer.json["data"] == {"job_id": JOB_ID, "status": "pending"}
    assert int(answer.headers["Retry-After"]) >= 1


def test_the_stored_preview_is_read(client: FlaskClient) -> None:
    assert client.get(PATH, headers=KEY).json["error"]["code"] == "PREVIEW_NOT_FOUND"
    computed = posted(client).json["data"]
    stored = client.get(PATH, headers=READ_ONLY).json["data"]
    assert stored == {**computed, "cached": True}
    assert client.get(f"{PATH}?page=2", headers=KEY).status_code == 404


def test_withheld_regions_are_read_with_their_reasons(client: FlaskClient) -> None:
    rooms = posted(client).json["data"]["rooms"]
    data = client.get(f"{PATH}?withheld=true", headers=READ_ONLY).json["data"]
    assert data["rooms"] == rooms
    assert data["withheld"] == [
        {
            "bounding_box": [60, 60, 90, 80],
            "polygon": [[60, 60], [90, 60], [90, 80], [60, 80]],
            "reason": "furniture",
            "message": "It is a small part of a room that was found, such as furniture or a door.",
        }
    ]


def test_withheld_regions_are_absent_unless_asked_for(client: FlaskClient) -> None:
    assert "withheld" not in posted(client).json["data"]
    assert "withheld" not in client.get(PATH, headers=KEY).json["data"]
    assert "withheld" not in client.get(f"{PATH}?withheld=false&format=json", headers=KEY).json["data"]
    internal = client.get(f"/internal/v1/jobs/{JOB_ID}/preview", headers=INTERNAL)
    assert "withheld" not in internal.json["data"]


def said_of_the_kitchen(preview: dict[str, Any], **correction: Any) -> FeedbackEntry:
    [room] = preview["rooms"]
    return FeedbackEntry(
        "fb_20260301120000_2500123456789abc00",
        Verdict.PARTIAL if correction else Verdict.CORRECT,
        room["id"],
        Correction(**correction),
        preview["model_version"],
        parse_iso(preview["timestamp"]),
        tuple((x, y) for x, y in room["polygon"]),
    )


def test_the_rooms_are_answered_as_people_corrected_them(client: FlaskClient, world: World) -> None:
    preview = posted(client).json["data"]
    outline = ((100.0, 100.0), (200.0, 100.0), (200.0, 200.0))
    said = said_of_the_kitchen(preview, outline=outline, name="Bath", sets_name=True)
    world.jobs.said[JOB_ID, 1] = [said]
    corrected = client.get(f"{PATH}?corrected=true", headers=READ_ONLY).json["data"]
    [found], [room] = preview["rooms"], corrected["rooms"]
    assert room == found | {
        "polygon": [list(corner) for corner in outline],
        "bounding_box": [100, 100, 200, 200],
        "name_hint": "Bath",
        "room_type": "bathroom",
        "confidence": 1,
        "corrected": True,
    }
    assert client.get(PATH, headers=KEY).json["data"] == preview | {"cached": True}
    for wanted in ("geojson", "svg", "coco", "csv", "xlsx", "dxf"):
        machines = client.get(f"{PATH}?format={wanted}", headers=KEY)
        peoples = client.get(f"{PATH}?format={wanted}&corrected=true", headers=KEY)
        assert (machines.status_code, peoples.status_code) == (200, 200)
        assert machines.data != peoples.data, wanted
        assert b"Bath" in peoples.data or wanted == "xlsx"
    assert client.get(f"{PATH}?corrected=yes", headers=KEY).status_code == 400


def test_a_room_that_people_found_right_says_so(client: FlaskClient, world: World) -> None:
    preview = posted(client).json["data"]
    world.jobs.said[JOB_ID, 1] = [said_of_the_kitchen(preview)]
    [room] = client.get(f"{PATH}?corrected=true", headers=KEY).json["data"]["rooms"]
    assert room == preview["rooms"][0] | {"confidence": 1, "confirmed": True}
    answer = client.get(f"{PATH}?corrected=true&format=geojson", headers=KEY)
    [feature] = json.loads(answer.data)["features"]
    assert feature["properties"]["confirmed"] is True


def test_the_picture_of_corrected_rooms_is_another(client: FlaskClient, world: World) -> None:
    preview = posted(client).json["data"]
    untouched = client.get(f"{PATH}/image?corrected=true", headers=KEY)
    assert untouched.headers["ETag"] == client.get(f"{PATH}/image", headers=KEY).headers["ETag"]
    world.jobs.said[JOB_ID, 1] = [said_of_the_kitchen(preview, removed=True)]
    corrected = client.get(f"{PATH}/image?corrected=true", headers=KEY)
    assert corrected.status_code == 200
    assert corrected.headers["ETag"] != untouched.headers["ETag"]
    again = client.get(
        f"{PATH}/image?corrected=true", headers={**KEY, "If-None-Match": corrected.headers["ETag"]}
    )
    assert again.status_code == 304


def test_a_preview_is_not_posted_with_withheld_regions(client: FlaskClient) -> None:
    answer = client.post(f"{PATH}?withheld=true", headers=KEY)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "INVALID_REQUEST")


def test_withheld_regions_come_as_json_whatever_is_accepted(client: FlaskClient) -> None:
    posted(client)
    for wanted in ("withheld=true", "withheld=true&format=json"):
        answer = client.get(f"{PATH}?{wanted}", headers={**KEY, "Accept": "text/csv"})
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        assert len(answer.json["data"]["withheld"]) == 1


@pytest.mark.parametrize(
    ("wanted", "accept", "media_type"),
    [
        ("geojson", None, "application/geo+json"),
        (None, "application/geo+json", "application/geo+json"),
        ("svg", "text/csv", "image/svg+xml"),
        (None, "image/svg+xml", "image/svg+xml"),
        ("csv", None, "text/csv"),
        (None, "text/csv;q=0.9, application/json;q=0.1", "text/csv"),
        ("coco", None, "application/json"),
        ("schedule", None, XLSX),
        (None, XLSX, XLSX),
        ("json", "text/csv", "application/json"),
        (None, "application/pdf", "application/json"),
        (None, "*/*", "application/json"),
        (None, "text/html,application/xhtml+xml,image/avif,*/*;q=0.8", "application/json"),
    ],
)
def test_the_format_is_chosen(
    client: FlaskClient, wanted: str | None, accept: str | None, media_type: str
) -> None:
    posted(client)
    query = {"format": wanted} if wanted else {}
    headers = {**KEY, **({"Accept": accept} if accept else {})}
    answer = client.get(PATH, query_string=query, headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert "Accept" in answer.headers["Vary"]


def test_other_formats_are_bare_documents(client: FlaskClient) -> None:
    posted(client)

    def read(wanted: str) -> Any:
        return client.get(PATH, query_string={"format": wanted}, headers=KEY)

    assert read("geojson").get_json(force=True)["type"] == "FeatureCollection"
    assert set(read("coco").json) >= {"images", "annotations", "categories"}
    assert ElementTree.fromstring(read("svg").data).tag.endswith("svg")
    table = read("csv").data.decode("utf-8-sig")
    assert [row["room_id"] for row in csv.DictReader(io.StringIO(table))] == ["room_001"]


def test_the_picture_is_a_png(client: FlaskClient) -> None:
    posted(client)
    answer = client.get(f"{PATH}/image", headers=KEY)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.data == b"a blueprint, page 1, 1 rooms"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{JOB_ID}.p1.png"'


@pytest.mark.parametrize(
    ("query", "picture"),
    [
        ("rooms=false", b"bare, 3300 x 2550 px"),
        ("rooms=false&width=660", b"bare, 660 x 510 px"),
        ("rooms=false&region=0,0,100,100.5", b"bare, 330 x 256 px"),
        ("region=100,100,200,300&width=64", b"1 rooms, 64 x 99 px"),
    ],
)
def test_a_part_of_the_page_and_the_bare_page_are_pictures_too(
    client: FlaskClient, query: str, picture: bytes
) -> None:
    posted(client)
    answer = client.get(f"{PATH}/image?{query}", headers=READ_ONLY)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.data == b"a blueprint, page 1, " + picture


def test_the_bare_page_is_what_coco_names(client: FlaskClient) -> None:
    posted(client)
    [image] = client.get(f"{PATH}?format=coco", headers=KEY).json["images"]
    headers = client.get(image["coco_url"], headers=KEY).headers
    assert headers["Content-Disposition"] == f'inline; filename="{image["file_name"]}"'


@pytest.mark.parametrize("rooms", ["true", "false"])
def test_a_kept_picture_is_not_shown_without_asking(client: FlaskClient, rooms: str) -> None:
    """Else a browser would show it to whoever uses it next, and after the job is erased."""
    posted(client)
    first = client.get(f"{PATH}/image?rooms={rooms}", headers=KEY)
    assert first.headers["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"{PATH}/image?rooms={rooms}", headers=KEY | known).status_code == 304
    assert client.get(f"{PATH}/image?rooms={rooms}", headers=known).status_code == 401


def test_a_picture_that_would_be_too_large_is_refused(client: FlaskClient) -> None:
    posted(client)
    answer = client.get(f"{PATH}/image?rooms=false&region=0,0,1,1000&width=4000", headers=KEY)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "INVALID_REQUEST")
    assert answer.json["error"]["details"]["width_px"] == 4000


def test_a_picture_that_the_caller_has_is_not_drawn_again(client: FlaskClient, world: World) -> None:
    posted(client)
    first = client.get(f"{PATH}/image", headers=KEY)
    assert first.headers["Cache-Control"] == "private, no-cache"
    known = {**KEY, "If-None-Match": f'W/"other", {first.headers["ETag"]}'}
    again = client.get(f"{PATH}/image", headers=known)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert world.analyser.pictures_drawn == 1

    world.clock.advance(1)
    posted(client, {"refresh": True})
    assert client.get(f"{PATH}/image", headers=known).status_code == 200


def test_a_picture_for_which_it_is_nobodys_turn_is_asked_for_again(client: FlaskClient, world: World) -> None:
    posted(client)
    use_cases = world.use_cases()
    hurried = replace(use_cases.draw_picture, seconds=0.1)
    install(client.application, replace(use_cases, draw_picture=hurried))
    with world.slots.hold(1), world.slots.hold(1):
        answer = client.get(f"{PATH}/image", headers=KEY)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert int(answer.headers["Retry-After"]) >= 1


def test_what_is_saved_has_a_name_and_what_is_shown_runs_nothing(client: FlaskClient) -> None:
    posted(client)
    for export in EXPORTS:
        headers = client.get(PATH, query_string={"format": export.name}, headers=KEY).headers
        assert headers["Content-Disposition"] == f'inline; filename="{JOB_ID}.p1.{export.extension}"'
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Content-Security-Policy"].endswith("sandbox")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
    assert "Content-Disposition" not in client.get(PATH, headers=KEY).headers


def test_accept_asks_for_the_table_and_format_for_the_schedule(client: FlaskClient) -> None:
    posted(client)
    table = client.get(PATH, headers={**KEY, "Accept": XLSX})
    schedule = client.get(f"{PATH}?format=schedule", headers=KEY)
    sheets = [openpyxl.load_workbook(io.BytesIO(answer.data)).active for answer in (table, schedule)]
    assert [sheet.title for sheet in sheets] == ["Rooms", "Room schedule"]
    assert sheets[1]["A2"].value == "plan.png"


def test_textract_results_are_as_stored(client: FlaskClient) -> None:
    path = f"/api/v1/jobs/{JOB_ID}/textract-results"
    assert client.get(path, headers=KEY).json["error"]["code"] == "PREVIEW_NOT_FOUND"
    posted(client)
    data = client.get(path, headers=KEY).json["data"]
    assert data["s3_key"] == f"cache/textract/{JOB_ID}/analysis.json"
    assert data["text_blocks"][0]["text"] == "KITCHEN"
    assert data["layout_blocks"][0]["kind"] == "LAYOUT_FIGURE"
    blocks = [*data["text_blocks"], *data["layout_blocks"]]
    assert {tuple(block) for block in blocks} == {tuple(TextBlockSchema().fields)}
    assert not TextBlockSchema(many=True).validate(blocks)
    assert data["metadata"]["text_source"] == "textract"


@pytest.mark.parametrize("path", [PATH, f"{PATH}/image", f"/api/v1/jobs/{JOB_ID}/textract-results"])
def test_reading_needs_a_key(client: FlaskClient, path: str) -> None:
    assert client.get(path).json["error"]["code"] == "UNAUTHORIZED"
    assert client.get(path, headers={"X-API-Key": "wrong"}).status_code == 401


def test_computing_needs_the_right_to_write(client: FlaskClient) -> None:
    answer = client.post(PATH, headers=READ_ONLY)
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "FORBIDDEN")


@pytest.mark.parametrize("suffix", ["preview", "preview/image", "textract-results"])
def test_a_strange_job_id_and_a_foreign_job(client: FlaskClient, suffix: str) -> None:
    for malformed in MALFORMED_IDS:
        strange = client.get(f"/api/v1/jobs/{malformed}/{suffix}", headers=KEY)
        assert (strange.status_code, strange.json["error"]["code"]) == (400, "INVALID_JOB_ID")
    for unknown in (OTHER_JOB_ID, *WELL_FORMED_IDS):
        foreign = client.get(f"/api/v1/jobs/{unknown}/{suffix}", headers=KEY)
        assert (foreign.status_code, foreign.json["error"]["code"]) == (404, "JOB_NOT_FOUND")


def test_a_foreign_job_is_not_found(client: FlaskClient) -> None:
    answer = client.post(f"/api/v1/jobs/{OTHER_JOB_ID}/preview", headers=KEY)
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "JOB_NOT_FOUND")


def test_a_cancelled_job_is_a_conflict(client: FlaskClient, world: World) -> None:
    world.jobs.move(JOB_ID, JobStatus.CANCELLED)
    answer = posted(client)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "JOB_CANCELLED")


def test_a_lost_race_is_a_conflict(client: FlaskClient, world: World) -> None:
    def lose(_: object) -> None:
        raise ConcurrentUpdate(JOB_ID)

    world.jobs.before_transition = lose
    answer = posted(client)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "CONCURRENT_UPDATE")


def test_a_page_that_cannot_be_drawn_is_unreadable(client: FlaskClient, world: World) -> None:
    world.analyser.page_error = too_complex()
    answer = posted(client)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "UNREADABLE_BLUEPRINT")
    assert answer.json["error"]["details"] == {"reason": "too_complex"}


@pytest.mark.parametrize("path", reading_one_page())
def test_reading_a_page_that_the_document_lacks_is_unreadable(client: FlaskClient, path: str) -> None:
    last = client.get(path, query_string={"page": 3}, headers=KEY)
    assert last.json["error"]["code"] == "PREVIEW_NOT_FOUND"
    answer = client.get(path, query_string={"page": 4}, headers=KEY)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "UNREADABLE_BLUEPRINT")
    assert answer.json["error"]["details"] == {"reason": "no_such_page", "page": 4, "page_count": 3}


def test_no_such_page_is_unreadable(client: FlaskClient) -> None:
    error = posted(client, {"page": 4}).json["error"]
    assert error["code"] == "UNREADABLE_BLUEPRINT"
    assert error["details"] == {"reason": "no_such_page", "page": 4, "page_count": 3}


def test_a_missing_blueprint_is_unreadable(client: FlaskClient, world: World) -> None:
    world.blueprints.missing.add(JOB_ID)
    error = posted(client).json["error"]
    assert (error["code"], error["details"]["reason"]) == ("UNREADABLE_BLUEPRINT", "missing")


def test_a_page_without_a_place_is_queued_and_says_when_to_come_back(
    client: FlaskClient, world: World
) -> None:
    world.parameters.seconds = 0.4
    with world.slots.hold(1), world.slots.hold(1):
        answer = posted(client)
    assert answer.status_code == 202
    assert answer.json["data"] == {"job_id": JOB_ID, "status": "pending"}
    assert int(answer.headers["Retry-After"]) >= 1
    assert world.queue.backlog().waiting == 1


def test_jobs_down_is_unavailable(client: FlaskClient, world: World) -> None:
    world.jobs.switch.down = True
    answer = posted(client)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert "Retry-After" in answer.headers


def test_the_unexpected_shows_nothing(client: FlaskClient, world: World) -> None:
    world.analyser.page_error = ZeroDivisionError("secret detail")
    answer = posted(client)
    assert (answer.status_code, answer.json["error"]["code"]) == (500, "INTERNAL_ERROR")
    assert "secret" not in answer.text


def test_a_large_body_is_refused(client: FlaskClient) -> None:
    answer = client.post(PATH, headers=KEY, json={"page": 1, "pad": "x" * 70_000})
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "FILE_TOO_LARGE")


def test_a_body_that_is_not_json_is_refused(client: FlaskClient) -> None:
    answer = client.post(PATH, headers={**KEY, "Content-Type": "text/plain"}, data="page 1")
    assert (answer.status_code, answer.json["error"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_other_methods_are_not_allowed(client: FlaskClient) -> None:
    answer = client.delete(PATH, headers=KEY)
    assert (answer.status_code, answer.json["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert "POST" in answer.headers["Allow"]


def test_results_are_erased_internally(client: FlaskClient) -> None:
    posted(client)
    for expected in ({"results": 1, "analysis": 1}, {"results": 0, "analysis": 0}):
        answer = client.delete(f"/internal/v1/jobs/{JOB_ID}/results", headers=INTERNAL)
        assert (answer.status_code, answer.json["data"]) == (200, expected)
    assert client.get(PATH, headers=KEY).status_code == 404
    assert client.delete("/internal/v1/jobs/nonsense/results", headers=INTERNAL).status_code == 400


def test_an_unknown_version_is_said(client: FlaskClient) -> None:
    answer = client.get(f"/api/v2/jobs/{JOB_ID}/preview", headers=KEY)
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "UNSUPPORTED_API_VERSION")


def test_the_internal_api_takes_no_api_key(client: FlaskClient) -> None:
    assert client.post("/internal/v1/previews", headers=KEY, json={"job_id": JOB_ID}).status_code == 401
    assert client.get(f"/internal/v1/jobs/{JOB_ID}/preview").status_code == 401


def test_health_names_what_the_service_stands_on(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert answer.json["services"] == {"dynamodb": "healthy", "s3": "healthy", "jobs": "unhealthy"}
    assert answer.status_code == 503
    assert client.get("/health/live").status_code == 200
