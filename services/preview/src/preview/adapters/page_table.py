"""The pages to preview in DynamoDB: one item a page, and one a job, under page 0, that counts them.

Every change of a page is a transaction with the change of the counts: so they agree whatever dies. Items of
pages that have not ended have ``unfinished`` and ``due_at``, the keys of an index that holds nothing else.

The scale that a caller gave for a page is an attribute of its item that changes by itself: whoever changes
the page leaves it as it is, and it may be given for a page that nobody has asked for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from preview.adapters.serialization import dump_scale, load_scale
from preview.domain.errors import PageChanged
from preview.domain.page_work import CountChange, PageCounts, PageWork
from preview.domain.ports import MAX_SAVED_PAGES
from preview.domain.queued_page import QueuedPage
from preview.domain.scale import GivenScale
from shared.aws import ConditionFailed, conditional, dependency
from shared.dynamodb import TransactionRefused, delete_items, transact
from shared.dynamodb_items import (
    EPOCH,
    Item,
    attributes,
    converter,
    epoch,
    expired,
    from_item,
    map_fields,
    to_item,
)

_COUNTS = 0
"""The number of the item that has a job's counts; pages count from 1."""

_INDEX = "unfinished-due_at"

_PARTITIONS = 4
"""Of the index: a partition of DynamoDB takes a thousand writes a second, far more than pages end."""

_SCALE = "given_scale"

_KEY = ("job_id", "page")


