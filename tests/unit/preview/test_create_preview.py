"""What a caller gets, and how the job stands afterwards."""

import json
from dataclasses import replace

import pytest

from builders_preview import (
    JOB_ID,
    OTHER_JOB_ID,
    OWNER,
    a_job,
    a_loaded_page,
    a_preview,
    a_word,
    an_ocr_result,
)
from fakes_preview import A_WHILE_SECONDS, MODEL_VERSION, PATIENCE_SECONDS, World, too_complex
from preview.domain.budget import RENDER_SECONDS
from preview.domain.errors import (
    BlueprintMissing,
    ConcurrentUpdate,
    DeadlineExceeded,
    InvalidJobId,
    JobCancelled,
    JobNotFound,
    NoSuchPage,
    PreviewNotFound,
    UnreadableBlueprint,
)
from preview.domain.job import JobStatus
from preview.domain.preview import Degraded, Preview, PreviewInProgress
from shared.errors import DependencyFailed, DependencyUnavailable

DONE = [JobStatus.PROCESSING, JobStatus.COMPLETED]
FAILED = [JobStatus.PROCESSING, JobStatus.FAILED]
KEY_OF_PAGE_1 = f"cache/preview/{JOB_ID}/{MODEL_VERSION}.p1.json"


def preview_of(world: World, job_id: str = JOB_ID, page: int = 1, *, refresh: bool = False) -> Preview:
    found = world.use_cases().create_preview(job_id, OWNER, page, refresh=refresh)
    assert isinstance(found, Preview)
    return found


def test_a_preview_has_rooms_names_and_is_kept(world: World) -> None:
    found = preview_of(world)

    assert [room.name_hint for room in found.rooms] == ["KITCHEN"]
    assert (found.cached, found.degraded, found.model_version) == (False, (), MODEL_VERSION)
    assert world.jobs.history[JOB_ID] == DONE
    assert world.jobs.results[JOB_ID] == f"cache/preview/{JOB_ID}/{MODEL_VERSION}.p1.json"
    assert world.use_cases().read_preview(JOB_ID, OWNER, 1).rooms == found.rooms
    analysis = world.use_cases().read_text(JOB_ID, OWNER, 1)
    assert [block.text for block in analysis.text_blocks] == ["KITCHEN"]
    assert analysis.metadata.textract_pages == 1


def test_a_second_preview_comes_from_the_cache(world: World) -> None:
    preview_of(world)
    again = preview_of(world)

    assert again.cached
    assert len(world.text.calls) == 1
    assert world.jobs.history[JOB_ID] == DONE


def test_refresh_computes_again_and_leaves_a_completed_job_alone(world: World) -> None:
    preview_of(world)
    again = preview_of(world, refresh=True)

    assert not again.cached
    assert len(world.text.calls) == 2
    assert world.jobs.history[JOB_ID] == DONE


def test_refresh_without_textract_leaves_what_is_stored(world: World) -> None:
    first = preview_of(world)
    world.text.switch.down = True
    again = preview_of(world, refresh=True)

    assert (again.cached, again.degraded) == (False, (Degraded.TEXTRACT_UNAVAILABLE,))
    assert world.use_cases().read_preview(JOB_ID, OWNER, 1) == replace(first, cached=True)
    assert world.use_cases().read_text(JOB_ID, OWNER, 1).metadata.text_source == "textract"
    assert preview_of(world) == replace(first, cached=True)
    world.text.switch.down = False
    assert preview_of(world, refresh=True).degraded == (), "the lease is given back"


@pytest.mark.parametrize("where", ["in the cache", "in the bucket only"])
def test_refresh_without_textract_completes_a_failed_job_with_what_is_stored(
    world: World, where: str
) -> None:
    first = preview_of(world)
    world.jobs.move(JOB_ID, JobStatus.FAILED)
    world.clock.advance(4000 if where == "in the bucket only" else 60)
    world.text.switch.down = True
    preview_of(world, refresh=True)

    job = world.jobs.get(JOB_ID, OWNER)
    assert (job.status, job.result_s3_key) == (JobStatus.COMPLETED, KEY_OF_PAGE_1)
    assert world.use_cases().read_preview(JOB_ID, OWNER, 1) == replace(first, cached=True)


