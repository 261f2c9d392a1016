"""Feedback in DynamoDB."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from jobs.adapters.feedback_items import (
    COUNT,
    ENTRIES,
    erased_key,
    feedback_key,
    page_item,
    page_key,
    page_rooms,
)
from jobs.domain.errors import FeedbackNotFound, InvalidFeedback
from jobs.domain.feedback import (
    MAX_CORNERS_OF_A_JOB,
    MAX_ENTRIES_OF_A_JOB,
    Computation,
    Entry,
    PageRooms,
)
from shared.aws import dependency
from shared.dynamodb import TransactionRefused, delete_items, transact
from shared.dynamodb_items import Item, attributes, epoch, expired, from_item, plain_values, to_item
from shared.errors import DependencyUnavailable


class DynamoFeedbackTable:
    """Every write is one transaction with the job's number of entries, and of the corners of their outlines,
    which bounds them."""

    def __init__(self, client: Any, table: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._table = table
        self._now = now

    @dependency("DynamoDB")
    def add(self, entries: Sequence[Entry], pages: Sequence[PageRooms]) -> None:
        job_id, expires_at = entries[0].job_id, entries[0].expires_at
        new = [page for page in pages if self._item(page_key(job_id, page.page, page.computation)) is None]
        items = [to_item(entry) for entry in entries]
        items += [page_item(job_id, page, expires_at) for page in new]
        count = self._count(job_id, len(entries), sum(entry.corners for entry in entries), expires_at)
        puts: list[dict[str, Any]] = [{"Put": {"TableName": self._table, "Item": item}} for item in items]
        try:
            transact(self._client, [{"Update": count}, *puts])
        except TransactionRefused as exc:
            if not exc.unmet:
                raise DependencyUnavailable("DynamoDB") from exc
            full = (
                f"A job takes {MAX_ENTRIES_OF_A_JOB} entries, with {MAX_CORNERS_OF_A_JOB} corners in all. "
                "Take some back, or create the job again."
            )
            raise InvalidFeedback("entries", full) from exc

    @dependency("DynamoDB")
    def get(self, job_id: str, feedback_id: str) -> Entry | None:
        item = self._item(feedback_key(job_id, feedback_id))
        return from_item(item, Entry) if item else None

    @dependency("DynamoDB")
    def page(
        self, job_id: str, page: int | None, limit: int, after: str | None
    ) -> tuple[list[Entry], str | None]:
        found: list[Item] = []
        start = feedback_key(job_id, after) if after is not None else None
        while True:
            answer = self._client.query(**self._query(job_id, page, start))
            found.extend(answer["Items"])
            start = answer.get("LastEvaluatedKey")
            if len(found) > limit or not start:
                break
        entries = [from_item(item, Entry) for item in found[:limit]]
        return entries, entries[-1].feedback_id if len(found) > limit else None

    @dependency("DynamoDB")
    def rooms(self, job_id: str, page: int, computation: Computation) -> PageRooms | None:
        item = self._item(page_key(job_id, page, computation))
        return page_rooms(item) if item else None

    @dependency("DynamoDB")
    def delete(self, entry: Entry) -> None:
        delete = {
            "TableName": self._table,
            "Key": feedback_key(entry.job_id, entry.feedback_id),
            "ConditionExpression": "attribute_exists(feedback_id)",
        }
        count = self._count(entry.job_id, -1, -entry.corners, entry.expires_at)
        try:
            transact(self._client, [{"Delete": delete}, {"Update": count}])
        except TransactionRefused as exc:
            if not exc.unmet:
                raise DependencyUnavailable("DynamoDB") from exc
            raise FeedbackNotFound(entry.feedback_id) from exc

    @dependency("DynamoDB")
    def delete_all(self, job_id: str, erased_at: datetime | None = None) -> int:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="job_id = :job",
            ExpressionAttributeValues=attributes({":job": job_id}),
            ProjectionExpression="job_id, feedback_id",
            ConsistentRead=True,
        )
        keys = [key for page in pages for key in page["Items"]]
        if keys and erased_at is not None:  # first, so that one who goes on here needs to know no more
            item = erased_key(job_id) | attributes({"erased_at": erased_at})
            self._client.put_item(TableName=self._table, Item=item)
        delete_items(self._client, self._table, keys)
        return sum(plain_values(key)["feedback_id"].startswith(ENTRIES) for key in keys)

    @dependency("DynamoDB")
    def job_ids(self) -> set[str]:
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression="begins_with(feedback_id, :entries) AND expires_at > :now",
            ExpressionAttributeValues=attributes({":entries": ENTRIES, ":now": epoch(self._now())}),
            ProjectionExpression="job_id",
        )
        return {item["job_id"]["S"] for page in pages for item in page["Items"]}

    @dependency("DynamoDB")
    def is_erased(self, job_id: str) -> bool:
        key = erased_key(job_id)
        return "Item" in self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)

    def _item(self, key: Item) -> Item | None:
        item: Item | None = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get(
            "Item"
        )
        return None if item is None or expired(item, self._now()) else item

    def _count(self, job_id: str, more: int, more_corners: int, expires_at: datetime) -> dict[str, Any]:
        """The update, for a transaction, that counts ``more`` entries if the job has room for them."""
        return {
            "TableName": self._table,
            "Key": feedback_key(job_id, COUNT),
            "UpdateExpression": "SET expires_at = :expiry ADD entries :more, corners :more_corners",
            "ConditionExpression": "attribute_not_exists(entries) OR "
            "(entries <= :most AND corners <= :most_corners)",
            "ExpressionAttributeValues": attributes(
                {
                    ":more": more,
                    ":most": MAX_ENTRIES_OF_A_JOB - more,
                    ":more_corners": more_corners,
                    ":most_corners": MAX_CORNERS_OF_A_JOB - more_corners,
                    ":expiry": epoch(expires_at),
                }
            ),
        }

    def _query(self, job_id: str, page: int | None, start: Item | None) -> dict[str, Any]:
        values = {":job": job_id, ":entries": ENTRIES, ":now": epoch(self._now()), ":page": page}
        query: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "job_id = :job AND begins_with(feedback_id, :entries)",
            "FilterExpression": "expires_at > :now",
            "ExpressionAttributeValues": attributes(values),
            "ConsistentRead": True,
        }
        if page is not None:
            query["FilterExpression"] += " AND #page = :page"
            query["ExpressionAttributeNames"] = {"#page": "page"}
        return query | ({"ExclusiveStartKey": start} if start else {})
