"""What a worker makes of a page, and what it leaves behind when something is away."""

import threading
from dataclasses import replace

import pytest

from builders_preview import JOB_ID, OWNER, SHA256, a_job, an_entry
from fakes_preview import MODEL_VERSION, SOMEBODY, FakeJobs, World, too_complex
from preview.domain.errors import BlueprintMissing, DeadlineExceeded
from preview.domain.job import JobStatus
from preview.domain.page_work import MAX_ATTEMPTS, TIMED_OUT, PageStatus, PageWork
from preview.domain.preview import Degraded
from preview.domain.queued_page import PageOutcome, QueuedPage
from preview.domain.result_keys import cache_key
from shared.errors import DependencyUnavailable


@pytest.fixture
def world() -> World:
    return World(jobs=FakeJobs(a_job(page_count=3)))


def asked(world: World, pages: str = "1") -> None:
    world.use_cases().request_pages(JOB_ID, OWNER, pages)


def attempt(world: World, page: int = 1) -> PageOutcome:
    return world.use_cases().process_page(JOB_ID, page)


def attempt_often(world: World, times: int, page: int = 1) -> PageOutcome:
    """One after the other, as far apart as they are made."""
    outcomes = []
    for _ in range(times):
        outcomes.append(attempt(world, page))
        world.clock.advance(60)
    return outcomes[-1]


def work(world: World, page: int = 1) -> PageWork:
    found = world.pages.get(JOB_ID, page)
    assert found
    return found


def job_status(world: World) -> JobStatus:
    return world.jobs.get(JOB_ID, None).status


def counts(world: World) -> tuple[int, int, int]:
    found = world.pages.counts(JOB_ID)
    assert found
    return found.asked, found.done, found.failed


def test_a_page_is_computed_stored_and_counted(world: World) -> None:
    asked(world)
    assert attempt(world) is PageOutcome.DONE
    assert (work(world).status, work(world).rooms, work(world).attempts) == (PageStatus.COMPLETED, 1, 1)
    assert world.results.read_latest_preview(JOB_ID, 1)
    assert counts(world) == (1, 1, 0)
    assert job_status(world) is JobStatus.COMPLETED


def test_the_job_is_moved_by_its_counts_alone(world: World) -> None:
    asked(world, "1-2")
    world.jobs.transition_switch.down = True
    attempt(world)
    assert job_status(world) is JobStatus.PROCESSING
    attempt(world, 2)
    assert job_status(world) is JobStatus.COMPLETED
    last = world.jobs.reports[JOB_ID][-1]
    assert (last.asked, last.done, last.failed) == (2, 2, 0)
    assert last.result_s3_key == f"cache/preview/{JOB_ID}/1.0.0.p1.json"


def test_a_page_that_nobody_asked_for_is_no_work(world: World) -> None:
    assert attempt(world) is PageOutcome.SKIPPED
    assert world.analyser.pages_drawn == 0


def test_a_page_that_is_delivered_again_is_not_computed_again(world: World) -> None:
    asked(world)
    attempt(world)
    assert attempt(world) is PageOutcome.SKIPPED
    assert world.analyser.pages_drawn == 1
    assert counts(world) == (1, 1, 0)


def test_a_page_at_work_is_left_to_its_worker(world: World) -> None:
    asked(world)
    seen: list[PageOutcome] = []
    world.analyser.on_page = lambda: seen.append(attempt(world))
    assert attempt(world) is PageOutcome.DONE
    assert seen == [PageOutcome.RETRY]


def test_a_page_whose_worker_died_is_taken_up_and_its_attempt_counts(world: World) -> None:
    asked(world)
    begin_and_die(world)
    world.clock.advance(60)
    assert attempt(world) is PageOutcome.DONE
    assert work(world).attempts == 2


def begin_and_die(world: World) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    world.analyser.on_page = die
    with pytest.raises(KeyboardInterrupt):
        attempt(world)
    world.analyser.on_page = lambda: None
    world.clock.advance(30)  # the lease on the computation ends


def test_a_page_whose_workers_all_died_has_timed_out(world: World) -> None:
    asked(world)
    for _ in range(MAX_ATTEMPTS):
        begin_and_die(world)
        world.clock.advance(60)
    assert attempt(world) is PageOutcome.FAILED
    assert work(world).error == TIMED_OUT
    assert job_status(world) is JobStatus.FAILED
    assert world.jobs.reports[JOB_ID][-1].error == TIMED_OUT


def test_a_file_that_cannot_be_drawn_fails_at_once(world: World) -> None:
    asked(world)
    world.analyser.page_error = too_complex()
    assert attempt(world) is PageOutcome.FAILED
    error = work(world).error
    assert error
    assert error.code == "UNREADABLE_BLUEPRINT"
    assert (counts(world), job_status(world)) == ((1, 1, 1), JobStatus.FAILED)


