"""Counts requests in this worker, and settles with the table that all workers share behind their backs."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Protocol

from shared.errors import DependencyError
from shared.rate_limits.bucket import Charge, Limit, Tally, Verdict

log = logging.getLogger(__name__)

_MOST_TALLIES = 10_000  # about 3 MB; a flood from many addresses must not take more
_MOST_ON_THEIR_WAY = 100  # charges that the table is still to be told; it takes some 5 ms for each
_ALONE_SECONDS = 30.0


class Buckets(Protocol):
    """The table of all workers."""

    def charge(self, bucket_key: str, charge: Charge, limit: Limit) -> float:
        """Apply `charged` to a bucket and return when it is full again. Raises DependencyError."""
        ...


class RateLimiter:
    """`take` looks at this worker's own tally, and no table is asked meanwhile.

    A batch of what was let through is told to the table by a thread in the background, whose answer brings
    what other workers let through. A request waits for that answer only where the worker has let as many
    through without knowing as it may: so all workers together pass the limit by no more than
    ``limit.most_unsettled`` for each of them.

    Where the table does not keep up, because it is away, slower than ``longest_wait_seconds``, or told of too
    many buckets at once, the worker counts alone for a while: that is logged, nobody waits, and the table is
    not asked.
    """

    def __init__(
        self,
        buckets: Buckets,
        now: Callable[[], float] = time.time,
        background: Executor | None = None,
        longest_wait_seconds: float = 0.5,
    ) -> None:
        self._buckets = buckets
        self._now = now
        self._longest_wait_seconds = longest_wait_seconds
        # One thread: what waits behind a call that fails is not tried any more.
        self._background = background or ThreadPoolExecutor(1, thread_name_prefix="rate-limits")
        self._settled = threading.Condition()
        self._tallies: OrderedDict[str, Tally] = OrderedDict()
        self._on_their_way = 0
        self._alone_until = 0.0

    def take(self, bucket_key: str, limit: Limit) -> Verdict:
        """Take a token of a bucket that has this limit, if there is one."""
        with self._settled:
            tally = self._tally(bucket_key)
            in_time = self._settled.wait_for(
                lambda: self._alone or tally.unsettled < limit.most_unsettled, self._longest_wait_seconds
            )
            if not in_time:
                self._count_alone(limit, "slow")
            verdict = tally.take(limit, self._now())
            charge = self._charge(tally, limit)
        if charge is not None:
            self._background.submit(self._settle, bucket_key, tally, charge, limit)
        return verdict

    @property
    def _alone(self) -> bool:
        return self._now() < self._alone_until

    def _tally(self, bucket_key: str) -> Tally:
        tally = self._tallies.setdefault(bucket_key, Tally())
        self._tallies.move_to_end(bucket_key)
        if len(self._tallies) > _MOST_TALLIES:
            self._tallies.popitem(last=False)
        return tally

    def _charge(self, tally: Tally, limit: Limit) -> Charge | None:
        """What to tell the table now, if anything."""
        if not self._alone and self._on_their_way >= _MOST_ON_THEIR_WAY:
            self._count_alone(limit, "too many buckets")
        if self._alone:
            tally.forget_unsettled()
            return None
        charge = tally.begin_settling(limit)
        if charge is not None:
            self._on_their_way += 1
        return charge

    def _settle(self, bucket_key: str, tally: Tally, charge: Charge, limit: Limit) -> None:
        full_at = None
        try:
            full_at = self._ask(bucket_key, charge, limit)
        finally:
            with self._settled:
                self._on_their_way -= 1
                if full_at is None or self._alone:  # an answer so late knows nothing of what passed meanwhile
                    tally.forget_unsettled()
                else:
                    tally.settled(full_at, limit)
                self._settled.notify_all()

    def _ask(self, bucket_key: str, charge: Charge, limit: Limit) -> float | None:
        if self._alone:
            return None
        try:
            return self._buckets.charge(bucket_key, charge, limit)
        except DependencyError as exc:
            with self._settled:
                self._count_alone(limit, type(exc).__name__)
            return None

    def _count_alone(self, limit: Limit, reason: str) -> None:
        if self._alone:
            return
        self._alone_until = self._now() + _ALONE_SECONDS
        self._settled.notify_all()
        log.warning(
            "the table of rate limits does not keep up; each worker counts alone for a while",
            extra={"context": {"reason": reason, "limit": limit.name, "seconds": _ALONE_SECONDS}},
        )
