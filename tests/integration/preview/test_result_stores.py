"""What a result store does, for the bucket and for the fake that stands in for it."""

import json
from typing import Any

import pytest

from builders_preview import JOB_ID, OTHER_JOB_ID, a_preview, a_rejected_candidate, an_analysis
from fakes_preview import FakeResultStore
from preview.adapters.result_bucket import S3ResultStore
from preview.domain.erased_results import ErasedResults
from preview.domain.ports import ResultStore
from preview.domain.preview import Degraded
from preview.domain.room import RejectionReason
from shared.errors import DependencyFailed

BUCKET = "location-detection-test-cache"


@pytest.fixture(params=["bucket", "fake"])
def results(request: pytest.FixtureRequest) -> ResultStore:
    if request.param == "fake":
        return FakeResultStore()
    return S3ResultStore(request.getfixturevalue("s3"), BUCKET)


def test_an_analysis_comes_back_as_it_was_stored(results: ResultStore) -> None:
    results.write_analysis(an_analysis())
    results.write_analysis(an_analysis(page=2))
    assert results.read_analysis(JOB_ID, 1) == an_analysis()
    assert results.read_analysis(JOB_ID, 2) == an_analysis(page=2)
    assert results.read_analysis(OTHER_JOB_ID, 1) is None


def test_a_preview_comes_back_as_it_was_stored(results: ResultStore) -> None:
    withheld = tuple(a_rejected_candidate(reason, (0.01, 0.02, 999.98, 1000.0)) for reason in RejectionReason)
    preview = a_preview(degraded=(Degraded.DEADLINE_REACHED,), withheld=withheld)
    results.write_preview(preview)
    assert results.read_preview(JOB_ID, 1, "1.0.0") == preview
    assert results.read_preview(JOB_ID, 1, "2.0.0") is None
    assert results.read_preview(JOB_ID, 2, "1.0.0") is None


def test_the_latest_preview_is_of_that_page(results: ResultStore) -> None:
    assert results.read_latest_preview(JOB_ID, 1) is None
    results.write_preview(a_preview(model_version="0.9.0"))
    assert results.read_latest_preview(JOB_ID, 1) == a_preview(model_version="0.9.0")
    assert results.read_latest_preview(JOB_ID, 11) is None


def test_the_newest_preview_of_each_page_is_listed(results: ResultStore) -> None:
    assert results.list_previews(JOB_ID) == {}
    for preview in (a_preview(), a_preview(page=12), a_preview(OTHER_JOB_ID, page=3)):
        results.write_preview(preview)
    listed = results.list_previews(JOB_ID)
    assert listed.keys() == {1, 12}
    assert results.read_listed(listed[12]) == a_preview(page=12)
    assert results.read_listed("cache/preview/gone.p1.json") is None


def test_every_result_of_one_job_is_erased_and_counted(results: ResultStore) -> None:
    for preview in (a_preview(), a_preview(model_version="0.9.0"), a_preview(OTHER_JOB_ID)):
        results.write_preview(preview)
    results.write_analysis(an_analysis())

    assert results.erase(JOB_ID) == ErasedResults(results=2, analysis=1)
    assert results.erase(JOB_ID) == ErasedResults(results=0, analysis=0)

    assert (results.read_latest_preview(JOB_ID, 1), results.read_analysis(JOB_ID, 1)) == (None, None)
    assert results.read_latest_preview(OTHER_JOB_ID, 1) == a_preview(OTHER_JOB_ID)


def test_results_lie_under_the_documented_keys(s3: Any) -> None:
    results = S3ResultStore(s3, BUCKET)
    results.write_preview(a_preview())
    results.write_analysis(an_analysis())
    listed = {found["Key"] for found in s3.list_objects_v2(Bucket=BUCKET)["Contents"]}
    assert listed == {f"cache/preview/{JOB_ID}/1.0.0.p1.json", f"cache/textract/{JOB_ID}/analysis.json"}
    stored = json.load(s3.get_object(Bucket=BUCKET, Key=f"cache/textract/{JOB_ID}/analysis.json")["Body"])
    assert {"job_id", "timestamp", "s3_key", "text_blocks", "layout_blocks", "metadata"} <= set(stored)


def test_a_missing_bucket_is_a_failed_dependency(s3: Any) -> None:
    results = S3ResultStore(s3, "no-such-bucket")
    with pytest.raises(DependencyFailed):
        results.write_preview(a_preview())
    with pytest.raises(DependencyFailed):
        results.is_alive()


@pytest.mark.parametrize("damaged", ["{}", "[]", "not json", '{"job_id": 1}'])
def test_what_is_no_document_is_refused(s3: Any, damaged: str) -> None:
    s3.put_object(Bucket=BUCKET, Key=f"cache/preview/{JOB_ID}/1.0.0.p1.json", Body=damaged)
    with pytest.raises(DependencyFailed):
        S3ResultStore(s3, BUCKET).read_preview(JOB_ID, 1, "1.0.0")
