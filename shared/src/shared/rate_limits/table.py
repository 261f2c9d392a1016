"""Buckets in DynamoDB: an item each, with the moment at which it is full again."""

import math
from contextlib import suppress
from typing import Any

from shared.aws import ConditionFailed, conditional, dependency
from shared.rate_limits.bucket import Batch, Limit

_KEPT_SECONDS = 86_400  # far longer than the slowest bucket, of one token a minute, takes to fill

_FROM_FULL = "SET full_at = :alone, expires_at = :expires"
_IF_FULL = "attribute_not_exists(full_at) OR full_at < :before"
_ON_TOP = "SET full_at = if_not_exists(full_at, :before) + :cost, expires_at = :expires"


class DynamoBuckets:
    """Adds a batch in one write without a read, so that two workers at once are both counted.

    The client should neither wait long nor retry: no request waits for the answer, and a batch whose answer
    was lost would count twice.
    """

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    @dependency("DynamoDB")
    def add(self, bucket_key: str, batch: Batch, limit: Limit) -> float:
        """See `Buckets`. DynamoDB has no max(): a condition chooses between the two sides of `full_at_after`.

        ``full_at`` only grows: once the condition of the first side has failed, the second holds for good.
        """
        cost = batch.tokens * limit.token_seconds
        values = {
            ":before": _number(batch.full_at - cost),
            ":expires": {"N": str(math.ceil(batch.full_at) + _KEPT_SECONDS)},
        }
        with suppress(ConditionFailed), conditional():
            alone = {":alone": _number(batch.full_at)}
            return self._update(bucket_key, _FROM_FULL, values | alone, ConditionExpression=_IF_FULL)
        return self._update(bucket_key, _ON_TOP, values | {":cost": _number(cost)})

    def _update(self, bucket_key: str, expression: str, values: dict[str, Any], **condition: str) -> float:
        answer = self._client.update_item(
            TableName=self._table,
            Key={"bucket_key": {"S": bucket_key}},
            UpdateExpression=expression,
            ExpressionAttributeValues=values,
            ReturnValues="UPDATED_NEW",
            **condition,
        )
        return float(answer["Attributes"]["full_at"]["N"])


def _number(seconds: float) -> dict[str, str]:
    return {"N": f"{seconds:.6f}"}