def test_refresh_of_another_job_without_textract_keeps_what_both_share(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID))
    preview_of(world)
    world.text.switch.down = True
    assert preview_of(world, OTHER_JOB_ID, refresh=True).degraded == (Degraded.TEXTRACT_UNAVAILABLE,)

    assert preview_of(world, OTHER_JOB_ID).degraded == ()
    assert world.use_cases().read_preview(OTHER_JOB_ID, OWNER, 1).degraded == ()
    assert world.jobs.history[OTHER_JOB_ID] == DONE


def test_refresh_without_textract_replaces_what_is_no_better(world: World) -> None:
    world.text.switch.down = True
    preview_of(world)
    world.clock.advance(1)
    again = preview_of(world, refresh=True)
    assert world.use_cases().read_preview(JOB_ID, OWNER, 1).timestamp == again.timestamp


def test_slots_are_released(world: World) -> None:
    use_cases = world.use_cases()
    for _ in range(world.at_once + 1):
        assert isinstance(use_cases.create_preview(JOB_ID, OWNER, refresh=True), Preview)


def test_a_hit_completes_another_pending_job_of_the_same_file(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID))
    preview_of(world)
    found = preview_of(world, OTHER_JOB_ID)

    assert (found.job_id, found.cached) == (OTHER_JOB_ID, True)
    assert len(world.text.calls) == 1
    assert world.jobs.history[OTHER_JOB_ID] == DONE
    assert world.use_cases().read_preview(OTHER_JOB_ID, OWNER, 1).job_id == OTHER_JOB_ID
    analysis = world.use_cases().read_text(OTHER_JOB_ID, OWNER, 1)
    assert (analysis.job_id, OTHER_JOB_ID in analysis.s3_key) == (OTHER_JOB_ID, True)

    world.results.copy_switch.down = True
    assert preview_of(world, OTHER_JOB_ID).degraded == (), "it needs no second copy"


def test_a_hit_repairs_a_failed_job(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID, JobStatus.FAILED))
    preview_of(world)
    preview_of(world, OTHER_JOB_ID)
    assert world.jobs.history[OTHER_JOB_ID] == DONE


def test_the_same_file_of_another_owner_is_no_hit(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID, owner="other"))
    preview_of(world)
    found = world.use_cases().create_preview(OTHER_JOB_ID, "other")
    assert isinstance(found, Preview)
    assert not found.cached


def test_a_copy_whose_source_was_erased_is_computed_anew(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID))
    preview_of(world)
    world.results.erase(JOB_ID)
    found = preview_of(world, OTHER_JOB_ID)
    assert not found.cached
    assert len(world.text.calls) == 2


def test_a_copy_whose_source_cannot_be_read_is_computed_anew(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID))
    preview_of(world)
    world.results.unreadable.add(JOB_ID)
    assert not preview_of(world, OTHER_JOB_ID).cached
    assert world.use_cases().read_text(OTHER_JOB_ID, OWNER, 1).job_id == OTHER_JOB_ID


@pytest.mark.parametrize("fault", ["down", "hangs"])
def test_a_copy_without_its_analysis_still_keeps_the_preview(world: World, fault: str) -> None:
    if fault == "hangs":
        world.parameters.seconds = A_WHILE_SECONDS
    world.jobs.add(a_job(OTHER_JOB_ID))
    preview_of(world)
    setattr(world.results.copy_switch, fault, True)

    assert preview_of(world, OTHER_JOB_ID).degraded == (Degraded.ANALYSIS_NOT_STORED,)
    assert world.jobs.results[OTHER_JOB_ID] == f"cache/preview/{OTHER_JOB_ID}/{MODEL_VERSION}.p1.json"
    kept = world.results.read_preview(OTHER_JOB_ID, 1, MODEL_VERSION)
    assert kept is not None
    assert (kept.job_id, kept.degraded) == (OTHER_JOB_ID, (Degraded.ANALYSIS_NOT_STORED,))

    setattr(world.results.copy_switch, fault, False)
    assert preview_of(world, OTHER_JOB_ID).degraded == (), "a later request repairs it"


