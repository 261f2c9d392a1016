"""All jobs in DynamoDB, as the reconciler reads them."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any

from jobs.adapters.job_items import ItemKind, job_key, kind_of
from jobs.domain.job import UNFINISHED
from jobs.domain.reconciliation import UnfinishedJob
from shared.aws import dependency
from shared.dynamodb_items import Item, attributes, epoch, from_epoch, from_item, plain_values

_BATCH_KEYS = 100  # the most that BatchGetItem takes
_PAGE_ITEMS = 1000  # about the 1 MB that a Scan reads at most


class DynamoJobScanner:
    """Eventually consistent reads, at half the price: they propose what a consistent read then decides."""

    def __init__(
        self, client: Any, table: str, now: Callable[[], datetime], page_items: int = _PAGE_ITEMS
    ) -> None:
        self._client = client
        self._table = table
        self._now = now
        self._page_items = page_items

    @dependency("DynamoDB")
    def expiry_times(self, job_ids: Collection[str]) -> dict[str, datetime]:
        """What DynamoDB leaves unprocessed under load counts as not seen."""
        ordered = sorted(job_ids)
        batches = (ordered[i : i + _BATCH_KEYS] for i in range(0, len(ordered), _BATCH_KEYS))
        jobs = (plain_values(item) for batch in batches for item in self._batch(batch))
        return {job["job_id"]: from_epoch(job["expires_at"]) for job in jobs}

    def unfinished_jobs(self) -> Iterator[UnfinishedJob]:
        start: Item | None = None
        while True:
            items, start = self._scan(start)
            yield from (from_item(item, UnfinishedJob) for item in items)
            if start is None:
                return

    def _batch(self, job_ids: list[str]) -> list[Item]:
        request = {
            "Keys": [job_key(job_id) for job_id in job_ids],
            "ProjectionExpression": "job_id, expires_at, kind",
        }
        found = self._client.batch_get_item(RequestItems={self._table: request})["Responses"]
        items: list[Item] = found.get(self._table, [])
        return [item for item in items if kind_of(item) is ItemKind.JOB]

    @dependency("DynamoDB")
    def _scan(self, start: Item | None) -> tuple[list[Item], Item | None]:
        statuses = {f":{status}": status for status in sorted(UNFINISHED)}
        answer = self._client.scan(
            TableName=self._table,
            Limit=self._page_items,
            ProjectionExpression="job_id, blueprint_s3_key",
            FilterExpression=f"#status IN ({', '.join(statuses)}) AND expires_at > :now",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=attributes({**statuses, ":now": epoch(self._now())}),
            **({"ExclusiveStartKey": start} if start else {}),
        )
        return answer["Items"], answer.get("LastEvaluatedKey")
