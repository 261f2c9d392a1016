"""boto3 clients with timeouts and our own retries, and the translation of SDK errors."""

import functools
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, ParamSpec, TypeVar

import boto3
from botocore import exceptions as sdk
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared import context
from shared.errors import DependencyFailed, DependencyUnavailable
from shared.retry import Backoff, RetryBudget

P = ParamSpec("P")
R = TypeVar("R")

# Source: "Retry behavior" in the AWS SDKs and Tools Reference Guide, errors classified as retryable; and the
# errors of a byte that changed in transit or of a clock that is being corrected
_TRANSIENT_CODES = frozenset(
    {
        "BadDigest",
        "BandwidthLimitExceeded",
        "InternalError",
        "InternalServerError",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestExpired",
        "RequestInTheFuture",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeTooSkewed",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
        "XAmzContentChecksumMismatch",
        "XAmzContentSHA256Mismatch",
    }
)
_LEAST_SECONDS = 0.001  # urllib3 takes no limit of zero
_TRANSIENT_ERRORS = (
    sdk.ConnectionError,
    sdk.FlexibleChecksumError,
    sdk.HTTPClientError,
    sdk.IncompleteReadError,
    sdk.ResponseStreamingError,
)


def aws_client(
    service: str,
    *,
    region: str,
    backoff: Backoff,
    connect_timeout_seconds: float = 1.0,
    read_timeout_seconds: float = 3.0,
    max_connections: int = 16,
) -> Any:
    """A client of ``service``; the endpoint comes from ``AWS_ENDPOINT_URL[_SERVICE]`` where set.

    No call waits past the deadline of the request in progress. The SDK's own retries are off; ``backoff`` is
    hooked into the SDK's loop, which rewinds request bodies, so adapters call boto3 plainly.
    """
    config = Config(
        region_name=region,
        connect_timeout=connect_timeout_seconds,
        read_timeout=read_timeout_seconds,
        max_pool_connections=max_connections,
        retries={"total_max_attempts": 1, "mode": "standard"},
        # Presigned URLs of us-east-1 name the region too, like the client's own calls
        s3={"addressing_style": "path", "us_east_1_regional_endpoint": "regional"},
        # Without it boto3 presigns for S3 by version 2, which buckets made since 2020 refuse
        signature_version="s3v4" if service == "s3" else None,
    )
    client = _session().client(service, config=config)
    service_id = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register_last(f"before-send.{service_id}", _deadline_hook(read_timeout_seconds))
    client.meta.events.register_last(f"before-parse.{service_id}", _reject_truncated_response)
    client.meta.events.register_last(f"needs-retry.{service_id}", _retry_hook(backoff, RetryBudget()))
    return client


@functools.cache
def _session() -> boto3.session.Session:
    """One for all clients of a process, which create them in one thread, as it starts.

    A session of its own would have each client read the SDK's files once more, 0.1 s of CPU time.
    """
    return boto3.session.Session()


def error_code(exc: ClientError) -> str:
    return str(exc.response.get("Error", {}).get("Code", ""))


class ConditionFailed(Exception):
    """The condition of a write was not met; ``item`` is what is stored, where the write asked for it."""

    def __init__(self, item: dict[str, Any]) -> None:
        super().__init__("the condition of the write was not met")
        self.item = item


@contextmanager
def conditional(*, or_in_transaction: bool = False) -> Iterator[None]:
    """Around one conditional write to DynamoDB: raises ConditionFailed when its condition is not met.

    ``or_in_transaction``: also when a transaction is at work on the same item.
    """
    codes = {"ConditionalCheckFailedException"} | (
        {"TransactionConflictException"} if or_in_transaction else set()
    )
    try:
        yield
    except ClientError as exc:
        if error_code(exc) not in codes:
            raise
        raise ConditionFailed(exc.response.get("Item", {})) from exc


def is_transient(exc: BaseException) -> bool:
    """Whether the same call may succeed a moment later."""
    if isinstance(exc, ClientError):
        status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return error_code(exc) in _TRANSIENT_CODES or status >= 500 or status == 429
    return isinstance(exc, _TRANSIENT_ERRORS)


def dependency(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate an adapter's method: SDK errors leave it as DependencyUnavailable or DependencyFailed."""

    def decorate(method: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(method)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return method(*args, **kwargs)
            except (BotoCoreError, ClientError) as exc:
                raise (DependencyUnavailable if is_transient(exc) else DependencyFailed)(name) from exc

        return call

    return decorate


def read_chunks(body: Any, chunk_bytes: int) -> Iterator[bytes]:
    """An object of S3 in chunks, closed in the end. Raises DependencyUnavailable after the deadline."""
    deadline = context.current().deadline
    with closing(body):
        for chunk in body.iter_chunks(chunk_bytes):
            yield chunk
            if deadline is not None and deadline.expired:
                raise DependencyUnavailable("S3")


def _deadline_hook(read_timeout_seconds: float) -> Callable[..., None]:
    """Shorten the read timeout of each attempt to the time left until the request's deadline."""

    def before_send(request: Any, **_: Any) -> None:
        deadline = context.current().deadline
        if deadline is not None:
            seconds = min(read_timeout_seconds, max(deadline.remaining_seconds(), _LEAST_SECONDS))
            request.context = {**request.context, "read_timeout": seconds}

    return before_send


def _reject_truncated_response(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
    """Turn a truncated response into a failed one.

    botocore accepts it, and parses JSON that it cannot read as a response without fields: an existing item
    would look missing.
    """
    body, length = response_dict["body"], response_dict["headers"].get("Content-Length")
    if operation_model.http["method"] == "HEAD" or length is None or not isinstance(body, bytes):
        return  # the length of a streamed body is checked where it is read
    if len(body) < int(length):
        response_dict.update(status_code=503, body=b"")


def _retry_hook(backoff: Backoff, budget: RetryBudget) -> Callable[..., float | None]:
    def needs_retry(
        response: tuple[Any, dict[str, Any]] | None,
        attempts: int,
        caught_exception: Exception | None,
        **_: Any,
    ) -> float | None:
        if attempts == 1:
            budget.call_begun()
        failed = caught_exception
        if failed is None and response is not None:
            answer, parsed = response
            answer.status_code = parsed["ResponseMetadata"]["HTTPStatusCode"]  # a hook may have changed it
            failed = ClientError(parsed, "") if answer.status_code >= 300 else None
        if failed is None or not is_transient(failed):
            return None
        delay = backoff.delay_seconds(attempts - 1)
        return delay if delay is not None and budget.take() else None

    return needs_retry
