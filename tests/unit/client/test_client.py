"""The client against a server that a test scripts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from location_detection import Client, Unreachable, WaitTimeout, errors
from location_detection.client import PRESIGNED_ABOVE_BYTES

URL = "https://plans.example.com"
JOB_ID = "job_20240115103000_k3v9q2m4d8x1z"
JOB: dict[str, Any] = {
    "job_id": JOB_ID,
    "status": "pending",
    "stage": None,
    "progress": 0,
    "pages": {"asked": 2, "done": 0, "failed": 0},
    "degraded": [],
    "message": None,
    "created_at": "2024-01-15T10:30:00.000Z",
    "updated_at": "2024-01-15T10:30:00.000Z",
    "blueprint_s3_key": f"blueprints/{JOB_ID}/plan.pdf",
    "blueprint_format": "pdf",
    "blueprint_hash": "9f86d081884c7d659a2feaa0c55ad015",
    "blueprint_filename": "plan.pdf",
    "blueprint_size_bytes": 3,
    "page_count": 2,
    "result_s3_key": None,
    "error": None,
    "request_id": "req_20240115103000_k3v9q2m4d8x1z",
    "correlation_id": None,
    "api_version": "v1",
}
DONE = JOB | {"status": "completed", "progress": 100, "pages": {"asked": 2, "done": 2, "failed": 0}}

Script = Callable[[httpx.Request], httpx.Response]


def data(content: object, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"status": "success", "data": content, "meta": {}}, headers=headers)


def error(status: int, code: str, retry_after: str | None = None) -> httpx.Response:
    body = {
        "status": "error",
        "error": {"code": code, "message": "What to do.", "details": {"a": 1}},
        "meta": {"request_id": "req_1", "api_version": "v1"},
    }
    return httpx.Response(status, json=body, headers={"Retry-After": retry_after} if retry_after else {})


class Server:
    """Answers each request with the next of its answers, and keeps what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, **options: Any) -> Client:
        transport = httpx.MockTransport(self)
        return Client(URL, "a-key", transport=transport, sleep=self.slept.append, **options)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "Grundriß 1.png"
    file.write_bytes(b"the plan")
    return file


def test_a_plan_is_sent_as_a_form_with_the_key_and_without_a_guessed_type(plan: Path) -> None:
    server = Server(data(JOB, 201))
    with server.client() as client:
        assert client.create(plan, pages="1-2").job_id == JOB_ID
    (request,) = server.asked
    assert request.url == f"{URL}/api/v1/jobs"
    assert request.headers["Authorization"] == "Bearer a-key"
    assert b'name="pages"\r\n\r\n1-2' in request.content
    assert 'filename="Grundriß 1.png"'.encode() in request.content
    assert b"image/png" not in request.content
    assert b"the plan" in request.content


def test_a_create_that_breaks_off_is_sent_again_whole_under_the_same_key(plan: Path) -> None:
    server = Server(httpx.ReadError("broken"), error(503, "SERVICE_UNAVAILABLE", "3"), data(JOB, 201))
    with server.client() as client:
        client.create(plan)
    assert len({request.headers["Idempotency-Key"] for request in server.asked}) == 1
    assert all(b"the plan" in request.content for request in server.asked)
    assert server.slept[1] == 3


def test_a_large_plan_goes_to_the_storage_which_does_not_get_the_key(plan: Path) -> None:
    plan.write_bytes(b"x" * (PRESIGNED_ABOVE_BYTES + 1))
    upload = {
        "upload_id": "up_1",
        "url": "https://s3.example.com/bucket",
        "fields": {"key": "uploads/up_1", "policy": "p"},
        "expires_at": "2024-01-15T10:45:00.000Z",
    }
    server = Server(data(upload, 201), httpx.Response(204), data(JOB, 201))
    with server.client() as client:
        client.create(plan, pages="all")
    opened, stored, created = server.asked
    assert json.loads(opened.content) == {"filename": plan.name}
    assert stored.url == upload["url"]
    assert "Authorization" not in stored.headers
    assert stored.content.index(b'name="policy"') < stored.content.index(b'name="file"')
    assert json.loads(created.content) == {"blueprint": {"upload_id": "up_1"}, "options": {"pages": "all"}}


