"""A job that is waited for over HTTP; what happens during a wait happens in the same thread."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builders_jobs import JOB_ID, NOW, job, settings
from calls_jobs import ADA, data, error
from fakes_jobs import FakeCondition
from jobs.app import create_app
from jobs.use_cases.watch_jobs import WatchJobs
from shared import context
from shared.bulkhead import Bulkhead
from shared.deadline import Deadline
from world_jobs import World, new_world

PATH = f"/api/v1/jobs/{JOB_ID}"
KNOWN = {"If-None-Match": 'W/"1"'}


@dataclass
class Waiting:
    world: World
    client: FlaskClient
    condition: FakeCondition
    watch: WatchJobs

    def get(self, prefer: str, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(PATH, headers=ADA | KNOWN | {"Prefer": prefer} | named)

    def meanwhile(self, happens: Callable[[], Any]) -> None:
        """Have something happen during the wait, after which the table is read."""

        def run() -> None:
            happens()
            self.watch.poll()

        self.condition.meanwhile = run


@pytest.fixture
def waiting(aws: None, tmp_path: Path) -> Iterator[Waiting]:
    world, condition = new_world(tmp_path), FakeCondition()
    watch = WatchJobs(world.jobs, Bulkhead(2, permits_per_key=1), condition=condition)
    app = create_app(settings(), use_cases=replace(world.use_cases, watch_jobs=watch))
    world.has(job())
    yield Waiting(world, app.test_client(), condition, watch)
    watch.stop()
    for stop in reversed(app.extensions["on_stop"]):
        stop()


def test_the_answer_comes_when_the_job_has_changed(waiting: Waiting) -> None:
    waiting.meanwhile(lambda: waiting.world.use_cases.cancel_job(JOB_ID, "ada"))
    answer = waiting.get("wait=7")
    assert (data(answer)["status"], answer.headers["ETag"]) == ("cancelled", 'W/"2"')
    assert answer.headers["Preference-Applied"] == "wait=7"
    assert waiting.condition.asked_seconds == [7]


def test_the_answer_is_304_when_the_time_is_over(waiting: Waiting) -> None:
    answer = waiting.get("wait=99")
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", 'W/"1"')
    assert answer.headers["Preference-Applied"] == "wait=20"
    assert "Retry-After" not in answer.headers
    assert waiting.condition.asked_seconds == [20]


def test_a_job_that_is_erased_meanwhile_is_not_found(waiting: Waiting) -> None:
    waiting.meanwhile(lambda: waiting.world.use_cases.erase_job(JOB_ID, "ada"))
    error(waiting.get("wait=7"), 404, "JOB_NOT_FOUND")
    assert waiting.condition.asked_seconds == [7]


@pytest.mark.parametrize(
    ("prefer", "known", "status"),
    [
        ("wait=7", 'W/"0"', 200),
        ("wait=7", "", 200),
        ("wait=7", "*", 304),
        ("wait=0", 'W/"1"', 304),
        ("wait=soon", 'W/"1"', 304),
        ("respond-async", 'W/"1"', 304),
    ],
)
def test_other_requests_do_not_wait(waiting: Waiting, prefer: str, known: str, status: int) -> None:
    answer = waiting.get(prefer, If_None_Match=known)
    assert answer.status_code == status
    assert waiting.condition.asked_seconds == []
    assert not {"Preference-Applied", "Retry-After"} & set(answer.headers.keys())


def test_a_job_that_has_ended_is_answered_at_once(waiting: Waiting) -> None:
    waiting.world.has(job().cancelled(NOW))
    answer = waiting.get("wait=7", If_None_Match='W/"2"')
    assert (answer.status_code, waiting.condition.asked_seconds) == (304, [])
    assert not {"Preference-Applied", "Retry-After"} & set(answer.headers.keys())


def test_without_a_place_the_answer_says_when_to_come_back(waiting: Waiting) -> None:
    answers: list[TestResponse] = []
    waiting.condition.meanwhile = lambda: answers.append(waiting.get("wait=7"))
    assert waiting.get("wait=7").headers["Preference-Applied"] == "wait=7"
    [refused] = answers
    assert (refused.status_code, refused.headers["ETag"]) == (304, 'W/"1"')
    assert refused.headers["Retry-After"] == "2"
    assert "Preference-Applied" not in refused.headers


def test_a_worker_that_stops_answers_who_waits(waiting: Waiting) -> None:
    waiting.condition.meanwhile = waiting.watch.stop
    answer = waiting.get("wait=7")
    assert (answer.status_code, answer.headers["Retry-After"]) == (304, "2")


def test_the_time_of_a_request_begins_when_its_wait_is_over(waiting: Waiting) -> None:
    left: list[float] = []

    def note(method: str) -> None:
        deadline = context.current().deadline
        left.append(deadline.remaining_seconds() if deadline else 0.0)

    waiting.world.jobs.check = note  # type: ignore[method-assign]  # sees each call of the table
    waiting.condition.meanwhile = lambda: context.bind(deadline=Deadline.after(0))
    assert waiting.get("wait=7").status_code == 304
    assert len(left) == 2
    assert min(left) > 0


def test_a_worker_that_drains_lets_nobody_wait(aws: None) -> None:
    app = create_app(settings())
    watch = app.extensions["jobs.use_cases"].watch_jobs
    assert watch.stop in app.extensions["on_drain"]
    for stop in reversed(app.extensions["on_stop"]):
        stop()


def test_a_worker_reads_again_and_again_for_those_who_wait(aws: None, tmp_path: Path) -> None:
    world = new_world(tmp_path)
    world.has(job())
    world.jobs.after_batch = lambda: world.has(job(version=2))
    watch = WatchJobs(world.jobs, Bulkhead(1))
    app = create_app(settings(), use_cases=replace(world.use_cases, watch_jobs=watch))
    for start in app.extensions["on_start"]:
        start()
    try:
        answer = app.test_client().get(PATH, headers=ADA | KNOWN | {"Prefer": "wait=20"})
    finally:
        for stop in reversed(app.extensions["on_stop"]):
            stop()
    assert answer.headers["ETag"] == 'W/"2"'
    assert len(world.jobs.batches) == 2
