"""How callers and jobs learn of each exception of this service: one row an exception."""

from collections.abc import Mapping
from dataclasses import dataclass

from preview.domain import errors
from preview.domain.job import JobError
from shared.errors import DependencyUnavailable
from shared.http import ErrorAnswer


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """``answer`` is what the caller gets; None where shared.http has the answer.

    ``job_error`` is the code with which the job fails; None where it does not fail. ``job_message`` is the
    message that goes with it, by default that of the exception.
    """

    answer: ErrorAnswer | None
    job_error: str | None
    job_message: str | None = None


_LATER = "The preview could not be made at the time. Ask for a preview again."
_UNREADABLE = ErrorAnswer("UNREADABLE_BLUEPRINT", 422)
_UNAVAILABLE = ErrorAnswer("SERVICE_UNAVAILABLE", 503, retry_after_seconds=2)

ERROR_TABLE: Mapping[type[Exception], ErrorRow] = {
    errors.InvalidJobId: ErrorRow(ErrorAnswer("INVALID_JOB_ID", 400), None),
    errors.JobNotFound: ErrorRow(ErrorAnswer("JOB_NOT_FOUND", 404), None),
    errors.PictureTooLarge: ErrorRow(ErrorAnswer("INVALID_REQUEST", 400), None),
    errors.RatioOfPicture: ErrorRow(ErrorAnswer("INVALID_REQUEST", 400), None),
    errors.InvalidPages: ErrorRow(ErrorAnswer("INVALID_REQUEST", 400), None),
    errors.PageChanged: ErrorRow(ErrorAnswer("CONCURRENT_UPDATE", 409), None),
    errors.PreviewNotFound: ErrorRow(ErrorAnswer("PREVIEW_NOT_FOUND", 404), None),
    errors.JobCancelled: ErrorRow(ErrorAnswer("JOB_CANCELLED", 409), None),
    errors.ConcurrentUpdate: ErrorRow(ErrorAnswer("CONCURRENT_UPDATE", 409), None),
    errors.BlueprintMissing: ErrorRow(_UNREADABLE, "BLUEPRINT_MISSING"),
    errors.NoSuchPage: ErrorRow(_UNREADABLE, "UNREADABLE_BLUEPRINT"),
    errors.UnreadableBlueprint: ErrorRow(_UNREADABLE, "UNREADABLE_BLUEPRINT"),
    errors.TooBusy: ErrorRow(_UNAVAILABLE, "SERVICE_UNAVAILABLE", _LATER),
    errors.DeadlineExceeded: ErrorRow(_UNAVAILABLE, "SERVICE_UNAVAILABLE", _LATER),
    DependencyUnavailable: ErrorRow(None, "SERVICE_UNAVAILABLE", _LATER),
    Exception: ErrorRow(None, "INTERNAL_ERROR", "Something went wrong on our side. Ask for a preview again."),
}

ERRORS = {exception: row.answer for exception, row in ERROR_TABLE.items() if row.answer is not None}


def job_error(exc: Exception) -> JobError | None:
    """The error of a job whose preview raised ``exc``; None if it leaves the job as it is."""
    row = next(ERROR_TABLE[cls] for cls in type(exc).__mro__ if cls in ERROR_TABLE)
    return JobError(row.job_error, row.job_message or str(exc)) if row.job_error else None