def test_a_storage_that_refuses_is_told_at_once(plan: Path) -> None:
    plan.write_bytes(b"x" * (PRESIGNED_ABOVE_BYTES + 1))
    upload = {"upload_id": "up_1", "url": "https://s3.example.com/b", "fields": {}, "expires_at": "later"}
    with (
        Server(data(upload, 201), httpx.Response(403)).client() as client,
        pytest.raises(errors.UploadRefused),
    ):
        client.create(plan)


@pytest.mark.parametrize(
    ("code", "kind"),
    [("JOB_NOT_FOUND", errors.JobNotFound), ("UNAUTHORIZED", errors.Unauthorized), ("NEW", errors.ApiError)],
)
def test_an_error_is_the_exception_of_its_code(code: str, kind: type[errors.ApiError]) -> None:
    with Server(error(404, code)).client() as client, pytest.raises(errors.ApiError) as raised:
        client.job(JOB_ID)
    assert type(raised.value) is kind
    assert (raised.value.code, raised.value.status, raised.value.request_id) == (code, 404, "req_1")
    assert raised.value.details == {"a": 1}
    assert "What to do." in str(raised.value)


@pytest.mark.parametrize(
    "answer",
    [
        error(429, "RATE_LIMIT_EXCEEDED", "7"),
        error(409, "REQUEST_IN_PROGRESS", "7"),
        error(503, "SERVICE_UNAVAILABLE", "7"),
    ],
)
def test_what_is_refused_for_a_while_is_asked_again_when_the_server_says(answer: httpx.Response) -> None:
    server = Server(answer, data(JOB))
    with server.client() as client:
        client.job(JOB_ID)
    assert server.slept == [7]


def test_a_limit_that_lasts_longer_than_the_patience_is_told_at_once() -> None:
    server = Server(error(429, "RATE_LIMIT_EXCEEDED", "3600"))
    with server.client(retry_seconds=60) as client, pytest.raises(errors.RateLimitExceeded) as raised:
        client.job(JOB_ID)
    assert raised.value.retry_after == 3600
    assert server.slept == []


def test_a_server_that_is_away_is_asked_until_the_patience_ends() -> None:
    server = Server(*[httpx.ConnectError("refused")] * 9)
    with server.client(retry_seconds=0.2) as client, pytest.raises(Unreachable, match=r"plans\.example\.com"):
        client.job(JOB_ID)


@pytest.mark.parametrize("status", [500, 404])
def test_what_is_not_the_service_is_told(status: int) -> None:
    page = httpx.Response(status, html="<h1>Oops</h1>")
    with (
        Server(page).client(retry_seconds=0) as client,
        pytest.raises(errors.LocationDetectionError, match=f"HTTP {status}, not as the service"),
    ):
        client.job(JOB_ID)


@pytest.mark.parametrize("body", [b"<h1>Welcome</h1>", b"{}", b'{"data": {"job_id": 1}}'])
def test_a_success_that_holds_no_job_is_told(body: bytes) -> None:
    answer = httpx.Response(200, content=body)
    with Server(answer).client() as client, pytest.raises(errors.NotTheService):
        client.job(JOB_ID)


def test_waiting_asks_the_server_to_wait_and_tells_each_change() -> None:
    server = Server(
        data(JOB, ETag='"1"'),
        data(JOB | {"status": "processing"}, ETag='"2"', **{"Preference-Applied": "wait=20"}),
        httpx.Response(304, headers={"Preference-Applied": "wait=20"}),
        data(DONE, ETag='"3"', **{"Preference-Applied": "wait=20"}),
    )
    seen: list[str] = []
    with server.client() as client:
        job = client.wait(JOB_ID, on_change=lambda job: seen.append(job.status))
    assert (job.status, seen) == ("completed", ["pending", "processing", "completed"])
    assert [request.headers.get("If-None-Match") for request in server.asked] == [None, '"1"', '"2"', '"2"']
    assert {request.headers.get("Prefer") for request in server.asked[1:]} == {"wait=20"}
    assert server.slept == []


def test_a_server_that_does_not_wait_is_polled_ever_less_often() -> None:
    unchanged = [httpx.Response(304) for _ in range(5)]
    server = Server(
        data(JOB, ETag='"1"'),
        *unchanged,
        httpx.Response(304, headers={"Retry-After": "3"}),
        data(DONE, ETag='"2"'),
    )
    with server.client() as client:
        client.wait(JOB_ID)
    *grown, told = server.slept
    assert told == 3
    assert all(0.5 <= pause <= 4 for pause in grown)
    assert max(grown) > 1


