"""One computes and the others wait, whatever is computed and wherever leases are kept."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest

from fakes_preview import PATIENCE_SECONDS
from preview.bulkheads import ComputeSlot, ComputeSlots
from preview.domain.budget import Budget
from preview.domain.errors import TooBusy
from preview.single_flight import InProgress, Lease, SingleFlight

SOMEBODY = "somebody-else"
LEASE_SECONDS = 7.0


@dataclass(frozen=True)
class Stored:
    result: int | None = None
    version: str | None = None
    leased: bool = False


@dataclass
class FakeLeases:
    """One key's result and lease in memory; ``renewed`` is set at each renewal."""

    now: Callable[[], float]
    stored: Stored = Stored()
    holder: str | None = None
    ends_at: float = 0.0
    renewed: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: str) -> Stored:
        return replace(self.stored, leased=self.holder is not None and self.ends_at > self.now())

    def take_lease(self, key: str, token: str, snapshot: Stored, seconds: float) -> bool:
        with self.lock:
            if self.get(key).leased or self.stored.version != snapshot.version:
                return False
            self.holder, self.ends_at = token, self.now() + seconds
            return True

    def renew_lease(self, key: str, token: str, seconds: float) -> bool:
        with self.lock:
            held = self.holder == token
            self.ends_at = self.now() + seconds if held else self.ends_at
        (self.renewed if held else self.lost).set()
        return held

    def put(self, key: str, token: str, result: int) -> bool:
        with self.lock:
            if self.holder != token:
                return False
            self.stored, self.holder = Stored(result, token), None
            return True

    def release(self, key: str, token: str) -> None:
        with self.lock:
            if self.holder == token:
                self.holder = None


Work = Callable[[Stored, Lease[str, Stored, int], ComputeSlot], str]


@dataclass
class World:
    """``pauses`` are those of callers who wait; time goes by in them alone, and ``on_pause`` happens."""

    at: float = 1000.0
    stands_still: bool = False
    pauses: list[float] = field(default_factory=list)
    on_pause: Callable[[], object] = lambda: None
    computed: int = 0
    accepts: bool = True

    def __post_init__(self) -> None:
        self.leases = FakeLeases(self.now)
        self.slots = ComputeSlots(1)
        self.budget = Budget.for_caller(5.0, self.now)

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += 0 if self.stands_still else seconds
        self.pauses.append(seconds)
        self.on_pause()

    def accept(self, stored: Stored) -> str | None:
        return f"accepted {stored.result}" if self.accepts and stored.result is not None else None

    def compute(self, _: Stored, lease: Lease[str, Stored, int], slot: ComputeSlot) -> str:
        self.computed += 1
        return f"computed, {'stored' if lease.put(1) else 'not stored'}"

    def run(
        self,
        compute: Work | None = None,
        *,
        lease_seconds: float = LEASE_SECONDS,
        before: Stored | None = None,
    ) -> str | InProgress:
        flight: SingleFlight[str, Stored, int] = SingleFlight(
            self.leases, self.slots, self.sleep, lease_seconds
        )
        before = before or self.leases.get("key")
        return flight("key", before, self.budget, accept=self.accept, compute=compute or self.compute)

    def somebody_computes(self, seconds: float = LEASE_SECONDS) -> None:
        assert self.leases.take_lease("key", SOMEBODY, self.leases.get("key"), seconds)


@pytest.fixture
def world() -> World:
    return World()


def test_who_comes_first_computes_and_stores(world: World) -> None:
    assert world.run() == "computed, stored"
    assert world.leases.get("key").result == 1
    assert not world.leases.get("key").leased
    assert world.pauses == []


def test_of_many_at_once_one_computes(world: World) -> None:
    begun = threading.Event()
    world.on_pause, world.stands_still = begun.set, True
    before = world.leases.get("key")

    def compute(stored: Stored, lease: Lease[str, Stored, int], slot: ComputeSlot) -> str:
        slot.release()
        assert begun.wait(PATIENCE_SECONDS)
        return world.compute(stored, lease, slot)

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: world.run(compute, before=before), range(8)))
    assert sorted(map(str, answers)) == ["accepted 1"] * 7 + ["computed, stored"]
    assert world.computed == 1


