"""Many pages of a job at the HTTP seam, with fakes behind the service."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from builders_preview import JOB_ID, OTHER_JOB_ID, OWNER, a_job
from fakes_preview import FakeJobs, World
from preview.api.current_use_cases import install
from preview.app import create_app
from preview.domain.job import JobStatus
from preview.settings import Settings
from shared.errors import DependencyUnavailable

PATH = f"/api/v1/jobs/{JOB_ID}/previews"
KEY = {"Authorization": "Bearer a-key"}
READ_ONLY = {"Authorization": "Bearer a-read-key"}
INTERNAL = {"Authorization": "Bearer inner"}
JOB = {
    "job_id": OTHER_JOB_ID,
    "owner": "other",
    "status": "pending",
    "page_count": 3,
    "expires_at": "2024-01-22T10:30:00.000Z",
    "blueprint_format": "pdf",
}


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


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["error"]["code"]


def test_pages_are_asked_for(client: FlaskClient) -> None:
    answer = client.post(PATH, headers=KEY, json={"pages": "1-2"})
    assert answer.status_code == 202
    assert answer.json["data"] == {"job_id": JOB_ID, "pages": {"asked": 2, "done": 0, "failed": 0}}


def test_more_pages_than_a_day_allows_are_refused_until_midnight(client: FlaskClient, world: World) -> None:
    world.page_quota.per_day = 1
    answer = client.post(PATH, headers=KEY, json={"pages": "1-2"})
    assert code(answer) == (429, "RATE_LIMIT_EXCEEDED")
    assert answer.json["error"]["details"] == {"per_day": 1, "retry_after_seconds": 60}
    assert answer.headers["Retry-After"] == "60"
    assert client.get(PATH, headers=KEY).json["data"]["previews"] == []


def test_pages_are_listed_with_all_that_is_known_of_them(client: FlaskClient, world: World) -> None:
    client.post(PATH, headers=KEY, json={"pages": "all"})
    world.use_cases().process_page(JOB_ID, 1)
    data = client.get(PATH, headers=READ_ONLY).json["data"]
    assert data["next_cursor"] is None
    assert data["previews"][0] == {
        "page": 1,
        "status": "completed",
        "rooms": 1,
        "degraded": [],
        "error": None,
        "updated_at": "2024-01-15T10:30:00.000Z",
    }
    assert [(page["page"], page["status"], page["rooms"]) for page in data["previews"][1:]] == [
        (2, "queued", None),
        (3, "queued", None),
    ]


def test_a_page_that_was_answered_at_once_is_listed_and_not_queued_again(client: FlaskClient) -> None:
    answered = client.post(f"/api/v1/jobs/{JOB_ID}/preview", headers=KEY, json={"page": 1})
    assert answered.status_code == 200
    listed = client.get(PATH, headers=READ_ONLY).json["data"]["previews"]
    assert [(page["page"], page["status"], page["rooms"]) for page in listed] == [(1, "completed", 1)]
    pages = client.post(PATH, headers=KEY, json={"pages": "all"}).json["data"]["pages"]
    assert pages == {"asked": 3, "done": 1, "failed": 0}


def test_a_long_list_comes_in_pieces(client: FlaskClient) -> None:
    client.post(PATH, headers=KEY, json={"pages": "all"})
    first = client.get(PATH, headers=KEY, query_string={"limit": 2}).json["data"]
    rest = client.get(PATH, headers=KEY, query_string={"limit": 2, "cursor": first["next_cursor"]})
    assert [page["page"] for page in first["previews"]] == [1, 2]
    assert [page["page"] for page in rest.json["data"]["previews"]] == [3]
    assert rest.json["data"]["next_cursor"] is None


def test_pages_that_wait_are_taken_back(client: FlaskClient, world: World) -> None:
    client.post(PATH, headers=KEY, json={"pages": "all"})
    world.use_cases().process_page(JOB_ID, 1)
    answer = client.delete(PATH, headers=KEY)
    assert answer.status_code == 200
    assert answer.json["data"] == {"job_id": JOB_ID, "pages": {"asked": 1, "done": 1, "failed": 0}}
    client.post(PATH, headers=KEY, json={"pages": "2"})
    assert client.delete(PATH, headers=KEY).json["data"]["pages"]["asked"] == 1


def test_a_job_with_no_pages_left_is_as_if_none_had_been_asked_for(client: FlaskClient) -> None:
    assert client.delete(PATH, headers=KEY).json["data"] == {"job_id": JOB_ID, "pages": None}
    client.post(PATH, headers=KEY, json={"pages": "all"})
    assert client.delete(PATH, headers=KEY).json["data"] == {"job_id": JOB_ID, "pages": None}


@pytest.mark.parametrize(
    "body",
    [
        *({"pages": text} for text in ("", "4", "1-4", "0", "3-1", "two", "1,,2", "1 ", "1\n", 1, None)),
        {},
        {"page": "1"},
        {"pages": "1", "refresh": "yes"},
        {"pages": "1", "more": 1},
    ],
)
def test_what_names_no_pages_is_refused(client: FlaskClient, world: World, body: Any) -> None:
    assert code(client.post(PATH, headers=KEY, json=body)) == (400, "INVALID_REQUEST")
    assert world.pages.of_job(JOB_ID) == []


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 501}, {"cursor": "x"}, {"cursor": "0"}, {"a": 1}])
def test_a_query_that_makes_no_sense(client: FlaskClient, query: dict[str, Any]) -> None:
    assert code(client.get(PATH, headers=KEY, query_string=query)) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_pages_of_another_owner_are_not_there(client: FlaskClient, method: str) -> None:
    path = PATH.replace(JOB_ID, OTHER_JOB_ID)
    body = {"pages": "1"} if method == "POST" else None
    assert code(client.open(path, method=method, headers=KEY, json=body)) == (404, "JOB_NOT_FOUND")
    nonsense = PATH.replace(JOB_ID, "nonsense")
    assert code(client.open(nonsense, method=method, headers=KEY, json=body)) == (400, "INVALID_JOB_ID")
    assert client.open(PATH, method=method, json=body).status_code == 401


def test_a_file_is_asked_for_of_what_is_no_job(client: FlaskClient) -> None:
    nonsense = PATH.replace(JOB_ID, "\x84")
    answer = client.get(nonsense, headers=KEY, query_string={"format": "json"})
    assert code(answer) == (400, "INVALID_JOB_ID")


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_key_for_reading_changes_nothing(client: FlaskClient, method: str) -> None:
    body = {"pages": "1"} if method == "POST" else None
    assert code(client.open(PATH, method=method, headers=READ_ONLY, json=body)) == (403, "FORBIDDEN")


def test_nothing_is_previewed_of_a_cancelled_job(client: FlaskClient, world: World) -> None:
    world.jobs.move(JOB_ID, JobStatus.CANCELLED)
    assert code(client.post(PATH, headers=KEY, json={"pages": "1"})) == (409, "JOB_CANCELLED")


def test_pages_that_cannot_be_written_are_not_promised(client: FlaskClient, world: World) -> None:
    world.pages.failing = DependencyUnavailable("DynamoDB")
    assert code(client.post(PATH, headers=KEY, json={"pages": "1"})) == (503, "SERVICE_UNAVAILABLE")


def test_jobs_has_pages_previewed_without_being_asked(client: FlaskClient, world: World) -> None:
    world.jobs.switch.down = True
    for _ in range(2):
        body = {"job": JOB, "pages": "1-2"}
        answer = client.post("/internal/v1/previews", headers=INTERNAL, json=body)
        assert answer.status_code == 202
        assert answer.json["data"] == {
            "job_id": OTHER_JOB_ID,
            "number": 1,
            "asked": 2,
            "done": 0,
            "failed": 0,
            "begun": False,
            "rooms": None,
            "unfinished": True,
            "result_s3_key": None,
            "degraded": [],
            "error": None,
        }


def test_jobs_may_look_how_far_pages_have_come(client: FlaskClient, world: World) -> None:
    path = f"/internal/v1/jobs/{JOB_ID}/pages"
    nothing = client.get(path, headers=INTERNAL).json["data"]
    assert (nothing["number"], nothing["asked"], nothing["unfinished"]) == (0, 0, False)
    world.use_cases().request_pages(JOB_ID, OWNER, "1")
    world.use_cases().process_page(JOB_ID, 1)
    data = client.get(path, headers=INTERNAL).json["data"]
    assert (data["asked"], data["done"], data["failed"], data["unfinished"]) == (1, 1, 0, False)
    assert data["result_s3_key"] == f"cache/preview/{JOB_ID}/1.0.0.p1.json"
    assert client.get(path, headers=KEY).status_code == 401


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"job": JOB | {"job_id": "nonsense"}}, "INVALID_JOB_ID"),
        ({"pages": "9"}, "INVALID_REQUEST"),
        ({"job": {}}, "INVALID_REQUEST"),
        ({"job": JOB | {"page_count": 0}}, "INVALID_REQUEST"),
        ({"job": JOB | {"expires_at": "soon"}}, "INVALID_REQUEST"),
    ],
)
def test_what_jobs_does_not_ask(client: FlaskClient, changes: dict[str, Any], error: str) -> None:
    body = {"job": JOB, "pages": "1"} | changes
    assert code(client.post("/internal/v1/previews", headers=INTERNAL, json=body)) == (400, error)


def completed(client: FlaskClient, world: World, *pages: int) -> None:
    """Pages 1 to 3 asked for, and these previewed by workers."""
    client.post(PATH, headers=KEY, json={"pages": "1-3"})
    use_cases = world.use_cases()
    for page in pages:
        use_cases.process_page(JOB_ID, page)


def exported(client: FlaskClient, query: str) -> Any:
    return client.get(f"{PATH}?{query}", headers=READ_ONLY, buffered=True)


def test_the_completed_pages_are_one_file(client: FlaskClient, world: World) -> None:
    completed(client, world, 1, 3)
    answer = exported(client, "format=csv")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["X-Missing-Pages"] == "2"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{JOB_ID}.csv"'
    rows = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert [row["page"] for row in rows] == ["1", "3"]


def test_no_page_is_said_to_lack_where_none_does(client: FlaskClient, world: World) -> None:
    completed(client, world, 1, 2, 3)
    assert "X-Missing-Pages" not in exported(client, "format=geojson").headers


def test_a_file_of_whole_previews_has_the_envelope(client: FlaskClient, world: World) -> None:
    completed(client, world, 1, 2)
    body = exported(client, "format=json").json
    assert (body["status"], set(body)) == ("success", {"status", "data", "meta"})
    assert [preview["page"]["number"] for preview in body["data"]["previews"]] == [1, 2]
    single = client.get(f"/api/v1/jobs/{JOB_ID}/preview", headers=KEY).json["data"]
    assert body["data"]["previews"][0] == single


@pytest.mark.parametrize("wanted", ["geojson", "coco", "xlsx", "schedule"])
def test_other_files_of_a_document(client: FlaskClient, world: World, wanted: str) -> None:
    completed(client, world, 1, 2)
    answer = exported(client, f"format={wanted}&corrected=true")
    assert answer.status_code == 200
    if wanted == "xlsx":
        assert len(list(openpyxl.load_workbook(io.BytesIO(answer.data))["Rooms"].rows)) == 3
    elif wanted == "schedule":
        [sheet] = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets
        assert sheet["A2"].value == "plan.png"
    else:
        document = answer.get_json(force=True)
        assert len(document.get("features") or document["annotations"]) == 2


def test_a_job_without_completed_pages_has_no_file(client: FlaskClient, world: World) -> None:
    assert code(exported(client, "format=csv")) == (404, "PREVIEW_NOT_FOUND")
    completed(client, world)
    assert code(exported(client, "format=csv")) == (404, "PREVIEW_NOT_FOUND")


@pytest.mark.parametrize("query", ["format=svg", "format=dxf", "format=", "corrected=true", "withheld=true"])
def test_a_file_that_there_is_not_is_refused(client: FlaskClient, query: str) -> None:
    assert code(exported(client, query)) == (400, "INVALID_REQUEST")


def test_too_many_exports_at_once_are_asked_for_again(client: FlaskClient, world: World) -> None:
    completed(client, world, 1)
    use_cases = world.use_cases()
    install(client.application, use_cases)
    with use_cases.export_pages.callers.permit(OWNER), use_cases.export_pages.callers.permit(OWNER):
        answer = exported(client, "format=csv")
    assert code(answer) == (503, "SERVICE_UNAVAILABLE")
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_file_of_another_owner_is_not_found(client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/jobs/{OTHER_JOB_ID}/previews?format=csv", headers=KEY)
    assert code(answer) == (404, "JOB_NOT_FOUND")
