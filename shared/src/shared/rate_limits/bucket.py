"""The rules of a token bucket that many workers share, without a clock and without a table.

A bucket is one number: the moment at which it is full again. A request moves it on by the time that a token
takes to come back, and how many tokens there are follows from how far ahead it lies. So a bucket that was
never used, one that has expired and one that is full are the same thing. This is the generic cell rate
algorithm (ITU-T I.371, annex A), and it adds up: what several workers took, each at its own times, can be
told later in any order. It never comes to less than they took, nor to more by more than the batch told last;
see `charged`.
"""

import math
from dataclasses import dataclass

_LEAST_BATCH = 5
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
    def batch(self) -> int:
        """Requests after which a worker tells the table."""
        return max(_LEAST_BATCH, self.per_minute // _BATCHES_A_MINUTE)

    @property
    def most_unsettled(self) -> int:
        """Requests that a worker may let through before the table has said how many others did."""
        return 2 * self.batch


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass, how many more may right after it, and when there is a token more.

    ``next_in_seconds`` is whole and at least 1.
    """

    limit: Limit
    allowed: bool
    remaining: int
    next_in_seconds: int


@dataclass(frozen=True, slots=True)
class Charge:
    """Tokens that one worker took; ``full_at`` is of a bucket from which nobody else ever took any."""

    tokens: int = 0
    full_at: float = 0.0


def charged(full_at: float, charge: Charge, limit: Limit) -> float:
    """When a bucket that was to be full at ``full_at`` is full again after a charge; epoch seconds."""
    return max(full_at + charge.tokens * limit.token_seconds, charge.full_at)


class Tally:
    """What one worker knows of a bucket: what the table said last, and what it let through itself.

    It never knows of more requests than there were, so what it refuses is over the limit. Times are epoch
    seconds. Not safe for threads.
    """

    __slots__ = ("_full_at", "_pending", "_settling")

    def __init__(self) -> None:
        self._full_at = 0.0
        self._pending = Charge()
        self._settling = 0

    @property
    def unsettled(self) -> int:
        """Tokens of which the table does not know, as far as one can tell."""
        return self._pending.tokens + self._settling

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
            pending = Charge()  # left alone since, even an empty bucket would be full again
        full_at = max(pending.full_at, now) + limit.token_seconds
        self._pending = Charge(pending.tokens + 1, full_at)

    def begin_settling(self, limit: Limit) -> Charge | None:
        """What to tell the table now; None while there is too little, or another charge is on its way."""
        if self._settling or self._pending.tokens < limit.batch:
            return None
        charge, self._pending = self._pending, Charge()
        self._settling = charge.tokens
        return charge

    def settled(self, full_at: float, limit: Limit) -> None:
        """The table knows of the charge, and said when the bucket is full again."""
        self._settling = 0
        self._full_at = charged(full_at, self._pending, limit)

    def forget_unsettled(self) -> None:
        """The table cannot be told: what it missed it is not told later, when it would shut callers out."""
        self._settling = 0
        self._pending = Charge()
