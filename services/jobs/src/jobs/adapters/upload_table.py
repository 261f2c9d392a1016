"""Uploads in DynamoDB."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from jobs.domain.upload import Upload
from shared.aws import ConditionFailed, conditional, dependency
from shared.dynamodb_items import EPOCH, attributes, expired, from_item, map_fields, to_item

map_fields(Upload, expires_at=EPOCH)


class DynamoUploadTable:
    def __init__(self, client: Any, table: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._table = table
        self._now = now

    @dependency("DynamoDB")
    def insert(self, upload: Upload) -> None:
        self._client.put_item(TableName=self._table, Item=to_item(upload))

    @dependency("DynamoDB")
    def get(self, upload_id: str) -> Upload | None:
        item = self._client.get_item(
            TableName=self._table, Key=attributes({"upload_id": upload_id}), ConsistentRead=True
        ).get("Item")
        if item is None or expired(item, self._now()):
            return None
        return from_item(item, Upload)

    @dependency("DynamoDB")
    def redact(self, upload_id: str) -> None:
        with suppress(ConditionFailed), conditional():
            self._client.update_item(
                TableName=self._table,
                Key=attributes({"upload_id": upload_id}),
                UpdateExpression="REMOVE filename, #format",
                ConditionExpression="attribute_exists(upload_id)",
                ExpressionAttributeNames={"#format": "format"},
            )


def use_upload(table: str, upload: Upload, now: datetime) -> dict[str, Any]:
    """The update, for a transaction, that marks an upload as used if it still is usable."""
    values = {":yes": True, ":no": False, ":owner": upload.owner, ":now": now}
    return {
        "TableName": table,
        "Key": attributes({"upload_id": upload.upload_id}),
        "UpdateExpression": "SET used = :yes",
        "ConditionExpression": "#owner = :owner AND used = :no AND usable_until > :now",
        "ExpressionAttributeNames": {"#owner": "owner"},
        "ExpressionAttributeValues": attributes(values),
    }
