"""What a preview cache does, for the table and for the fake that stands in for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders_preview import JOB_ID, NOW, OTHER_JOB_ID, a_preview, a_rejected_candidate, a_room, an_entry
from fakes_preview import Clock, FakePreviewCache, FakeResultStore
from preview.adapters.cache_table import DynamoPreviewCache
from preview.domain.cache_entry import CacheEntry, CacheSnapshot, NegativeEntry
from preview.domain.ports import PreviewCache
from shared.errors import DependencyFailed

KEY = "preview:0123:1.0.0"
NOTHING = CacheSnapshot()
TABLE = "location-detection-test-preview-cache"
LEASE_END = NOW + timedelta(seconds=7)
FRESH_SECONDS = 3600


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def results() -> FakeResultStore:
    return FakeResultStore()


@pytest.fixture
def table(dynamodb: Any, clock: Clock, results: FakeResultStore) -> DynamoPreviewCache:
    return DynamoPreviewCache(dynamodb, TABLE, results, FRESH_SECONDS, clock)


@pytest.fixture(params=["table", "fake"])
def cache(request: pytest.FixtureRequest, clock: Clock) -> PreviewCache:
    if request.param == "fake":
        return FakePreviewCache(FRESH_SECONDS, clock)
    table: DynamoPreviewCache = request.getfixturevalue("table")
    return table


def stored(cache: PreviewCache, entry: CacheEntry | None = None, token: str = "first") -> CacheSnapshot:
    """A cache that somebody stored an entry in."""
    assert cache.take_lease(KEY, token, cache.get(KEY), LEASE_END, JOB_ID)
    cache.put(KEY, token, entry or an_entry())
    return cache.get(KEY)


def test_a_key_nobody_asked_for_is_empty(cache: PreviewCache) -> None:
    assert cache.get(KEY) == NOTHING


def test_an_entry_comes_back_as_it_was_stored(cache: PreviewCache) -> None:
    rooms = (a_room(1), a_room(2, (0.01, 0.02, 999.98, 1000.0), None))
    entry = CacheEntry(replace(a_preview(), rooms=rooms))
    state = stored(cache, entry)
    assert (state.result, state.leased) == (entry, False)
    assert state.version is not None


def test_a_refusal_comes_back(cache: PreviewCache) -> None:
    cache.take_lease(KEY, "first", NOTHING, LEASE_END, JOB_ID)
    cache.put(KEY, "first", NegativeEntry(JOB_ID, "Too complex.", "too_complex"))
    assert cache.get(KEY).result == NegativeEntry(JOB_ID, "Too complex.", "too_complex")


def test_an_entry_expires(cache: PreviewCache, clock: Clock) -> None:
    stored(cache)
    clock.advance(FRESH_SECONDS + 1)
    state = cache.get(KEY)
    assert state.result is None
    assert not state.leased


def test_one_lease_at_a_time(cache: PreviewCache) -> None:
    assert cache.take_lease(KEY, "first", NOTHING, LEASE_END, JOB_ID)
    assert cache.get(KEY) == CacheSnapshot(leased=True)
    assert not cache.take_lease(KEY, "second", NOTHING, LEASE_END, JOB_ID)


def test_taking_a_lease_again_with_its_own_token_is_taking_it(cache: PreviewCache) -> None:
    assert cache.take_lease(KEY, "first", NOTHING, LEASE_END, JOB_ID)
    assert cache.take_lease(KEY, "first", NOTHING, LEASE_END, JOB_ID)


def test_a_lease_ends_by_itself(cache: PreviewCache, clock: Clock) -> None:
    cache.take_lease(KEY, "dead", NOTHING, LEASE_END, JOB_ID)
    clock.advance(8)
    assert not cache.get(KEY).leased
    assert cache.take_lease(KEY, "second", cache.get(KEY), LEASE_END + timedelta(seconds=8), JOB_ID)


def test_a_renewed_lease_ends_later(cache: PreviewCache, clock: Clock) -> None:
    assert cache.take_lease(KEY, "first", NOTHING, LEASE_END, JOB_ID)
    assert cache.renew_lease(KEY, "first", LEASE_END + timedelta(seconds=7))
    clock.advance(8)
    assert cache.get(KEY).leased
    assert not cache.take_lease(KEY, "second", NOTHING, clock() + timedelta(seconds=7), JOB_ID)
    clock.advance(7)
    assert not cache.get(KEY).leased


def test_a_renewed_lease_leaves_what_was_there(cache: PreviewCache) -> None:
    before = stored(cache)
    assert cache.take_lease(KEY, "refresh", before, LEASE_END, JOB_ID)
    assert cache.renew_lease(KEY, "refresh", LEASE_END + timedelta(seconds=7))
    assert cache.get(KEY) == replace(before, leased=True)


def test_a_lease_that_was_taken_over_or_never_held_is_not_renewed(cache: PreviewCache, clock: Clock) -> None:
    assert not cache.renew_lease(KEY, "first", LEASE_END)
    cache.take_lease(KEY, "slow", NOTHING, LEASE_END, JOB_ID)
    clock.advance(8)
    cache.take_lease(KEY, "second", cache.get(KEY), LEASE_END + timedelta(seconds=8), JOB_ID)
    assert not cache.renew_lease(KEY, "slow", LEASE_END + timedelta(seconds=60))
    clock.advance(8)
    assert not cache.get(KEY).leased


def test_a_lease_that_was_erased_is_not_renewed(cache: PreviewCache) -> None:
    assert cache.take_lease(KEY, "token", NOTHING, LEASE_END, JOB_ID)
    cache.erase(JOB_ID)
    assert not cache.renew_lease(KEY, "token", LEASE_END)
    assert cache.get(KEY) == NOTHING


def test_a_holder_whose_lease_was_taken_over_stores_nothing(cache: PreviewCache, clock: Clock) -> None:
    cache.take_lease(KEY, "slow", NOTHING, LEASE_END, JOB_ID)
    clock.advance(8)
    cache.take_lease(KEY, "second", cache.get(KEY), LEASE_END + timedelta(seconds=8), JOB_ID)
    assert not cache.put(KEY, "slow", an_entry())
    cache.release(KEY, "slow")
    assert cache.get(KEY) == CacheSnapshot(leased=True)


def test_storing_once_more_is_no_loss_and_changes_nothing(cache: PreviewCache) -> None:
    cache.take_lease(KEY, "first", NOTHING, LEASE_END, JOB_ID)
    assert cache.put(KEY, "first", an_entry())
    before = cache.get(KEY)
    assert cache.put(KEY, "first", an_entry())
    assert cache.get(KEY) == before


def test_a_released_lease_leaves_what_was_there(cache: PreviewCache) -> None:
    before = stored(cache)
    assert cache.take_lease(KEY, "refresh", before, LEASE_END, JOB_ID)
    assert cache.get(KEY) == replace(before, leased=True)
    cache.release(KEY, "refresh")
    assert cache.get(KEY) == before


def test_a_released_lease_with_nothing_stored_leaves_nothing(cache: PreviewCache) -> None:
    cache.take_lease(KEY, "first", NOTHING, LEASE_END, JOB_ID)
    cache.release(KEY, "first")
    assert cache.get(KEY) == NOTHING


def test_no_lease_for_one_who_missed_a_result(cache: PreviewCache) -> None:
    stored(cache)
    assert not cache.take_lease(KEY, "late", NOTHING, LEASE_END, JOB_ID)


def test_a_new_result_has_a_new_version(cache: PreviewCache) -> None:
    first = stored(cache)
    second = stored(cache, an_entry(OTHER_JOB_ID), "second")
    assert second.version != first.version
    assert second.result == an_entry(OTHER_JOB_ID)


def test_a_lease_on_an_expired_entry_does_not_revive_it(cache: PreviewCache, clock: Clock) -> None:
    stored(cache)
    clock.advance(FRESH_SECONDS + 1)
    assert cache.take_lease(KEY, "second", cache.get(KEY), clock() + timedelta(seconds=7), JOB_ID)
    state = cache.get(KEY)
    assert (state.result, state.leased) == (None, True)


def test_an_expired_entry_can_be_restored(cache: PreviewCache, clock: Clock) -> None:
    stored(cache)
    clock.advance(FRESH_SECONDS + 1)
    cache.refill(KEY, an_entry(), cache.get(KEY))
    assert cache.get(KEY).result == an_entry()


@pytest.mark.parametrize("meanwhile", ["leased", "stored"])
def test_nothing_is_restored_over_what_others_do(cache: PreviewCache, meanwhile: str) -> None:
    if meanwhile == "leased":
        cache.take_lease(KEY, "first", NOTHING, LEASE_END, JOB_ID)
    else:
        stored(cache, an_entry(OTHER_JOB_ID))
    before = cache.get(KEY)
    cache.refill(KEY, an_entry(), NOTHING)
    assert cache.get(KEY) == before


def test_what_is_of_a_job_is_erased_and_nothing_else(cache: PreviewCache) -> None:
    mine, leased, refused, theirs = (f"preview:{n}:1.0.0" for n in range(4))
    for key, result in (
        (mine, an_entry()),
        (refused, NegativeEntry(JOB_ID, "Too complex.", "too_complex")),
        (theirs, an_entry(OTHER_JOB_ID)),
    ):
        assert cache.take_lease(key, "token", NOTHING, LEASE_END, result.job_id)
        assert cache.put(key, "token", result)
    assert cache.take_lease(leased, "token", NOTHING, LEASE_END, JOB_ID)

    cache.erase(JOB_ID)
    cache.erase(JOB_ID)

    assert [cache.get(key) for key in (mine, leased, refused)] == [NOTHING] * 3
    assert cache.get(theirs).result == an_entry(OTHER_JOB_ID)


def test_who_held_a_lease_that_was_erased_stores_nothing(cache: PreviewCache) -> None:
    assert cache.take_lease(KEY, "token", NOTHING, LEASE_END, JOB_ID)
    cache.erase(JOB_ID)
    assert not cache.put(KEY, "token", an_entry())
    assert cache.get(KEY) == NOTHING


def test_an_entry_that_became_another_jobs_stays(cache: PreviewCache, clock: Clock) -> None:
    stored(cache)
    clock.advance(FRESH_SECONDS + 1)
    cache.refill(KEY, an_entry(OTHER_JOB_ID), cache.get(KEY))
    cache.erase(JOB_ID)
    assert cache.get(KEY).result == an_entry(OTHER_JOB_ID)


@pytest.mark.parametrize(("rooms", "withheld"), [(4000, 1), (2, 4000), (1600, 1800)])
def test_a_preview_too_large_for_an_item_is_read_from_the_bucket(
    table: DynamoPreviewCache, results: FakeResultStore, dynamodb: Any, rooms: int, withheld: int
) -> None:
    many = {
        "rooms": tuple(a_room(n) for n in range(1, rooms)),
        "withheld": (a_rejected_candidate(),) * withheld,
    }
    large = a_preview(**many)
    results.write_preview(large)
    state = stored(table, CacheEntry(large))
    assert state.result == CacheEntry(large)
    item = dynamodb.get_item(TableName=TABLE, Key={"blueprint_hash": {"S": KEY}})["Item"]
    assert item["rooms_s3_key"] == {"S": f"cache/preview/{JOB_ID}/1.0.0.p1.json"}

    results.erase(JOB_ID)
    assert table.get(KEY).result is None


def test_the_item_has_the_documented_attributes(table: DynamoPreviewCache, dynamodb: Any) -> None:
    stored(table)
    item = dynamodb.get_item(TableName=TABLE, Key={"blueprint_hash": {"S": KEY}})["Item"]
    assert {"blueprint_hash", "rooms", "timestamp", "model_version", "expires_at"} <= set(item)
    assert item["expires_at"] == {"N": str(int(NOW.timestamp()) + FRESH_SECONDS)}


@pytest.mark.parametrize(
    "call",
    [
        lambda cache: cache.get(KEY),
        lambda cache: cache.take_lease(KEY, "first", NOTHING, LEASE_END, JOB_ID),
        lambda cache: cache.renew_lease(KEY, "first", LEASE_END),
        lambda cache: cache.put(KEY, "first", an_entry()),
        lambda cache: cache.is_alive(),
    ],
)
def test_a_missing_table_is_a_failed_dependency(
    dynamodb: Any, results: FakeResultStore, clock: Clock, call: Callable[[DynamoPreviewCache], object]
) -> None:
    with pytest.raises(DependencyFailed):
        call(DynamoPreviewCache(dynamodb, "no-such-table", results, FRESH_SECONDS, clock))


@pytest.mark.parametrize("summary", ["{}", "no JSON", '{"page": {"number": 1}}'])
def test_an_entry_of_another_shape_counts_as_none(
    table: DynamoPreviewCache, dynamodb: Any, summary: str
) -> None:
    stored(table)
    dynamodb.update_item(
        TableName=TABLE,
        Key={"blueprint_hash": {"S": KEY}},
        UpdateExpression="SET summary = :summary",
        ExpressionAttributeValues={":summary": {"S": summary}},
    )
    state = table.get(KEY)
    assert state.result is None
    assert table.take_lease(KEY, "second", state, LEASE_END, JOB_ID)
