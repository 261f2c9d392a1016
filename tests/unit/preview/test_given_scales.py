"""The scale that a caller gives: kept with the page of the job, and applied to every answer about it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import BinaryIO

import pytest

from builders_preview import JOB_ID, OTHER_JOB_ID, OWNER, a_job, a_loaded_page, a_page
from fakes_preview import FakeJobs, World
from preview.domain.errors import JobCancelled, JobNotFound, NoSuchPage, RatioOfPicture
from preview.domain.job import JobStatus
from preview.domain.preview import Preview, PreviewInProgress
from preview.domain.scale import GivenLength, GivenRatio, Scale, ScaleChange, ScaleSource
from shared.errors import DependencyUnavailable

LENGTH = ScaleChange(GivenLength((0, 500), (1000, 500), 20))
HUNDREDTH = ScaleChange(GivenRatio(100))
FORGET = ScaleChange(None)
READ = Scale((0.01, 0.01), ScaleSource.DIMENSIONS, "4.20 x 5.40 m", 0.9)
GIVEN, DIMENSIONS = ScaleSource.GIVEN, ScaleSource.DIMENSIONS


@pytest.fixture
def world() -> World:
    pdf = a_job(blueprint_format="pdf")
    world = World(jobs=FakeJobs(pdf, replace(pdf, job_id=OTHER_JOB_ID)))
    world.analyser.loaded = replace(a_loaded_page(), page=a_page(width_mm=420.0, height_mm=297.0))
    world.analyser.scale = READ
    return world


def preview_of(
    world: World, scale: ScaleChange | None = None, job_id: str = JOB_ID, page: int = 1
) -> Preview:
    found = world.use_cases().create_preview(job_id, OWNER, page, scale=scale)
    assert isinstance(found, Preview)
    return found


def source_of(preview: Preview) -> ScaleSource | None:
    return preview.scale.source if preview.scale else None


def exported_sources(world: World) -> dict[int, ScaleSource | None]:
    found: dict[int, ScaleSource | None] = {}

    def write(_file: BinaryIO, _job_id: str, previews: Iterable[Preview]) -> None:
        found.update({preview.page.number: source_of(preview) for preview in previews})

    world.use_cases().export_pages(JOB_ID, OWNER, write).file.close()
    return found


def test_every_answer_is_measured_by_the_scale_that_was_given(world: World) -> None:
    answers = [preview_of(world, LENGTH), preview_of(world)]
    use_cases = world.use_cases()
    answers += [use_cases.read_preview(JOB_ID, OWNER, 1), use_cases.read_preview.stored(JOB_ID, 1)]
    answers += [use_cases.read_preview(JOB_ID, OWNER, 1, corrected=True)]
    for answer in answers:
        assert source_of(answer) is GIVEN
        assert answer.measured_rooms[0].measures is not None
        assert answer.measured_rooms[0].measures.area_m2 == 11.59
    assert exported_sources(world) == {1: GIVEN}


def test_a_scale_goes_before_what_was_read_which_is_named_where_it_disagrees(world: World) -> None:
    scale = preview_of(world, HUNDREDTH).scale
    assert scale == Scale((0.042, 0.0297), GIVEN, "1:100", 0.55, (DIMENSIONS,))


def test_it_is_kept_until_it_is_given_anew_or_forgotten(world: World) -> None:
    preview_of(world, LENGTH)
    assert preview_of(world, HUNDREDTH).scale != preview_of(world, LENGTH).scale
    assert preview_of(world, FORGET).scale == READ
    assert world.use_cases().read_preview(JOB_ID, OWNER, 1).scale == READ


def test_a_stored_page_is_measured_anew_and_not_computed(world: World) -> None:
    preview_of(world)
    assert source_of(preview_of(world, LENGTH)) is GIVEN
    assert len(world.text.calls) == 1


def test_it_reaches_no_other_job_of_the_file_nor_another_page(world: World) -> None:
    preview_of(world, LENGTH)
    assert source_of(preview_of(world, job_id=OTHER_JOB_ID)) is DIMENSIONS
    assert source_of(preview_of(world, page=2)) is DIMENSIONS
    assert len(world.text.calls) == 2


def test_it_is_given_for_all_pages_that_are_asked_for_stored_or_not(world: World) -> None:
    preview_of(world)
    world.use_cases().request_pages(JOB_ID, OWNER, "1-2", scale=HUNDREDTH)
    for page in (1, 2, 3):
        world.use_cases().process_page(JOB_ID, page)
    preview_of(world, page=3)
    sources = [source_of(preview_of(world, page=page)) for page in (1, 2, 3)]
    assert sources == [GIVEN, GIVEN, DIMENSIONS]


def test_it_is_kept_for_a_page_that_is_queued(world: World) -> None:
    world.callers_at_once = 0
    answered = world.use_cases().create_preview(JOB_ID, OWNER, 1, scale=LENGTH)
    assert isinstance(answered, PreviewInProgress)
    world.use_cases().process_page(JOB_ID, 1)
    assert source_of(world.use_cases().read_preview(JOB_ID, OWNER, 1)) is GIVEN


def test_a_ratio_is_refused_where_pages_have_no_real_size(world: World) -> None:
    world.jobs.add(a_job(blueprint_format="png", status=JobStatus.CANCELLED))
    with pytest.raises(RatioOfPicture):
        world.use_cases().create_preview(JOB_ID, OWNER, 1, scale=HUNDREDTH)
    with pytest.raises(RatioOfPicture):
        world.use_cases().request_pages(JOB_ID, OWNER, "1", scale=HUNDREDTH)
    assert world.pages.scales(JOB_ID) == {}


@pytest.mark.parametrize(("page", "owner", "refusal"), [(9, OWNER, NoSuchPage), (1, "else", JobNotFound)])
def test_a_request_that_is_refused_keeps_none(
    world: World, page: int, owner: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        world.use_cases().create_preview(JOB_ID, owner, page, scale=LENGTH)
    world.jobs.move(JOB_ID, JobStatus.CANCELLED)
    with pytest.raises(JobCancelled):
        world.use_cases().create_preview(JOB_ID, OWNER, 1, scale=LENGTH)
    assert world.pages.scales(JOB_ID) == {}


def test_it_is_erased_with_the_job(world: World) -> None:
    preview_of(world, LENGTH)
    world.use_cases().erase_results(JOB_ID)
    assert world.pages.scales(JOB_ID) == {}


def test_none_is_left_of_a_job_that_is_erased_meanwhile(world: World) -> None:
    preview_of(world)
    world.pages.on_scale = lambda: world.jobs.forget(JOB_ID)
    with pytest.raises(JobNotFound):
        world.use_cases().create_preview(JOB_ID, OWNER, 1, scale=LENGTH)
    assert world.pages.scales(JOB_ID) == {}


def test_nothing_is_measured_while_the_scale_cannot_be_read(world: World) -> None:
    preview_of(world, LENGTH)
    world.pages.failing = DependencyUnavailable("DynamoDB")
    for answer in (world.use_cases().create_preview, world.use_cases().read_preview):
        with pytest.raises(DependencyUnavailable):
            answer(JOB_ID, OWNER, 1)
