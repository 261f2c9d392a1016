"""What lies in the embedded AWS, seen past the services."""

from typing import Any

from local_aws.aws import resources
from local_aws.aws.provision import client

_TABLES = ("jobs", "uploads", "idempotency", "feedback", "preview-cache")


class Storage:
    """``aws_url`` is the emulator's own, whatever stands between it and the services."""

    def __init__(self, aws_url: str) -> None:
        self._dynamodb = client("dynamodb", aws_url)
        self._s3 = client("s3", aws_url)

    def items(self, table: str) -> list[dict[str, Any]]:
        """Everything in a table named as in ``resources``, as DynamoDB writes it."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=resources.table_name(table), ConsistentRead=True
        )
        return [item for page in pages for item in page["Items"]]

    def jobs_with(self, blueprint_hash: str) -> list[dict[str, Any]]:
        return [job for job in self._jobs() if job["blueprint_hash"]["S"] == blueprint_hash]

    def _jobs(self) -> list[dict[str, Any]]:
        """Without those that are erased, of which no more than the id is left."""
        return [job for job in self.items("jobs") if "blueprint_hash" in job]

    def naming(self, job_id: str) -> set[str]:
        """Tables and buckets in which something names this job or lies under its name."""
        named = {table for table in _TABLES if any(job_id in str(item) for item in self.items(table))}
        buckets = (resources.BLUEPRINTS_BUCKET, resources.CACHE_BUCKET)
        return named | {bucket for bucket in buckets if any(job_id in key for key in self.keys(bucket))}

    def has_results(self, job_id: str) -> None:
        """Put there what a preview leaves, without the time it takes."""
        for key in (f"cache/preview/{job_id}/1.0.0.p1.json", f"cache/textract/{job_id}/analysis.json"):
            self._s3.put_object(Bucket=resources.CACHE_BUCKET, Key=key, Body=b"{}")
        item = {"blueprint_hash": f"preview:{job_id}", "job_id": job_id}
        self._dynamodb.put_item(
            TableName=resources.table_name("preview-cache"),
            Item={name: {"S": value} for name, value in item.items()} | {"expires_at": {"N": "1"}},
        )

    def keys(self, bucket: str = resources.BLUEPRINTS_BUCKET) -> set[str]:
        """The keys of all objects in a bucket."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return {each["Key"] for page in pages for each in page.get("Contents", ())}

    def contradictions(self) -> list[str]:
        """What no crash may leave behind once the reconciler has run; each in a few words."""
        jobs = {job["job_id"]["S"]: job for job in self._jobs()}
        keys = self.keys()
        used = {each["upload_id"]["S"] for each in self.items("uploads") if each["used"]["BOOL"]}
        orphans = [key for key in keys if key.startswith("blueprints/") and key.split("/")[1] not in jobs]
        left = [key for key in keys if key.removeprefix("uploads/") in used]
        results = [key for key in self.keys(resources.CACHE_BUCKET) if key.split("/")[2] not in jobs]
        return (
            [f"{key} has no job" for key in orphans + results]
            + [f"{key} is used up" for key in left]
            + [f"{job_id} lacks its file" for job_id, job in jobs.items() if _lacks_its_file(job, keys)]
        )


def _lacks_its_file(job: dict[str, Any], keys: set[str]) -> bool:
    return job["status"]["S"] != "failed" and job["blueprint_s3_key"]["S"] not in keys
