"""Fetches documents that a request names by S3 object."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local_aws.textract.document import MAX_DOCUMENT_BYTES
from local_aws.textract.errors import InvalidS3Object


class S3ObjectStore:
    """Reads from the embedded AWS through a boto3 S3 client."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3

    def fetch(self, bucket: str, key: str, version: str | None) -> bytes:
        """The object, or one byte more than Textract's limit of a larger one.

        Raises
        ------
        InvalidS3Object
            If it is not there or cannot be read.
        """
        request: Any = {"Bucket": bucket, "Key": key}
        if version:
            request["VersionId"] = version
        try:
            document: bytes = self._s3.get_object(**request)["Body"].read(MAX_DOCUMENT_BYTES + 1)
        except (ClientError, BotoCoreError) as error:
            raise InvalidS3Object(
                "Unable to get object metadata from S3. Check object key, region and/or access permissions."
            ) from error
        return document