def test_a_completed_job_with_pages_under_way_has_not_ended() -> None:
    asked_again = DONE | {"pages": {"asked": 3, "done": 2, "failed": 0}}
    server = Server(data(asked_again, ETag='"1"'), data(DONE, ETag='"2"'))
    with server.client() as client:
        assert client.wait(JOB_ID).pages == client_pages(2, 2)
    assert len(server.asked) == 2


def test_a_job_cancelled_with_pages_under_way_has_ended() -> None:
    cancelled = DONE | {"status": "cancelled", "pages": {"asked": 3, "done": 1, "failed": 0}}
    with Server(data(cancelled, ETag='"1"')).client() as client:
        assert client.wait(JOB_ID).status == "cancelled"


def client_pages(asked: int, done: int) -> object:
    from location_detection.models import PageCounts

    return PageCounts(asked=asked, done=done, failed=0)


def test_waiting_ends_with_the_callers_time() -> None:
    with Server(data(JOB, ETag='"1"')).client() as client, pytest.raises(WaitTimeout, match="pending"):
        client.wait(JOB_ID, timeout=0)


def test_lists_are_followed_to_their_end() -> None:
    server = Server(
        data({"jobs": [JOB] * 2, "next_cursor": "c/1"}), data({"jobs": [JOB], "next_cursor": None})
    )
    with server.client() as client:
        assert len(list(client.jobs(status="pending"))) == 3
    assert server.asked[1].url.params["cursor"] == "c/1"
    assert server.asked[1].url.params["status"] == "pending"


def test_a_scale_is_forgotten_with_none_and_left_without_it() -> None:
    server = Server(data(preview()), data(preview()))
    with server.client() as client:
        client.compute_preview(JOB_ID, scale=None)
        client.compute_preview(JOB_ID)
    assert [json.loads(asked.content) for asked in server.asked] == [{"page": 1, "scale": None}, {"page": 1}]


def test_a_list_ends_where_the_caller_wants() -> None:
    server = Server(data({"jobs": [JOB] * 2, "next_cursor": "c"}))
    with server.client() as client:
        assert len(list(client.jobs(limit=2))) == 2
    assert server.asked[0].url.params["limit"] == "2"


def test_a_preview_that_is_being_computed_is_asked_for_again() -> None:
    computing = data({"job_id": JOB_ID, "status": "processing"}, 202, **{"Retry-After": "2"})
    server = Server(computing, data(preview()))
    with server.client() as client:
        found = client.compute_preview(JOB_ID, 2, scale="1:100")
    assert server.slept == [2]
    assert json.loads(server.asked[1].content) == {"page": 2, "scale": "1:100"}
    assert found.rooms[0].polygon[1] == (20.0, 10.0)
    assert found.rooms[0].name_hint is None


def preview() -> dict[str, Any]:
    seconds = ("load", "render", "textract_analysis", "room_detection", "total")
    return {
        "job_id": JOB_ID,
        "stage": "preview",
        "page": {"number": 2, "count": 2, "width_px": 10, "height_px": 20, "rotation": 0},
        "rooms": [
            {
                "id": "room_001",
                "bounding_box": [10, 10, 20, 20],
                "polygon": [[10, 10], [20, 10], [20, 20]],
                "confidence": 0.5,
                "a_field_of_later": True,
            }
        ],
        "processing_time_seconds": 1,
        "timing_metrics": {f"{name}_seconds": 0.1 for name in seconds},
        "model_version": "1",
        "cached": False,
        "degraded": [],
        "timestamp": "2024-01-15T10:30:00.000Z",
    }


def test_pages_are_asked_for_and_read() -> None:
    page = {"page": 1, "status": "failed", "rooms": None, "degraded": [], "updated_at": "now"}
    page["error"] = {"code": "UNREADABLE_BLUEPRINT", "message": "This page is damaged."}
    server = Server(
        data({"job_id": JOB_ID, "pages": {"asked": 1, "done": 0, "failed": 0}}, 202),
        data({"previews": [page], "next_cursor": None}),
        data({"job_id": JOB_ID, "pages": None}),
    )
    with server.client() as client:
        assert client.request_pages(JOB_ID, "1", scale="1:50") == client_pages(1, 0)
        (failed,) = client.pages(JOB_ID)
        assert client.cancel_pages(JOB_ID) is None
    assert json.loads(server.asked[0].content) == {"pages": "1", "refresh": False, "scale": "1:50"}
    assert failed.ended
    assert failed.error is not None
    assert failed.error.code == "UNREADABLE_BLUEPRINT"