def test_a_page_that_a_busy_machine_does_not_draw_in_time_goes_back(world: World) -> None:
    asked(world)
    world.analyser.page_error = DeadlineExceeded()
    assert attempt(world) is PageOutcome.RETRY
    world.analyser.page_error = None
    assert attempt(world) is PageOutcome.DONE
    assert job_status(world) is JobStatus.COMPLETED


def test_a_missing_file_fails_at_once(world: World) -> None:
    asked(world)
    world.blueprints.missing.add(JOB_ID)
    assert attempt(world) is PageOutcome.FAILED
    error = work(world).error
    assert error
    assert error.code == "BLUEPRINT_MISSING"
    assert str(BlueprintMissing(JOB_ID)) == error.message


def test_a_job_fails_only_if_no_page_succeeded(world: World) -> None:
    asked(world, "1-2")
    world.analyser.page_error = too_complex()
    attempt(world, 1)
    world.analyser.page_error = None
    attempt(world, 2)
    assert (counts(world), job_status(world)) == ((2, 2, 1), JobStatus.COMPLETED)
    last = world.jobs.reports[JOB_ID][-1]
    assert (last.error, last.result_s3_key) == (None, None)


def test_a_page_whose_text_could_not_be_read_goes_back_and_ends_degraded(world: World) -> None:
    asked(world)
    world.text.switch.down = True
    assert attempt_often(world, MAX_ATTEMPTS - 1) is PageOutcome.RETRY
    assert work(world).status is PageStatus.QUEUED
    assert attempt(world) is PageOutcome.DONE
    assert work(world).degraded == (Degraded.TEXTRACT_UNAVAILABLE,)
    assert world.jobs.reports[JOB_ID][-1].degraded == (Degraded.TEXTRACT_UNAVAILABLE,)


def test_text_that_is_back_makes_the_page_whole(world: World) -> None:
    asked(world)
    world.text.switch.down = True
    attempt_often(world, 1)
    world.text.switch.down = False
    assert attempt(world) is PageOutcome.DONE
    assert work(world).whole


def test_a_result_that_cannot_be_stored_is_no_result(world: World) -> None:
    asked(world)
    world.results.preview_switch.down = True
    assert attempt_often(world, MAX_ATTEMPTS - 1) is PageOutcome.RETRY
    assert attempt(world) is PageOutcome.FAILED
    error = work(world).error
    assert error
    assert error.code == "SERVICE_UNAVAILABLE"
    assert work(world).rooms is None


def test_while_the_file_cannot_be_fetched_the_page_waits(world: World) -> None:
    asked(world)
    world.blueprints.switch.down = True
    assert attempt_often(world, 1) is PageOutcome.RETRY
    world.blueprints.switch.down = False
    assert attempt(world) is PageOutcome.DONE


def test_pages_of_a_cancelled_job_are_taken_back(world: World) -> None:
    asked(world, "1-3")
    world.jobs.move(JOB_ID, JobStatus.CANCELLED)
    assert attempt(world) is PageOutcome.SKIPPED
    assert {page.status for page in world.pages.of_job(JOB_ID)} == {PageStatus.CANCELLED}
    assert world.analyser.pages_drawn == 0


def test_a_cancelled_page_whose_message_was_lost_is_taken_back_in_the_end(world: World) -> None:
    asked(world)
    assert world.queue.receive(0, 60)  # by a worker that has died since
    world.jobs.move(JOB_ID, JobStatus.CANCELLED)
    world.clock.advance(120)
    world.use_cases().requeue_pages()
    received = world.queue.receive(0, 60)
    assert received
    assert attempt(world) is PageOutcome.SKIPPED
    assert work(world).status is PageStatus.CANCELLED


def test_a_job_that_is_cancelled_meanwhile_takes_its_page_back_before_it_is_paid_for(world: World) -> None:
    asked(world, "1-3")
    world.analyser.on_page = lambda: world.jobs.move(JOB_ID, JobStatus.CANCELLED)
    assert attempt(world) is PageOutcome.SKIPPED
    assert {page.status for page in world.pages.of_job(JOB_ID)} == {PageStatus.CANCELLED}
    assert world.text.calls == []


def test_of_an_erased_job_nothing_is_left(world: World) -> None:
    asked(world, "1-3")
    world.jobs.forget(JOB_ID)
    assert attempt(world) is PageOutcome.SKIPPED
    assert world.pages.of_job(JOB_ID) == []
    assert world.pages.counts(JOB_ID) is None


def test_a_job_that_is_erased_meanwhile_leaves_nothing(world: World) -> None:
    asked(world)
    use_cases = world.use_cases()

    def erase() -> None:
        world.jobs.forget(JOB_ID)
        use_cases.erase_results(JOB_ID)

    world.text.on_read = erase
    assert attempt(world) is PageOutcome.SKIPPED
    assert world.results.keys_of(JOB_ID) == set()
    assert world.pages.of_job(JOB_ID) == []


