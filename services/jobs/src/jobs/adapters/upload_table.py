"""Uploads in DynamoDB."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from jobs.adapters.items import epoch, expired, item_of, text
from jobs.domain.upload import Upload
from shared.aws import dependency, error_code
from shared.timestamps import iso_millis, parse_iso


class DynamoUploadTable:
    def __init__(self, client: Any, table: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._table = table
        self._now = now

    @dependency("DynamoDB")
    def insert(self, upload: Upload) -> None:
        item = item_of(
            {
                "upload_id": upload.upload_id,
                "owner": upload.owner,
                "created_at": upload.created_at,
                "usable_until": upload.usable_until,
                "expires_at": epoch(upload.expires_at),
                "filename": upload.filename,
                "format": upload.format,
                "used": upload.used,
            }
        )
        self._client.put_item(TableName=self._table, Item=item)

    @dependency("DynamoDB")
    def get(self, upload_id: str) -> Upload | None:
        item: Any = self._client.get_item(
            TableName=self._table, Key={"upload_id": {"S": upload_id}}, ConsistentRead=True
        ).get("Item")
        if item is None or expired(item, self._now()):
            return None
        return Upload(
            upload_id=item["upload_id"]["S"],
            owner=item["owner"]["S"],
            created_at=parse_iso(item["created_at"]["S"]),
            usable_until=parse_iso(item["usable_until"]["S"]),
            expires_at=datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC),
            filename=text(item, "filename"),
            format=text(item, "format"),
            used=item["used"]["BOOL"],
        )

    @dependency("DynamoDB")
    def redact(self, upload_id: str) -> None:
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"upload_id": {"S": upload_id}},
                UpdateExpression="REMOVE filename, #format",
                ConditionExpression="attribute_exists(upload_id)",
                ExpressionAttributeNames={"#format": "format"},
            )
        except ClientError as exc:
            if error_code(exc) != "ConditionalCheckFailedException":
                raise


def use_upload(table: str, upload: Upload, now: datetime) -> Any:
    """The update, for a transaction, that marks an upload as used if it still is usable."""
    return {
        "TableName": table,
        "Key": {"upload_id": {"S": upload.upload_id}},
        "UpdateExpression": "SET used = :yes",
        "ConditionExpression": "#owner = :owner AND used = :no AND usable_until > :now",
        "ExpressionAttributeNames": {"#owner": "owner"},
        "ExpressionAttributeValues": {
            ":yes": {"BOOL": True},
            ":no": {"BOOL": False},
            ":owner": {"S": upload.owner},
            ":now": {"S": iso_millis(now)},
        },
    }
