"""Whatever changes a job's state leaves an audit line, and nothing else does."""

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders_jobs import JOB_ID, NOW, job
from jobs.domain.errors import JobFinished
from jobs.domain.job import TRANSITIONS, JobError, JobStatus, PageReport, Transition
from jobs.domain.pages import PageCounts
from world_jobs import World, new_world

SOURCE = Path(__file__).parents[3] / "services/jobs/src/jobs"
DAMAGED = JobError("UNREADABLE_BLUEPRINT", "It is damaged.")

PENDING = JobStatus.PENDING
PROCESSING = JobStatus.PROCESSING
COMPLETED = JobStatus.COMPLETED
FAILED = JobStatus.FAILED
CANCELLED = JobStatus.CANCELLED


@dataclass(frozen=True)
class Way:
    """How a job, if there is one, gets from one state to another."""

    before: JobStatus | None
    after: JobStatus
    take: Callable[[World], object]
    hours_later: int = 0
    file: bool = True


def moved(to: JobStatus, error: JobError | None = None) -> Callable[[World], object]:
    return lambda world: world.use_cases.transition_job(JOB_ID, Transition(to, error=error), 1)


def counted(counts: PageCounts, **more: Any) -> Callable[[World], object]:
    return lambda world: world.use_cases.count_pages(JOB_ID, PageReport(counts, **more))


def look_for_timed_out(world: World) -> None:
    world.use_cases.fail_timed_out()


def create_while_the_answer_is_lost(world: World) -> None:
    world.jobs.unanswered = {"insert"}
    world.create()


def create_from_upload(world: World) -> None:
    world.has_upload()
    world.create_from_upload()


def look(world: World) -> None:
    world.use_cases.read_jobs.get(JOB_ID, "ada")


def list_jobs(world: World) -> None:
    world.use_cases.read_jobs.list("ada", None, 20, None)


def cancel(world: World) -> None:
    with suppress(JobFinished):  # found to have timed out
        world.use_cases.cancel_job(JOB_ID, "ada")


def reconcile(world: World) -> None:
    world.use_cases.reconcile()


WAYS = {
    "created": Way(None, PENDING, World.create),
    "created, the answer lost": Way(None, PENDING, create_while_the_answer_is_lost),
    "created from an upload": Way(None, PENDING, create_from_upload),
    "started": Way(PENDING, PROCESSING, moved(PROCESSING)),
    "completed": Way(PROCESSING, COMPLETED, moved(COMPLETED)),
    "failed": Way(PROCESSING, FAILED, moved(FAILED, DAMAGED)),
    "started again": Way(FAILED, PROCESSING, moved(PROCESSING)),
    "cancelled": Way(PENDING, CANCELLED, cancel),
    "cancelled at work": Way(PROCESSING, CANCELLED, cancel),
    "timed out, seen by a look": Way(PROCESSING, FAILED, look, hours_later=1),
    "timed out, seen by a list": Way(PROCESSING, FAILED, list_jobs, hours_later=1),
    "timed out, seen by a cancel": Way(PROCESSING, FAILED, cancel, hours_later=1),
    "timed out, seen by a worker": Way(PROCESSING, FAILED, look_for_timed_out, hours_later=1),
    "begun by its pages": Way(PENDING, PROCESSING, counted(PageCounts(2, number=1), begun=True)),
    "completed by its pages": Way(PROCESSING, COMPLETED, counted(PageCounts(2, 2, 1, number=1))),
    "failed by its pages": Way(PROCESSING, FAILED, counted(PageCounts(2, 2, 2, number=1), error=DAMAGED)),
    "without its file": Way(PENDING, FAILED, reconcile, hours_later=1, file=False),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_change_of_state_is_audited_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, way: Way
) -> None:
    world = new_world(tmp_path)
    if way.before is not None:
        world.has(found := job(status=way.before))
        if way.file:
            world.bucket.store(found.blueprint_s3_key, b"pixels")
    world.clock.now = NOW + timedelta(hours=way.hours_later)

    with caplog.at_level(logging.INFO, "audit"):
        way.take(world)

    [stored] = world.jobs.stored.values()
    assert stored.status is way.after
    [line] = [record.__dict__["context"] for record in caplog.records if record.name == "audit"]
    assert line == {
        "event": "state_changed",
        "key_id": None,
        "job_id": stored.job_id,
        "owner": "ada",
        "from": way.before,
        "to": way.after,
        "version": stored.version,
    }


def test_every_change_that_the_domain_knows_is_among_them() -> None:
    known = {(before, after) for before, allowed in TRANSITIONS.items() for after in allowed}
    born_or_without_file = {(None, PENDING), (PENDING, FAILED)}
    assert {(way.before, way.after) for way in WAYS.values()} == known | born_or_without_file


def test_what_is_refused_is_no_change(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    world = new_world(tmp_path)
    world.has(job(status=COMPLETED))
    with caplog.at_level(logging.INFO, "audit"), pytest.raises(JobFinished):
        world.use_cases.cancel_job(JOB_ID, "ada")
    assert not [record for record in caplog.records if record.name == "audit"]


def test_a_repaired_preview_is_no_change_of_state(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    world = new_world(tmp_path)
    world.has(job(status=COMPLETED))
    with caplog.at_level(logging.INFO, "audit"):
        counted(PageCounts(1, 1, number=7), begun=True)(world)
    assert not [record for record in caplog.records if record.name == "audit"]


def test_jobs_are_saved_nowhere_else() -> None:
    saving = {path.name for path in SOURCE.rglob("*.py") if re.search(r"table\.save\(", path.read_text())}
    assert saving == {"job_repository.py"}
