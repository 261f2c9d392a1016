"""Rate limits without HTTP and without AWS: the rules of a bucket, and workers that share one."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes_shared import FakeBuckets, Immediately
from shared.rate_limits import Limit, RateLimiter
from shared.rate_limits.bucket import Batch, LocalCounter, full_at_after
from shared.rate_limits.limits import rate_limit_key

NOW = 1_800_000_000.0
LIMIT = Limit("key", 600, 100)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def workers(count: int, table: FakeBuckets, clock: Clock) -> list[RateLimiter]:
    return [RateLimiter(table, clock, Immediately()) for _ in range(count)]


def passed(limiters: list[RateLimiter], requests: int, limit: Limit = LIMIT, key: str = "a") -> int:
    """How many of the requests, sent to the workers in turn, may pass."""
    turns = cycle(limiters)
    return sum(next(turns).take(key, limit).allowed for _ in range(requests))


def test_a_bucket_holds_its_burst_and_then_its_rate() -> None:
    counter = LocalCounter()
    assert [counter.take(LIMIT, NOW).allowed for _ in range(101)] == [True] * 100 + [False]
    assert [counter.take(LIMIT, NOW + 1).allowed for _ in range(11)] == [True] * 10 + [False]


def test_a_verdict_has_the_remaining_tokens_and_the_time_of_the_next() -> None:
    counter = LocalCounter()
    slow = Limit("key", 6, 100)
    first = counter.take(slow, NOW)
    assert (first.allowed, first.remaining, first.next_in_seconds) == (True, 99, 10)
    assert counter.take(slow, NOW + 3).next_in_seconds == 7
    for _ in range(98):
        counter.take(slow, NOW + 3)
    refused = counter.take(slow, NOW + 3)
    assert (refused.allowed, refused.remaining, refused.next_in_seconds) == (False, 0, 7)
    assert counter.take(slow, NOW + 3 + refused.next_in_seconds).allowed


@pytest.mark.parametrize("per_minute", [1, 7, 600, 60_000])
def test_the_burst_is_the_same_whatever_the_rate(per_minute: int) -> None:
    counter = LocalCounter()
    limit = Limit("key", per_minute, 100)
    assert sum(counter.take(limit, NOW).allowed for _ in range(200)) == 100


times = st.lists(st.floats(0, 40), max_size=30)


def alone(moments: list[float]) -> Batch:
    batch = Batch()
    for moment in sorted(moments):
        full_at = max(batch.full_at, NOW + moment) + LIMIT.token_seconds
        batch = Batch(batch.tokens + 1, full_at)
    return batch


@settings(deadline=None)
@given(times, times)
def test_batches_of_two_workers_add_up_to_what_both_took(one: list[float], other: list[float]) -> None:
    settled = full_at_after(full_at_after(0.0, alone(one), LIMIT), alone(other), LIMIT)
    at_least = alone(one + other).full_at
    at_most = at_least + len(other) * LIMIT.token_seconds
    assert at_least - 1e-3 <= settled <= at_most + 1e-3


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 3)), max_size=400))
def test_workers_exceed_the_limit_by_at_most_their_unreported_requests(
    requests: list[tuple[int, float]],
) -> None:
    clock, table = Clock(), FakeBuckets()
    limiters = workers(4, table, clock)
    allowed = 0
    for worker, pause in requests:
        clock.now += pause / 10
        allowed += limiters[worker].take("a", LIMIT).allowed
    rightful = LIMIT.burst + (clock.now - NOW) / LIMIT.token_seconds
    assert allowed <= rightful + 4 * LIMIT.max_unreported


def test_workers_that_share_a_bucket_admit_a_whole_burst() -> None:
    clock, table = Clock(), FakeBuckets()
    limiters = workers(4, table, clock)
    assert 100 <= passed(limiters, 400) <= 100 + 4 * LIMIT.batch_size


def test_old_unreported_requests_are_dropped() -> None:
    counter = LocalCounter()
    for _ in range(LIMIT.batch_size - 1):
        counter.take(LIMIT, NOW)
    for _ in range(LIMIT.batch_size - 1):
        counter.take(LIMIT, NOW + 60)
        assert counter.start_sync(LIMIT) is None
    counter.take(LIMIT, NOW + 60)
    batch = counter.start_sync(LIMIT)
    assert batch is not None
    assert batch.tokens == LIMIT.batch_size


def test_lasting_traffic_over_the_limit_is_admitted_at_the_rate() -> None:
    clock, table = Clock(), FakeBuckets()
    limiters = workers(4, table, clock)
    passed(limiters, 400)
    allowed = 0
    for _ in range(600):
        clock.now += 0.1
        allowed += passed(limiters, 8)
    assert 600 - 4 * LIMIT.max_unreported <= allowed <= 600 + 4 * LIMIT.max_unreported


def test_the_table_is_called_once_a_batch_and_never_for_refused_requests() -> None:
    table = FakeBuckets()
    limiters = workers(2, table, Clock())
    passed(limiters, 100)
    assert table.asked == 100 // LIMIT.batch_size
    passed(limiters, 20)
    asked = table.asked
    assert passed(limiters, 1_000) == 0
    assert table.asked == asked
    quick = Limit("key", 60_000, 100)
    passed(workers(1, table, Clock()), 100, quick, "quick")
    assert table.asked == asked + 1


def test_buckets_are_independent() -> None:
    limiters = workers(2, FakeBuckets(), Clock())
    passed(limiters, 300, key="ada")
    assert passed(limiters, 100, key="bob") == 100


def test_while_the_table_is_away_each_worker_counts_locally(caplog: pytest.LogCaptureFixture) -> None:
    clock, table = Clock(), FakeBuckets()
    table.away = True
    limiters = workers(2, table, clock)
    assert passed(limiters[:1], 300) == 100
    assert passed(limiters[1:], 300) == 100
    assert table.asked == 2, "each asked once and then knew"
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2
    clock.now += 31
    table.away = False
    assert passed(limiters, 100) == 100, "nobody is shut out for what passed meanwhile"
    assert table.asked > 2


class HeldBuckets(FakeBuckets):
    """A table that has been asked, and answers once it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.entered, self.answer = threading.Event(), threading.Event()

    def add(self, bucket_key: str, batch: Batch, limit: Limit) -> float:
        self.entered.set()
        assert self.answer.wait(60)
        return super().add(bucket_key, batch, limit)


