"""Blueprints and uploads in S3."""

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from jobs.domain.blueprint_file import StagedBlueprint
from jobs.domain.errors import UploadChanged, UploadNotFound
from jobs.domain.ports import ByteSink, StoredBlueprint
from jobs.domain.upload import PresignedPost
from shared.aws import dependency, error_code, read_chunks

_CHUNK_BYTES = 256 * 1024
_BULK_BYTES = 5 * 1024 * 1024
_MISSING = frozenset({"NoSuchKey", "NotFound", "404"})


class S3BlueprintBucket:
    """``bulk_client`` waits longer: S3 answers for a large object only once it has all of it."""

    def __init__(self, client: Any, bulk_client: Any, bucket: str) -> None:
        self._client = client
        self._bulk_client = bulk_client
        self._bucket = bucket

    @property
    def upload_origin(self) -> str:
        endpoint = urlsplit(self._client.meta.endpoint_url)
        return f"{endpoint.scheme}://{endpoint.netloc}"

    @dependency("S3")
    def put(self, key: str, blueprint: StagedBlueprint, media_type: str) -> None:
        checksum = base64.b64encode(bytes.fromhex(blueprint.sha256)).decode()
        client = self._bulk_client if blueprint.size_bytes > _BULK_BYTES else self._client
        try:
            with blueprint.path.open("rb") as body:
                client.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=body,
                    ContentType=media_type,
                    ChecksumAlgorithm="SHA256",
                    ChecksumSHA256=checksum,
                    IfNoneMatch="*",
                )
        except ClientError as exc:
            # A retry after a lost answer finds the object that the first attempt stored
            if error_code(exc) != "PreconditionFailed" or self._stored_checksum(key) != checksum:
                raise

    @dependency("S3")
    def open(self, key: str) -> StoredBlueprint | None:
        found = self._get(key)
        return StoredBlueprint(found["ContentLength"], _chunks(found["Body"])) if found else None

    @dependency("S3")
    def fetch(self, key: str, into: ByteSink) -> str | None:
        found = self._get(key)
        if found is None:
            return None
        for chunk in read_chunks(found["Body"], _CHUNK_BYTES):
            into.write(chunk)
        etag: str = found["ETag"]
        return etag

    @dependency("S3")
    def copy(self, source_key: str, etag: str, key: str, media_type: str) -> None:
        try:
            self._bulk_client.copy_object(
                Bucket=self._bucket,
                Key=key,
                CopySource={"Bucket": self._bucket, "Key": source_key},
                CopySourceIfMatch=etag,
                ContentType=media_type,
                MetadataDirective="REPLACE",
                ChecksumAlgorithm="SHA256",
                IfNoneMatch="*",
            )
        except ClientError as exc:
            if error_code(exc) in _MISSING:
                raise UploadNotFound from exc
            if error_code(exc) != "PreconditionFailed":
                raise
            # Either the upload is another by now, or a retry finds what the first attempt stored: which was
            # that very version, and the key is of a job that nobody else can be making
            if self._stored_checksum(key) is None:
                raise UploadChanged from exc

    @dependency("S3")
    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=key)

    @dependency("S3")
    def presign(self, key: str, max_bytes: int, valid_seconds: int) -> PresignedPost:
        post = self._client.generate_presigned_post(
            self._bucket,
            key,
            Conditions=[["content-length-range", 1, max_bytes]],
            ExpiresIn=valid_seconds,
        )
        return PresignedPost(post["url"], post["fields"])

    @dependency("S3")
    def is_alive(self) -> None:
        self._client.head_bucket(Bucket=self._bucket)

    def _get(self, key: str) -> Any:
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as exc:
            if error_code(exc) in _MISSING:
                return None
            raise

    def _stored_checksum(self, key: str) -> str | None:
        """Of what lies under ``key``, in base64; None when there is nothing."""
        try:
            head = self._client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
        except ClientError as exc:
            if error_code(exc) in _MISSING:
                return None
            raise
        checksum: str = head.get("ChecksumSHA256", "")
        return checksum


def _chunks(body: Any) -> Iterator[bytes]:
    """The last one only once the whole was found to be what was stored: before that comes an empty one.

    The SDK compares checksums after the last byte. Whoever is sent the file would have all of it by then, and
    now sees that it breaks off.
    """
    held = b""
    try:
        for chunk in body.iter_chunks(_CHUNK_BYTES):
            yield held
            held = chunk
        yield held
    finally:
        body.close()
