"""Preview's client of jobs against jobs' real app, and the fake that stands for both."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from builders_jobs import JOB_ID, NOW, entry, job, page_rooms
from fakes_jobs import FakeFeedbackTable
from fakes_preview import FakeJobs
from jobs.domain.feedback import Correction as Said
from jobs.domain.feedback import Verdict as SaidVerdict
from jobs.domain.job import Job as Stored
from jobs.domain.job import JobStatus as StoredStatus
from jobs.domain.pages import PageCounts
from preview.adapters.jobs_client import HttpJobs
from preview.domain.corrections import Correction, FeedbackEntry, Verdict
from preview.domain.errors import ConcurrentUpdate, JobCancelled, JobNotFound
from preview.domain.job import Job, JobError, JobStatus, Transition
from preview.domain.page_work import PageReport
from preview.domain.ports import Jobs
from preview.domain.preview import Degraded
from preview.domain.room_type import RoomType
from shared.errors import DependencyFailed
from shared.internal_client import InternalClient

PROCESSING = Transition(JobStatus.PROCESSING, 10, "Looking for rooms")
COMPLETED = Transition(JobStatus.COMPLETED, 100, "Found 3 rooms", "cache/preview/x.json")


@dataclass(frozen=True, slots=True)
class Peer:
    """Jobs as preview asks it; ``add`` is how a job got there."""

    jobs: Jobs
    add: Callable[[Stored], None]


@pytest.fixture
def jobs(jobs_url: str, client_of: Callable[[str, str], InternalClient]) -> HttpJobs:
    return HttpJobs(client_of("jobs", jobs_url))


@pytest.fixture(params=["over HTTP", "fake"])
def peer(request: pytest.FixtureRequest) -> Peer:
    if request.param == "fake":
        fake = FakeJobs()
        return Peer(fake, lambda stored: fake.add(as_seen(stored)))
    return Peer(request.getfixturevalue("jobs"), request.getfixturevalue("job_table").insert)


def as_seen(stored: Stored) -> Job:
    """The job as preview knows it."""
    return Job(
        job_id=stored.job_id,
        owner=stored.owner,
        version=stored.version,
        status=JobStatus(stored.status.value),
        blueprint_s3_key=stored.blueprint_s3_key,
        blueprint_format=stored.blueprint_format,
        blueprint_hash=stored.blueprint_hash,
        blueprint_size_bytes=stored.blueprint_size_bytes,
        page_count=stored.page_count,
        message=stored.message,
        result_s3_key=stored.result_s3_key,
        degraded=stored.degraded,
        expires_at=stored.expires_at,
        blueprint_filename=stored.blueprint_filename,
    )


def test_a_job_is_read_with_all_that_preview_needs(peer: Peer) -> None:
    told = job(
        blueprint_filename="house.png",
        message="Found 2 rooms",
        result_s3_key="cache/x",
        degraded=("textract_unavailable",),
    )
    peer.add(told)
    assert peer.jobs.get(JOB_ID, "ada") == as_seen(told)
    assert peer.jobs.get(JOB_ID, None).owner == "ada"


@pytest.mark.parametrize("status", list(JobStatus))
def test_every_state_is_understood(peer: Peer, status: JobStatus) -> None:
    peer.add(job(status=StoredStatus(status.value)))
    assert peer.jobs.get(JOB_ID, "ada").status is status


def test_a_job_of_another_owner_is_not_found(peer: Peer) -> None:
    peer.add(job())
    for job_id, owner in ((JOB_ID, "bob"), ("job_unknown", "ada")):
        with pytest.raises(JobNotFound):
            peer.jobs.get(job_id, owner)


def test_a_job_goes_through_processing_to_completed(peer: Peer) -> None:
    peer.add(job())
    begun = peer.jobs.transition(peer.jobs.get(JOB_ID, "ada"), PROCESSING)
    assert (begun.status, begun.version) == (JobStatus.PROCESSING, job().version + 1)
    done = peer.jobs.transition(begun, COMPLETED)
    assert (done.status, done.version) == (JobStatus.COMPLETED, job().version + 2)


def test_what_a_change_says_is_stored(jobs: HttpJobs, job_table: Any) -> None:
    job_table.insert(job())
    begun = jobs.transition(jobs.get(JOB_ID, "ada"), PROCESSING)
    assert (job_table.get(JOB_ID).stage, job_table.get(JOB_ID).progress) == ("preview", 10)
    jobs.transition(begun, COMPLETED)
    stored = job_table.get(JOB_ID)
    assert (stored.progress, stored.message, stored.result_s3_key) == (
        COMPLETED.progress,
        COMPLETED.message,
        COMPLETED.result_s3_key,
    )


def test_a_failure_leaves_its_reason_on_the_job(jobs: HttpJobs, job_table: Any) -> None:
    job_table.insert(job(status=StoredStatus.PROCESSING))
    error = JobError("UNREADABLE_BLUEPRINT", "It is damaged.")
    failed = Transition(JobStatus.FAILED, 100, error.message, error=error)
    assert jobs.transition(jobs.get(JOB_ID, "ada"), failed).status is JobStatus.FAILED
    stored = job_table.get(JOB_ID)
    assert (stored.error.code, stored.error.message) == (error.code, error.message)


def test_the_loser_of_a_race_is_told(peer: Peer) -> None:
    peer.add(job())
    seen = peer.jobs.get(JOB_ID, "ada")
    peer.jobs.transition(seen, PROCESSING)
    with pytest.raises(ConcurrentUpdate):
        peer.jobs.transition(seen, PROCESSING)


@pytest.mark.parametrize("change", [PROCESSING, COMPLETED])
@pytest.mark.parametrize("seen_version", [1, 2])  # before it was cancelled, and after
def test_a_cancelled_job_is_not_moved(peer: Peer, change: Transition, seen_version: int) -> None:
    peer.add(job(status=StoredStatus.CANCELLED, version=2))
    seen = replace(peer.jobs.get(JOB_ID, "ada"), version=seen_version)
    with pytest.raises(JobCancelled):
        peer.jobs.transition(seen, change)


def test_a_completed_job_says_what_a_repair_mended(peer: Peer) -> None:
    peer.add(job())
    poor = PageReport(4, 1, 1, 0, True, "cache/p1.json", (Degraded.TEXTRACT_UNAVAILABLE,), rooms=0)
    assert peer.jobs.report_pages(JOB_ID, poor).degraded == poor.degraded
    mended = peer.jobs.report_pages(JOB_ID, replace(poor, number=5, degraded=(), rooms=3))
    assert (mended.status, mended.degraded) == (JobStatus.COMPLETED, ())
    assert mended.message == "3 rooms found on 1 page."


def test_a_completed_job_is_not_moved(peer: Peer) -> None:
    peer.add(job(status=StoredStatus.COMPLETED))
    with pytest.raises(ConcurrentUpdate):
        peer.jobs.transition(peer.jobs.get(JOB_ID, "ada"), PROCESSING)


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (PageReport(1, 2, 0, 0, begun=False), JobStatus.PENDING),
        (PageReport(2, 2, 0, 0, begun=True), JobStatus.PROCESSING),
        (
            PageReport(4, 2, 2, 1, True, "cache/p1.json", (Degraded.TEXTRACT_UNAVAILABLE,)),
            JobStatus.COMPLETED,
        ),
        (PageReport(4, 2, 2, 2, True, error=JobError("UNREADABLE_BLUEPRINT", "Damaged.")), JobStatus.FAILED),
    ],
)
def test_a_job_follows_what_is_reported_of_its_pages(
    peer: Peer, report: PageReport, status: JobStatus
) -> None:
    peer.add(job(page_count=2))
    told = peer.jobs.report_pages(JOB_ID, report)
    assert (told.status, told.counted) == (status, True)
    assert peer.jobs.get(JOB_ID, None) == told


def test_all_of_a_report_is_stored(jobs: HttpJobs, job_table: Any) -> None:
    job_table.insert(job(page_count=2))
    degraded = (Degraded.TEXTRACT_UNAVAILABLE,)
    jobs.report_pages(JOB_ID, PageReport(4, 2, 2, 1, True, "cache/p1.json", degraded, rooms=9))
    stored = job_table.get(JOB_ID)
    assert stored.pages == PageCounts(2, 2, 1, number=4)
    assert (stored.result_s3_key, stored.degraded) == ("cache/p1.json", ("textract_unavailable",))
    assert stored.message == "9 rooms found on 1 of 2 pages; 1 failed."


@pytest.mark.parametrize("status", [StoredStatus.COMPLETED, StoredStatus.CANCELLED])
def test_a_report_on_a_job_that_has_ended_is_answered(peer: Peer, status: StoredStatus) -> None:
    peer.add(job(status=status))
    told = peer.jobs.report_pages(JOB_ID, PageReport(4, 2, 1, 0, begun=True))
    assert told.status.value == status.value


def test_a_job_whose_pages_were_taken_back_has_none(peer: Peer) -> None:
    peer.add(job())
    peer.jobs.report_pages(JOB_ID, PageReport(4, 2, 0, 0, begun=True))
    told = peer.jobs.report_pages(JOB_ID, PageReport(5, 0, 0, 0, begun=True))
    assert (told.status, told.counted) == (JobStatus.PENDING, False)


def test_a_report_without_a_number_is_refused(peer: Peer) -> None:
    peer.add(job())
    with pytest.raises(DependencyFailed):
        peer.jobs.report_pages(JOB_ID, PageReport(0, 0, 0, 0, begun=False))


def test_a_report_on_a_job_that_is_gone(peer: Peer) -> None:
    with pytest.raises(JobNotFound):
        peer.jobs.report_pages("job_unknown", PageReport(1, 1, 0, 0, begun=False))


def test_what_was_said_of_a_page_is_read(
    jobs: HttpJobs, job_table: Any, feedback_table: FakeFeedbackTable
) -> None:
    job_table.insert(job())
    drawn = Said(polygon=((0, 0), (100.25, 0), (100, 99.99)), name=None, sets_name=True, room_type="hall")
    added = entry(
        2, verdict=SaidVerdict.MISSING, room_id="room_a1", correction=Said(bounding_box=(0, 0, 9, 8))
    )
    log = [entry(0), entry(1, verdict=SaidVerdict.WRONG, correction=drawn), added]
    log.append(entry(3, verdict=SaidVerdict.WRONG, correction=Said(removed=True)))
    feedback_table.add([*log, entry(4, page=2), entry(5, room_id=None)], [page_rooms()])
    right, corrected, missing, removed, of_page = jobs.feedback(JOB_ID, 1)
    kitchen = ((100.0, 100.0), (300.0, 100.0), (300.0, 300.0), (100.0, 300.0))
    assert right == FeedbackEntry(
        log[0].feedback_id, Verdict.CORRECT, "room_001", Correction(), "1.0.0", NOW, kitchen
    )
    outline = ((0, 0), (100.25, 0), (100, 99.99))
    assert corrected.correction == Correction(outline, sets_name=True, room_type=RoomType.HALL)
    assert (missing.room_id, missing.outline) == ("room_a1", None)
    assert missing.correction == Correction(((0, 0), (9, 0), (9, 8), (0, 8)))
    assert missing.drawn_room_id == log[2].drawn_room_id
    assert (removed.verdict, removed.correction) == (Verdict.WRONG, Correction(removed=True))
    assert (of_page.room_id, of_page.outline) == (None, None)
    assert jobs.feedback(JOB_ID, 3) == ()
    with pytest.raises(JobNotFound):
        jobs.feedback("job_unknown", 1)


def test_jobs_says_that_it_is_alive(jobs_url: str, client_of: Callable[[str, str], InternalClient]) -> None:
    assert client_of("jobs", jobs_url).is_alive()
