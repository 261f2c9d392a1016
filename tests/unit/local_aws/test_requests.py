import base64
from typing import Any

import pytest

from local_aws.textract.errors import InvalidParameter, InvalidS3Object, Serialization, TextractError
from local_aws.textract.requests import parse_analyze_document


class OneObject:
    def fetch(self, bucket: str, key: str, version: str | None) -> bytes:
        if (bucket, key, version) != ("plans", "a.png", None):
            raise InvalidS3Object("no such object")
        return b"stored"


def parse(body: Any) -> bytes:
    return parse_analyze_document(body, OneObject()).document


BYTES = {"Bytes": base64.b64encode(b"sent").decode()}
STORED = {"S3Object": {"Bucket": "plans", "Name": "a.png"}}


def test_a_document_is_sent_or_named() -> None:
    assert parse({"Document": BYTES, "FeatureTypes": ["LAYOUT"]}) == b"sent"
    assert parse({"Document": STORED, "FeatureTypes": ["LAYOUT", "TABLES"]}) == b"stored"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ([], Serialization),
        ({}, InvalidParameter),
        ({"Document": BYTES}, InvalidParameter),
        ({"Document": BYTES, "FeatureTypes": []}, InvalidParameter),
        ({"Document": BYTES, "FeatureTypes": "LAYOUT"}, InvalidParameter),
        ({"Document": BYTES, "FeatureTypes": ["ROOMS"]}, InvalidParameter),
        ({"Document": BYTES, "FeatureTypes": [["LAYOUT"]]}, InvalidParameter),
        ({"Document": BYTES, "FeatureTypes": ["QUERIES"]}, InvalidParameter),
        (
            {"Document": BYTES, "FeatureTypes": ["LAYOUT"], "QueriesConfig": {"Queries": [{"Text": "?"}]}},
            InvalidParameter,
        ),
        ({"FeatureTypes": ["LAYOUT"]}, InvalidParameter),
        ({"Document": {}, "FeatureTypes": ["LAYOUT"]}, InvalidParameter),
        ({"Document": {**BYTES, **STORED}, "FeatureTypes": ["LAYOUT"]}, InvalidParameter),
        ({"Document": {"Bytes": ""}, "FeatureTypes": ["LAYOUT"]}, InvalidParameter),
        ({"Document": {"Bytes": "%%%"}, "FeatureTypes": ["LAYOUT"]}, Serialization),
        ({"Document": {"Bytes": 7}, "FeatureTypes": ["LAYOUT"]}, Serialization),
        ({"Document": {"S3Object": "a"}, "FeatureTypes": ["LAYOUT"]}, Serialization),
        ({"Document": {"S3Object": {"Bucket": "plans"}}, "FeatureTypes": ["LAYOUT"]}, InvalidParameter),
        (
            {"Document": {"S3Object": {"Bucket": "plans", "Name": "b"}}, "FeatureTypes": ["LAYOUT"]},
            InvalidS3Object,
        ),
    ],
)
def test_malformed_requests(body: Any, error: type[TextractError]) -> None:
    with pytest.raises(error):
        parse(body)
