"""Buckets in DynamoDB: an item each, with the moment at which it is full again."""

import math
from typing import Any

from botocore.exceptions import ClientError

from shared.aws import dependency, error_code
from shared.rate_limits.bucket import Charge, Limit

_KEPT_SECONDS = 86_400  # far longer than the slowest bucket, of one token a minute, takes to fill

_FROM_FULL = "SET full_at = :alone, expires_at = :expires"
_IF_FULL = "attribute_not_exists(full_at) OR full_at < :before"
_ON_TOP = "SET full_at = if_not_exists(full_at, :before) + :cost, expires_at = :expires"


class DynamoBuckets:
    """Read nothing, write once: two workers that charge at once are both counted.

    The client should neither wait long nor retry: nobody is waiting for the answer, and a charge whose
    answer was lost would count twice.
    """

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    @dependency("DynamoDB")
    def charge(self, bucket_key: str, charge: Charge, limit: Limit) -> float:
        """As `Buckets` says; DynamoDB has no maximum, so a condition chooses between its two sides.

        A bucket is only ever moved on: where the first side was refused, the second holds for good.
        """
        cost = charge.tokens * limit.token_seconds
        values = {
            ":before": _number(charge.full_at - cost),
            ":expires": {"N": str(math.ceil(charge.full_at) + _KEPT_SECONDS)},
        }
        try:
            alone = {":alone": _number(charge.full_at)}
            return self._update(bucket_key, _FROM_FULL, values | alone, ConditionExpression=_IF_FULL)
        except ClientError as exc:
            if error_code(exc) != "ConditionalCheckFailedException":
                raise
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
