"""Analyses and previews in the cache bucket."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from preview.adapters.serialization import dump_analysis, dump_preview, load_analysis, load_preview
from preview.domain.erased_results import ErasedResults
from preview.domain.preview import Preview
from preview.domain.result_keys import (
    analysis_key,
    analysis_prefix,
    page_of_preview_key,
    preview_key,
    preview_prefix,
)
from preview.domain.text_analysis import TextAnalysis
from shared.aws import dependency, error_code
from shared.errors import DependencyFailed, DependencyUnavailable

T = TypeVar("T")


class S3ResultStore:
    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    @dependency("S3")
    def write_analysis(self, analysis: TextAnalysis) -> None:
        self._put(analysis.s3_key, dump_analysis(analysis))

    @dependency("S3")
    def read_analysis(self, job_id: str, page: int) -> TextAnalysis | None:
        return self._load(load_analysis, analysis_key(job_id, page))

    @dependency("S3")
    def write_preview(self, preview: Preview) -> None:
        key = preview_key(preview.job_id, preview.model_version, preview.page.number)
        self._put(key, dump_preview(preview))

    @dependency("S3")
    def read_preview(self, job_id: str, page: int, model_version: str) -> Preview | None:
        return self._load(load_preview, preview_key(job_id, model_version, page))

    @dependency("S3")
    def read_latest_preview(self, job_id: str, page: int) -> Preview | None:
        key = self._newest(job_id).get(page)
        return self._load(load_preview, key) if key else None

    @dependency("S3")
    def list_previews(self, job_id: str) -> dict[int, str]:
        return self._newest(job_id)

    @dependency("S3")
    def read_listed(self, key: str) -> Preview | None:
        return self._load(load_preview, key)

    @dependency("S3")
    def erase(self, job_id: str) -> ErasedResults:
        return ErasedResults(
            results=self._delete(preview_prefix(job_id)), analysis=self._delete(analysis_prefix(job_id))
        )

    @dependency("S3")
    def is_alive(self) -> None:
        self._client.head_bucket(Bucket=self._bucket)

    def _newest(self, job_id: str) -> dict[int, str]:
        listed = [found for objects in self._listed(preview_prefix(job_id)) for found in objects]
        listed.sort(key=lambda found: found["LastModified"])
        return {page_of_preview_key(found["Key"]): found["Key"] for found in listed}

    def _listed(self, prefix: str) -> Iterator[list[Any]]:
        """All objects whose keys begin so, up to a thousand at a time."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return (page["Contents"] for page in pages if "Contents" in page)

    def _delete(self, prefix: str) -> int:
        count = 0
        for objects in self._listed(prefix):
            keys = [{"Key": found["Key"]} for found in objects]
            answer = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": keys, "Quiet": True})
            if answer.get("Errors"):
                raise DependencyUnavailable("S3")
            count += len(keys)
        return count

    def _load(self, load: Callable[[bytes], T], key: str) -> T | None:
        body = self._get(key)
        try:
            return load(body) if body is not None else None
        except ValueError as exc:
            raise DependencyFailed("S3") from exc

    def _put(self, key: str, document: str) -> None:
        self._client.put_object(
            Bucket=self._bucket, Key=key, Body=document.encode(), ContentType="application/json"
        )

    def _get(self, key: str) -> bytes | None:
        try:
            body: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as exc:
            if error_code(exc) == "NoSuchKey":
                return None
            raise
        return body
