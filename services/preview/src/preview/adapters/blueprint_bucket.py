"""The uploaded files, which the jobs service writes and this one reads."""

from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from preview.domain.errors import BlueprintMissing
from preview.domain.job import Job
from shared.aws import dependency, error_code, read_chunks

_CHUNK_BYTES = 1024 * 1024  # of a file of up to 50 MB, so that it is never in memory as a whole


class S3BlueprintSource:
    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    @dependency("S3")
    def download(self, job: Job, path: Path) -> None:
        try:
            stored = self._client.get_object(Bucket=self._bucket, Key=job.blueprint_s3_key)
        except ClientError as exc:
            if error_code(exc) == "NoSuchKey":
                raise BlueprintMissing(job.job_id) from exc
            raise
        with path.open("wb") as file:
            for chunk in read_chunks(stored["Body"], _CHUNK_BYTES):
                file.write(chunk)