def test_a_request_waits_for_the_table_only_at_the_limit_of_unreported_ones() -> None:
    table = HeldBuckets()
    limiter = RateLimiter(table, Clock(), max_wait_seconds=60)
    assert passed([limiter], LIMIT.max_unreported) == LIMIT.max_unreported, "while the table is not answering"
    assert table.entered.wait(60)
    waiting = threading.Thread(target=limiter.take, args=("a", LIMIT))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    table.answer.set()
    waiting.join(60)
    assert not waiting.is_alive()


def test_a_slow_table_is_treated_as_unavailable(caplog: pytest.LogCaptureFixture) -> None:
    table = HeldBuckets()
    with ThreadPoolExecutor(1) as background:
        limiter = RateLimiter(table, Clock(), background, max_wait_seconds=0.01)
        assert [passed([limiter], 300, key=key) for key in "abc"] == [100] * 3
        table.answer.set()
    assert table.asked == 1, "the others that were on their way were not worth asking any more"
    assert reasons(caplog) == ["slow"]
    assert passed([limiter], 100) == 0, "the late answer knew nothing of what had passed"


def test_a_flood_of_buckets_neither_piles_up_nor_delays_waiting_requests(
    caplog: pytest.LogCaptureFixture,
) -> None:
    table = HeldBuckets()
    with ThreadPoolExecutor(1) as background:
        limiter = RateLimiter(table, Clock(), background, max_wait_seconds=60)
        passed([limiter], LIMIT.max_unreported)
        waiting = threading.Thread(target=limiter.take, args=("a", LIMIT))
        waiting.start()
        for number in range(1_000):
            passed([limiter], LIMIT.batch_size, key=f"new {number}")
        waiting.join(60)
        assert not waiting.is_alive(), "though the table has not answered yet"
        assert passed([limiter], 300, key="b") == 100
        table.answer.set()
    assert table.asked == 1
    assert reasons(caplog) == ["too many buckets"]


def reasons(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.__dict__["context"]["reason"] for record in caplog.records]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unknown", "unknown"),
    ],
)
def test_the_rate_limit_key_of_an_address_is_its_subscriber(address: str, counted: str) -> None:
    assert rate_limit_key(address) == counted
