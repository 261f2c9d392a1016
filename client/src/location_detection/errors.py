"""What can go wrong: one exception for each error code of the API, and what only a client sees."""

import re
from typing import Any, ClassVar


class LocationDetectionError(Exception):
    """Base of all; the message tells a person what to do."""


class Unreachable(LocationDetectionError):
    """No answer, or none of the service: the connection failed or broke, or took too long."""

    retry_after: float | None = None


class NotTheService(LocationDetectionError):
    """Something answers at this address, but not as the service does."""


class WaitTimeout(LocationDetectionError):
    """The job has not ended in the time that the caller gave it; it goes on and can be waited for again."""


class UploadRefused(LocationDetectionError):
    """The storage did not take a presigned upload."""


class ApiError(LocationDetectionError):
    """An error answer of the API; a code that this version does not know is an ``ApiError`` itself."""

    by_code: ClassVar[dict[str, type["ApiError"]]] = {}

    def __init_subclass__(cls) -> None:
        """Register the class under its code: ``JobNotFound`` is ``JOB_NOT_FOUND``."""
        ApiError.by_code[re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).upper()] = cls

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int,
        details: dict[str, Any] | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.details = details or {}
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.code} (HTTP {self.status}): {self.message}"


class InvalidRequest(ApiError): ...


class InvalidFileFormat(ApiError): ...


class InvalidJobId(ApiError): ...


class InvalidFeedback(ApiError): ...


class UrlInputDisabled(ApiError): ...


class UrlNotAllowed(ApiError): ...


class Unauthorized(ApiError): ...


class Forbidden(ApiError): ...


class JobNotFound(ApiError): ...


class PreviewNotFound(ApiError): ...


class UploadNotFound(ApiError): ...


class FeedbackNotFound(ApiError): ...


class NotFound(ApiError): ...


class UnsupportedApiVersion(ApiError): ...


class MethodNotAllowed(ApiError): ...


class RequestTimeout(ApiError): ...


class JobAlreadyCompleted(ApiError): ...


class JobCancelled(ApiError): ...


class ConcurrentUpdate(ApiError): ...


class RequestInProgress(ApiError): ...


class FileTooLarge(ApiError): ...


class UnsupportedMediaType(ApiError): ...


class UnreadableBlueprint(ApiError): ...


class IdempotencyKeyReused(ApiError): ...


class RateLimitExceeded(ApiError): ...


class InternalError(ApiError): ...


class ServiceUnavailable(ApiError): ...


TEMPORARY = (Unreachable, RateLimitExceeded, ServiceUnavailable, RequestInProgress, ConcurrentUpdate)
"""Sent again, the same request may succeed."""

SERVICE_FAILURES = (Unreachable, NotTheService, ServiceUnavailable, Unauthorized, Forbidden)
"""They are about the service or the key, not about what was asked for."""
