"""What pages take workers, in the table of pages: one item for each quarter of an hour.

Its key is no job's: the name `_KEY` and, as the page, the number of the quarter since the epoch. Every worker
adds to it; a mean is of this quarter and the one before.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.aws import dependency

_KEY = "service-times"

_PERIOD = timedelta(minutes=15)


class DynamoServiceTimes:
    def __init__(self, client: Any, table: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._table = table
        self._now = now

    @dependency("DynamoDB")
    def add(self, seconds: float) -> None:
        period = self._period()
        expires_at = int(((period + 3) * _PERIOD).total_seconds())
        self._client.update_item(
            TableName=self._table,
            Key={"job_id": {"S": _KEY}, "page": {"N": str(period)}},
            UpdateExpression="ADD attempts :one, seconds :seconds SET expires_at = :expires_at",
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":seconds": {"N": f"{seconds:.3f}"},
                ":expires_at": {"N": str(expires_at)},
            },
        )

    @dependency("DynamoDB")
    def mean(self) -> float | None:
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="job_id = :key AND page >= :first",
            ExpressionAttributeValues={":key": {"S": _KEY}, ":first": {"N": str(self._period() - 1)}},
        )["Items"]
        attempts = sum(int(item["attempts"]["N"]) for item in found)
        seconds = sum(Decimal(item["seconds"]["N"]) for item in found)
        return float(seconds / attempts) if attempts else None

    def _period(self) -> int:
        return int(self._now().timestamp() / _PERIOD.total_seconds())
