"""All jobs in DynamoDB, as the reconciler looks at them."""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from typing import Any

from jobs.adapters.items import Item, epoch
from jobs.domain.job import UNFINISHED, JobStatus
from jobs.domain.reconciliation import UnfinishedJob
from shared.aws import dependency

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
        return {item["job_id"]["S"]: _expiry(item) for batch in batches for item in self._batch(batch)}

    def unfinished_jobs(self) -> Iterator[UnfinishedJob]:
        start: Item | None = None
        while True:
            items, start = self._scan(start)
            for item in items:
                yield UnfinishedJob(
                    item["job_id"]["S"], JobStatus(item["status"]["S"]), item["blueprint_s3_key"]["S"]
                )
            if start is None:
                return

    def _batch(self, job_ids: list[str]) -> list[Item]:
        request = {
            "Keys": [{"job_id": {"S": job_id}} for job_id in job_ids],
            "ProjectionExpression": "job_id, expires_at, version",
        }
        found = self._client.batch_get_item(RequestItems={self._table: request})["Responses"]
        items: list[Item] = found.get(self._table, [])
        return [item for item in items if "version" in item]  # without: it is no job any more

    @dependency("DynamoDB")
    def _scan(self, start: Item | None) -> tuple[list[Item], Item | None]:
        statuses = {f":{status}": {"S": status} for status in sorted(UNFINISHED)}
        answer = self._client.scan(
            TableName=self._table,
            Limit=self._page_items,
            ProjectionExpression="job_id, #status, blueprint_s3_key",
            FilterExpression=f"#status IN ({', '.join(statuses)}) AND expires_at > :now",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={**statuses, ":now": {"N": str(epoch(self._now()))}},
            **({"ExclusiveStartKey": start} if start else {}),
        )
        return answer["Items"], answer.get("LastEvaluatedKey")


def _expiry(item: Item) -> datetime:
    return datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC)
