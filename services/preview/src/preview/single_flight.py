"""Single-flight: of all who want the same result, in whatever process, one computes it and the others wait.

Who computes holds a lease on the key, renewed until the result is stored. A lease ends by itself, so that a
holder who dies is succeeded by one of those who wait.
"""

import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar

from preview.bulkheads import ComputeSlot, ComputeSlots
from preview.domain.budget import Budget
from preview.domain.errors import TooBusy
from shared import context
from shared.periodic_task import PeriodicTask

log = logging.getLogger(__name__)

LEASE_SECONDS = 7.0
"""How long a holder who has died keeps others from computing; most computations end before a renewal."""

_ANSWER_SECONDS = 0.3  # kept for what the caller is told instead of the result
_FIRST_PAUSE_SECONDS = 0.05
_MAX_PAUSE_SECONDS = 0.25


class Snapshot(Protocol):
    """What is stored under a key: ``version`` changes whenever a result is stored, ``leased`` is when one is
    being computed."""

    @property
    def version(self) -> str | None: ...

    @property
    def leased(self) -> bool: ...


K_contra = TypeVar("K_contra", contravariant=True)
S = TypeVar("S", bound=Snapshot)
R_contra = TypeVar("R_contra", contravariant=True)
V = TypeVar("V")


class Leases(Protocol[K_contra, S, R_contra]):
    """Results by key, and the lease of the one who computes the next; no method fails.

    ``token`` names the holder of a lease.
    """

    def get(self, key: K_contra, /) -> S: ...

    def take_lease(self, key: K_contra, token: str, snapshot: S, seconds: float, /) -> bool:
        """False where another holds it, or a result was stored since ``snapshot``."""
        ...

    def renew_lease(self, key: K_contra, token: str, seconds: float, /) -> bool:
        """False where it is lost."""
        ...

    def put(self, key: K_contra, token: str, result: R_contra, /) -> bool:
        """Store the result and end the lease. False, and nothing stored, where it is lost."""
        ...

    def release(self, key: K_contra, token: str, /) -> None:
        """End the lease without a result."""
        ...


class InProgress:
    """Another one computes the result, and this caller's time is over."""


class Lease(Generic[K_contra, S, R_contra]):
    """A lease that is held until its block ends or a result is put, and renewed while ``budget`` lasts."""

    def __init__(
        self, leases: Leases[K_contra, S, R_contra], key: K_contra, budget: Budget, seconds: float
    ) -> None:
        self.token = secrets.token_hex(8)
        self._leases = leases
        self._key = key
        self._budget = budget
        self._seconds = seconds
        self._ended = False
        self._renewals = PeriodicTask(context.carry(self._renew), seconds / 3)

    def take(self, snapshot: S) -> bool:
        return self._leases.take_lease(self._key, self.token, snapshot, self._seconds)

    def put(self, result: R_contra) -> bool:
        """Store the result for everybody. False where the lease was lost, or nothing could be stored."""
        self._end()
        return self._leases.put(self._key, self.token, result)

    def __enter__(self) -> Self:
        self._renewals.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not self._ended:
            self._end()
            self._leases.release(self._key, self.token)

    def _end(self) -> None:
        self._ended = True
        self._renewals.stop()

    def _renew(self) -> None:
        if self._budget.seconds_left() <= 0:
            self._renewals.stop()
        elif not self._leases.renew_lease(self._key, self.token, self._seconds) and not self._ended:
            self._renewals.stop()
            log.warning("lease lost while its holder computes")


@dataclass(frozen=True, slots=True)
class SingleFlight(Generic[K_contra, S, R_contra]):
    """``slots`` bounds the computations of this process; ``sleep`` pauses while another one computes."""

    leases: Leases[K_contra, S, R_contra]
    slots: ComputeSlots
    sleep: Callable[[float], None]
    lease_seconds: float = LEASE_SECONDS

    def __call__(
        self,
        key: K_contra,
        before: S,
        budget: Budget,
        *,
        accept: Callable[[S], V | None],
        compute: Callable[[S, Lease[K_contra, S, R_contra], ComputeSlot], V],
    ) -> V | InProgress:
        """What ``compute`` returns under a lease, or ``accept`` of a result that was stored since ``before``.

        ``accept`` returns None where the result does not serve. Raises what both raise, and TooBusy where
        nobody computes and there was no slot or time to begin.
        """
        snapshot, seen, others_compute = before, before.version, False
        for pause in _pauses():
            value = None
            if snapshot.version != seen:
                seen = snapshot.version
                value = accept(snapshot)
            if value is None and not snapshot.leased and budget.may_start():
                value = self._compute(key, snapshot, budget, pause, compute)
            if value is not None:
                return value
            others_compute = others_compute or snapshot.leased
            if budget.seconds_left() <= _ANSWER_SECONDS:
                break
            self.sleep(pause)
            snapshot = self.leases.get(key)
        if not others_compute:
            raise TooBusy
        return InProgress()

    def _compute(
        self,
        key: K_contra,
        snapshot: S,
        budget: Budget,
        timeout_seconds: float,
        compute: Callable[[S, Lease[K_contra, S, R_contra], ComputeSlot], V],
    ) -> V | None:
        """None where no slot gets free in time, or another takes the lease."""
        slot = self.slots.acquire(timeout_seconds)
        if slot is None:
            return None
        try:
            lease = Lease(self.leases, key, budget, self.lease_seconds)
            if not lease.take(snapshot):
                return None
            with lease:
                return compute(snapshot, lease, slot)
        finally:
            slot.release()


def _pauses() -> Iterator[float]:
    pause = _FIRST_PAUSE_SECONDS
    while True:
        yield pause
        pause = min(pause * 1.5, _MAX_PAUSE_SECONDS)
