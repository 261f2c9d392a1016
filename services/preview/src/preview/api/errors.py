"""How each exception of this service is answered."""

from preview.domain import errors
from shared.http import ErrorAnswer

ERRORS: dict[type[Exception], ErrorAnswer] = {
    errors.InvalidJobId: ErrorAnswer("INVALID_JOB_ID", 400),
    errors.JobNotFound: ErrorAnswer("JOB_NOT_FOUND", 404),
    errors.PreviewNotFound: ErrorAnswer("PREVIEW_NOT_FOUND", 404),
    errors.JobCancelled: ErrorAnswer("JOB_CANCELLED", 409),
    errors.ConcurrentUpdate: ErrorAnswer("CONCURRENT_UPDATE", 409),
    errors.BlueprintMissing: ErrorAnswer("UNREADABLE_BLUEPRINT", 422),
    errors.NoSuchPage: ErrorAnswer("UNREADABLE_BLUEPRINT", 422),
    errors.UnreadableBlueprint: ErrorAnswer("UNREADABLE_BLUEPRINT", 422),
    errors.Busy: ErrorAnswer("SERVICE_UNAVAILABLE", 503, retry_after_seconds=2),
    errors.NoTimeLeft: ErrorAnswer("SERVICE_UNAVAILABLE", 503, retry_after_seconds=2),
}
