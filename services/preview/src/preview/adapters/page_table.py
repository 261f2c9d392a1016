"""The pages to preview in DynamoDB: one item a page, and one a job, under page 0, that counts them.

Every change of a page is a transaction with the change of the counts: so they agree whatever dies. Items of
pages that have not ended have ``unfinished`` and ``due_at``, the keys of an index that holds nothing else.

The scale that a caller gave for a page is an attribute of its item that changes by itself: whoever changes
the page leaves it as it is, and it may be given for a page that nobody has asked for.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeGuard

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from preview.adapters.serialization import dump_scale, load_scale
from preview.domain.errors import PageChanged
from preview.domain.job import JobError
from preview.domain.page_work import CountChange, PageCounts, PageStatus, PageWork
from preview.domain.ports import MAX_SAVED_PAGES
from preview.domain.preview import Degraded
from preview.domain.queued_page import QueuedPage
from preview.domain.scale import GivenScale
from shared.aws import ConditionFailed, conditional, dependency
from shared.dynamodb import TransactionRefused, delete_items, transact
from shared.timestamps import iso_millis, parse_iso

_COUNTS = 0
"""The number of the item that has a job's counts; pages count from 1."""

_INDEX = "unfinished-due_at"

_PARTITIONS = 4
"""Of the index: a partition of DynamoDB takes a thousand writes a second, far more than pages end."""

_SCALE = "given_scale"

Fields = dict[str, Any]
"""Attributes of an item, by their names, as values of Python."""

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


class DynamoPageTable:
    def __init__(self, client: Any, table: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._table = table
        self._now = now

    @dependency("DynamoDB")
    def counts(self, job_id: str) -> PageCounts | None:
        fields = self._read(job_id, _COUNTS)
        return _counts(fields) if fields else None

    @dependency("DynamoDB")
    def get(self, job_id: str, page: int) -> PageWork | None:
        fields = self._read(job_id, page)
        return _page(fields) if _is_page(fields) else None

    @dependency("DynamoDB")
    def of_job(self, job_id: str) -> list[PageWork]:
        items = self._query(job_id, " AND page > :counts", ConsistentRead=True)
        return [_page(fields) for fields in items if _is_page(fields) and not self._expired(fields)]

    @dependency("DynamoDB")
    def begin_round(self, counts: PageCounts) -> None:
        condition, values = "attribute_not_exists(#round)", {}
        if counts.round > 1:
            condition, values = "#round = :before", {":before": counts.round - 1}
        try:
            with conditional(or_in_transaction=True):
                self._client.put_item(
                    TableName=self._table,
                    Item=_item(_counts_fields(counts)),
                    ConditionExpression=condition,
                    ExpressionAttributeNames={"#round": "round"},
                    **({"ExpressionAttributeValues": _item(values)} if values else {}),
                )
        except ConditionFailed as exc:
            raise PageChanged from exc

    @dependency("DynamoDB")
    def save(self, pages: Sequence[PageWork], counts: PageCounts, change: CountChange) -> None:
        writes = [self._replace(page) for page in pages]
        if change:
            writes.append(self._add(counts, change))
        self._transact([{"Update": write} for write in writes])

    def _transact(self, writes: Sequence[Fields]) -> None:
        try:
            transact(self._client, writes)
        except TransactionRefused as exc:
            raise PageChanged from exc

    @dependency("DynamoDB")
    def due(self, at: datetime, limit: int) -> list[QueuedPage]:
        found = [item for number in range(_PARTITIONS) for item in self._due_in(number, at, limit)]
        found.sort(key=lambda item: str(item["due_at"]))
        return [QueuedPage(item["job_id"], int(item["page"])) for item in found[:limit]]

    @dependency("DynamoDB")
    def scales(self, job_id: str) -> dict[int, GivenScale]:
        items = self._query(job_id, " AND page > :counts", ConsistentRead=True)
        return {
            int(fields["page"]): load_scale(fields[_SCALE])
            for fields in items
            if _SCALE in fields and not self._expired(fields)
        }

    @dependency("DynamoDB")
    def get_with_scale(self, job_id: str, page: int) -> tuple[PageWork | None, GivenScale | None]:
        fields = self._read(job_id, page)
        scale = load_scale(fields[_SCALE]) if fields and _SCALE in fields else None
        return _page(fields) if _is_page(fields) else None, scale

    @dependency("DynamoDB")
    def give_scale(
        self, job_id: str, pages: Sequence[int], scale: GivenScale | None, expires_at: datetime
    ) -> None:
        writes = [{"Update": self._set_scale(job_id, page, scale, expires_at)} for page in pages]
        for start in range(0, len(writes), MAX_SAVED_PAGES):
            self._transact(writes[start : start + MAX_SAVED_PAGES])

    @dependency("DynamoDB")
    def erase(self, job_id: str) -> None:
        items = self._query(job_id, "", ConsistentRead=True, ProjectionExpression="job_id, page")
        delete_items(self._client, self._table, [_item(key) for key in items])

    def _read(self, job_id: str, page: int) -> Fields | None:
        found = self._client.get_item(TableName=self._table, Key=_key(job_id, page), ConsistentRead=True)
        fields = _plain(found.get("Item", {}))
        return fields if fields and not self._expired(fields) else None

    def _query(self, job_id: str, condition: str, **arguments: Any) -> Iterator[Fields]:
        values: Fields = {":job": job_id} | ({":counts": _COUNTS} if condition else {})
        answers = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression=f"job_id = :job{condition}",
            ExpressionAttributeValues=_item(values),
            **arguments,
        )
        return (_plain(item) for answer in answers for item in answer["Items"])

    def _due_in(self, partition: int, at: datetime, limit: int) -> Iterator[Fields]:
        answer = self._client.query(
            TableName=self._table,
            IndexName=_INDEX,
            KeyConditionExpression="unfinished = :partition AND due_at <= :at",
            ExpressionAttributeValues=_item({":partition": str(partition), ":at": iso_millis(at)}),
            Limit=limit,
        )
        return (_plain(item) for item in answer["Items"])

    def _replace(self, page: PageWork) -> Fields:
        fields = _page_fields(page)
        stored = {name: value for name, value in fields.items() if value is not None}
        absent = [f"#{name}" for name in fields if name not in stored]
        condition, before = "attribute_not_exists(#version)", {}
        if page.version > 1:
            condition, before = "#version = :before", {":before": page.version - 1}
        return {
            "TableName": self._table,
            "Key": _key(page.job_id, page.page),
            "UpdateExpression": "SET "
            + ", ".join(f"#{name} = :{name}" for name in stored)
            + (f" REMOVE {', '.join(absent)}" if absent else ""),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {f"#{name}": name for name in fields},
            "ExpressionAttributeValues": _item({f":{name}": stored[name] for name in stored} | before),
        }

    def _set_scale(self, job_id: str, page: int, scale: GivenScale | None, expires_at: datetime) -> Fields:
        values: Fields = {":expires_at": int(expires_at.timestamp())}
        change = f" REMOVE {_SCALE}"
        if scale is not None:
            change = f", {_SCALE} = :scale"
            values[":scale"] = dump_scale(scale)
        return {
            "TableName": self._table,
            "Key": _key(job_id, page),
            "UpdateExpression": f"SET expires_at = if_not_exists(expires_at, :expires_at){change}",
            "ExpressionAttributeValues": _item(values),
        }

    def _add(self, counts: PageCounts, change: CountChange) -> Fields:
        numbers = {"number": 1, "asked": change.asked, "done": change.done, "failed": change.failed}
        added = ", ".join(f"#{name} :{name}" for name in numbers)
        begun = {"begun": True} if change.begun else {}
        values: Fields = {**numbers, **begun, "round": counts.round}
        return {
            "TableName": self._table,
            "Key": _key(counts.job_id, _COUNTS),
            "UpdateExpression": f"ADD {added}" + (" SET #begun = :begun" if begun else ""),
            "ConditionExpression": "#round = :round",
            "ExpressionAttributeNames": {f"#{name}": name for name in values},
            "ExpressionAttributeValues": _item({f":{name}": value for name, value in values.items()}),
        }

    def _expired(self, fields: Fields) -> bool:
        return bool(fields["expires_at"] <= self._now().timestamp())


