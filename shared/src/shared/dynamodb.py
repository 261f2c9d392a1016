"""Several writes to DynamoDB in one call: transactions, which are done whole or not at all, and batches."""

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from shared.aws import error_code
from shared.errors import DependencyUnavailable
from shared.retry import Backoff, call_with_retries

_CONFLICT_BACKOFF = Backoff(retries=5, base_seconds=0.05)
"""A write in the way is another transaction's, and ends within milliseconds; the SDK does not retry this."""

_BATCH = 25
"""Source: BatchWriteItem in the DynamoDB API reference."""

_UNPROCESSED_BACKOFF = Backoff(retries=5, base_seconds=0.05)
"""What a batch leaves undone was throttled, or beside another write."""


class TransactionRefused(Exception):
    """Nothing was written; ``unmet`` are the positions of the writes whose conditions were not met."""

    def __init__(self, unmet: Sequence[int]) -> None:
        super().__init__("the transaction was not carried out")
        self.unmet = tuple(unmet)


def transact(client: Any, writes: Sequence[dict[str, Any]]) -> None:
    """Carry out all ``writes``. Raises TransactionRefused.

    The SDK gives the call a token, so that its retries are the same transaction.
    """
    try:
        call_with_retries(
            lambda: client.transact_write_items(TransactItems=list(writes)),
            backoff=_CONFLICT_BACKOFF,
            is_transient=_is_conflict,
        )
    except ClientError as exc:
        if error_code(exc) != "TransactionCanceledException":
            raise
        unmet = [at for at, reason in enumerate(_reasons(exc)) if reason == "ConditionalCheckFailed"]
        raise TransactionRefused(unmet) from exc


def delete_items(client: Any, table: str, keys: Sequence[dict[str, Any]]) -> None:
    """Delete the items with these keys, whatever is in them; one that is not there counts as deleted.

    Raises DependencyUnavailable where some are still there; a repeat goes on with the rest.
    """
    for start in range(0, len(keys), _BATCH):
        _delete_batch(client, table, keys[start : start + _BATCH])


def _delete_batch(client: Any, table: str, keys: Sequence[dict[str, Any]]) -> None:
    left: dict[str, Any] = {table: [{"DeleteRequest": {"Key": key}} for key in keys]}

    def delete() -> None:
        nonlocal left
        left = client.batch_write_item(RequestItems=left)["UnprocessedItems"]
        if left:
            raise DependencyUnavailable("DynamoDB")

    call_with_retries(
        delete,
        backoff=_UNPROCESSED_BACKOFF,
        is_transient=lambda exc: isinstance(exc, DependencyUnavailable),
    )


def _reasons(exc: Exception) -> list[str | None]:
    """Why each write was not done; empty for any other error."""
    answer = exc.response if isinstance(exc, ClientError) else {}
    return [reason.get("Code") for reason in answer.get("CancellationReasons", [])]


def _is_conflict(exc: Exception) -> bool:
    """Whether another write to the same items was under way, and nothing else is wrong."""
    return set(_reasons(exc)) - {"None", None} == {"TransactionConflict"}
