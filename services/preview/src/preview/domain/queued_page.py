"""A page that waits in the queue for a worker."""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class QueuedPage:
    """All that a message says: what is to be done with the page stands in the table of pages."""

    job_id: str
    page: int


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    """A page that a worker has received, and that nobody else receives before its visibility timeout.

    ``receipt`` names this receive to the queue; ``receives`` counts them, this one included.
    """

    queued: QueuedPage
    receipt: str
    receives: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was received too often; ``queued`` is None where it names no page."""

    queued: QueuedPage | None
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """About how many messages wait, and how many are with workers."""

    waiting: int
    received: int


class PageOutcome(StrEnum):
    """How a worker's attempt at a page ended; after all but ``RETRY`` nothing is left to do."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Nothing was to be done: it was done, taken back or erased before."""

    RETRY = "retry"


DEFAULT_SERVICE_SECONDS = 2.0
"""What a page takes a worker where that was not measured lately: half a second of a core, and one to two of
waiting for Textract."""

MAX_RETRY_SECONDS = 300


def retry_after_seconds(backlog: Backlog, service_seconds: float | None) -> int:
    """When a page that is queued last should be done, at the pace of as many workers as have a page now.

    ``service_seconds`` is what a page takes one of them; None where that is not known.
    """
    rounds = math.ceil((backlog.waiting + 1) / max(1, backlog.received))
    seconds = math.ceil(rounds * (service_seconds or DEFAULT_SERVICE_SECONDS))
    return max(1, min(MAX_RETRY_SECONDS, seconds))