def _is_page(fields: Fields | None) -> TypeGuard[Fields]:
    """Whether the item holds a page that was asked for, and not only the scale that was given for it."""
    return fields is not None and "version" in fields


def _page_fields(page: PageWork) -> Fields:
    """All attributes of a page but its key; None for those that are absent."""
    return {
        "status": page.status.value,
        "updated_at": iso_millis(page.updated_at),
        "expires_at": int(page.expires_at.timestamp()),
        "round": page.round,
        "attempts": page.attempts,
        "version": page.version,
        "refresh": page.refresh,
        "rooms": page.rooms,
        "degraded": [reason.value for reason in page.degraded] or None,
        "error_code": page.error.code if page.error else None,
        "error_message": page.error.message if page.error else None,
        "unfinished": None if page.due_at is None else _partition(page),
        "due_at": None if page.due_at is None else iso_millis(page.due_at),
    }


def _page(fields: Fields) -> PageWork:
    error = JobError(fields["error_code"], fields["error_message"]) if "error_code" in fields else None
    return PageWork(
        job_id=fields["job_id"],
        page=int(fields["page"]),
        status=PageStatus(fields["status"]),
        updated_at=parse_iso(fields["updated_at"]),
        expires_at=_moment(fields["expires_at"]),
        due_at=parse_iso(fields["due_at"]) if "due_at" in fields else None,
        round=_integer(fields.get("round")),
        attempts=int(fields["attempts"]),
        version=int(fields["version"]),
        refresh=fields["refresh"],
        rooms=_integer(fields.get("rooms")),
        degraded=tuple(Degraded(reason) for reason in fields.get("degraded", ())),
        error=error,
    )


def _counts_fields(counts: PageCounts) -> Fields:
    return {
        "job_id": counts.job_id,
        "page": _COUNTS,
        "owner": counts.owner,
        "expires_at": int(counts.expires_at.timestamp()),
        "round": counts.round,
        "number": counts.number,
        "asked": counts.asked,
        "done": counts.done,
        "failed": counts.failed,
        "begun": counts.begun,
    }


def _counts(fields: Fields) -> PageCounts:
    numbers = {name: int(fields[name]) for name in ("round", "number", "asked", "done", "failed")}
    return PageCounts(
        job_id=fields["job_id"],
        owner=fields["owner"],
        expires_at=_moment(fields["expires_at"]),
        begun=fields["begun"],
        **numbers,
    )


def _partition(page: PageWork) -> str:
    return str(page.page % _PARTITIONS)


def _moment(epoch: Decimal) -> datetime:
    return datetime.fromtimestamp(int(epoch), UTC)


def _integer(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _key(job_id: str, page: int) -> dict[str, Any]:
    return _item({"job_id": job_id, "page": page})


def _item(fields: Fields) -> dict[str, Any]:
    return {name: _serialize(value) for name, value in fields.items()}


def _plain(item: dict[str, Any]) -> Fields:
    return {name: _deserialize(value) for name, value in item.items()}
