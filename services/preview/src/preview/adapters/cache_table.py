"""The preview cache in DynamoDB: one item a key, holding an outcome, a lease, or both.

An item has an outcome when it has ``edition``, the token of the lease under which it was stored. A lease is
``lease_token`` and ``lease_expires_at``. Every write is conditional on one of them, so that of any two
workers one finds that the other was quicker. ``expires_at`` is the outcome's, or where there is none the
lease's: DynamoDB deletes the item some time after it, and until then a reader looks at the clock. By
``job_id``, whose outcome or lease it is, an index finds what has to go when that job is erased.
"""

import json
import logging
import math
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from preview.adapters.serialization import preview_fields, preview_from
from preview.domain.cache_entry import CacheEntry, CacheResult, CacheSnapshot, NegativeEntry
from preview.domain.ports import ResultStore
from preview.domain.result_keys import preview_key
from shared.aws import dependency, error_code

log = logging.getLogger(__name__)

_MOST_BYTES = 350_000
"""An item may have 400 KB; the rest is for the other attributes.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""
_REFUSAL_SECONDS = 60  # only those who were waiting ask for it

_JOB_INDEX = "job_id"

_NOBODY_AT_WORK = "(attribute_not_exists(lease_token) OR lease_expires_at <= :now OR lease_token = :token)"
_MINE = "lease_token = :token"

Item = dict[str, Any]


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
        item = self._read(key)
        edition = _edition(item)
        leased = "lease_token" in item and _number(item, "lease_expires_at") > self._epoch()
        fresh = edition is not None and _number(item, "expires_at") > self._epoch()
        return CacheSnapshot(self._readable_result(item) if fresh else None, edition, leased)

    @dependency("DynamoDB")
    def take_lease(
        self, key: str, token: str, snapshot: CacheSnapshot, expires_at: datetime, job_id: str
    ) -> bool:
        lease = {"lease_token": {"S": token}, "lease_expires_at": {"N": str(expires_at.timestamp())}}
        values = {":now": {"N": str(self._epoch())}, ":token": {"S": token}} | _edition_value(snapshot)
        condition = f"{_NOBODY_AT_WORK} AND {_same_edition(snapshot)}"
        if snapshot.result is None:
            item = _key(key) | {"job_id": {"S": job_id}} | lease | _expiry(expires_at.timestamp())
            return self._put_if(item, condition, values)
        return self._update_if(
            key,
            "SET lease_token = :token, lease_expires_at = :until",
            condition,
            values | {":until": lease["lease_expires_at"]},
        )

    @dependency("DynamoDB")
    def put(self, key: str, token: str, result: CacheResult) -> bool:
        item = self._item(key, token, result)
        if self._put_if(item, _MINE, {":token": {"S": token}}):
            return True
        return _edition(self._read(key)) == token  # an earlier attempt, whose answer was lost

    @dependency("DynamoDB")
    def release(self, key: str, token: str) -> None:
        self._update_if(key, "REMOVE lease_token, lease_expires_at", _MINE, {":token": {"S": token}})

    @dependency("DynamoDB")
    def refill(self, key: str, entry: CacheEntry, snapshot: CacheSnapshot) -> None:
        edition = f"{entry.preview.job_id}@{self._epoch()}"
        values = {":now": {"N": str(self._epoch())}, ":token": {"S": edition}} | _edition_value(snapshot)
        item = self._item(key, edition, entry)
        self._put_if(item, f"{_NOBODY_AT_WORK} AND {_same_edition(snapshot)}", values)

    @dependency("DynamoDB")
    def erase(self, job_id: str) -> None:
        job: Item = {":job": {"S": job_id}}
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=_JOB_INDEX,
            KeyConditionExpression="job_id = :job",
            ExpressionAttributeValues=job,
        )
        for key in (item["blueprint_hash"]["S"] for page in pages for item in page["Items"]):
            self._wrote(
                partial(
                    self._client.delete_item,
                    TableName=self._table,
                    Key=_key(key),
                    ConditionExpression="job_id = :job",
                    ExpressionAttributeValues=job,
                )
            )

    @dependency("DynamoDB")
    def is_alive(self) -> None:
        self._client.get_item(TableName=self._table, Key=_key("health"))

    def _read(self, key: str) -> Item:
        found = self._client.get_item(TableName=self._table, Key=_key(key), ConsistentRead=True)
        item: Item = found.get("Item", {})
        return item

    def _item(self, key: str, edition: str, result: CacheResult) -> Item:
        item = _key(key) | {"job_id": {"S": result.job_id}, "edition": {"S": edition}}
        if isinstance(result, NegativeEntry):
            refusal = json.dumps({"message": result.message, "reason": result.reason})
            return item | {"refusal": {"S": refusal}} | _expiry(self._epoch() + _REFUSAL_SECONDS)
        return item | _entry_fields(result) | _expiry(self._epoch() + self._fresh_seconds)

    def _readable_result(self, item: Item) -> CacheResult | None:
        try:
            return self._result(item)
        except (ValueError, KeyError):
            log.exception("a cached preview is of another shape; it will be computed anew")
            return None

    def _result(self, item: Item) -> CacheResult | None:
        if "refusal" in item:
            return NegativeEntry(item["job_id"]["S"], **json.loads(item["refusal"]["S"]))
        summary = json.loads(item["summary"]["S"])
        if "rooms_s3_key" in item:
            page, version = summary["page"]["number"], summary["model_version"]
            preview = self._results.read_preview(summary["job_id"], page, version)
            return CacheEntry(preview) if preview else None
        summary["rooms"] = json.loads(item["rooms"]["S"])
        summary["withheld"] = json.loads(item["withheld"]["S"]) if "withheld" in item else []
        return CacheEntry(preview_from(summary))

    def _put_if(self, item: Item, condition: str, values: Item) -> bool:
        return self._wrote(
            lambda: self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
            )
        )

    def _update_if(self, key: str, update: str, condition: str, values: Item) -> bool:
        return self._wrote(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=_key(key),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
            )
        )

    @staticmethod
    def _wrote(write: Callable[[], Any]) -> bool:
        try:
            write()
        except ClientError as exc:
            if error_code(exc) == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def _epoch(self) -> float:
        return self._now().timestamp()


def _entry_fields(entry: CacheEntry) -> Item:
    preview = entry.preview
    summary = preview_fields(preview)
    rooms, withheld = (json.dumps(summary.pop(name), separators=(",", ":")) for name in ("rooms", "withheld"))
    fields: Item = {
        "summary": {"S": json.dumps(summary, separators=(",", ":"))},
        "timestamp": {"S": summary["timestamp"]},
        "model_version": {"S": preview.model_version},
    }
    if len(rooms) + len(withheld) <= _MOST_BYTES:
        return fields | {"rooms": {"S": rooms}, "withheld": {"S": withheld}}
    key = preview_key(preview.job_id, preview.model_version, preview.page.number)
    return fields | {"rooms_s3_key": {"S": key}}


def _key(key: str) -> Item:
    return {"blueprint_hash": {"S": key}}


def _expiry(epoch: float) -> Item:
    return {"expires_at": {"N": str(math.ceil(epoch))}}


def _number(item: Item, name: str) -> float:
    return float(item.get(name, {}).get("N", 0))


def _edition(item: Item) -> str | None:
    return item["edition"]["S"] if "edition" in item else None


def _same_edition(snapshot: CacheSnapshot) -> str:
    return "attribute_not_exists(edition)" if snapshot.version is None else "edition = :edition"


def _edition_value(snapshot: CacheSnapshot) -> Item:
    return {} if snapshot.version is None else {":edition": {"S": snapshot.version}}