def test_an_export_of_all_pages_says_which_it_lacks() -> None:
    server = Server(httpx.Response(200, text="page,room_id", headers={"X-Missing-Pages": "3,7-9"}))
    with server.client() as client:
        export = client.export(JOB_ID, "csv", corrected=True)
    assert (export.content, export.missing) == (b"page,room_id", "3,7-9")
    assert dict(server.asked[0].url.params) == {"format": "csv", "corrected": "true"}
    assert server.asked[0].url.path.endswith("/previews")


def test_feedback_that_may_have_been_kept_is_not_sent_twice() -> None:
    server = Server(httpx.ReadError("broken"))
    with server.client() as client, pytest.raises(Unreachable):
        client.give_feedback(JOB_ID, {"feedback": "correct", "room_id": "room_001"})
    assert len(server.asked) == 1


def test_feedback_is_given_listed_and_taken_back() -> None:
    said = {"feedback_id": "fb_1", "job_id": JOB_ID, "created_at": "now", "feedback": "wrong", "page": 2}
    said |= {"room_id": "room_001", "correction": {"removed": True}, "comment": None}
    server = Server(data({"items": [said]}, 201), data({"feedback": [said], "next_cursor": None}), data(said))
    with server.client() as client:
        (given,) = client.give_feedback(JOB_ID, {"feedback": "wrong", "correction": {"removed": True}})
        assert list(client.feedback(JOB_ID, page=2)) == [given]
        assert client.take_back(JOB_ID, "fb_1") == given
    assert given.correction == {"removed": True}
    assert server.asked[1].url.params["page"] == "2"
    assert server.asked[2].url.path.endswith("/feedback/fb_1")


NO_IDS = [
    "",
    "..",
    f"{JOB_ID}/data?",
    f"../jobs/{JOB_ID}",
    f"{JOB_ID}#",
    f"{JOB_ID}\n",
    "job_%2e%2e%2f",
    "@example.com/",
]


@pytest.mark.parametrize("call", [Client.job, Client.wait, Client.cancel, Client.erase, Client.image])
@pytest.mark.parametrize("job_id", NO_IDS)
def test_what_is_no_job_id_is_refused_before_anything_is_sent(
    call: Callable[[Client, str], object], job_id: str
) -> None:
    server = Server()
    with server.client() as client, pytest.raises(errors.InvalidJobId):
        call(client, job_id)
    assert not server.asked


@pytest.mark.parametrize("feedback_id", ["../data?", "fb_1/..", "fb_1?", JOB_ID])
def test_what_is_no_feedback_id_is_refused_before_anything_is_sent(feedback_id: str) -> None:
    server = Server()
    with server.client() as client, pytest.raises(errors.FeedbackNotFound):
        client.take_back(JOB_ID, feedback_id)
    assert not server.asked


@pytest.mark.parametrize("content", [[], None, "jobs", {}, {"jobs": None}, {"jobs": [1]}, {"jobs": []}])
def test_a_list_that_is_none_is_told(content: object) -> None:
    with Server(data(content)).client() as client, pytest.raises(errors.NotTheService):
        list(client.jobs())


@pytest.mark.parametrize("content", [[], None, {}, {"pages": 1}, {"items": {}}])
def test_an_answer_without_its_field_is_told(content: object) -> None:
    with Server(*[data(content)] * 3).client() as client:
        for call in (client.request_pages, client.cancel_pages, client.give_feedback):
            with pytest.raises(errors.NotTheService):
                call(JOB_ID)


def test_an_answer_nested_too_deeply_is_told() -> None:
    deep = httpx.Response(200, content=b"[" * 100_000)
    with Server(deep).client() as client, pytest.raises(errors.NotTheService):
        client.job(JOB_ID)


@pytest.mark.parametrize("answer", [data(JOB), httpx.Response(304)])
def test_a_job_without_its_version_cannot_be_waited_for(answer: httpx.Response) -> None:
    with Server(answer).client() as client, pytest.raises(errors.NotTheService):
        client.wait(JOB_ID)


def test_a_preview_is_waited_for_no_longer_than_asked_however_long_the_server_says() -> None:
    server = Server(data({"job_id": JOB_ID, "status": "processing"}, 202, **{"Retry-After": "9" * 20}))
    with server.client() as client, pytest.raises(IndexError):  # asks again, and the script is over
        client.compute_preview(JOB_ID, timeout=5)
    assert 0 < server.slept[0] <= 5