def test_the_stored_preview_answers_when_the_table_has_forgotten(world: World) -> None:
    preview_of(world)
    world.clock.advance(4000)

    assert preview_of(world).cached
    world.results.switch.down = True
    assert preview_of(world).cached, "the table knows it again"
    assert len(world.text.calls) == 1


def test_a_stored_preview_that_is_degraded_is_computed_again(world: World) -> None:
    world.text.switch.down = True
    assert preview_of(world).degraded == (Degraded.TEXTRACT_UNAVAILABLE,)
    assert world.use_cases().read_preview(JOB_ID, OWNER, 1).degraded == (Degraded.TEXTRACT_UNAVAILABLE,)

    world.text.switch.down = False
    repaired = preview_of(world)
    assert (repaired.cached, repaired.degraded) == (False, ())
    assert preview_of(world).cached


def test_the_text_layer_stands_in_for_textract(world: World) -> None:
    world.analyser.loaded = a_loaded_page(words=(a_word("LOBBY", source="text_layer"),))
    world.text.switch.down = True
    found = preview_of(world)

    assert [room.name_hint for room in found.rooms] == ["LOBBY"]
    assert found.degraded == (Degraded.TEXTRACT_UNAVAILABLE,)
    analysis = world.use_cases().read_text(JOB_ID, OWNER, 1)
    assert analysis.metadata.text_source == "text_layer"
    assert [block.text for block in analysis.text_blocks] == ["LOBBY"]


def test_the_text_layer_adds_to_textract(world: World) -> None:
    world.analyser.loaded = a_loaded_page(words=(a_word("204", (300, 300, 320, 310), "text_layer"),))
    world.text.reading = an_ocr_result(a_word("OFFICE"))
    assert preview_of(world).rooms[0].name_hint == "OFFICE 204"


def test_a_hanging_textract_is_left_behind_within_the_deadline(world: World) -> None:
    world.parameters.seconds = A_WHILE_SECONDS
    world.text.switch.hangs = True
    found = preview_of(world)
    assert found.degraded == (Degraded.TEXTRACT_UNAVAILABLE,)
    assert len(found.rooms) == 1
    assert found.timing.total_seconds < PATIENCE_SECONDS / 2, "it hangs for twice as long"


def test_late_detection_leaves_no_rooms_and_says_so(world: World) -> None:
    world.analyser.detection_late = True
    found = preview_of(world)
    assert (found.rooms, found.degraded) == ((), (Degraded.DEADLINE_REACHED,))
    assert world.use_cases().read_preview(JOB_ID, OWNER, 1).degraded == (Degraded.DEADLINE_REACHED,)


def test_late_detection_says_no_number_and_can_be_repaired(world: World) -> None:
    world.analyser.detection_late = True
    preview_of(world)
    assert_unavailable(world)

    world.analyser.detection_late = False
    preview_of(world)
    job = world.jobs.get(JOB_ID, OWNER)
    assert (job.status, job.message) == (JobStatus.COMPLETED, "1 room found on 1 page.")
    assert job.result_s3_key == KEY_OF_PAGE_1


def test_late_detection_does_not_replace_rooms_that_were_found(world: World) -> None:
    world.text.switch.down = True
    found = preview_of(world).rooms
    world.analyser.detection_late = True
    preview_of(world)
    assert world.use_cases().read_preview(JOB_ID, OWNER, 1).rooms == found
    assert world.jobs.get(JOB_ID, OWNER).message == "1 room found on 1 page."


