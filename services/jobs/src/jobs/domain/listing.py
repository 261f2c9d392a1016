"""A list of jobs, newest first, in pages."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from jobs.domain.errors import InvalidJobId, InvalidRequest
from jobs.domain.job import Job, JobStatus, check_job_id


@dataclass(frozen=True, slots=True)
class Position:
    """The last job of a page; ``created_at`` as it is stored, ISO 8601 with milliseconds."""

    created_at: str
    job_id: str


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Whose jobs, and of which state.

    Jobs processing since ``stuck_before`` or earlier count as ``processing`` and as ``failed``: a look tells.
    """

    owner: str
    status: JobStatus | None
    stuck_before: datetime


@dataclass(frozen=True, slots=True)
class JobPage:
    """``next_cursor`` is None on the last page."""

    jobs: tuple[Job, ...]
    next_cursor: str | None


def encode_cursor(position: Position, jobs: JobFilter) -> str:
    """A cursor that only continues the same list: `decode_cursor` refuses it for another owner or state.

    Its digest tells when it was changed; it holds no secret, since one made up could only lead elsewhere in
    the owner's own list.
    """
    parts = [position.created_at, position.job_id, _digest(position, jobs)]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode_cursor(text: str, jobs: JobFilter) -> Position:
    """Raises InvalidRequest for a cursor that was changed, or that no list like this one gave out."""
    try:
        padded = text + "=" * (-len(text) % 4)
        created_at, job_id, _ = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        datetime.fromisoformat(created_at)
        check_job_id(job_id)
        position = Position(created_at, job_id)
        genuine = text == encode_cursor(position, jobs)
    except (ValueError, TypeError, RecursionError, InvalidJobId) as exc:
        raise _foreign_cursor() from exc
    if not genuine:
        raise _foreign_cursor()
    return position


def _foreign_cursor() -> InvalidRequest:
    return InvalidRequest("This cursor does not belong to this list. Start without one.", "cursor")


def _digest(position: Position, jobs: JobFilter) -> str:
    parts = (position.created_at, position.job_id, jobs.status or "", jobs.owner)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
