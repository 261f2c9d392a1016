"""The preview cache in DynamoDB: one item a key, holding a result, a lease, or both.

An item has a result when it has ``edition``, the token of the lease under which it was stored. A lease is
``lease_token`` and ``lease_expires_at``. Every write is conditional on one of them, so that of any two
workers one finds that the other was quicker. ``expires_at`` is the result's, or where there is none some time
after the lease's: DynamoDB deletes the item then, or later, and readers compare it with the clock. By
``job_id``, whose result or lease it is, an index finds what has to go when that job is erased.
"""

import json
import logging
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

from preview.adapters.serialization import preview_fields, preview_from
from preview.domain.cache_entry import CacheEntry, CacheResult, CacheSnapshot, NegativeEntry
from preview.domain.ports import ResultStore
from preview.domain.result_keys import preview_key
from shared.aws import ConditionFailed, conditional, dependency
from shared.dynamodb_items import Item, attributes, plain_values

log = logging.getLogger(__name__)

_MAX_BYTES = 350_000
"""An item may have 400 KB; the rest is for the other attributes.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""
_NEGATIVE_SECONDS = 60  # only those who were waiting ask for it

_RENEWAL_SECONDS = 60  # how long a lease is renewed at most: a worker has less for a page

_JOB_INDEX = "job_id"

_AREAS = ("rooms", "withheld")
"""Fields of a preview with attributes of their own, as they may be too large."""

_FREE = "(attribute_not_exists(lease_token) OR lease_expires_at <= :now OR lease_token = :token)"
_HELD = "lease_token = :token"

Fields = dict[str, Any]
"""Attributes of an item, by their names, as values of Python."""


class DynamoPreviewCache:
    """``fresh_seconds`` is how long a preview serves; one too large for an item is read from ``results``."""

    def __init__(
        self,
        client: Any,
        table: str,
        results: ResultStore,
        fresh_seconds: float,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._table = table
        self._results = results
        self._fresh_seconds = fresh_seconds
        self._now = now

    @dependency("DynamoDB")
    def get(self, key: str) -> CacheSnapshot:
        fields = self._read(key)
        version = fields.get("edition")
        leased = "lease_token" in fields and fields["lease_expires_at"] > self._epoch()
        fresh = version is not None and fields["expires_at"] > self._epoch()
        return CacheSnapshot(self._readable_result(fields) if fresh else None, version, leased)

    @dependency("DynamoDB")
    def take_lease(
        self, key: str, token: str, snapshot: CacheSnapshot, expires_at: datetime, job_id: str
    ) -> bool:
        epoch = expires_at.timestamp()
        condition, values = self._free_and_unchanged(token, snapshot)
        if snapshot.result is None:
            lease = {
                "lease_token": token,
                "lease_expires_at": epoch,
                "expires_at": math.ceil(epoch + _RENEWAL_SECONDS),
            }
            return self._put_if({"blueprint_hash": key, "job_id": job_id, **lease}, condition, values)
        update = "SET lease_token = :token, lease_expires_at = :until"
        return self._update_if(key, update, condition, values | {":until": epoch})

    @dependency("DynamoDB")
    def renew_lease(self, key: str, token: str, expires_at: datetime) -> bool:
        values = {":token": token, ":until": expires_at.timestamp()}
        return self._update_if(key, "SET lease_expires_at = :until", _HELD, values)

    @dependency("DynamoDB")
    def put(self, key: str, token: str, result: CacheResult) -> bool:
        if self._put_if(self._fields(key, token, result), _HELD, {":token": token}):
            return True
        return self._read(key).get("edition") == token  # an earlier attempt, whose answer was lost

    @dependency("DynamoDB")
    def release(self, key: str, token: str) -> None:
        self._update_if(key, "REMOVE lease_token, lease_expires_at", _HELD, {":token": token})

    @dependency("DynamoDB")
    def refill(self, key: str, entry: CacheEntry, snapshot: CacheSnapshot) -> None:
        version = f"{entry.preview.job_id}@{self._epoch()}"
        self._put_if(self._fields(key, version, entry), *self._free_and_unchanged(version, snapshot))

    @dependency("DynamoDB")
    def erase(self, job_id: str) -> None:
        job = {":job": job_id}
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=_JOB_INDEX,
            KeyConditionExpression="job_id = :job",
            ExpressionAttributeValues=attributes(job),
        )
        for key in (item["blueprint_hash"] for page in pages for item in page["Items"]):
            self._write_if(self._client.delete_item, "job_id = :job", job, Key={"blueprint_hash": key})

    @dependency("DynamoDB")
    def is_alive(self) -> None:
        self._client.get_item(TableName=self._table, Key=_key("health"))

    def _read(self, key: str) -> Fields:
        found = self._client.get_item(TableName=self._table, Key=_key(key), ConsistentRead=True)
        return plain_values(found.get("Item", {}))

    def _free_and_unchanged(self, token: str, snapshot: CacheSnapshot) -> tuple[str, Fields]:
        """The condition that nobody else holds the lease and that no result is new, with its values."""
        values = {":now": self._epoch(), ":token": token}
        if snapshot.version is None:
            return f"{_FREE} AND attribute_not_exists(edition)", values
        return f"{_FREE} AND edition = :version", values | {":version": snapshot.version}

    def _fields(self, key: str, version: str, result: CacheResult) -> Fields:
        fields = {"blueprint_hash": key, "job_id": result.job_id, "edition": version}
        if isinstance(result, NegativeEntry):
            refusal = json.dumps({"message": result.message, "reason": result.reason})
            return fields | {"refusal": refusal, "expires_at": math.ceil(self._epoch() + _NEGATIVE_SECONDS)}
        expires_at = math.ceil(self._epoch() + self._fresh_seconds)
        return fields | _entry_fields(result) | {"expires_at": expires_at}

    def _readable_result(self, fields: Fields) -> CacheResult | None:
        try:
            return self._result(fields)
        except (ValueError, KeyError):
            log.exception("a cached preview is of another shape; it will be computed anew")
            return None

    def _result(self, fields: Fields) -> CacheResult | None:
        if "refusal" in fields:
            return NegativeEntry(fields["job_id"], **json.loads(fields["refusal"]))
        summary = json.loads(fields["summary"])
        if "rooms_s3_key" in fields:
            page, version = summary["page"]["number"], summary["model_version"]
            preview = self._results.read_preview(summary["job_id"], page, version)
            return CacheEntry(preview) if preview else None
        areas = {name: json.loads(fields[name]) for name in _AREAS}
        return CacheEntry(preview_from(summary | areas))

    def _put_if(self, fields: Fields, condition: str, values: Fields) -> bool:
        return self._write_if(self._client.put_item, condition, values, Item=attributes(fields))

    def _update_if(self, key: str, update: str, condition: str, values: Fields) -> bool:
        return self._write_if(
            self._client.update_item, condition, values, Key=_key(key), UpdateExpression=update
        )

    def _write_if(self, write: Callable[..., Any], condition: str, values: Fields, **arguments: Any) -> bool:
        """False, and nothing written, where the item is not as ``condition`` says."""
        try:
            with conditional():
                write(
                    TableName=self._table,
                    ConditionExpression=condition,
                    ExpressionAttributeValues=attributes(values),
                    **arguments,
                )
        except ConditionFailed:
            return False
        return True

    def _epoch(self) -> float:
        return self._now().timestamp()


def _entry_fields(entry: CacheEntry) -> Fields:
    preview = entry.preview
    summary = preview_fields(preview)
    areas = {name: _compact(summary.pop(name)) for name in _AREAS}
    fields = {
        "summary": _compact(summary),
        "timestamp": summary["timestamp"],
        "model_version": preview.model_version,
    }
    if sum(map(len, areas.values())) <= _MAX_BYTES:
        return fields | areas
    key = preview_key(preview.job_id, preview.model_version, preview.page.number)
    return fields | {"rooms_s3_key": key}


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _key(key: str) -> Item:
    return attributes({"blueprint_hash": key})
