"""What a worker does with the queue, the page at work, and the signals."""

import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from builders_preview import JOB_ID, OWNER
from fakes_page_queue import FakePageQueue
from fakes_preview import PATIENCE_SECONDS, Clock
from preview.domain.queued_page import Backlog, PageOutcome, QueuedPage, ReceivedPage
from preview.worker import Worker, WorkerLimits, WorkerStuck
from shared import context
from shared.errors import DependencyUnavailable
from shared.metrics import Metrics

PAGE, NEXT = QueuedPage(JOB_ID, 1), QueuedPage(JOB_ID, 2)
QUICK = WorkerLimits(poll=1, drain=PATIENCE_SECONDS, visibility_timeout=60, stuck=PATIENCE_SECONDS, tick=0.01)


class Pages:
    """What is asked of the worker; ``answers`` by page, done where nothing is said, raised if an error."""

    def __init__(self, **answers: object) -> None:
        self.taken: list[QueuedPage] = []
        self.contexts: list[context.RequestContext] = []
        self.began = threading.Event()
        self.may_end = threading.Event()
        self.may_end.set()
        self._answers = answers

    def __call__(self, job_id: str, page: int) -> PageOutcome:
        self.taken.append(QueuedPage(job_id, page))
        self.contexts.append(context.current())
        self.began.set()
        assert self.may_end.wait(PATIENCE_SECONDS)
        answer = self._answers.get(f"page_{page}", PageOutcome.DONE)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, PageOutcome)
        return answer


