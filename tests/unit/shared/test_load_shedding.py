"""Load shedding: requests that waited too long for a thread."""

import pytest

from shared.load_shedding import RequestQueue

THREADS = 2


class Worker:
    """A queue before two threads, on a clock of its own; ``at`` is when each waiting request came."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.queue = RequestQueue(THREADS, lambda: self.now)
        self.at: list[float] = []

    def arrive(self, requests: int) -> None:
        self.at += [self.queue.enter() for _ in range(requests)]

    def take_up(self) -> bool:
        return self.queue.admit(self.at.pop(0))

    def pass_on(self, seconds: float, requests: int) -> None:
        """So much later as many requests have been answered, and as many have come."""
        self.now += seconds
        for _ in range(requests):
            self.take_up()
            self.queue.leave()
        self.arrive(requests)


@pytest.fixture
def worker() -> Worker:
    return Worker()


def test_a_burst_is_waited_out(worker: Worker) -> None:
    worker.arrive(50)
    for _ in range(25):
        worker.now += 0.3
        assert [worker.take_up(), worker.take_up()] == [True, True]
        worker.queue.leave()
        worker.queue.leave()


def test_no_request_is_served_after_the_longest_burst(worker: Worker) -> None:
    worker.arrive(THREADS + 1)
    worker.now += 11
    assert not worker.take_up()


def test_in_lasting_overload_only_a_brief_wait_is_allowed(worker: Worker) -> None:
    worker.arrive(10)
    for _ in range(11):
        worker.pass_on(1.0, 5)
    assert not worker.take_up(), "it came two seconds ago"
    worker.at.clear()
    worker.arrive(1)
    worker.now += 0.1
    assert worker.take_up()


@pytest.fixture
def overloaded(worker: Worker) -> Worker:
    """A worker before which a queue has stood for long, and that has just emptied it."""
    worker.arrive(10)
    for _ in range(11):
        worker.pass_on(1.0, 5)
    for _ in range(10):
        worker.queue.leave()
    worker.at.clear()
    return worker


def test_a_moment_without_a_queue_does_not_end_the_overload(overloaded: Worker) -> None:
    overloaded.now += 0.2
    overloaded.arrive(10)
    overloaded.now += 0.5
    assert not overloaded.take_up()


def test_the_queueing_time_decays_as_slowly_as_it_grew(overloaded: Worker) -> None:
    overloaded.now += 5
    overloaded.arrive(10)
    overloaded.now += 4
    assert overloaded.take_up()
    overloaded.now += 2
    assert not overloaded.take_up()


def test_running_requests_are_no_queue(worker: Worker) -> None:
    worker.arrive(THREADS)
    worker.now += 60
    worker.arrive(1)
    worker.now += 2
    worker.at = worker.at[THREADS:]
    assert worker.take_up()