def test_who_waits_takes_what_the_holder_stores(world: World) -> None:
    world.somebody_computes()
    world.on_pause = lambda: world.leases.put("key", SOMEBODY, 2)
    assert world.run() == "accepted 2"
    assert world.computed == 0


def test_a_result_that_does_not_serve_is_computed_anew(world: World) -> None:
    world.accepts = False
    world.somebody_computes()
    world.on_pause = lambda: world.leases.put("key", SOMEBODY, 2)
    assert world.run() == "computed, stored"


def test_what_the_caller_had_seen_before_is_not_accepted(world: World) -> None:
    world.run()
    assert world.run() == "computed, stored"
    assert world.computed == 2


def test_who_waits_in_vain_is_told_within_the_budget(world: World) -> None:
    world.somebody_computes(seconds=60)
    assert isinstance(world.run(), InProgress)
    assert world.pauses[:3] == pytest.approx([0.05, 0.075, 0.1125])
    assert max(world.pauses) == 0.25
    assert 4.5 < sum(world.pauses) < 4.9
    assert world.computed == 0


def test_a_dead_holder_is_succeeded_when_its_lease_ends(world: World) -> None:
    world.somebody_computes(seconds=2)
    assert world.run() == "computed, stored"
    assert 2 <= sum(world.pauses) < 2.3


def test_a_lease_that_ends_with_too_little_time_left_is_not_taken(world: World) -> None:
    world.somebody_computes(seconds=4)
    assert isinstance(world.run(), InProgress)
    assert world.computed == 0


def test_a_lease_is_renewed_while_its_holder_computes(world: World) -> None:
    def compute(stored: Stored, lease: Lease[str, Stored, int], slot: ComputeSlot) -> str:
        world.at += 4  # the lease has ended for others, had it not been renewed
        world.leases.renewed.clear()
        assert world.leases.renewed.wait(PATIENCE_SECONDS)
        assert world.leases.get("key").leased
        return world.compute(stored, lease, slot)

    assert world.run(compute, lease_seconds=0.03) == "computed, stored"


def test_a_lost_lease_stores_nothing_and_is_left_to_its_new_holder(world: World) -> None:
    def compute(stored: Stored, lease: Lease[str, Stored, int], slot: ComputeSlot) -> str:
        world.leases.holder = SOMEBODY
        assert world.leases.lost.wait(PATIENCE_SECONDS)
        return world.compute(stored, lease, slot)

    assert world.run(compute, lease_seconds=0.03) == "computed, not stored"
    assert world.leases.holder == SOMEBODY


def test_no_lease_is_renewed_past_the_budget(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.at += 6
    lease = Lease(world.leases, "key", world.budget, LEASE_SECONDS)
    assert lease.take(world.leases.get("key"))
    lease._renew()
    assert not world.leases.renewed.is_set()
    assert caplog.messages == []


def test_a_holder_who_fails_gives_the_lease_and_its_slot_back(world: World) -> None:
    def compute(stored: Stored, lease: Lease[str, Stored, int], slot: ComputeSlot) -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        world.run(compute)
    assert world.run() == "computed, stored"


def test_a_holder_who_stores_nothing_gives_the_lease_back(world: World) -> None:
    assert world.run(lambda *_: "nothing to store") == "nothing to store"
    assert world.leases.holder is None


def test_without_a_slot_nobody_computes(world: World) -> None:
    world.on_pause = lambda: setattr(world, "at", world.at + 1)
    with world.slots.hold(0), pytest.raises(TooBusy):
        world.run()
    assert world.leases.holder is None
    assert world.pauses


def test_a_slot_that_gets_free_is_taken(world: World) -> None:
    slot = world.slots.acquire(0)
    assert slot
    world.on_pause = slot.release
    assert world.run() == "computed, stored"
