"""Erasures in the table of jobs, each in the place of its job."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from jobs.adapters.items import Item, epoch, item_of, text
from jobs.domain.erasure import ERASURE_TTL, Erasure, Tombstone
from jobs.domain.idempotency import IdempotencyTombstone
from shared.aws import dependency, error_code
from shared.timestamps import iso_millis, parse_iso

_OWNER_INDEX = "owner-created_at"
_NO_OWNER = "\nerased"  # no key can be issued to an owner of this name


class DynamoErasureTable:
    """An erasure is an item without a ``version``, which every write to a job is conditional on.

    The index by owner lists it under a name that no owner has, and by the time of its next look in place of
    a job's creation: ``after`` it was begun, and ``after`` it was ended.
    """

    def __init__(self, client: Any, table: str, after: timedelta, now: Callable[[], datetime]) -> None:
        self._client = client
        self._table = table
        self._after = after
        self._now = now

    @dependency("DynamoDB")
    def get(self, job_id: str) -> Erasure | None:
        item = self._client.get_item(
            TableName=self._table, Key={"job_id": {"S": job_id}}, ConsistentRead=True
        ).get("Item", {})
        return _erasure_of(item) if "begun_at" in item else None

    @dependency("DynamoDB")
    def begin(self, erasure: Erasure) -> Erasure | None:
        try:
            self._client.put_item(
                TableName=self._table,
                Item=self._erasure_item(erasure),
                ConditionExpression="attribute_exists(version)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as exc:
            if error_code(exc) != "ConditionalCheckFailedException":
                raise
            stored: Item = exc.response.get("Item", {})
            return _erasure_of(stored) if "begun_at" in stored else None
        return erasure

    @dependency("DynamoDB")
    def complete(self, tombstone: Tombstone) -> None:
        self._client.put_item(TableName=self._table, Item=self._tombstone_item(tombstone))

    @dependency("DynamoDB")
    def put_tombstone(self, tombstone: Tombstone) -> None:
        try:
            self._client.put_item(
                TableName=self._table,
                Item=self._tombstone_item(tombstone),
                ConditionExpression="attribute_not_exists(job_id) OR expires_at <= :now",
                ExpressionAttributeValues={":now": {"N": str(epoch(self._now()))}},
            )
        except ClientError as exc:
            if error_code(exc) != "ConditionalCheckFailedException":
                raise

    @dependency("DynamoDB")
    def delete_tombstone(self, job_id: str) -> None:
        self._client.delete_item(TableName=self._table, Key={"job_id": {"S": job_id}})

    @dependency("DynamoDB")
    def find_due(self) -> Iterator[Erasure | Tombstone]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=_OWNER_INDEX,
            KeyConditionExpression="#owner = :nobody AND created_at <= :now",
            ExpressionAttributeNames={"#owner": "owner"},
            ExpressionAttributeValues={":nobody": {"S": _NO_OWNER}, ":now": {"S": iso_millis(self._now())}},
        )
        found = [item for page in pages for item in page["Items"]]
        return iter([_erasure_of(item) if "begun_at" in item else _tombstone_of(item) for item in found])

    def _tombstone_item(self, tombstone: Tombstone) -> Item:
        item = item_of({"job_id": tombstone.job_id, "erased_at": tombstone.erased_at})
        return item | self._times(tombstone.erased_at)

    def _erasure_item(self, erasure: Erasure) -> Item:
        idempotency = erasure.idempotency
        return item_of(
            {
                "job_id": erasure.job_id,
                "erased_for": erasure.owner,
                "begun_at": erasure.begun_at,
                "blueprint_s3_key": erasure.blueprint_s3_key,
                "upload_id": erasure.upload_id,
                "key_hash": idempotency.key_hash if idempotency else None,
                "key_expires_at": epoch(idempotency.expires_at) if idempotency else None,
            }
        ) | self._times(erasure.begun_at)

    def _times(self, since: datetime) -> Item:
        expires_at = epoch(since + ERASURE_TTL)
        return item_of({"owner": _NO_OWNER, "created_at": since + self._after, "expires_at": expires_at})


def _erasure_of(item: Any) -> Erasure:
    job_id, key_hash = item["job_id"]["S"], text(item, "key_hash")
    idempotency = None
    if key_hash is not None:
        expires_at = datetime.fromtimestamp(int(item["key_expires_at"]["N"]), UTC)
        idempotency = IdempotencyTombstone(key_hash, job_id, expires_at)
    return Erasure(
        job_id=job_id,
        owner=item["erased_for"]["S"],
        begun_at=parse_iso(item["begun_at"]["S"]),
        blueprint_s3_key=item["blueprint_s3_key"]["S"],
        upload_id=text(item, "upload_id"),
        idempotency=idempotency,
    )


def _tombstone_of(item: Any) -> Tombstone:
    return Tombstone(item["job_id"]["S"], parse_iso(item["erased_at"]["S"]))
