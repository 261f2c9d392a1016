"""A token bucket that many workers share: pure rules, without a clock and without a table.

A bucket is one number, ``full_at``: the moment at which it is full again. A request moves ``full_at`` forward
by the time that one token takes to flow in; the distance from now to ``full_at`` says how many tokens are
missing. An unused, an expired and a full bucket are therefore the same. This is the generic cell rate
algorithm (ITU-T I.371, annex A).

Workers count locally and report their requests later, in batches. Batches may arrive in any order: the sum is
never below what the workers took, and above it by at most the batch reported last; see `full_at_after`.

    worker A   take take take take take ── report 5 ──▶ table: full_at moves 5 tokens forward
    worker B        take    take  take take take ──── report 5 ──▶ 5 more; the answer includes A's
"""

import math
from dataclasses import dataclass

_MIN_BATCH_SIZE = 5
_BATCHES_A_MINUTE = 600  # a tenth of a second's worth: a quick bucket must not cost a call every few requests

_ROUNDING_TOKENS = 0.05  # what a float of epoch seconds may be wrong after a burst, at a token a millisecond


@dataclass(frozen=True, slots=True)
class Limit:
    """A bucket of ``burst`` tokens, into which ``per_minute`` flow; a request takes one.

    ``name`` says what is counted: ``key``, ``address`` or ``service``.
    """

    name: str
    per_minute: int
    burst: int

    @property
    def token_seconds(self) -> float:
        return 60 / self.per_minute

    @property
    def batch_size(self) -> int:
        """Requests after which a worker reports to the table."""
        return max(_MIN_BATCH_SIZE, self.per_minute // _BATCHES_A_MINUTE)

    @property
    def max_unreported(self) -> int:
        """Requests that a worker may admit before it has synced with the table."""
        return 2 * self.batch_size


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request is admitted, how many more would be right after it, and when the next token comes.

    ``next_in_seconds`` is whole and at least 1.
    """

    limit: Limit
    allowed: bool
    remaining: int
    next_in_seconds: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Tokens that one worker took; ``full_at`` is that of a bucket which only this batch was taken from."""

    tokens: int = 0
    full_at: float = 0.0


def full_at_after(full_at: float, batch: Batch, limit: Limit) -> float:
    """The new ``full_at`` of a bucket after a batch; epoch seconds."""
    return max(full_at + batch.tokens * limit.token_seconds, batch.full_at)


class LocalCounter:
    """One worker's count of a bucket: the table's value at the last sync and the worker's requests since.

    It never counts more requests than there were, so whatever it refuses is over the limit. Times are epoch
    seconds. Not thread-safe.
    """

    __slots__ = ("_full_at", "_pending", "_syncing")

    def __init__(self) -> None:
        self._full_at = 0.0
        self._pending = Batch()
        self._syncing = 0

    @property
    def unreported(self) -> int:
        """Tokens that the table may not know of yet."""
        return self._pending.tokens + self._syncing

    def take(self, limit: Limit, now: float) -> Verdict:
        """Take a token if there is one."""
        seconds = limit.token_seconds
        tokens = limit.burst - max(0.0, self._full_at - now) / seconds
        allowed = tokens >= 1 - _ROUNDING_TOKENS
        if allowed:
            tokens -= 1
            self._full_at = max(self._full_at, now) + seconds
            self._add_to_pending(limit, now)
        remaining = max(0, math.floor(tokens + _ROUNDING_TOKENS))
        next_in_seconds = max(1, math.ceil((remaining + 1 - tokens - _ROUNDING_TOKENS) * seconds))
        return Verdict(limit, allowed, remaining, next_in_seconds)

    def _add_to_pending(self, limit: Limit, now: float) -> None:
        pending = self._pending
        if pending.full_at + limit.burst * limit.token_seconds <= now:
            pending = Batch()  # so old that even an empty bucket would be full again
        full_at = max(pending.full_at, now) + limit.token_seconds
        self._pending = Batch(pending.tokens + 1, full_at)

    def start_sync(self, limit: Limit) -> Batch | None:
        """The batch to report now; None while it is too small, or another sync is in progress."""
        if self._syncing or self._pending.tokens < limit.batch_size:
            return None
        batch, self._pending = self._pending, Batch()
        self._syncing = batch.tokens
        return batch

    def finish_sync(self, full_at: float, limit: Limit) -> None:
        """Take over the table's ``full_at``, which includes the batch."""
        self._syncing = 0
        self._full_at = full_at_after(full_at, self._pending, limit)

    def discard_unreported(self) -> None:
        """Drop what could not be reported: reported later, it would refuse callers for old requests."""
        self._syncing = 0
        self._pending = Batch()
