"""The preview cache, failing open: while it is unavailable it is empty, and every lease is granted."""

import logging
from collections.abc import Callable
from concurrent.futures import wait
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from preview.call_executor import CallExecutor
from preview.domain.cache_entry import CacheEntry, CacheResult, CacheSnapshot
from preview.domain.ports import PreviewCache
from preview.single_flight import Lease
from preview.use_cases.preview_request import PreviewRequest
from shared import context
from shared.errors import DependencyError

log = logging.getLogger(__name__)

_READ_SECONDS = 1.0  # the table answers in milliseconds; computing anew is the better use of more
_CLEANUP_SECONDS = 0.5

P = ParamSpec("P")
R = TypeVar("R")

PreviewLease = Lease[PreviewRequest, CacheSnapshot, CacheResult]


class FailOpenCache:
    """`preview.domain.ports.PreviewCache` without its errors; `preview.single_flight.Leases` of previews."""

    def __init__(self, cache: PreviewCache, calls: CallExecutor, now: Callable[[], datetime]) -> None:
        self._cache = cache
        self._calls = calls
        self._now = now

    def get(self, request: PreviewRequest) -> CacheSnapshot:
        seconds = request.budget.at_most(_READ_SECONDS)
        return self._try(CacheSnapshot(), seconds, self._cache.get, request.cache_key)

    def take_lease(
        self, request: PreviewRequest, token: str, snapshot: CacheSnapshot, seconds: float
    ) -> bool:
        key, limit = request.cache_key, request.budget.at_most(_READ_SECONDS)
        until, job_id = self._now() + timedelta(seconds=seconds), request.job.job_id
        return self._try(True, limit, self._cache.take_lease, key, token, snapshot, until, job_id)

    def renew_lease(self, request: PreviewRequest, token: str, seconds: float) -> bool:
        until = self._now() + timedelta(seconds=seconds)
        return self._try(True, _READ_SECONDS, self._cache.renew_lease, request.cache_key, token, until)

    def put(self, request: PreviewRequest, token: str, result: CacheResult) -> bool:
        """Store the result for everybody; False when that failed or the lease was lost."""
        left = request.budget.seconds_left()
        with context.call_deadline(max(left, _CLEANUP_SECONDS)):
            running = self._calls.submit(self._cache.put, request.cache_key, token, result)
        done, _ = wait([running], timeout=left)
        problem = running.exception() if done else None
        if problem is not None and not isinstance(problem, DependencyError):
            raise problem
        if problem is not None or not done:
            log.error("preview could not be cached", exc_info=problem)
            return False
        return running.result()

    def release(self, request: PreviewRequest, token: str) -> None:
        self._try(None, _CLEANUP_SECONDS, self._cache.release, request.cache_key, token)

    def refill(self, request: PreviewRequest, entry: CacheEntry, snapshot: CacheSnapshot) -> None:
        seconds = request.budget.at_most(_CLEANUP_SECONDS)
        self._try(None, seconds, self._cache.refill, request.cache_key, entry, snapshot)

    def _try(self, fallback: R, seconds: float, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What ``call`` returns, and ``fallback`` while the cache is unavailable."""
        try:
            return self._calls.run(seconds, call, *args, **kwargs)
        except DependencyError:
            log.exception("preview cache is unavailable; working without")
            return fallback