def test_what_could_not_be_reported_is_reported_with_the_next_delivery(world: World) -> None:
    asked(world)
    world.text.on_read = lambda: setattr(world.jobs.report_switch, "down", True)
    with pytest.raises(Exception, match="fake"):
        attempt(world)
    assert work(world).status is PageStatus.COMPLETED
    world.jobs.report_switch.down = False
    assert attempt(world) is PageOutcome.SKIPPED
    assert job_status(world) is JobStatus.COMPLETED


def test_what_a_page_takes_is_measured(world: World) -> None:
    asked(world, "1-2")
    world.analyser.on_page = lambda: world.clock.advance(4)
    for page in (1, 2):
        assert attempt(world, page) is PageOutcome.DONE
    assert world.service_times.mean() == 4


def test_a_time_that_cannot_be_counted_ends_no_page(world: World) -> None:
    asked(world, "1")
    world.service_times.failing = DependencyUnavailable("a fake")
    assert attempt(world, 1) is PageOutcome.DONE


def test_a_page_whose_preview_is_stored_and_not_recorded_is_not_computed(world: World) -> None:
    world.use_cases().create_preview(JOB_ID, OWNER, 2)
    world.pages.erase(JOB_ID)
    drawn = world.analyser.pages_drawn
    asked(world, "2")
    assert attempt(world, 2) is PageOutcome.DONE
    assert world.analyser.pages_drawn == drawn


def test_a_page_that_is_to_be_refreshed_is_computed(world: World) -> None:
    asked(world)
    attempt(world)
    world.use_cases().request_pages(JOB_ID, OWNER, "1", refresh=True)
    assert attempt(world) is PageOutcome.DONE
    assert world.analyser.pages_drawn == 2
    assert (counts(world), job_status(world)) == ((1, 1, 0), JobStatus.COMPLETED)


def test_an_empty_page_is_completed_with_no_rooms(world: World) -> None:
    world.analyser.found = []
    asked(world)
    assert attempt(world) is PageOutcome.DONE
    assert (work(world).status, work(world).rooms) == (PageStatus.COMPLETED, 0)


def test_a_page_put_in_again_is_begun_once(world: World) -> None:
    asked(world)
    world.clock.advance(120)
    world.use_cases().requeue_pages()
    first = world.queue.receive(0, 60)
    second = world.queue.receive(0, 60)
    assert first
    assert second
    assert first.queued == second.queued == QueuedPage(JOB_ID, 1)
    assert [attempt(world), attempt(world)] == [PageOutcome.DONE, PageOutcome.SKIPPED]


def test_a_preview_for_a_caller_leaves_the_state_to_the_counts(world: World) -> None:
    asked(world, "1-2")
    world.jobs.add(replace(world.jobs.get(JOB_ID, None), counted=True))
    world.jobs.transition_switch.down = True
    world.use_cases().create_preview(JOB_ID, OWNER, 1)
    assert world.jobs.history[JOB_ID] == [JobStatus.PROCESSING]


def test_a_bug_is_tried_again_and_fails_the_page_in_the_end(world: World) -> None:
    asked(world)
    world.analyser.page_error = ZeroDivisionError("a bug")
    assert attempt_often(world, MAX_ATTEMPTS - 1) is PageOutcome.RETRY
    assert attempt(world) is PageOutcome.FAILED
    error = work(world).error
    assert error
    assert error.code == "INTERNAL_ERROR"
    assert "bug" not in error.message


def test_late_detection_is_tried_again_and_fails_the_page_in_the_end(world: World) -> None:
    asked(world)
    world.analyser.detection_late = True
    assert attempt_often(world, MAX_ATTEMPTS - 1) is PageOutcome.RETRY
    world.analyser.detection_late = False
    assert attempt(world) is PageOutcome.DONE
    assert work(world).whole


def test_a_late_preview_of_a_caller_is_not_taken_for_the_page(world: World) -> None:
    asked(world)
    world.somebody_computes()
    key = cache_key(SHA256, OWNER, MODEL_VERSION, 1)

    def finish_late() -> None:
        world.cache.put(key, SOMEBODY, an_entry(degraded=(Degraded.DEADLINE_REACHED,), rooms=()))

    world.on_wait = finish_late
    assert attempt(world) is PageOutcome.DONE
    assert work(world).rooms == 1


def test_text_that_comes_after_the_deadline_of_callers_counts(world: World) -> None:
    asked(world)
    world.parameters.seconds = 0.5
    world.text.switch.hangs = True
    threading.Timer(1.0, world.text.switch.release).start()
    assert attempt(world) is PageOutcome.DONE
    assert work(world).whole
