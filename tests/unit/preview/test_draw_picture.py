"""Pictures are drawn beside previews, never instead of them, and not twice."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from builders_preview import JOB_ID, OTHER_JOB_ID, OWNER, a_job, a_page, a_preview, a_room
from fakes_preview import PATIENCE_SECONDS, World
from preview.bulkheads import CALLERS_AT_ONCE, SHARE_AT_ONCE, SHARE_AT_ONCE_PER_OWNER
from preview.domain.budget import FILE_SECONDS, PICTURE_RENDER_SECONDS
from preview.domain.errors import PictureTooLarge, TooBusy
from preview.domain.picture import PictureView, pictured_rooms
from preview.domain.preview import Preview
from preview.domain.scale import GivenLength
from preview.use_cases import UseCases
from preview.use_cases.picture_cache import PictureCache

PICTURE = b"a blueprint, page 1, 1 rooms"
FIRST, SECOND = ("job_1", 1, "one"), ("job_2", 1, "one")


def picture_of(use_cases: UseCases, page: int = 1, job_id: str = JOB_ID, owner: str = OWNER) -> bytes:
    return use_cases.draw_picture(use_cases.read_preview(job_id, owner, page), owner)


def previewed(world: World, pages: int = 1) -> UseCases:
    use_cases = world.use_cases()
    for page in range(1, pages + 1):
        assert isinstance(use_cases.create_preview(JOB_ID, OWNER, page), Preview)
    return use_cases


@contextmanager
def pictures_being_drawn(world: World, use_cases: UseCases, *pages: int) -> Iterator[list[Future[bytes]]]:
    """Bulkhead for the pictures of these pages, of which the first is being drawn until the block ends."""
    drawing, release = threading.Event(), threading.Event()

    def hang() -> None:
        drawing.set()
        assert release.wait(PATIENCE_SECONDS)

    world.analyser.on_picture = hang
    with ThreadPoolExecutor(len(pages)) as callers:
        try:
            waiting = [callers.submit(picture_of, use_cases, pages[0])]
            assert drawing.wait(PATIENCE_SECONDS)
            waiting += [callers.submit(picture_of, use_cases, page) for page in pages[1:]]
            yield waiting
        finally:
            release.set()


def test_a_picture_shows_the_stored_rooms(world: World) -> None:
    assert picture_of(previewed(world)) == PICTURE


def test_a_picture_is_drawn_once_until_the_rooms_change(world: World) -> None:
    use_cases = previewed(world)
    assert picture_of(use_cases) == picture_of(use_cases) == PICTURE
    assert world.analyser.pictures_drawn == 1

    world.clock.advance(1)
    world.analyser.found = []
    use_cases.create_preview(JOB_ID, OWNER, refresh=True)
    assert picture_of(use_cases) == b"a blueprint, page 1, 0 rooms"


def test_a_picture_is_drawn_anew_by_another_scale(world: World) -> None:
    use_cases = previewed(world)
    shown = use_cases.read_preview(JOB_ID, OWNER, 1)
    given = shown.with_given_scale(GivenLength((0, 0), (500, 0), 10.0))
    other = shown.with_given_scale(GivenLength((0, 0), (500, 0), 11.0))
    assert len({each.version for each in (shown, given, other)}) == 3
    for each in (shown, given, other, given):
        use_cases.draw_picture(each, OWNER)
    assert world.analyser.pictures_drawn == 3


def test_a_picture_says_areas_and_confidences_only_without_a_scale() -> None:
    rooms = a_room(1, (0, 0, 100, 200), "HALL"), replace(a_room(2, name=None), id="room_a9896dfd3wt22023f00")
    found = a_preview(rooms=rooms)
    measured = found.with_given_scale(GivenLength((0, 0), (100, 0), 3.0))
    halves = found.with_given_scale(GivenLength((0, 0), (100, 0), 2.5))
    assert [room.lines for room in pictured_rooms(found)] == [("HALL", "75 %"), ("Room 2", "75 %")]
    assert pictured_rooms(measured)[0].lines == ("HALL", "13.9 m²")
    assert pictured_rooms(halves)[0].lines == ("HALL", "9.7 m²")


def test_a_picture_has_more_time_than_a_preview(world: World) -> None:
    use_cases = previewed(world)
    shown = use_cases.read_preview(JOB_ID, OWNER, 1)
    world.parameters.seconds = 0.0
    assert use_cases.draw_picture(shown, OWNER) == PICTURE
    assert world.analyser.limits
    timeout_seconds, cpu_seconds = world.analyser.limits
    assert PICTURE_RENDER_SECONDS == cpu_seconds < timeout_seconds <= FILE_SECONDS


def test_each_view_of_a_page_is_a_picture_of_its_own(world: World) -> None:
    use_cases = previewed(world)
    shown = use_cases.read_preview(JOB_ID, OWNER, 1)
    bare = PictureView(rooms=False)
    for _ in range(2):
        assert use_cases.draw_picture(shown, OWNER) == PICTURE
        assert use_cases.draw_picture(shown, OWNER, bare) == b"a blueprint, page 1, bare, 3300 x 2550 px"
    assert world.analyser.pictures_drawn == 2


@pytest.mark.parametrize(
    ("view", "size"),
    [
        (PictureView(rooms=False), (3300, 2550)),
        (PictureView(rooms=False, width_px=330), (330, 255)),
        (PictureView(rooms=False, region=(0, 0, 500, 100)), (1650, 255)),
        (PictureView(rooms=False, region=(999, 999, 1000, 1000)), (3, 3)),
        (PictureView(region=(500, 0, 1000, 1000), width_px=165), (165, 255)),
    ],
)
def test_the_size_of_a_picture(view: PictureView, size: tuple[int, int]) -> None:
    part = view.part_of(a_page().size)
    assert part is not None
    assert part.size_px == size


@pytest.mark.parametrize(
    "view",
    [
        PictureView(rooms=False, region=(0, 0, 1, 1000), width_px=2000),
        PictureView(rooms=True, region=(0, 0, 100, 1000), width_px=4000),
    ],
)
def test_a_picture_that_would_not_fit_memory_is_refused(view: PictureView) -> None:
    with pytest.raises(PictureTooLarge):
        view.part_of(a_page().size)


def test_callers_of_the_same_picture_wait_for_one_drawing(world: World) -> None:
    use_cases = previewed(world)
    with pictures_being_drawn(world, use_cases, 1, 1) as waiting:
        pass
    assert [picture.result() for picture in waiting] == [PICTURE] * 2
    assert world.analyser.pictures_drawn == 1


def test_pictures_leave_a_slot_to_previews(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID, blueprint_hash="0" * 64))
    use_cases = previewed(world, pages=2)
    with pictures_being_drawn(world, use_cases, 1, 2):
        assert isinstance(use_cases.create_preview(OTHER_JOB_ID, OWNER), Preview)
        assert world.analyser.pictures_drawn == 1


def test_one_owner_does_not_take_all_permits_for_pictures(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID, owner="other"))
    draw = previewed(world).draw_picture
    with ExitStack() as waiting:
        for _ in range(SHARE_AT_ONCE_PER_OWNER):
            waiting.enter_context(draw.callers.permit(OWNER))
        with pytest.raises(TooBusy):
            draw(a_preview(), OWNER)
        assert draw(a_preview(OTHER_JOB_ID), "other") == PICTURE


def test_pictures_leave_threads_free_as_previews_do(world: World) -> None:
    world.callers_at_once = 1
    use_cases = previewed(world)
    draw, bulkhead = use_cases.draw_picture, use_cases.create_preview.compute_preview.bulkhead
    with bulkhead.permit("a preview"), pytest.raises(TooBusy):
        draw(a_preview(), OWNER)
    assert draw(a_preview(), OWNER) == PICTURE
    with bulkhead.permit("a preview"):
        assert draw(a_preview(), OWNER) == PICTURE, "a picture that is kept needs no permit"
    assert world.analyser.pictures_drawn == 1


def test_pictures_leave_half_of_the_permits_to_previews() -> None:
    assert 0 < SHARE_AT_ONCE_PER_OWNER < SHARE_AT_ONCE <= CALLERS_AT_ONCE / 2


def test_a_picture_that_cannot_be_drawn_leaves_its_permit(world: World) -> None:
    use_cases = previewed(world)
    for _ in range(4):
        world.analyser.page_error = ZeroDivisionError("a bug")
        with pytest.raises(ZeroDivisionError):
            picture_of(use_cases)
    world.analyser.page_error = None
    assert picture_of(use_cases) == PICTURE


def test_nothing_is_kept_of_a_job_that_is_erased(world: World) -> None:
    use_cases = previewed(world)
    shown = use_cases.read_preview(JOB_ID, OWNER, 1)
    use_cases.draw_picture(shown, OWNER)
    use_cases.erase_results(JOB_ID)
    use_cases.draw_picture(shown, OWNER)
    assert world.analyser.pictures_drawn == 2


def test_pictures_are_kept_for_their_time() -> None:
    now = [100.0]
    kept = PictureCache(seconds=10, monotonic=lambda: now[0])
    kept.put(FIRST, b"png")
    now[0] += 9.9
    assert kept.get(FIRST) == b"png"
    now[0] += 0.1
    assert kept.get(FIRST) is None


def test_the_pictures_used_last_are_kept_of_more_than_there_is_room_for() -> None:
    kept = PictureCache(max_bytes=20)
    kept.put(FIRST, b"x" * 10)
    kept.put(SECOND, b"x" * 10)
    kept.get(FIRST)
    kept.put(("job_3", 1, "one"), b"x" * 10)
    assert kept.get(SECOND) is None
    assert kept.get(FIRST) is not None
    kept.put(SECOND, b"x" * 21)
    assert kept.get(SECOND) is None, "it alone is too large"