def assert_unavailable(world: World) -> None:
    """The job failed for now, and says nothing of rooms."""
    job, error = world.jobs.get(JOB_ID, OWNER), world.jobs.errors[JOB_ID]
    assert job.status is JobStatus.FAILED
    assert error is not None
    assert (error.code, job.message) == ("SERVICE_UNAVAILABLE", error.message)


def test_a_job_is_not_completed_by_what_cannot_be_read(world: World) -> None:
    world.results.preview_switch.down = True
    assert len(preview_of(world).rooms) == 1
    assert_unavailable(world)

    world.results.preview_switch.down = False
    preview_of(world)
    assert world.jobs.history[JOB_ID] == FAILED + DONE
    assert world.jobs.get(JOB_ID, OWNER).result_s3_key == KEY_OF_PAGE_1


def test_a_copy_that_cannot_be_stored_completes_no_job(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID))
    preview_of(world)
    world.results.preview_switch.down = True
    assert preview_of(world, OTHER_JOB_ID).degraded == (Degraded.PREVIEW_NOT_STORED,)
    assert world.jobs.history[OTHER_JOB_ID] == FAILED


def test_a_completed_job_says_what_its_preview_lacks_until_it_is_repaired(world: World) -> None:
    world.text.switch.down = True
    preview_of(world)
    before = world.jobs.get(JOB_ID, OWNER)
    assert (before.status, before.degraded) == (JobStatus.COMPLETED, ("textract_unavailable",))

    world.text.switch.down = False
    preview_of(world)
    after = world.jobs.get(JOB_ID, OWNER)
    assert (after.status, after.degraded) == (JobStatus.COMPLETED, ())
    assert after.version > before.version


def test_a_completed_job_that_names_no_result_is_mended_once(world: World) -> None:
    world.jobs.add(a_job(status=JobStatus.COMPLETED, message="0 rooms found on 1 page."))
    preview_of(world)
    job = world.jobs.get(JOB_ID, OWNER)
    assert (job.message, job.result_s3_key) == ("1 room found on 1 page.", KEY_OF_PAGE_1)

    preview_of(world)
    assert world.jobs.get(JOB_ID, OWNER) == job, "what it says already is not written again"


def test_late_naming_leaves_no_rooms_and_says_so(world: World) -> None:
    world.analyser.naming_late = True
    found = preview_of(world)
    assert (found.rooms, found.degraded) == ((), (Degraded.DEADLINE_REACHED,))


def test_textract_reads_the_stored_file_where_it_may(world: World) -> None:
    world.analyser.loaded = a_loaded_page(png=None)
    preview_of(world)
    assert world.text.calls == [(f"blueprints/{JOB_ID}/plan.png", None)]


def test_other_pages_leave_the_job_alone(world: World) -> None:
    found = preview_of(world, page=2)
    assert found.page.number == 2
    assert JOB_ID not in world.jobs.history
    assert world.use_cases().read_preview(JOB_ID, OWNER, 2).page.number == 2
    with pytest.raises(PreviewNotFound):
        world.use_cases().read_preview(JOB_ID, OWNER, 1)


@pytest.mark.parametrize("page", [0, 4])
def test_no_such_page_does_not_change_the_job(world: World, page: int) -> None:
    with pytest.raises(NoSuchPage):
        preview_of(world, page=page)
    assert JOB_ID not in world.jobs.history


def test_an_unreadable_blueprint_fails_the_job_with_its_code(world: World) -> None:
    world.analyser.page_error = too_complex()
    with pytest.raises(UnreadableBlueprint):
        preview_of(world)
    assert world.jobs.history[JOB_ID] == FAILED
    error = world.jobs.errors[JOB_ID]
    assert error is not None
    assert error.code == "UNREADABLE_BLUEPRINT"


