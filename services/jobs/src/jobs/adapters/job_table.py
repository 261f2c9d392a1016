"""Jobs in DynamoDB."""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from jobs.adapters.idempotency_table import replace_record
from jobs.adapters.job_items import IS_A_JOB, OWED_INDEX, OWNER_INDEX, ItemKind, job_item, job_key, kind_of
from jobs.adapters.upload_table import use_upload
from jobs.domain.errors import ConcurrentUpdate, RequestInProgress, UploadNotFound
from jobs.domain.idempotency import IdempotencyRecord
from jobs.domain.job import Job, JobStatus, Owed
from jobs.domain.listing import JobFilter, Position
from jobs.domain.upload import Upload
from shared.aws import ConditionFailed, conditional, dependency
from shared.dynamodb import TransactionRefused, transact
from shared.dynamodb_items import Item, attributes, epoch, expired, from_item, plain_values
from shared.errors import DependencyUnavailable

# A query reads 1 MB at most: a rare state among very many jobs gives a short page rather than a late one
_QUERIES_A_PAGE = 20
_DUE_AT_ONCE = 1000  # keys are small: one query of at most 1 MB


class DynamoJobTable:
    """One item a job; every change is one conditional write on ``version``.

    Each write carries a ``write_id`` of its own: when the answer to a write is lost and the retry finds the
    condition no longer met, the stored ``write_id`` tells whether the first attempt was carried out.
    """

    def __init__(
        self,
        client: Any,
        table: str,
        uploads_table: str,
        idempotency_table: str,
        processing_timeout: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._table = table
        self._uploads_table = uploads_table
        self._idempotency_table = idempotency_table
        self._processing_timeout = processing_timeout
        self._now = now

    @dependency("DynamoDB")
    def insert(
        self, job: Job, upload: Upload | None = None, idempotency_record: IdempotencyRecord | None = None
    ) -> None:
        item = job_item(job, self._processing_timeout)
        if upload is None and idempotency_record is None:
            self._put(item, ConditionExpression="attribute_not_exists(job_id)")
        else:
            self._insert_in_transaction(item, upload, idempotency_record)

    @dependency("DynamoDB")
    def get(self, job_id: str) -> Job | None:
        item = self._client.get_item(TableName=self._table, Key=job_key(job_id), ConsistentRead=True).get(
            "Item"
        )
        return from_item(item, Job) if item is not None and self._is_live_job(item) else None

    @dependency("DynamoDB")
    def versions(self, job_ids: Collection[str]) -> dict[str, int | None]:
        request = {
            "Keys": [job_key(job_id) for job_id in job_ids],
            "ProjectionExpression": "job_id, version, expires_at, kind",
            "ConsistentRead": True,
        }
        answer = self._client.batch_get_item(RequestItems={self._table: request})
        keys = answer["UnprocessedKeys"].get(self._table, {}).get("Keys", [])
        unread = {plain_values(key)["job_id"] for key in keys}
        jobs = [plain_values(item) for item in answer["Responses"][self._table] if self._is_live_job(item)]
        versions = {job["job_id"]: int(job["version"]) for job in jobs}
        return {job_id: versions.get(job_id) for job_id in job_ids if job_id not in unread}

    @dependency("DynamoDB")
    def save(self, job: Job) -> None:
        saved = self._put(
            job_item(job, self._processing_timeout),
            ConditionExpression="version = :before",
            ExpressionAttributeValues=attributes({":before": job.version - 1}),
        )
        if not saved:
            raise ConcurrentUpdate(job.job_id)

    @dependency("DynamoDB")
    def delete(self, job_id: str) -> None:
        with suppress(ConditionFailed), conditional():  # it is not there, or being erased
            self._client.delete_item(TableName=self._table, Key=job_key(job_id), ConditionExpression=IS_A_JOB)

    @dependency("DynamoDB")
    def page(self, jobs: JobFilter, limit: int, after: Position | None) -> tuple[list[Job], Position | None]:
        found: list[Item] = []
        start = _start_key(jobs.owner, after)
        for _ in range(_QUERIES_A_PAGE):
            answer = self._client.query(**self._query(jobs, limit, start))
            found.extend(answer["Items"])
            start = answer.get("LastEvaluatedKey")
            if len(found) > limit or not start:
                break
        if len(found) > limit:
            start = found[limit - 1]
        return [from_item(item, Job) for item in found[:limit]], _position(start)

    @dependency("DynamoDB")
    def find_due(self, owed: Owed) -> Iterator[str]:
        answer = self._client.query(
            TableName=self._table,
            IndexName=OWED_INDEX,
            KeyConditionExpression="owes = :owed AND due_at <= :now",
            ExpressionAttributeValues=attributes({":owed": owed, ":now": self._now()}),
            Limit=_DUE_AT_ONCE,
        )
        return iter([plain_values(item)["job_id"] for item in answer["Items"]])

    @dependency("DynamoDB")
    def is_alive(self) -> None:
        self._client.get_item(TableName=self._table, Key=job_key("health"))

    def _is_live_job(self, item: Item) -> bool:
        return kind_of(item) is ItemKind.JOB and not expired(item, self._now())

    def _put(self, item: Item, **condition: Any) -> bool:
        """Whether the item is stored now: False when the condition was not met."""
        try:
            with conditional():
                self._client.put_item(
                    TableName=self._table,
                    Item=item,
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **condition,
                )
        except ConditionFailed as exc:
            return exc.item.get("write_id") == item["write_id"]
        return True

    def _insert_in_transaction(
        self, item: Item, upload: Upload | None, idempotency_record: IdempotencyRecord | None
    ) -> None:
        put = {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(job_id)",
        }
        writes: list[tuple[Any, Exception]] = [({"Put": put}, DependencyUnavailable("DynamoDB"))]
        if upload is not None:
            use = use_upload(self._uploads_table, upload, self._now())
            writes.append(({"Update": use}, UploadNotFound()))
        if idempotency_record is not None:
            writes.append(
                ({"Put": replace_record(self._idempotency_table, idempotency_record)}, RequestInProgress())
            )
        try:
            transact(self._client, [write for write, _ in writes])
        except TransactionRefused as exc:
            raise _refusal(exc, [refusal for _, refusal in writes]) from exc

    def _query(self, jobs: JobFilter, limit: int, start: Any) -> dict[str, Any]:
        condition, values = _filter(jobs)
        query: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": OWNER_INDEX,
            "KeyConditionExpression": "#owner = :owner",
            "FilterExpression": f"expires_at > :now{condition}",
            "ExpressionAttributeNames": {"#owner": "owner"} | ({"#status": "status"} if condition else {}),
            "ExpressionAttributeValues": attributes(
                {**values, ":owner": jobs.owner, ":now": epoch(self._now())}
            ),
            "ScanIndexForward": False,
        }
        if jobs.status is None:
            query["Limit"] = limit + 1
        return query | ({"ExclusiveStartKey": start} if start else {})


def _refusal(refused: TransactionRefused, refusals: list[Exception]) -> Exception:
    """That of the last write whose condition was not met, when it was that and the job is not there."""
    unmet = [refusals[position] for position in refused.unmet]
    return unmet[-1] if unmet and refusals[0] not in unmet else refusals[0]


def _filter(jobs: JobFilter) -> tuple[str, dict[str, Any]]:
    """A condition on the state of jobs, and its values."""
    if jobs.status is None:
        return "", {}
    values: dict[str, Any] = {":status": jobs.status}
    if jobs.status is JobStatus.FAILED:
        values |= {":processing": JobStatus.PROCESSING, ":stuck": jobs.stuck_before}
        stuck = "#status = :processing AND processing_since <= :stuck"
        return f" AND (#status = :status OR ({stuck}))", values
    return " AND #status = :status", values


def _start_key(owner: str, after: Position | None) -> Any:
    if after is None:
        return None
    return attributes({"owner": owner, "created_at": after.created_at, "job_id": after.job_id})


def _position(key: Any) -> Position | None:
    if not key:
        return None
    values = plain_values(key)
    return Position(values["created_at"], values["job_id"])
