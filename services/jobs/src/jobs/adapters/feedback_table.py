"""Feedback in DynamoDB."""

from typing import Any

from jobs.adapters.items import attributes
from shared.aws import dependency


class DynamoFeedbackTable:
    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    @dependency("DynamoDB")
    def delete_all(self, job_id: str) -> int:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="job_id = :job",
            ExpressionAttributeValues=attributes({":job": job_id}),
            ProjectionExpression="job_id, feedback_id",
            ConsistentRead=True,
        )
        keys = [key for page in pages for key in page["Items"]]
        for key in keys:
            self._client.delete_item(TableName=self._table, Key=key)
        return len(keys)