def test_an_unreadable_page_after_the_first_does_not_fail_the_job(world: World) -> None:
    world.analyser.page_error = too_complex()
    with pytest.raises(UnreadableBlueprint):
        preview_of(world, page=2)
    assert JOB_ID not in world.jobs.history


def test_an_unreadable_blueprint_is_tried_again_when_asked_again(world: World) -> None:
    world.analyser.page_error = too_complex()
    with pytest.raises(UnreadableBlueprint):
        preview_of(world)
    world.analyser.page_error = None
    assert preview_of(world).degraded == ()
    assert world.jobs.history[JOB_ID] == FAILED + DONE


@pytest.mark.parametrize("deadline_seconds", [2.0, 15.0])
def test_the_deadline_bounds_the_time_of_a_page_but_not_its_processor_time(
    world: World, deadline_seconds: float
) -> None:
    world.parameters.seconds = deadline_seconds
    preview_of(world)
    assert world.analyser.limits
    timeout_seconds, cpu_seconds = world.analyser.limits
    assert 0 < timeout_seconds < deadline_seconds
    assert cpu_seconds == RENDER_SECONDS


def test_a_page_that_is_not_drawn_by_the_deadline_is_queued_and_its_job_goes_on(world: World) -> None:
    world.analyser.page_error = DeadlineExceeded()
    assert isinstance(world.use_cases().create_preview(JOB_ID, OWNER), PreviewInProgress)
    assert world.jobs.get(JOB_ID, OWNER).status is JobStatus.PROCESSING
    assert world.pages.get(JOB_ID, 1)


def test_a_missing_blueprint_fails_the_job(world: World) -> None:
    world.blueprints.missing.add(JOB_ID)
    with pytest.raises(BlueprintMissing):
        preview_of(world)
    error = world.jobs.errors[JOB_ID]
    assert error is not None
    assert error.code == "BLUEPRINT_MISSING"


def test_a_bucket_that_hangs_fails_the_job_in_time(world: World) -> None:
    world.parameters.seconds = A_WHILE_SECONDS
    world.blueprints.switch.hangs = True
    with pytest.raises(DependencyUnavailable):
        preview_of(world)
    error = world.jobs.errors[JOB_ID]
    assert error is not None
    assert error.code == "SERVICE_UNAVAILABLE"


def test_the_unexpected_fails_the_job_and_frees_its_place(world: World) -> None:
    world.analyser.page_error = ZeroDivisionError("a bug")
    with pytest.raises(ZeroDivisionError):
        preview_of(world)
    error = world.jobs.errors[JOB_ID]
    assert error is not None
    assert (error.code, "bug" in error.message) == ("INTERNAL_ERROR", False)

    world.analyser.page_error = None
    assert not preview_of(world).cached, "neither lease nor turn is left behind"


def test_a_cancelled_job_has_no_preview(world: World) -> None:
    world.jobs.add(a_job(status=JobStatus.CANCELLED))
    with pytest.raises(JobCancelled):
        preview_of(world)


def test_a_cancel_stops_the_work_before_textract_is_paid(world: World) -> None:
    world.analyser.on_page = lambda: world.jobs.move(JOB_ID, JobStatus.CANCELLED)
    with pytest.raises(JobCancelled):
        preview_of(world)
    assert world.text.calls == []
    assert world.jobs.get(JOB_ID, OWNER).status is JobStatus.CANCELLED


def test_a_cancel_while_storing_wins(world: World) -> None:
    def cancel_late(change: object) -> None:
        if getattr(change, "to", None) is JobStatus.COMPLETED:
            world.jobs.move(JOB_ID, JobStatus.CANCELLED)

    world.jobs.before_transition = cancel_late
    with pytest.raises(JobCancelled):
        preview_of(world)
    assert world.jobs.get(JOB_ID, OWNER).status is JobStatus.CANCELLED

    world.jobs.add(a_job(OTHER_JOB_ID))
    world.jobs.before_transition = lambda _: None
    assert preview_of(world, OTHER_JOB_ID).cached, "it was paid for"


