"""Many ask for the same at once; one computes, in however many workers they are."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from builders_preview import JOB_ID, NOW, OTHER_JOB_ID, OWNER, SHA256, a_job, an_entry
from fakes_preview import A_WHILE_SECONDS, MODEL_VERSION, PATIENCE_SECONDS, SOMEBODY, World, too_complex
from preview.concurrency.compute_slots import ComputeSlots
from preview.domain.cache_entry import CacheSnapshot, NegativeEntry
from preview.domain.errors import JobCancelled, TooBusy, UnreadableBlueprint
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
        answers = list(callers.map(lambda _: use_cases.get_preview(JOB_ID, OWNER), range(100)))

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
        answers = list(callers.map(lambda _: use_cases.get_preview(JOB_ID, OWNER), range(10)))

    assert {getattr(answer, "degraded", None) for answer in answers} == {(Degraded.TEXTRACT_UNAVAILABLE,)}
    assert len(world.text.calls) == 1


def test_callers_who_waited_share_that_a_page_cannot_be_drawn(world: World) -> None:
    world.somebody_computes()
    world.on_wait = lambda: fail_for_everybody(world)
    with pytest.raises(UnreadableBlueprint) as raised:
        world.use_cases().get_preview(JOB_ID, OWNER)
    assert raised.value.reason == "too_complex"
    assert world.analyser.pages_drawn == 0
    assert world.jobs.history[JOB_ID] == [JobStatus.PROCESSING, JobStatus.FAILED]


def fail_for_everybody(world: World) -> None:
    exc = too_complex()
    world.cache.put(KEY, SOMEBODY, NegativeEntry(JOB_ID, str(exc), exc.reason))


def test_a_waiting_caller_gets_what_the_other_stored(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID))
    world.use_cases().get_preview(OTHER_JOB_ID, OWNER, refresh=False)
    stored = world.cache.get(KEY)
    world.cache.take_lease(KEY, SOMEBODY, stored, NOW + timedelta(seconds=7), JOB_ID)
    world.on_wait = lambda: world.cache.put(KEY, SOMEBODY, an_entry(OTHER_JOB_ID))

    found = world.use_cases().get_preview(JOB_ID, OWNER, refresh=True)
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
        world.use_cases().get_preview(JOB_ID, OWNER)


def test_a_dead_holder_is_succeeded_when_its_lease_ends(world: World) -> None:
    world.somebody_computes()
    world.on_wait = lambda: world.clock.advance(8)
    found = world.use_cases().get_preview(JOB_ID, OWNER)
    assert isinstance(found, Preview)
    assert not found.cached
    assert len(world.waits) == 1


def test_a_holder_who_lost_the_lease_says_that_nothing_is_cached(world: World) -> None:
    def lose_the_lease() -> None:
        world.clock.advance(2 * PATIENCE_SECONDS)
        world.somebody_computes()

    world.analyser.on_page = lose_the_lease
    found = world.use_cases().get_preview(JOB_ID, OWNER)
    assert isinstance(found, Preview)
    assert found.degraded == (Degraded.PREVIEW_NOT_STORED,)


def test_a_holder_who_gives_up_is_succeeded(world: World) -> None:
    world.somebody_computes()
    world.on_wait = lambda: world.cache.release(KEY, SOMEBODY)
    assert isinstance(world.use_cases().get_preview(JOB_ID, OWNER), Preview)


def test_a_computation_that_outlasts_the_caller_is_unfinished(world: World) -> None:
    world.parameters.seconds = 0.5
    world.somebody_computes()
    world.jobs.move(JOB_ID, JobStatus.PROCESSING)
    answer = world.use_cases().get_preview(JOB_ID, OWNER)
    assert answer == PreviewInProgress(JOB_ID, JobStatus.PROCESSING)
    assert world.waits[:3] == pytest.approx([0.05, 0.075, 0.1125])
    assert max(world.waits) == 0.25
    assert world.text.calls == []


def test_a_result_stored_between_looking_and_leasing_is_not_computed_again(world: World) -> None:
    before = world.cache.get(KEY)
    world.use_cases().get_preview(JOB_ID, OWNER)
    assert not world.cache.take_lease(KEY, "late", before, NOW + timedelta(seconds=7), JOB_ID)
    assert world.cache.get(KEY) != CacheSnapshot()


def test_a_page_without_a_free_slot_is_queued_and_done_by_a_worker(world: World) -> None:
    world.parameters.seconds = 0.5
    use_cases = world.use_cases()
    with world.slots.hold(1), world.slots.hold(1):
        found = use_cases.get_preview(JOB_ID, OWNER)
    assert found == PreviewInProgress(JOB_ID, JobStatus.PENDING, retry_after_seconds=4)
    assert JOB_ID not in world.jobs.history
    assert use_cases.preview_page(JOB_ID, 1) is PageOutcome.DONE
    assert world.jobs.get(JOB_ID, OWNER).status is JobStatus.COMPLETED


def test_a_queued_page_that_finds_a_place_meanwhile_is_not_computed_again(world: World) -> None:
    world.parameters.seconds = 0.5
    use_cases = world.use_cases()
    with world.slots.hold(1), world.slots.hold(1):
        use_cases.get_preview(JOB_ID, OWNER)
    world.parameters.seconds = 5.0
    assert isinstance(use_cases.get_preview(JOB_ID, OWNER), Preview)
    assert use_cases.preview_page(JOB_ID, 1) is PageOutcome.DONE
    assert world.analyser.pages_drawn == 1
    assert world.jobs.get(JOB_ID, OWNER).status is JobStatus.COMPLETED


def test_another_page_alone_is_queued_and_does_not_count(world: World) -> None:
    world.parameters.seconds = 0.5
    use_cases = world.use_cases()
    with world.slots.hold(1), world.slots.hold(1):
        use_cases.get_preview(JOB_ID, OWNER, 2)
    counts = world.pages.counts(JOB_ID)
    assert counts
    assert counts.asked == 0
    assert use_cases.preview_page(JOB_ID, 2) is PageOutcome.DONE
    assert world.jobs.get(JOB_ID, OWNER).status is JobStatus.PENDING


def test_a_page_is_queued_while_nobody_knows_how_long_the_queue_is(world: World) -> None:
    world.parameters.seconds = 0.5
    world.queue.failing = DependencyUnavailable("SQS")
    with world.slots.hold(1), world.slots.hold(1):
        found = world.use_cases().get_preview(JOB_ID, OWNER)
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
        answers = list(callers.map(lambda job: use_cases.get_preview(job.job_id, OWNER), other_files))

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
        threads.submit(use_cases.get_preview, job.job_id, OWNER)
    assert all(reading.acquire(timeout=PATIENCE_SECONDS) for _ in others)
    return use_cases, threads


def test_the_page_of_a_caller_without_a_permit_is_queued_at_once(world: World) -> None:
    other = a_job(OTHER_JOB_ID, blueprint_hash="0" * 64)
    use_cases, threads = full_of_callers(world, other)
    with threads:
        assert isinstance(use_cases.get_preview(JOB_ID, OWNER), PreviewInProgress)
        world.text.switch.release()
    assert JOB_ID not in world.jobs.history
    assert world.pages.get(JOB_ID, 1)
    assert world.waits == []
    assert isinstance(use_cases.get_preview(JOB_ID, OWNER), Preview), "the permit is free again"


def test_a_caller_without_a_permit_for_what_is_being_computed_comes_back(world: World) -> None:
    use_cases, threads = full_of_callers(world, a_job(OTHER_JOB_ID))
    with threads:
        assert use_cases.get_preview(JOB_ID, OWNER) == PreviewInProgress(JOB_ID, JobStatus.PENDING)
        world.text.switch.release()
    assert world.waits == []


def test_a_caller_without_a_permit_comes_back_for_what_another_worker_computes(world: World) -> None:
    world.somebody_computes()
    use_cases, threads = full_of_callers(world, a_job(OTHER_JOB_ID, blueprint_hash="0" * 64))
    with threads:
        assert use_cases.get_preview(JOB_ID, OWNER) == PreviewInProgress(JOB_ID, JobStatus.PENDING)
        world.text.switch.release()


def test_what_is_stored_and_what_runs_in_the_background_needs_no_permit(world: World) -> None:
    world.use_cases().get_preview(JOB_ID, OWNER)
    third = a_job("job_20240115103000_3", blueprint_hash="3" * 64)
    world.jobs.add(third)
    use_cases, threads = full_of_callers(world, a_job(OTHER_JOB_ID, blueprint_hash="0" * 64))
    with threads:
        assert isinstance(use_cases.get_preview(JOB_ID, OWNER), Preview)
        use_cases.start_preview(third.job_id)
        world.text.switch.release()
    world.drain()
    assert world.jobs.history[third.job_id] == [JobStatus.PROCESSING, JobStatus.COMPLETED]


def test_a_caller_with_little_time_left_does_not_begin(world: World) -> None:
    world.parameters.seconds = 0.6
    world.somebody_computes()

    def give_up_with_little_left() -> None:
        world.cache.release(KEY, SOMEBODY)
        world.parameters.seconds = 60

    world.on_wait = give_up_with_little_left
    assert isinstance(world.use_cases().get_preview(JOB_ID, OWNER), PreviewInProgress)
    assert world.text.calls == []


def test_start_answers_in_processing_and_goes_on(world: World) -> None:
    job = world.use_cases().start_preview(JOB_ID)
    assert job.status is JobStatus.PROCESSING
    world.drain()
    assert world.jobs.history[JOB_ID] == [JobStatus.PROCESSING, JobStatus.COMPLETED]
    assert world.results.read_preview(JOB_ID, 1, MODEL_VERSION) is not None


@pytest.mark.parametrize("status", [JobStatus.PROCESSING, JobStatus.COMPLETED])
def test_start_leaves_a_job_alone_that_needs_nothing(world: World, status: JobStatus) -> None:
    world.jobs.add(a_job(status=status))
    assert world.use_cases().start_preview(JOB_ID).status is status
    world.drain()
    assert JOB_ID not in world.jobs.history


def test_start_uses_what_is_cached(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID))
    use_cases = world.use_cases()
    use_cases.get_preview(OTHER_JOB_ID, OWNER)
    use_cases.start_preview(JOB_ID)
    world.drain()
    assert world.jobs.history[JOB_ID] == [JobStatus.PROCESSING, JobStatus.COMPLETED]
    assert len(world.text.calls) == 1


def test_what_goes_wrong_in_the_background_fails_the_job(world: World) -> None:
    world.analyser.page_error = ZeroDivisionError("a bug")
    world.use_cases().start_preview(JOB_ID)
    world.drain()
    assert world.jobs.history[JOB_ID] == [JobStatus.PROCESSING, JobStatus.FAILED]


def test_a_background_preview_that_never_gets_a_slot_fails_the_job(world: World) -> None:
    world.parameters.seconds = 0.2
    use_cases = world.use_cases()
    with world.slots.hold(1), world.slots.hold(1):
        use_cases.start_preview(JOB_ID)
        world.drain()
    error = world.jobs.errors[JOB_ID]
    assert error is not None
    assert error.code == "SERVICE_UNAVAILABLE"


def test_what_is_stored_slowly_in_the_background_is_waited_for(world: World) -> None:
    world.parameters.seconds = 2.0
    world.results.preview_switch.hangs = True
    world.use_cases().start_preview(JOB_ID)
    threading.Timer(2.0, world.results.preview_switch.release).start()
    world.drain()
    assert world.jobs.history[JOB_ID] == [JobStatus.PROCESSING, JobStatus.COMPLETED]
    assert isinstance(world.use_cases().read_preview(JOB_ID, OWNER, 1), Preview)


def test_what_cannot_be_stored_in_the_background_completes_no_job(world: World) -> None:
    world.results.preview_switch.down = True
    world.use_cases().start_preview(JOB_ID)
    world.drain()
    assert world.jobs.history[JOB_ID] == [JobStatus.PROCESSING, JobStatus.FAILED]
    assert len(world.text.calls) == 1, "what was read is not paid for again"


def test_late_detection_in_the_background_is_tried_again(world: World) -> None:
    world.analyser.detection_late = True
    world.on_wait = lambda: setattr(world.analyser, "detection_late", False)
    world.use_cases().start_preview(JOB_ID)
    world.drain()
    assert world.jobs.history[JOB_ID] == [JobStatus.PROCESSING, JobStatus.COMPLETED]
    assert world.jobs.get(JOB_ID, OWNER).message == "Found 1 room"


def test_late_detection_in_the_background_fails_the_job_in_the_end(world: World) -> None:
    world.parameters.seconds = 0.2
    world.analyser.detection_late = True
    world.use_cases().start_preview(JOB_ID)
    world.drain()
    error = world.jobs.errors[JOB_ID]
    assert error is not None
    assert error.code == "SERVICE_UNAVAILABLE"
    assert world.jobs.history[JOB_ID] == [JobStatus.PROCESSING, JobStatus.FAILED]


def test_background_work_does_not_take_a_late_preview_of_somebody_else(world: World) -> None:
    world.somebody_computes()

    def finish_late() -> None:
        late = an_entry(degraded=(Degraded.DEADLINE_REACHED,), rooms=())
        world.cache.put(KEY, SOMEBODY, late)

    world.on_wait = finish_late
    world.use_cases().start_preview(JOB_ID)
    world.drain()
    assert world.jobs.history[JOB_ID] == [JobStatus.PROCESSING, JobStatus.COMPLETED]
    assert world.jobs.get(JOB_ID, OWNER).message == "Found 1 room"


def test_background_work_that_waited_too_long_for_a_thread_fails_the_job(world: World) -> None:
    world.parameters.seconds = 0.1
    world.jobs.add(a_job(OTHER_JOB_ID))
    ended = threading.Event()
    world.text.switch.hangs = True
    with world.background.reserve() as reservation:
        reservation.submit(lambda: assert_soon(ended), abandon=lambda: None)
        world.use_cases().start_preview(OTHER_JOB_ID)
    threading.Timer(1.0, ended.set).start()
    world.drain()

    assert world.jobs.history[OTHER_JOB_ID] == [JobStatus.PROCESSING, JobStatus.FAILED]
    assert world.text.calls == []


def test_start_refuses_more_than_there_is_capacity_for(world: World) -> None:
    release = threading.Event()
    world.analyser.on_page = lambda: assert_soon(release)
    other_files = [
        a_job(f"job_20240115103000_{n}", blueprint_hash=f"{n}" * 64) for n in range(world.capacity)
    ]
    use_cases = world.use_cases()
    for job in other_files:
        world.jobs.add(job)
        use_cases.start_preview(job.job_id)
    with pytest.raises(TooBusy):
        use_cases.start_preview(JOB_ID)
    assert world.jobs.get(JOB_ID, OWNER).status is JobStatus.PENDING
    release.set()
    world.drain()
    assert {status for history in world.jobs.history.values() for status in history[1:]} == {
        JobStatus.COMPLETED
    }
