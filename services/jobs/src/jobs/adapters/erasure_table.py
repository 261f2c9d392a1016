"""Erasures and tombstones in the table of jobs, each in the place of its job."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from jobs.adapters.job_items import IS_A_JOB, OWNER_INDEX, ItemKind, job_key, kind_of
from jobs.domain.erasure import ERASURE_TTL, Erasure, Tombstone
from jobs.domain.idempotency import IdempotencyTombstone
from shared.aws import ConditionFailed, conditional, dependency
from shared.dynamodb_items import Item, attributes, epoch, from_epoch, plain_values
from shared.timestamps import parse_iso

_NO_OWNER = "\nerased"  # no key can be issued to an owner of this name


class DynamoErasureTable:
    """An erasure has no ``version``, which every write to a job is conditional on.

    The index by owner lists it under a name that no owner has, and by the time at which it is due in place of
    a job's creation: ``after`` it was begun, and ``after`` it was completed.
    """

    def __init__(self, client: Any, table: str, after: timedelta, now: Callable[[], datetime]) -> None:
        self._client = client
        self._table = table
        self._after = after
        self._now = now

    @dependency("DynamoDB")
    def get(self, job_id: str) -> Erasure | None:
        item = self._client.get_item(TableName=self._table, Key=job_key(job_id), ConsistentRead=True).get(
            "Item"
        )
        return _erasure_in(item)

    @dependency("DynamoDB")
    def begin(self, erasure: Erasure) -> Erasure | None:
        try:
            with conditional():
                self._client.put_item(
                    TableName=self._table,
                    Item=self._erasure_item(erasure),
                    ConditionExpression=IS_A_JOB,
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ConditionFailed as exc:
            return _erasure_in(exc.item)
        return erasure

    @dependency("DynamoDB")
    def complete(self, tombstone: Tombstone) -> None:
        self._client.put_item(TableName=self._table, Item=self._tombstone_item(tombstone))

    @dependency("DynamoDB")
    def put_tombstone(self, tombstone: Tombstone) -> None:
        with suppress(ConditionFailed), conditional():
            self._client.put_item(
                TableName=self._table,
                Item=self._tombstone_item(tombstone),
                ConditionExpression="attribute_not_exists(job_id) OR expires_at <= :now",
                ExpressionAttributeValues=attributes({":now": epoch(self._now())}),
            )

    @dependency("DynamoDB")
    def delete_tombstone(self, job_id: str) -> None:
        self._client.delete_item(TableName=self._table, Key=job_key(job_id))

    @dependency("DynamoDB")
    def find_due(self) -> Iterator[Erasure | Tombstone]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=OWNER_INDEX,
            KeyConditionExpression="#owner = :nobody AND created_at <= :now",
            ExpressionAttributeNames={"#owner": "owner"},
            ExpressionAttributeValues=attributes({":nobody": _NO_OWNER, ":now": self._now()}),
        )
        found = [item for page in pages for item in page["Items"]]
        return iter([_erasure_in(item) or _tombstone_of(item) for item in found])

    def _erasure_item(self, erasure: Erasure) -> Item:
        idempotency = erasure.idempotency
        return attributes(
            {
                "kind": ItemKind.ERASURE,
                "job_id": erasure.job_id,
                "erased_for": erasure.owner,
                "begun_at": erasure.begun_at,
                "blueprint_s3_key": erasure.blueprint_s3_key,
                "upload_id": erasure.upload_id,
                "key_hash": idempotency.key_hash if idempotency else None,
                "key_expires_at": epoch(idempotency.expires_at) if idempotency else None,
                **self._times(erasure.begun_at),
            }
        )

    def _tombstone_item(self, tombstone: Tombstone) -> Item:
        return attributes(
            {
                "kind": ItemKind.TOMBSTONE,
                "job_id": tombstone.job_id,
                "erased_at": tombstone.erased_at,
                **self._times(tombstone.erased_at),
            }
        )

    def _times(self, since: datetime) -> dict[str, Any]:
        return {
            "owner": _NO_OWNER,
            "created_at": since + self._after,
            "expires_at": epoch(since + ERASURE_TTL),
        }


def _erasure_in(item: Item | None) -> Erasure | None:
    if not item or kind_of(item) is not ItemKind.ERASURE:
        return None
    values = plain_values(item)
    idempotency = None
    if "key_hash" in values:
        expires_at = from_epoch(values["key_expires_at"])
        idempotency = IdempotencyTombstone(values["key_hash"], values["job_id"], expires_at)
    return Erasure(
        job_id=values["job_id"],
        owner=values["erased_for"],
        begun_at=parse_iso(values["begun_at"]),
        blueprint_s3_key=values["blueprint_s3_key"],
        upload_id=values.get("upload_id"),
        idempotency=idempotency,
    )


def _tombstone_of(item: Item) -> Tombstone:
    values = plain_values(item)
    return Tombstone(values["job_id"], parse_iso(values["erased_at"]))
