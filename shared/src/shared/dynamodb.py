"""Transactions of DynamoDB: several writes, all or none of which are done."""

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from shared.aws import error_code
from shared.retry import Backoff, call_with_retries

_CONFLICT_BACKOFF = Backoff(retries=5, base_seconds=0.05)
"""A write in the way is another transaction's, and ends within milliseconds; the SDK does not retry this."""


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


def _reasons(exc: Exception) -> list[str | None]:
    """Why each write was not done; empty for any other error."""
    answer = exc.response if isinstance(exc, ClientError) else {}
    return [reason.get("Code") for reason in answer.get("CancellationReasons", [])]


def _is_conflict(exc: Exception) -> bool:
    """Whether another write to the same items was under way, and nothing else is wrong."""
    return set(_reasons(exc)) - {"None", None} == {"TransactionConflict"}
