"""Checks an ``AnalyzeDocument`` request as Textract does, and finds the document it speaks of."""

import base64
import binascii
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from local_aws.textract.errors import InvalidParameter, Serialization

FEATURE_TYPES = frozenset({"TABLES", "FORMS", "QUERIES", "SIGNATURES", "LAYOUT"})


class ObjectStore(Protocol):
    def fetch(self, bucket: str, key: str, version: str | None) -> bytes:
        """The object's bytes; raises InvalidS3Object."""
        ...


@dataclass(frozen=True, slots=True)
class AnalyzeDocumentRequest:
    document: bytes
    features: Collection[str]


def parse_analyze_document(body: Any, store: ObjectStore) -> AnalyzeDocumentRequest:
    """The request's document and features.

    Raises
    ------
    Serialization, InvalidParameter, InvalidS3Object
        As Textract answers a malformed request.
    """
    if not isinstance(body, Mapping):
        raise Serialization("Start of structure or map found where not expected")
    features = _features(body)
    return AnalyzeDocumentRequest(_document(body.get("Document"), store), features)


def _features(body: Mapping[str, Any]) -> Collection[str]:
    features = body.get("FeatureTypes")
    if not isinstance(features, list) or not features:
        raise InvalidParameter("FeatureTypes must name at least one feature")
    unknown = [feature for feature in features if str(feature) not in FEATURE_TYPES]
    if unknown:
        raise InvalidParameter(f"FeatureTypes must be among {sorted(FEATURE_TYPES)}")
    queries = body.get("QueriesConfig")
    if ("QUERIES" in features) != bool(queries):
        raise InvalidParameter("The feature QUERIES and QueriesConfig go together")
    return frozenset(features)


def _document(document: Any, store: ObjectStore) -> bytes:
    if not isinstance(document, Mapping):
        raise InvalidParameter("Document is required")
    content, s3_object = document.get("Bytes"), document.get("S3Object")
    if (content is None) == (s3_object is None):
        raise InvalidParameter("Document needs either Bytes or S3Object")
    if content is not None:
        return _bytes(content)
    return _stored(s3_object, store)


def _bytes(content: Any) -> bytes:
    if not isinstance(content, str):
        raise Serialization("Document.Bytes must be a base64 string")
    try:
        document = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Serialization("Document.Bytes is not base64") from error
    if not document:
        raise InvalidParameter("Document.Bytes must not be empty")
    return document


def _stored(s3_object: Any, store: ObjectStore) -> bytes:
    if not isinstance(s3_object, Mapping):
        raise Serialization("S3Object must be a structure")
    bucket, key, version = (s3_object.get(name) for name in ("Bucket", "Name", "Version"))
    if not isinstance(bucket, str) or not isinstance(key, str) or not bucket or not key:
        raise InvalidParameter("S3Object needs Bucket and Name")
    return store.fetch(bucket, key, version)
