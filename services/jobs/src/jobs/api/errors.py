"""How each exception of this service is answered, and the codes that a failed job can carry."""

from jobs.domain import errors
from jobs.domain.job import BLUEPRINT_MISSING, TIMED_OUT
from shared.http import ErrorAnswer

ERRORS: dict[type[Exception], ErrorAnswer] = {
    errors.InvalidRequest: ErrorAnswer("INVALID_REQUEST", 400),
    errors.InvalidFileFormat: ErrorAnswer("INVALID_FILE_FORMAT", 400),
    errors.InvalidJobId: ErrorAnswer("INVALID_JOB_ID", 400),
    errors.UrlInputDisabled: ErrorAnswer("URL_INPUT_DISABLED", 400),
    errors.UrlNotAllowed: ErrorAnswer("URL_NOT_ALLOWED", 400),
    errors.InvalidFeedback: ErrorAnswer("INVALID_FEEDBACK", 400),
    errors.JobNotFound: ErrorAnswer("JOB_NOT_FOUND", 404),
    errors.BlueprintNotFound: ErrorAnswer("NOT_FOUND", 404),
    errors.FeedbackNotFound: ErrorAnswer("FEEDBACK_NOT_FOUND", 404),
    errors.PreviewNotFound: ErrorAnswer("PREVIEW_NOT_FOUND", 404),
    errors.UploadNotFound: ErrorAnswer("UPLOAD_NOT_FOUND", 404),
    errors.JobFinished: ErrorAnswer("JOB_ALREADY_COMPLETED", 409),
    errors.JobCancelled: ErrorAnswer("JOB_CANCELLED", 409),
    errors.ConcurrentUpdate: ErrorAnswer("CONCURRENT_UPDATE", 409),
    errors.UploadChanged: ErrorAnswer("CONCURRENT_UPDATE", 409),
    errors.RequestInProgress: ErrorAnswer("REQUEST_IN_PROGRESS", 409, retry_after_seconds=2),
    errors.FileTooLarge: ErrorAnswer("FILE_TOO_LARGE", 413),
    errors.UnreadableBlueprint: ErrorAnswer("UNREADABLE_BLUEPRINT", 422),
    errors.NoSuchPage: ErrorAnswer("UNREADABLE_BLUEPRINT", 422),
    errors.IdempotencyKeyReused: ErrorAnswer("IDEMPOTENCY_KEY_REUSED", 422),
}

_PREVIEW_FAILS_WITH = {"BLUEPRINT_MISSING", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "UNREADABLE_BLUEPRINT"}
"""The job errors of preview's table; a test compares the two."""

JOB_ERROR_CODES = sorted({TIMED_OUT.code, BLUEPRINT_MISSING.code} | _PREVIEW_FAILS_WITH)
