"""Keys of requests in DynamoDB, and what was answered under them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from jobs.adapters.items import Item, epoch, expired, item_of, text
from jobs.adapters.job_items import job_item, job_of
from jobs.domain.errors import RequestInProgress
from jobs.domain.idempotency import IdempotencyRecord, IdempotencyTombstone, RequestFingerprint, Stage
from shared.aws import dependency, error_code
from shared.timestamps import parse_iso

# The second: a transaction is at work on the item, so somebody else's claim stands
_REFUSALS = frozenset({"ConditionalCheckFailedException", "TransactionConflictException"})


class DynamoIdempotencyTable:
    """One item a key; every write is conditional on its ``holder``, so that a late one changes nothing."""

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
        return _record_of(item) if "stage" in item else _tombstone_of(item)

    @dependency("DynamoDB")
    def claim(self, record: IdempotencyRecord, replacing: IdempotencyRecord | None) -> None:
        free = "attribute_not_exists(idempotency_key) OR expires_at <= :now"
        values: Item = {":now": {"N": str(epoch(self._now()))}}
        names: dict[str, str] = {}
        if replacing is not None:
            free += " OR (holder = :holder AND #stage = :stage)"
            names = {"#stage": "stage"}
            values |= {":holder": {"S": replacing.lease_owner}, ":stage": {"S": replacing.stage}}
        try:
            self._client.put_item(
                TableName=self._table,
                Item=_item(record),
                ConditionExpression=free,
                ExpressionAttributeValues=values,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **({"ExpressionAttributeNames": names} if names else {}),
            )
        except ClientError as exc:
            if error_code(exc) not in _REFUSALS:
                raise
            stored: Item = exc.response.get("Item", {})
            if text(stored, "holder") != record.lease_owner:  # it is ours when only the first answer was lost
                raise RequestInProgress from exc

    @dependency("DynamoDB")
    def save(self, record: IdempotencyRecord) -> None:
        try:
            self._client.put_item(**replace_record(self._table, record))
        except ClientError as exc:
            if error_code(exc) in _REFUSALS:
                raise RequestInProgress from exc
            raise

    @dependency("DynamoDB")
    def release(self, record: IdempotencyRecord) -> None:
        try:
            self._client.delete_item(
                TableName=self._table,
                Key=_key(record.key_hash),
                ConditionExpression="attribute_not_exists(idempotency_key) OR holder = :holder",
                ExpressionAttributeValues={":holder": {"S": record.lease_owner}},
            )
        except ClientError as exc:
            if error_code(exc) in _REFUSALS:
                raise RequestInProgress from exc
            raise

    @dependency("DynamoDB")
    def put_tombstone(self, tombstone: IdempotencyTombstone) -> None:
        item = item_of(
            {
                "idempotency_key": tombstone.key_hash,
                "job_id": tombstone.job_id,
                "expires_at": epoch(tombstone.expires_at),
            }
        )
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="#job.job_id = :job_id",
                ExpressionAttributeNames={"#job": "job"},
                ExpressionAttributeValues={":job_id": {"S": tombstone.job_id}},
            )
        except ClientError as exc:
            if error_code(exc) != "ConditionalCheckFailedException":
                raise


def replace_record(table: str, record: IdempotencyRecord) -> dict[str, Any]:
    """The put, alone or for a transaction, that replaces a record its lease owner still holds."""
    return {
        "TableName": table,
        "Item": _item(record),
        "ConditionExpression": "holder = :holder",
        "ExpressionAttributeValues": {":holder": {"S": record.lease_owner}},
    }


def _key(key_hash: str) -> Item:
    return {"idempotency_key": {"S": key_hash}}


def _item(record: IdempotencyRecord) -> Item:
    item = item_of(
        {
            "idempotency_key": record.key_hash,
            "stage": record.stage,
            "holder": record.lease_owner,
            "claimed_until": record.leased_until,
            "expires_at": epoch(record.expires_at),
            "upload_id": record.upload_id,
            "blueprint_hash": record.fingerprint.blueprint_hash,
            "blueprint_format": record.fingerprint.blueprint_format,
            "start_preview": record.fingerprint.start_preview,
        }
    )
    return item | ({"job": {"M": job_item(record.job)}} if record.job else {})


def _tombstone_of(item: Any) -> IdempotencyTombstone:
    return IdempotencyTombstone(item["idempotency_key"]["S"], item["job_id"]["S"], _expiry(item))


def _expiry(item: Any) -> datetime:
    return datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC)


def _record_of(item: Any) -> IdempotencyRecord:
    return IdempotencyRecord(
        key_hash=item["idempotency_key"]["S"],
        fingerprint=RequestFingerprint(
            blueprint_hash=item["blueprint_hash"]["S"],
            blueprint_format=item["blueprint_format"]["S"],
            start_preview=item["start_preview"]["BOOL"],
        ),
        lease_owner=item["holder"]["S"],
        leased_until=parse_iso(item["claimed_until"]["S"]),
        expires_at=_expiry(item),
        upload_id=text(item, "upload_id"),
        stage=Stage(item["stage"]["S"]),
        job=job_of(item["job"]["M"]) if "job" in item else None,
    )
