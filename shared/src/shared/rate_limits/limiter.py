"""Counts requests in this worker, and syncs in the background with the table that all workers share."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Protocol

from shared.errors import DependencyError
from shared.rate_limits.bucket import Batch, Limit, LocalCounter, Verdict

log = logging.getLogger(__name__)

_MAX_COUNTERS = 10_000  # about 3 MB; a flood from many addresses must not take more
_MAX_PENDING_SYNCS = 100  # the table takes some 5 ms for each
_LOCAL_ONLY_SECONDS = 30.0


class Buckets(Protocol):
    """The table of all workers."""

    def add(self, bucket_key: str, batch: Batch, limit: Limit) -> float:
        """Apply `full_at_after` to a bucket and return the result. Raises DependencyError."""
        ...


class RateLimiter:
    """`take` uses this worker's local counter, without a call to the table.

    A background thread reports batches of admitted requests to the table; the table's answer includes the
    requests of other workers. A request waits for that answer only when the worker has
    ``limit.max_unreported`` unreported requests. All workers together therefore exceed the limit by at most
    that many each.

    When the table does not keep up (unavailable, slower than ``max_wait_seconds``, or too many buckets at
    once), the worker counts in local-only mode for a while: a warning is logged, no request waits, and the
    table is not called.
    """

    def __init__(
        self,
        buckets: Buckets,
        now: Callable[[], float] = time.time,
        background: Executor | None = None,
        max_wait_seconds: float = 0.5,
    ) -> None:
        self._buckets = buckets
        self._now = now
        self._max_wait_seconds = max_wait_seconds
        # One thread: the syncs queued behind a call that fails are not tried any more.
        self._background = background or ThreadPoolExecutor(1, thread_name_prefix="rate-limits")
        self._synced = threading.Condition()
        self._counters: OrderedDict[str, LocalCounter] = OrderedDict()
        self._pending_syncs = 0
        self._local_only_until = 0.0

    def take(self, bucket_key: str, limit: Limit) -> Verdict:
        """Take a token of the bucket, if there is one."""
        with self._synced:
            counter = self._counter(bucket_key)
            in_time = self._synced.wait_for(
                lambda: self._local_only or counter.unreported < limit.max_unreported, self._max_wait_seconds
            )
            if not in_time:
                self._count_locally(limit, "slow")
            verdict = counter.take(limit, self._now())
            batch = self._next_batch(counter, limit)
        if batch is not None:
            self._background.submit(self._sync, bucket_key, counter, batch, limit)
        return verdict

    @property
    def _local_only(self) -> bool:
        return self._now() < self._local_only_until

    def _counter(self, bucket_key: str) -> LocalCounter:
        counter = self._counters.setdefault(bucket_key, LocalCounter())
        self._counters.move_to_end(bucket_key)
        if len(self._counters) > _MAX_COUNTERS:
            self._counters.popitem(last=False)
        return counter

    def _next_batch(self, counter: LocalCounter, limit: Limit) -> Batch | None:
        """The batch to report now, if any."""
        if not self._local_only and self._pending_syncs >= _MAX_PENDING_SYNCS:
            self._count_locally(limit, "too many buckets")
        if self._local_only:
            counter.discard_unreported()
            return None
        batch = counter.start_sync(limit)
        if batch is not None:
            self._pending_syncs += 1
        return batch

    def _sync(self, bucket_key: str, counter: LocalCounter, batch: Batch, limit: Limit) -> None:
        full_at = None
        try:
            full_at = self._ask(bucket_key, batch, limit)
        finally:
            with self._synced:
                self._pending_syncs -= 1
                if full_at is None or self._local_only:  # a late answer lacks what was admitted meanwhile
                    counter.discard_unreported()
                else:
                    counter.finish_sync(full_at, limit)
                self._synced.notify_all()

    def _ask(self, bucket_key: str, batch: Batch, limit: Limit) -> float | None:
        if self._local_only:
            return None
        try:
            return self._buckets.add(bucket_key, batch, limit)
        except DependencyError as exc:
            with self._synced:
                self._count_locally(limit, type(exc).__name__)
            return None

    def _count_locally(self, limit: Limit, reason: str) -> None:
        if self._local_only:
            return
        self._local_only_until = self._now() + _LOCAL_ONLY_SECONDS
        self._synced.notify_all()
        log.warning(
            "the rate limit table does not keep up; this worker counts locally for a while",
            extra={"context": {"reason": reason, "limit": limit.name, "seconds": _LOCAL_ONLY_SECONDS}},
        )
