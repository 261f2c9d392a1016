"""Idempotency records in DynamoDB."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from cattrs.gen import override

from jobs.adapters import job_items  # noqa: F401 - registers how the job in a record is stored
from jobs.domain.errors import RequestInProgress
from jobs.domain.idempotency import IdempotencyRecord, IdempotencyTombstone
from shared.aws import ConditionFailed, conditional, dependency
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


class DynamoIdempotencyTable:
    """One item a key; every write is conditional on its ``holder``, so that a late one changes nothing.

    A write that meets a transaction on the same item has lost, too: somebody else's claim stands.
    """

    def __init__(self, client: Any, table: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._table = table
        self._now = now

    @dependency("DynamoDB")
    def get(self, key_hash: str) -> IdempotencyRecord | IdempotencyTombstone | None:
        item = self._client.get_item(TableName=self._table, Key=_key(key_hash), ConsistentRead=True).get(
            "Item"
        )
        if item is None or expired(item, self._now()):
            return None
        if _is_tombstone(item):
            return from_item(item, IdempotencyTombstone)
        return from_item(item, IdempotencyRecord)

    @dependency("DynamoDB")
    def claim(self, record: IdempotencyRecord, replacing: IdempotencyRecord | None) -> None:
        free = "attribute_not_exists(idempotency_key) OR expires_at <= :now"
        values: dict[str, Any] = {":now": epoch(self._now())}
        names = {}
        if replacing is not None:
            free += " OR (holder = :holder AND #stage = :stage)"
            names = {"ExpressionAttributeNames": {"#stage": "stage"}}
            values |= {":holder": replacing.lease_owner, ":stage": replacing.stage}
        try:
            with conditional(or_in_transaction=True):
                self._client.put_item(
                    TableName=self._table,
                    Item=to_item(record),
                    ConditionExpression=free,
                    ExpressionAttributeValues=attributes(values),
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **names,
                )
        except ConditionFailed as exc:
            # It is ours when only the answer to the first attempt was lost
            if exc.item.get("holder") != {"S": record.lease_owner}:
                raise RequestInProgress from exc

    @dependency("DynamoDB")
    def save(self, record: IdempotencyRecord) -> None:
        try:
            with conditional(or_in_transaction=True):
                self._client.put_item(**replace_record(self._table, record))
        except ConditionFailed as exc:
            raise RequestInProgress from exc

    @dependency("DynamoDB")
    def release(self, record: IdempotencyRecord) -> None:
        try:
            with conditional(or_in_transaction=True):
                self._client.delete_item(
                    TableName=self._table,
                    Key=_key(record.key_hash),
                    ConditionExpression="attribute_not_exists(idempotency_key) OR holder = :holder",
                    ExpressionAttributeValues=attributes({":holder": record.lease_owner}),
                )
        except ConditionFailed as exc:
            raise RequestInProgress from exc

    @dependency("DynamoDB")
    def put_tombstone(self, tombstone: IdempotencyTombstone) -> None:
        with suppress(ConditionFailed), conditional():
            self._client.put_item(
                TableName=self._table,
                Item=to_item(tombstone),
                ConditionExpression="#job.job_id = :job_id",
                ExpressionAttributeNames={"#job": "job"},
                ExpressionAttributeValues=attributes({":job_id": tombstone.job_id}),
            )


def replace_record(table: str, record: IdempotencyRecord) -> dict[str, Any]:
    """The put, alone or for a transaction, that replaces a record its lease owner still holds."""
    return {
        "TableName": table,
        "Item": to_item(record),
        "ConditionExpression": "holder = :holder",
        "ExpressionAttributeValues": attributes({":holder": record.lease_owner}),
    }


def _key(key_hash: str) -> Item:
    return attributes({"idempotency_key": key_hash})


def _is_tombstone(item: Item) -> bool:
    return "stage" not in item


map_fields(IdempotencyTombstone, key_hash=override(rename="idempotency_key"), expires_at=EPOCH)
_unstructure, _structure = map_fields(
    IdempotencyRecord,
    key_hash=override(rename="idempotency_key"),
    lease_owner=override(rename="holder"),
    leased_until=override(rename="claimed_until"),
    expires_at=EPOCH,
)


def _unstructure_record(record: IdempotencyRecord) -> dict[str, Any]:
    """The fingerprint's values are stored beside the others."""
    values = _unstructure(record)
    fingerprint: dict[str, Any] = values.pop("fingerprint")
    return values | fingerprint


def _structure_record(values: Mapping[str, Any], _: type[IdempotencyRecord]) -> IdempotencyRecord:
    return _structure({**values, "fingerprint": values})


converter.register_unstructure_hook(IdempotencyRecord, _unstructure_record)
converter.register_structure_hook(IdempotencyRecord, _structure_record)
