from pathlib import Path
from typing import Any

import pytest

from builders_preview import a_job
from preview.adapters.blueprint_bucket import S3BlueprintSource
from preview.domain.errors import BlueprintMissing
from shared import context
from shared.errors import DependencyFailed, DependencyUnavailable

BUCKET = "location-detection-test-blueprints"
CONTENT = bytes(range(256)) * 8192


def test_the_file_is_written_as_it_is_stored(s3: Any, tmp_path: Path) -> None:
    job = a_job()
    s3.put_object(Bucket=BUCKET, Key=job.blueprint_s3_key, Body=CONTENT)
    S3BlueprintSource(s3, BUCKET).download(job, tmp_path / "blueprint")
    assert (tmp_path / "blueprint").read_bytes() == CONTENT


def test_a_missing_file_is_said(s3: Any, tmp_path: Path) -> None:
    with pytest.raises(BlueprintMissing):
        S3BlueprintSource(s3, BUCKET).download(a_job(), tmp_path / "blueprint")


def test_a_download_stops_when_its_time_is_over(s3: Any, tmp_path: Path) -> None:
    job = a_job()
    s3.put_object(Bucket=BUCKET, Key=job.blueprint_s3_key, Body=CONTENT)
    with context.call_deadline(0), pytest.raises(DependencyUnavailable):
        S3BlueprintSource(s3, BUCKET).download(job, tmp_path / "blueprint")


def test_a_missing_bucket_is_a_failed_dependency(s3: Any, tmp_path: Path) -> None:
    with pytest.raises(DependencyFailed):
        S3BlueprintSource(s3, "no-such-bucket").download(a_job(), tmp_path / "blueprint")
