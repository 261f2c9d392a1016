"""What pages take workers, in the table of pages: one item for each quarter of an hour.

Its key is no job's: the name `_KEY` and, as the page, the number of the quarter since the epoch. Every worker
adds to it; a mean is of this quarter and the one before.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from shared.aws import dependency
from shared.dynamodb_items import attributes, plain_values

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
            Key=attributes({"job_id": _KEY, "page": period}),
            UpdateExpression="ADD attempts :one, seconds :seconds SET expires_at = :expires_at",
            ExpressionAttributeValues=attributes(
                {":one": 1, ":seconds": round(seconds, 3), ":expires_at": expires_at}
            ),
        )

    @dependency("DynamoDB")
    def mean(self) -> float | None:
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="job_id = :key AND page >= :first",
            ExpressionAttributeValues=attributes({":key": _KEY, ":first": self._period() - 1}),
        )["Items"]
        periods = [plain_values(item) for item in found]
        attempts, seconds = (sum(period[name] for period in periods) for name in ("attempts", "seconds"))
        return float(seconds / attempts) if attempts else None

    def _period(self) -> int:
        return int(self._now().timestamp() / _PERIOD.total_seconds())
