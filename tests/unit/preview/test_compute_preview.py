"""Many ask for the same at once; one computes, in however many workers they are."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from builders_preview import JOB_ID, NOW, OTHER_JOB_ID, OWNER, SHA256, a_job, an_entry
from fakes_preview import A_WHILE_SECONDS, MODEL_VERSION, PATIENCE_SECONDS, SOMEBODY, World, too_complex
from preview.bulkheads import ComputeSlots
from preview.domain.cache_entry import CacheSnapshot, NegativeEntry
from preview.domain.errors import JobCancelled, UnreadableBlueprint
from preview.domain.job import Job, JobStatus
from preview.domain.preview import Degraded, Preview, PreviewInProgress
from preview.domain.queued_page import PageOutcome
from preview.domain.result_keys import cache_key
from preview.use_cases import UseCases
from shared.errors import DependencyUnavailable

KEY = cache_key(SHA256, OWNER, MODEL_VERSION, 1)


def test_a_hundred_callers_make_one_textract_call(world: World) -> None:
    release = threading.Event()
    world.analyser.on_page = lambda: assert_soon(release)
    world.on_wait = release.set
    use_cases = world.use_cases()
    with ThreadPoolExecutor(20) as callers:
        answers = list(callers.map(lambda _: use_cases.create_preview(JOB_ID, OWNER), range(100)))

    assert len(world.text.calls) == 1
    assert all(isinstance(answer, Preview) and not answer.degraded for answer in answers)
    assert world.jobs.history[JOB_ID] == [JobStatus.PROCESSING, JobStatus.COMPLETED]


def assert_soon(event: threading.Event) -> None:
    assert event.wait(PATIENCE_SECONDS)


def test_callers_who_waited_take_a_degraded_preview(world: World) -> None:
    release = threading.Event()
    world.analyser.on_page = lambda: assert_soon(release)
    world.on_wait = release.set
    world.text.switch.down = True
    use_cases = world.use_cases()
    with ThreadPoolExecutor(10) as callers:
        answers = list(callers.map(lambda _: use_cases.create_preview(JOB_ID, OWNER), range(10)))

    assert {getattr(answer, "degraded", None) for answer in answers} == {(Degraded.TEXTRACT_UNAVAILABLE,)}
    assert len(world.text.calls) == 1


def test_callers_who_waited_share_that_a_page_cannot_be_drawn(world: World) -> None:
    world.somebody_computes()
    world.on_wait = lambda: fail_for_everybody(world)
    with pytest.raises(UnreadableBlueprint) as raised:
        world.use_cases().create_preview(JOB_ID, OWNER)
    assert raised.value.reason == "too_complex"
    assert world.analyser.pages_drawn == 0
    assert world.jobs.history[JOB_ID] == [JobStatus.PROCESSING, JobStatus.FAILED]


def fail_for_everybody(world: World) -> None:
    exc = too_complex()
    world.cache.put(KEY, SOMEBODY, NegativeEntry(JOB_ID, str(exc), exc.reason))


def test_a_waiting_caller_gets_what_the_other_stored(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID))
    world.use_cases().create_preview(OTHER_JOB_ID, OWNER, refresh=False)
    stored = world.cache.get(KEY)
    world.cache.take_lease(KEY, SOMEBODY, stored, NOW + timedelta(seconds=7), JOB_ID)
    world.on_wait = lambda: world.cache.put(KEY, SOMEBODY, an_entry(OTHER_JOB_ID))

    found = world.use_cases().create_preview(JOB_ID, OWNER, refresh=True)
    assert isinstance(found, Preview)
    assert (found.job_id, found.cached) == (JOB_ID, True)
    assert world.jobs.history[JOB_ID] == [JobStatus.PROCESSING, JobStatus.COMPLETED]
    assert len(world.text.calls) == 1


def test_a_job_cancelled_while_waiting_has_no_preview(world: World) -> None:
    world.somebody_computes()

    def cancel_and_finish() -> None:
        world.jobs.move(JOB_ID, JobStatus.CANCELLED)
        world.cache.put(KEY, SOMEBODY, an_entry())

    world.on_wait = cancel_and_finish
    with pytest.raises(JobCancelled):
        world.use_cases().create_preview(JOB_ID, OWNER)


def test_a_dead_holder_is_succeeded_when_its_lease_ends(world: World) -> None:
    world.somebody_computes()
    world.on_wait = lambda: world.clock.advance(8)
    found = world.use_cases().create_preview(JOB_ID, OWNER)
    assert isinstance(found, Preview)
    assert not found.cached
    assert len(world.waits) == 1


def test_a_holder_who_lost_the_lease_says_that_nothing_is_cached(world: World) -> None:
    def lose_the_lease() -> None:
        world.clock.advance(2 * PATIENCE_SECONDS)
        world.somebody_computes()

    world.analyser.on_page = lose_the_lease
    found = world.use_cases().create_preview(JOB_ID, OWNER)
    assert isinstance(found, Preview)
    assert found.degraded == (Degraded.PREVIEW_NOT_STORED,)


def test_a_holder_who_gives_up_is_succeeded(world: World) -> None:
    world.somebody_computes()
    world.on_wait = lambda: world.cache.release(KEY, SOMEBODY)
    assert isinstance(world.use_cases().create_preview(JOB_ID, OWNER), Preview)


def test_a_computation_that_outlasts_the_caller_is_unfinished(world: World) -> None:
    world.parameters.seconds = 0.5
    world.somebody_computes()
    world.jobs.move(JOB_ID, JobStatus.PROCESSING)
    answer = world.use_cases().create_preview(JOB_ID, OWNER)
    assert answer == PreviewInProgress(JOB_ID, JobStatus.PROCESSING)
    assert world.waits[:3] == pytest.approx([0.05, 0.075, 0.1125])
    assert max(world.waits) == 0.25
    assert world.text.calls == []


def test_a_result_stored_between_looking_and_leasing_is_not_computed_again(world: World) -> None:
    before = world.cache.get(KEY)
    world.use_cases().create_preview(JOB_ID, OWNER)
    assert not world.cache.take_lease(KEY, "late", before, NOW + timedelta(seconds=7), JOB_ID)
    assert world.cache.get(KEY) != CacheSnapshot()


@pytest.mark.parametrize(("took", "seconds"), [([], 6), ([6.0, 9.0], 23)])
def test_a_queued_page_is_worth_asking_for_at_the_pace_of_the_workers(
    world: World, took: list[float], seconds: int
) -> None:
    for each in took:
        world.service_times.add(each)
    world.parameters.seconds = 0.5
    world.use_cases().request_pages(JOB_ID, OWNER, "2")
    with world.slots.hold(1), world.slots.hold(1):
        found = world.use_cases().create_preview(JOB_ID, OWNER)
    assert isinstance(found, PreviewInProgress)
    assert found.retry_after_seconds == seconds


def test_a_page_without_a_free_slot_is_queued_and_done_by_a_worker(world: World) -> None:
    world.parameters.seconds = 0.5
    use_cases = world.use_cases()
    with world.slots.hold(1), world.slots.hold(1):
        found = use_cases.create_preview(JOB_ID, OWNER)
    assert found == PreviewInProgress(JOB_ID, JobStatus.PENDING, retry_after_seconds=4)
    assert JOB_ID not in world.jobs.history
    assert use_cases.process_page(JOB_ID, 1) is PageOutcome.DONE
    assert world.jobs.get(JOB_ID, OWNER).status is JobStatus.COMPLETED


def test_a_queued_page_that_finds_a_place_meanwhile_is_not_computed_again(world: World) -> None:
    world.parameters.seconds = 0.5
    use_cases = world.use_cases()
    with world.slots.hold(1), world.slots.hold(1):
        use_cases.create_preview(JOB_ID, OWNER)
    world.parameters.seconds = 5.0
    assert isinstance(use_cases.create_preview(JOB_ID, OWNER), Preview)
    assert use_cases.process_page(JOB_ID, 1) is PageOutcome.SKIPPED
    assert world.analyser.pages_drawn == 1
    assert world.jobs.get(JOB_ID, OWNER).status is JobStatus.COMPLETED


def test_another_page_alone_is_queued_and_does_not_count(world: World) -> None:
    world.parameters.seconds = 0.5
    use_cases = world.use_cases()
    with world.slots.hold(1), world.slots.hold(1):
        use_cases.create_preview(JOB_ID, OWNER, 2)
    counts = world.pages.counts(JOB_ID)
    assert counts
    assert counts.asked == 0
    assert use_cases.process_page(JOB_ID, 2) is PageOutcome.DONE
    assert world.jobs.get(JOB_ID, OWNER).status is JobStatus.PENDING


def test_a_page_is_queued_while_nobody_knows_how_long_the_queue_is(world: World) -> None:
    world.parameters.seconds = 0.5
    world.queue.failing = DependencyUnavailable("SQS")
    with world.slots.hold(1), world.slots.hold(1):
        found = world.use_cases().create_preview(JOB_ID, OWNER)
    assert found == PreviewInProgress(JOB_ID, JobStatus.PENDING, retry_after_seconds=5)
    assert world.pages.get(JOB_ID, 1)  # and it is sent within a minute


def test_waiting_for_text_takes_no_slot(world: World) -> None:
    world.parameters.seconds = A_WHILE_SECONDS
    world.text.switch.hangs = True
    other_files = [
        a_job(f"job_20240115103000_{n}", blueprint_hash=f"{n}" * 64) for n in range(3 * world.at_once)
    ]
    for job in other_files:
        world.jobs.add(job)
    use_cases = world.use_cases()
    with ThreadPoolExecutor(len(other_files)) as callers:
        answers = list(callers.map(lambda job: use_cases.create_preview(job.job_id, OWNER), other_files))

    for answer in answers:
        assert isinstance(answer, Preview), "each got a slot"
        assert Degraded.TEXTRACT_UNAVAILABLE in answer.degraded


def test_a_slot_is_released_once() -> None:
    slots = ComputeSlots(1)
    slot = slots.acquire(1)
    assert slot is not None
    slot.release()
    slot.release()
    assert slots.acquire(0) is not None
    assert slots.acquire(0) is None


def full_of_callers(world: World, *others: Job) -> tuple[UseCases, ThreadPoolExecutor]:
    """Use cases whose every permit for callers is taken, and the threads that hold them."""
    world.callers_at_once = len(others)
    world.text.switch.hangs = True
    use_cases, threads = world.use_cases(), ThreadPoolExecutor(len(others))
    reading = threading.Semaphore(0)
    world.text.on_read = reading.release
    for job in others:
        world.jobs.add(job)
        threads.submit(use_cases.create_preview, job.job_id, OWNER)
    assert all(reading.acquire(timeout=PATIENCE_SECONDS) for _ in others)
    return use_cases, threads


def test_the_page_of_a_caller_without_a_permit_is_queued_at_once(world: World) -> None:
    other = a_job(OTHER_JOB_ID, blueprint_hash="0" * 64)
    use_cases, threads = full_of_callers(world, other)
    with threads:
        assert isinstance(use_cases.create_preview(JOB_ID, OWNER), PreviewInProgress)
        world.text.switch.release()
    assert JOB_ID not in world.jobs.history
    assert world.pages.get(JOB_ID, 1)
    assert world.waits == []
    assert isinstance(use_cases.create_preview(JOB_ID, OWNER), Preview), "the permit is free again"


def test_a_caller_without_a_permit_for_what_is_being_computed_comes_back(world: World) -> None:
    use_cases, threads = full_of_callers(world, a_job(OTHER_JOB_ID))
    with threads:
        assert use_cases.create_preview(JOB_ID, OWNER) == PreviewInProgress(JOB_ID, JobStatus.PENDING)
        world.text.switch.release()
    assert world.waits == []


def test_a_caller_without_a_permit_comes_back_for_what_another_worker_computes(world: World) -> None:
    world.somebody_computes()
    use_cases, threads = full_of_callers(world, a_job(OTHER_JOB_ID, blueprint_hash="0" * 64))
    with threads:
        assert use_cases.create_preview(JOB_ID, OWNER) == PreviewInProgress(JOB_ID, JobStatus.PENDING)
        world.text.switch.release()


def test_what_is_stored_and_what_a_worker_does_needs_no_permit(world: World) -> None:
    world.use_cases().create_preview(JOB_ID, OWNER)
    third = a_job("job_20240115103000_3", blueprint_hash="3" * 64)
    world.jobs.add(third)
    use_cases, threads = full_of_callers(world, a_job(OTHER_JOB_ID, blueprint_hash="0" * 64))
    with threads:
        assert isinstance(use_cases.create_preview(JOB_ID, OWNER), Preview)
        use_cases.request_pages(third.job_id, OWNER, "1")
        world.text.switch.release()
        assert use_cases.process_page(third.job_id, 1) is PageOutcome.DONE


def test_a_caller_with_little_time_left_does_not_begin(world: World) -> None:
    world.parameters.seconds = 10
    world.somebody_computes()

    def give_up_with_little_left() -> None:
        world.cache.release(KEY, SOMEBODY)
        world.skipped_seconds = 9.4

    world.on_wait = give_up_with_little_left
    assert isinstance(world.use_cases().create_preview(JOB_ID, OWNER), PreviewInProgress)
    assert world.text.calls == []
