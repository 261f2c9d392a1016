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
_AWAY_SECONDS = 30.0
_LONGEST_WAIT_SECONDS = 2.0  # a call to the table that is away has ended by then


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

    While the table is away each worker counts alone; that is logged, and for a while the table is not asked.
    """

    def __init__(
        self, buckets: Buckets, now: Callable[[], float] = time.time, background: Executor | None = None
    ) -> None:
        self._buckets = buckets
        self._now = now
        # One thread: what waits behind a call that fails finds the table away and is not tried.
        self._background = background or ThreadPoolExecutor(1, thread_name_prefix="rate-limits")
        self._settled = threading.Condition()
        self._tallies: OrderedDict[str, Tally] = OrderedDict()
        self._away_until = 0.0

    def take(self, bucket_key: str, limit: Limit) -> Verdict:
        """Take a token of a bucket that has this limit, if there is one."""
        with self._settled:
            tally = self._tally(bucket_key)
            self._settled.wait_for(lambda: tally.unsettled < limit.most_unsettled, _LONGEST_WAIT_SECONDS)
            verdict = tally.take(limit, self._now())
            charge = tally.begin_settling(limit)
        if charge is not None:
            self._background.submit(self._settle, bucket_key, tally, charge, limit)
        return verdict

    def _tally(self, bucket_key: str) -> Tally:
        tally = self._tallies.setdefault(bucket_key, Tally())
        self._tallies.move_to_end(bucket_key)
        if len(self._tallies) > _MOST_TALLIES:
            self._tallies.popitem(last=False)
        return tally

    def _settle(self, bucket_key: str, tally: Tally, charge: Charge, limit: Limit) -> None:
        full_at = None
        try:
            full_at = self._ask(bucket_key, charge, limit)
        finally:
            with self._settled:
                if full_at is None:
                    tally.forget_unsettled()
                else:
                    tally.settled(full_at, limit)
                self._settled.notify_all()

    def _ask(self, bucket_key: str, charge: Charge, limit: Limit) -> float | None:
        if self._now() < self._away_until:
            return None
        try:
            return self._buckets.charge(bucket_key, charge, limit)
        except DependencyError as exc:
            self._away_until = self._now() + _AWAY_SECONDS
            log.warning(
                "the table of rate limits is away; each worker counts alone for a while",
                extra={"context": {"error": type(exc).__name__, "seconds": _AWAY_SECONDS}},
            )
            return None