class DynamoPageTable:
    def __init__(self, client: Any, table: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._table = table
        self._now = now

    @dependency("DynamoDB")
    def counts(self, job_id: str) -> PageCounts | None:
        item = self._read(job_id, _COUNTS)
        return from_item(item, PageCounts) if item else None

    @dependency("DynamoDB")
    def get(self, job_id: str, page: int) -> PageWork | None:
        return _page(self._read(job_id, page))

    @dependency("DynamoDB")
    def of_job(self, job_id: str) -> list[PageWork]:
        pages = (_page(item) for item in self._pages(job_id))
        return [page for page in pages if page]

    @dependency("DynamoDB")
    def begin_round(self, counts: PageCounts) -> None:
        condition, values = "attribute_not_exists(#round)", {}
        if counts.round > 1:
            condition, values = "#round = :before", {":before": counts.round - 1}
        try:
            with conditional(or_in_transaction=True):
                self._client.put_item(
                    TableName=self._table,
                    Item=to_item(counts) | attributes({"page": _COUNTS}),
                    ConditionExpression=condition,
                    ExpressionAttributeNames={"#round": "round"},
                    **({"ExpressionAttributeValues": attributes(values)} if values else {}),
                )
        except ConditionFailed as exc:
            raise PageChanged from exc

    @dependency("DynamoDB")
    def save(self, pages: Sequence[PageWork], counts: PageCounts, change: CountChange) -> None:
        writes = [self._replace(page) for page in pages]
        if change:
            writes.append(self._add(counts, change))
        self._transact([{"Update": write} for write in writes])

    def _transact(self, writes: Sequence[dict[str, Any]]) -> None:
        try:
            transact(self._client, writes)
        except TransactionRefused as exc:
            raise PageChanged from exc

    @dependency("DynamoDB")
    def due(self, at: datetime, limit: int) -> list[QueuedPage]:
        found = [item for number in range(_PARTITIONS) for item in self._due_in(number, at, limit)]
        found.sort(key=lambda item: str(item["due_at"]["S"]))
        return [QueuedPage(item["job_id"]["S"], int(item["page"]["N"])) for item in found[:limit]]

    @dependency("DynamoDB")
    def scales(self, job_id: str) -> dict[int, GivenScale]:
        found = ((int(item["page"]["N"]), _scale(item)) for item in self._pages(job_id))
        return {page: scale for page, scale in found if scale}

    @dependency("DynamoDB")
    def get_with_scale(self, job_id: str, page: int) -> tuple[PageWork | None, GivenScale | None]:
        item = self._read(job_id, page)
        return _page(item), _scale(item) if item else None

    @dependency("DynamoDB")
    def give_scale(
        self, job_id: str, pages: Sequence[int], scale: GivenScale | None, expires_at: datetime
    ) -> None:
        writes = [{"Update": self._set_scale(job_id, page, scale, expires_at)} for page in pages]
        for start in range(0, len(writes), MAX_SAVED_PAGES):
            self._transact(writes[start : start + MAX_SAVED_PAGES])

    @dependency("DynamoDB")
    def erase(self, job_id: str) -> None:
        keys = self._query(job_id, "", ProjectionExpression=", ".join(_KEY))
        delete_items(self._client, self._table, list(keys))

    def _read(self, job_id: str, page: int) -> Item | None:
        found = self._client.get_item(TableName=self._table, Key=_key(job_id, page), ConsistentRead=True)
        item = found.get("Item")
        return item if item and not expired(item, self._now()) else None

    def _pages(self, job_id: str) -> Iterator[Item]:
        """The items of its pages, in order."""
        items = self._query(job_id, " AND page > :counts")
        return (item for item in items if not expired(item, self._now()))

    def _query(self, job_id: str, condition: str, **arguments: Any) -> Iterator[Item]:
        values = {":job": job_id} | ({":counts": _COUNTS} if condition else {})
        answers = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression=f"job_id = :job{condition}",
            ExpressionAttributeValues=attributes(values),
            ConsistentRead=True,
            **arguments,
        )
        return (item for answer in answers for item in answer["Items"])

    def _due_in(self, partition: int, at: datetime, limit: int) -> list[Item]:
        answer = self._client.query(
            TableName=self._table,
            IndexName=_INDEX,
            KeyConditionExpression="unfinished = :partition AND due_at <= :at",
            ExpressionAttributeValues=attributes({":partition": str(partition), ":at": at}),
            Limit=limit,
        )
        return list(answer["Items"])

    def _replace(self, page: PageWork) -> dict[str, Any]:
        values = {name: value for name, value in _page_values(page).items() if name not in _KEY}
        stored = attributes(values)
        absent = [f"#{name}" for name in values if name not in stored]
        condition, before = "attribute_not_exists(#version)", {}
        if page.version > 1:
            condition, before = "#version = :before", attributes({":before": page.version - 1})
        return {
            "TableName": self._table,
            "Key": _key(page.job_id, page.page),
            "UpdateExpression": "SET "
            + ", ".join(f"#{name} = :{name}" for name in stored)
            + (f" REMOVE {', '.join(absent)}" if absent else ""),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {f"#{name}": name for name in values},
            "ExpressionAttributeValues": {f":{name}": value for name, value in stored.items()} | before,
        }

    def _set_scale(
        self, job_id: str, page: int, scale: GivenScale | None, expires_at: datetime
    ) -> dict[str, Any]:
        values: dict[str, Any] = {":expires_at": epoch(expires_at)}
        change = f" REMOVE {_SCALE}"
        if scale is not None:
            change = f", {_SCALE} = :scale"
            values[":scale"] = dump_scale(scale)
        return {
            "TableName": self._table,
            "Key": _key(job_id, page),
            "UpdateExpression": f"SET expires_at = if_not_exists(expires_at, :expires_at){change}",
            "ExpressionAttributeValues": attributes(values),
        }

    def _add(self, counts: PageCounts, change: CountChange) -> dict[str, Any]:
        numbers = {"number": 1, "asked": change.asked, "done": change.done, "failed": change.failed}
        added = ", ".join(f"#{name} :{name}" for name in numbers)
        begun = {"begun": True} if change.begun else {}
        values: dict[str, Any] = {**numbers, **begun, "round": counts.round}
        return {
            "TableName": self._table,
            "Key": _key(counts.job_id, _COUNTS),
            "UpdateExpression": f"ADD {added}" + (" SET #begun = :begun" if begun else ""),
            "ConditionExpression": "#round = :round",
            "ExpressionAttributeNames": {f"#{name}": name for name in values},
            "ExpressionAttributeValues": attributes({f":{name}": value for name, value in values.items()}),
        }


def _page(item: Item | None) -> PageWork | None:
    """None also for an item that holds only the scale given for a page that nobody has asked for."""
    return from_item(item, PageWork) if item and "version" in item else None


def _scale(item: Item) -> GivenScale | None:
    return load_scale(item[_SCALE]["S"]) if _SCALE in item else None


def _key(job_id: str, page: int) -> Item:
    return attributes({"job_id": job_id, "page": page})


map_fields(PageCounts, expires_at=EPOCH)
_unstructure, _structure = map_fields(PageWork, expires_at=EPOCH)


def _page_values(page: PageWork) -> dict[str, Any]:
    """All attributes of a page, None for those that are absent; its error is stored flat."""
    values, error = _unstructure(page), page.error
    del values["error"]
    return values | {
        "error_code": error.code if error else None,
        "error_message": error.message if error else None,
        "unfinished": None if page.due_at is None else str(page.page % _PARTITIONS),
    }


def _structure_page(values: Mapping[str, Any], _: type[PageWork]) -> PageWork:
    error = None
    if "error_code" in values:
        error = {"code": values["error_code"], "message": values["error_message"]}
    return _structure({"due_at": None, **values, "error": error})


converter.register_structure_hook(PageWork, _structure_page)
