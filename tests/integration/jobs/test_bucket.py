"""What the service relies on from storage: the same for S3 (moto) and for the fake."""

import base64
import hashlib
import io
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import FlexibleChecksumError
from botocore.stub import Stubber

from builders_jobs import settings, staged
from fakes_jobs import FakeBucket
from jobs.adapters.blueprint_bucket import S3BlueprintBucket
from jobs.domain.blueprint_file import StagedBlueprint
from jobs.domain.errors import UploadChanged, UploadNotFound
from jobs.domain.ports import BlueprintBucket
from shared import context
from shared.deadline import Deadline
from shared.errors import DependencyFailed, DependencyUnavailable

numbers = itertools.count()
CONTENT = bytes(range(256)) * 4096


@pytest.fixture(params=["fake", "s3"])
def bucket(request: pytest.FixtureRequest) -> BlueprintBucket:
    if request.param == "fake":
        return FakeBucket()
    s3 = request.getfixturevalue("s3")
    return S3BlueprintBucket(s3, s3, settings().blueprints_bucket)


@pytest.fixture
def key() -> str:
    return f"blueprints/job_{next(numbers)}/plan.png"


@pytest.fixture
def file(tmp_path: Path) -> StagedBlueprint:
    return staged(tmp_path / "plan.png", CONTENT)


def test_a_stored_file_comes_back_whole(bucket: BlueprintBucket, key: str, file: StagedBlueprint) -> None:
    bucket.put(key, file, "image/png")
    stored = bucket.open(key)
    assert stored is not None
    assert stored.size_bytes == len(CONTENT)
    assert b"".join(stored.chunks) == CONTENT


def test_a_missing_object_is_none(bucket: BlueprintBucket, key: str) -> None:
    assert bucket.open(key) is None
    assert bucket.fetch(key, io.BytesIO()) is None


def test_a_deleted_object_is_gone_and_may_be_deleted_again(
    bucket: BlueprintBucket, key: str, file: StagedBlueprint
) -> None:
    bucket.put(key, file, "image/png")
    bucket.delete(key)
    bucket.delete(key)
    assert bucket.open(key) is None


def test_an_upload_is_read_no_longer_than_the_request_has(s3: Any, key: str, file: StagedBlueprint) -> None:
    bucket = S3BlueprintBucket(s3, s3, settings().blueprints_bucket)
    bucket.put(key, file, "image/png")
    into = io.BytesIO()
    with (
        context.using(context.RequestContext(deadline=Deadline.after(0))),
        pytest.raises(DependencyUnavailable),
    ):
        bucket.fetch(key, into)
    assert 0 < len(into.getvalue()) < len(CONTENT)


def test_what_was_fetched_can_be_copied_by_its_tag(
    bucket: BlueprintBucket, key: str, file: StagedBlueprint
) -> None:
    bucket.put(key, file, "image/png")
    into = io.BytesIO()
    tag = bucket.fetch(key, into)
    assert into.getvalue() == CONTENT
    assert tag is not None
    bucket.copy(key, tag, key + ".copy", "application/pdf")
    copied = bucket.open(key + ".copy")
    assert copied is not None
    assert b"".join(copied.chunks) == CONTENT


def test_an_object_that_went_away_cannot_be_copied(
    bucket: BlueprintBucket, key: str, file: StagedBlueprint
) -> None:
    bucket.put(key, file, "image/png")
    tag = bucket.fetch(key, io.BytesIO())
    bucket.delete(key)
    assert tag is not None
    with pytest.raises(UploadNotFound):
        bucket.copy(key, tag, key + ".copy", "image/png")


def test_only_the_version_that_was_fetched_is_copied(s3: Any) -> None:
    """moto ignores the condition, so this one answers as S3 documents it."""
    with Stubber(s3) as stub:
        stub.add_client_error("copy_object", "PreconditionFailed", http_status_code=412)
        stub.add_client_error("head_object", "404", http_status_code=404)
        with pytest.raises(UploadChanged):
            S3BlueprintBucket(s3, s3, "bucket").copy("a", '"tag"', "b", "image/png")


def test_a_copy_replaces_nothing_and_a_retry_of_it_finds_its_own(s3: Any) -> None:
    """moto and MiniStack take no notice of this condition on a copy."""
    asked = {
        "Bucket": "bucket",
        "Key": "b",
        "CopySource": {"Bucket": "bucket", "Key": "a"},
        "CopySourceIfMatch": '"tag"',
        "ContentType": "image/png",
        "MetadataDirective": "REPLACE",
        "ChecksumAlgorithm": "SHA256",
        "IfNoneMatch": "*",
    }
    with Stubber(s3) as stub:
        stub.add_client_error(
            "copy_object", "PreconditionFailed", http_status_code=412, expected_params=asked
        )
        stub.add_response("head_object", {"ChecksumSHA256": "abc"})
        S3BlueprintBucket(s3, s3, "bucket").copy("a", '"tag"', "b", "image/png")


def test_s3_gets_the_type_and_the_checksum(s3: Any, key: str, file: StagedBlueprint) -> None:
    name = settings().blueprints_bucket
    S3BlueprintBucket(s3, s3, name).put(key, file, "image/png")
    head = s3.head_object(Bucket=name, Key=key, ChecksumMode="ENABLED")
    assert head["ContentType"] == "image/png"
    assert head["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()


def test_a_key_in_use_is_never_overwritten(s3: Any, key: str, file: StagedBlueprint, tmp_path: Path) -> None:
    bucket = S3BlueprintBucket(s3, s3, settings().blueprints_bucket)
    bucket.put(key, file, "image/png")
    with pytest.raises(DependencyFailed):
        bucket.put(key, staged(tmp_path / "other", b"other"), "image/png")
    stored = bucket.open(key)
    assert stored is not None
    assert b"".join(stored.chunks) == CONTENT


def test_a_presigned_form_binds_key_size_and_time(s3: Any) -> None:
    bucket = S3BlueprintBucket(s3, s3, "some-bucket")
    post = bucket.presign("uploads/up_1", 1000, 900)
    policy = json.loads(base64.b64decode(post.fields["policy"]))
    assert ["content-length-range", 1, 1000] in policy["conditions"]
    assert {"key": "uploads/up_1"} in policy["conditions"]
    assert post.fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    assert post.url == f"{bucket.upload_origin}/some-bucket"


def test_a_file_that_is_not_what_was_stored_is_never_passed_on_whole(key: str) -> None:
    """The SDK says so only after the last byte."""

    class Body:
        def iter_chunks(self, _size: int) -> Iterator[bytes]:
            yield from (b"first", b"second", b"last")
            raise FlexibleChecksumError(error_msg="a byte is another")

        def close(self) -> None:
            pass

    client = SimpleNamespace(get_object=lambda **_: {"ContentLength": 15, "Body": Body()})
    stored = S3BlueprintBucket(client, client, "bucket").open(key)
    assert stored is not None
    passed_on: list[bytes] = []
    with pytest.raises(FlexibleChecksumError):
        passed_on.extend(stored.chunks)
    assert b"".join(passed_on) == b"firstsecond"


def test_a_missing_bucket_is_our_failure(s3: Any, key: str, file: StagedBlueprint) -> None:
    with pytest.raises(DependencyFailed):
        S3BlueprintBucket(s3, s3, "no-such-bucket").put(key, file, "image/png")