def test_a_job_that_somebody_else_began_is_gone_on_with(world: World) -> None:
    def begin_first(change: object) -> None:
        world.jobs.before_transition = lambda _: None
        world.jobs.move(JOB_ID, JobStatus.PROCESSING)

    world.jobs.before_transition = begin_first
    assert preview_of(world).degraded == ()
    assert world.jobs.get(JOB_ID, OWNER).status is JobStatus.COMPLETED


def test_losing_the_job_to_somebody_else_twice_is_said(world: World) -> None:
    def change_again(_: object) -> None:
        world.jobs.move(JOB_ID, JobStatus.PENDING)

    world.jobs.before_transition = change_again
    with pytest.raises(ConcurrentUpdate):
        preview_of(world)


def test_a_job_that_somebody_else_completed_meanwhile_is_fine(world: World) -> None:
    def complete_early(change: object) -> None:
        if getattr(change, "to", None) is JobStatus.COMPLETED:
            world.jobs.move(JOB_ID, JobStatus.COMPLETED)

    world.jobs.before_transition = complete_early
    assert preview_of(world).degraded == ()


def test_a_job_left_in_processing_is_taken_over(world: World) -> None:
    world.jobs.add(a_job(status=JobStatus.PROCESSING))
    preview_of(world)
    assert world.jobs.history[JOB_ID] == [JobStatus.COMPLETED]


@pytest.mark.parametrize(
    ("switch", "reason"),
    [
        ("results.analysis_switch", Degraded.ANALYSIS_NOT_STORED),
        ("results.preview_switch", Degraded.PREVIEW_NOT_STORED),
        ("cache.put_switch", Degraded.PREVIEW_NOT_STORED),
    ],
)
@pytest.mark.parametrize("fault", ["down", "hangs"])
def test_a_store_that_fails_only_degrades(world: World, switch: str, reason: Degraded, fault: str) -> None:
    if fault == "hangs":
        world.parameters.seconds = A_WHILE_SECONDS
    part, name = switch.split(".")
    setattr(getattr(getattr(world, part), name), fault, True)
    found = preview_of(world)
    assert found.degraded == (reason,)
    assert len(found.rooms) == 1
    assert world.jobs.history[JOB_ID] == (FAILED if switch == "results.preview_switch" else DONE)


def test_a_state_that_cannot_be_saved_only_degrades_and_is_repaired(world: World) -> None:
    world.jobs.report_switch.down = True
    assert preview_of(world).degraded == (Degraded.STATE_NOT_SAVED,)

    world.jobs.report_switch.down = False
    world.clock.advance(60)
    again = preview_of(world)
    assert (again.cached, again.degraded) == (True, ())
    assert world.jobs.get(JOB_ID, OWNER).status is JobStatus.COMPLETED


def test_a_preview_whose_analysis_was_not_stored_is_no_hit(world: World) -> None:
    world.results.analysis_switch.down = True
    preview_of(world)
    world.results.analysis_switch.down = False
    assert not preview_of(world).cached


def test_a_cache_that_is_down_does_not_stop_a_preview(world: World) -> None:
    world.cache.switch.down = True
    assert preview_of(world).degraded == (Degraded.PREVIEW_NOT_STORED,)
    assert world.jobs.history[JOB_ID] == DONE


def test_a_cache_that_hangs_is_given_up_within_the_deadline(world: World) -> None:
    world.parameters.seconds = A_WHILE_SECONDS
    world.cache.switch.hangs = True
    found = preview_of(world)
    assert (len(found.rooms), found.degraded) == (1, (Degraded.PREVIEW_NOT_STORED,))
    assert found.timing.total_seconds < PATIENCE_SECONDS / 2, "it hangs for twice as long"


def test_jobs_that_cannot_be_read_are_unavailable(world: World) -> None:
    world.jobs.switch.down = True
    with pytest.raises(DependencyUnavailable):
        preview_of(world)


