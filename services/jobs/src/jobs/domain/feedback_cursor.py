"""Where a list of feedback goes on: a text that continues the same list only."""

import base64
import hashlib

from jobs.domain.errors import FeedbackNotFound, InvalidRequest
from jobs.domain.feedback import check_feedback_id

_DIGEST_CHARACTERS = 16


def encode_cursor(last: str, job_id: str, page: int | None) -> str:
    """``last`` is the id of the last entry of the page before.

    The digest tells when the cursor was changed; it holds no secret, since one made up could only lead
    elsewhere in the same job's list.
    """
    digest = hashlib.sha256(f"{last}\n{job_id}\n{page}".encode()).hexdigest()[:_DIGEST_CHARACTERS]
    return base64.urlsafe_b64encode(f"{last}:{digest}".encode()).decode().rstrip("=")


def decode_cursor(text: str, job_id: str, page: int | None) -> str:
    """Raises InvalidRequest for a cursor that was changed, or that no list like this one gave out."""
    try:
        padded = text + "=" * (-len(text) % 4)
        last = base64.b64decode(padded, altchars=b"-_", validate=True).decode().rpartition(":")[0]
        check_feedback_id(last)
    except (ValueError, FeedbackNotFound) as exc:
        raise _foreign_cursor() from exc
    if text != encode_cursor(last, job_id, page):
        raise _foreign_cursor()
    return last


def _foreign_cursor() -> InvalidRequest:
    return InvalidRequest("This cursor does not belong to this list. Start without one.", "cursor")