class Bench:
    """A worker among fakes, which stops when the queue is empty."""

    def __init__(
        self,
        pages: Pages,
        limits: WorkerLimits = QUICK,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clock = Clock()
        self.queue = FakePageQueue(self.clock)
        self.pages = pages
        self.metrics = io.StringIO()
        self.heartbeats = 0
        self.on_beat: Callable[[], None] = lambda: None
        self.before_receive: Callable[[], None] = lambda: None
        metrics = Metrics("preview", "test", self.metrics)
        self.worker = Worker(_StoppingQueue(self), pages, metrics, limits, self.beat, monotonic)

    def stop(self) -> None:
        self.worker.stop()

    def beat(self) -> None:
        self.heartbeats += 1
        self.on_beat()

    def await_beats(self, more: int) -> None:
        wanted, reached = self.heartbeats + more, threading.Event()
        self.on_beat = lambda: reached.set() if self.heartbeats >= wanted else None
        assert reached.wait(PATIENCE_SECONDS)

    def outcomes(self) -> list[str]:
        return [json.loads(line)["outcome"] for line in self.metrics.getvalue().splitlines()]

    @contextmanager
    def running(self) -> Iterator[None]:
        thread = threading.Thread(target=self.worker.run, daemon=True)
        thread.start()
        yield
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


class _StoppingQueue:
    """The bench's queue; it tells the worker to stop when it is empty."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def receive(self, wait_seconds: int, visibility_timeout_seconds: int) -> ReceivedPage | None:
        self._bench.before_receive()
        received = self._bench.queue.receive(wait_seconds, visibility_timeout_seconds)
        if received is None:
            self._bench.stop()
        return received

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bench.queue, name)


def bench_with(
    *pages: QueuedPage,
    limits: WorkerLimits = QUICK,
    monotonic: Callable[[], float] = time.monotonic,
    **answers: object,
) -> Bench:
    bench = Bench(Pages(**answers), limits, monotonic)
    bench.queue.send(pages, OWNER)
    return bench


def test_pages_are_previewed_one_by_one_and_leave_the_queue() -> None:
    bench = bench_with(PAGE, NEXT)
    bench.worker.run()
    assert bench.pages.taken == [PAGE, NEXT]
    assert bench.queue.backlog() == Backlog(0, 0)
    assert bench.outcomes() == ["done", "done"]


@pytest.mark.parametrize("outcome", [PageOutcome.FAILED, PageOutcome.SKIPPED])
def test_a_page_that_has_ended_otherwise_leaves_the_queue_too(outcome: PageOutcome) -> None:
    bench = bench_with(PAGE, page_1=outcome)
    bench.worker.run()
    assert bench.queue.backlog() == Backlog(0, 0)
    assert bench.outcomes() == [outcome.value]


@pytest.mark.parametrize("answer", [PageOutcome.RETRY, KeyError("a bug"), DependencyUnavailable("DynamoDB")])
def test_a_page_that_has_not_ended_comes_back_after_a_minute(answer: object) -> None:
    bench = bench_with(PAGE, page_1=answer)
    bench.worker.run()
    assert bench.queue.backlog() == Backlog(0, 1)
    bench.clock.advance(QUICK.visibility_timeout)
    assert bench.queue.backlog() == Backlog(1, 0)


def test_a_bad_page_does_not_end_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    bench = bench_with(PAGE, NEXT, page_1=KeyError("a bug"))
    bench.worker.run()
    assert bench.pages.taken == [PAGE, NEXT]
    assert bench.outcomes() == ["crashed", "done"]
    assert "a page failed and is tried again later" in caplog.messages


def test_each_page_has_a_context_of_its_own() -> None:
    bench = bench_with(PAGE, NEXT)
    bench.worker.run()
    first, second = bench.pages.contexts
    assert first.job_id == second.job_id == JOB_ID
    assert first.request_id == first.correlation_id != second.request_id


def test_a_page_that_takes_long_stays_hidden() -> None:
    """By the worker's clock a third of the time is over at each look, by the queue's nearly all of it."""
    clock = Clock()
    bench = bench_with(PAGE, limits=replace(QUICK, stuck=1e9), monotonic=lambda: clock().timestamp())
    bench.pages.may_end.clear()
    with bench.running():
        assert bench.pages.began.wait(PATIENCE_SECONDS)
        for _ in range(3):
            bench.clock.advance(QUICK.visibility_timeout - 1)
            clock.advance(QUICK.visibility_timeout / 3)
            bench.await_beats(2)
            assert bench.queue.backlog() == Backlog(0, 1)
        bench.pages.may_end.set()
    assert bench.queue.backlog() == Backlog(0, 0)


def test_a_worker_that_stops_ends_its_page() -> None:
    bench = bench_with(PAGE, NEXT)
    bench.pages.may_end.clear()
    with bench.running():
        assert bench.pages.began.wait(PATIENCE_SECONDS)
        bench.stop()
        bench.pages.may_end.set()
    assert bench.pages.taken == [PAGE]
    assert bench.queue.backlog() == Backlog(1, 0), "the next page waits for another worker"


def test_a_worker_without_time_gives_its_page_back() -> None:
    bench = bench_with(PAGE, limits=replace(QUICK, drain=0.0))
    bench.pages.may_end.clear()
    with bench.running():
        assert bench.pages.began.wait(PATIENCE_SECONDS)
        bench.stop()
    assert bench.queue.backlog() == Backlog(1, 0)
    assert bench.outcomes() == ["given_back"]
    bench.pages.may_end.set()


def test_a_page_that_came_with_the_stop_is_given_back() -> None:
    bench = bench_with(PAGE)
    bench.before_receive = bench.stop
    bench.worker.run()
    assert bench.pages.taken == []
    assert bench.queue.backlog() == Backlog(1, 0)


def test_a_page_that_never_ends_ends_the_worker() -> None:
    bench = bench_with(PAGE, limits=replace(QUICK, stuck=0.0))
    bench.pages.may_end.clear()
    with pytest.raises(WorkerStuck):
        bench.worker.run()
    bench.pages.may_end.set()
    assert bench.queue.backlog() == Backlog(0, 1), "it comes back by itself"


def test_a_queue_that_is_away_is_asked_again() -> None:
    bench = bench_with(PAGE)
    bench.queue.failing = DependencyUnavailable("SQS")

    def come_back() -> None:
        if bench.heartbeats == 3:
            bench.queue.failing = None

    bench.on_beat = come_back
    bench.worker.run()
    assert bench.pages.taken == [PAGE]


def test_a_worker_whose_queue_is_away_stops_at_once() -> None:
    bench = Bench(Pages())
    bench.queue.failing = DependencyUnavailable("SQS")
    bench.on_beat = bench.stop
    bench.worker.run()
    assert bench.outcomes() == []


def test_a_queue_that_cannot_be_told_delivers_the_page_again() -> None:
    bench = bench_with(PAGE)
    bench.pages.may_end.clear()
    with bench.running():
        assert bench.pages.began.wait(PATIENCE_SECONDS)
        bench.queue.failing = DependencyUnavailable("SQS")
        bench.stop()
        bench.pages.may_end.set()
    bench.queue.failing = None
    assert bench.outcomes() == ["done"]
    assert bench.queue.backlog() == Backlog(0, 1)


def test_it_says_that_it_is_alive() -> None:
    bench = bench_with(PAGE)
    bench.worker.run()
    assert bench.heartbeats >= 2