@pytest.mark.parametrize("job_id", ["job", "job_", "job_" + "x" * 81, "JOB_1", "job_1 ", "job_ä"])
def test_what_cannot_be_a_job_id_is_refused(world: World, job_id: str) -> None:
    with pytest.raises(InvalidJobId):
        world.use_cases().create_preview(job_id, OWNER)


def test_the_job_of_another_owner_is_not_found(world: World) -> None:
    use_cases = world.use_cases()
    world.jobs.add(a_job(OTHER_JOB_ID, owner="other"))
    with pytest.raises(JobNotFound):
        use_cases.create_preview(OTHER_JOB_ID, OWNER)
    with pytest.raises(JobNotFound):
        use_cases.read_preview(OTHER_JOB_ID, OWNER, 1)
    with pytest.raises(JobNotFound):
        use_cases.read_text(OTHER_JOB_ID, OWNER, 1)
    with pytest.raises(JobNotFound):
        use_cases.draw_picture(a_preview(OTHER_JOB_ID), OWNER)


def test_stored_is_the_last_preview_whatever_version_made_it(world: World) -> None:
    old = a_preview(model_version="0.9.0")
    world.results.write_preview(old)
    assert world.use_cases().read_preview(JOB_ID, OWNER, 1) == replace(old, cached=True)
    assert world.use_cases().read_preview(JOB_ID, None, 1).model_version == "0.9.0"


def test_before_a_preview_there_is_nothing_to_read(world: World) -> None:
    use_cases = world.use_cases()
    for read in (use_cases.read_preview, use_cases.read_text):
        with pytest.raises(PreviewNotFound):
            read(JOB_ID, OWNER, 1)


def test_coordinates_have_two_decimals(world: World) -> None:
    [room] = world.analyser.found
    world.analyser.found = [
        replace(room, bounding_box=(1.23456, 2.0, 3.0, 4.0), polygon=((1.23456, 2.0),), confidence=0.756)
    ]
    [room] = preview_of(world).rooms
    assert (room.bounding_box[0], room.polygon, room.confidence) == (1.23, ((1.23, 2.0),), 0.76)


def test_metrics_tell_stages_pages_and_cost(world: World) -> None:
    world.parameters.features = ("LAYOUT", "TABLES")
    preview_of(world)
    preview_of(world)
    lines = [json.loads(line) for line in world.metric_lines.getvalue().splitlines()]
    [measured] = [line for line in lines if "TextractPages" in line]
    assert (measured["TextractPages"], measured["RoomsFound"]) == (1, 1)
    assert measured["TextractEstimatedUsd"] == pytest.approx(0.019)
    assert [line["CacheMisses"] for line in lines if "CacheMisses" in line] == [1]
    assert [line["CacheHits"] for line in lines if "CacheHits" in line] == [1]
    assert not any("TextractErrors" in line for line in lines)


@pytest.mark.parametrize("kind", ["late", "unavailable", "failed"])
def test_metrics_tell_why_no_text_was_read(world: World, kind: str) -> None:
    def refuse() -> None:
        raise DependencyFailed("a fake")

    world.parameters.seconds = A_WHILE_SECONDS
    world.text.switch.hangs = kind == "late"
    world.text.switch.down = kind == "unavailable"
    if kind == "failed":
        world.text.on_read = refuse
    preview_of(world)
    lines = [json.loads(line) for line in world.metric_lines.getvalue().splitlines()]
    [failed] = [line for line in lines if "TextractErrors" in line]
    assert (failed["TextractErrors"], failed["kind"]) == (1, kind)


def test_an_analysis_tells_the_features_that_were_asked_for(world: World) -> None:
    world.text.on_read = lambda: setattr(world.parameters, "features", ("LAYOUT", "TABLES"))
    preview_of(world)
    metadata = world.use_cases().read_text(JOB_ID, OWNER, 1).metadata
    assert (metadata.features, metadata.estimated_usd) == (("LAYOUT",), pytest.approx(0.004))
