"""Pictures are drawn beside previews, never instead of them, and not twice."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from builders_preview import JOB_ID, OTHER_JOB_ID, OWNER, a_job, a_preview
from fakes_preview import PATIENCE_SECONDS, World
from preview.concurrency.bulkhead import CALLERS_AT_ONCE as ALL_CALLERS_AT_ONCE
from preview.concurrency.bulkhead import Callers
from preview.concurrency.call_executor import limited_to
from preview.concurrency.compute_slots import Turns
from preview.domain.errors import Busy
from preview.domain.preview import Preview
from preview.service import PreviewService
from preview.use_cases.draw_picture import CALLERS_AT_ONCE, CALLERS_OF_ONE_OWNER, KeptPictures, Pictures

PICTURE = b"a blueprint, page 1, 1 rooms"
FIRST, SECOND = ("job_1", 1, "one"), ("job_2", 1, "one")


def picture_of(service: PreviewService, page: int = 1, job_id: str = JOB_ID, owner: str = OWNER) -> bytes:
    return service.picture(service.stored(job_id, owner, page), owner)


def previewed(world: World, pages: int = 1) -> PreviewService:
    service = world.service()
    for page in range(1, pages + 1):
        assert isinstance(service.preview(JOB_ID, OWNER, page), Preview)
    return service


@contextmanager
def pictures_being_drawn(world: World, service: PreviewService, *pages: int) -> Iterator[list[Future[bytes]]]:
    """Callers for the pictures of these pages, of which the first is being drawn until the block ends."""
    drawing, release = threading.Event(), threading.Event()

    def hang() -> None:
        drawing.set()
        assert release.wait(PATIENCE_SECONDS)

    world.analyser.on_picture = hang
    with ThreadPoolExecutor(len(pages)) as callers:
        try:
            waiting = [callers.submit(picture_of, service, pages[0])]
            assert drawing.wait(PATIENCE_SECONDS)
            waiting += [callers.submit(picture_of, service, page) for page in pages[1:]]
            yield waiting
        finally:
            release.set()


def test_a_picture_shows_the_stored_rooms(world: World) -> None:
    assert picture_of(previewed(world)) == PICTURE


def test_a_picture_is_drawn_once_until_the_rooms_change(world: World) -> None:
    service = previewed(world)
    assert picture_of(service) == picture_of(service) == PICTURE
    assert world.analyser.pictures_drawn == 1

    world.clock.advance(1)
    world.analyser.found = []
    service.preview(JOB_ID, OWNER, refresh=True)
    assert picture_of(service) == b"a blueprint, page 1, 0 rooms"


def test_callers_of_the_same_picture_wait_for_one_drawing(world: World) -> None:
    service = previewed(world)
    with pictures_being_drawn(world, service, 1, 1) as waiting:
        pass
    assert [picture.result() for picture in waiting] == [PICTURE] * 2
    assert world.analyser.pictures_drawn == 1


def test_pictures_leave_a_turn_to_previews(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID, blueprint_hash="0" * 64))
    service = previewed(world, pages=2)
    with pictures_being_drawn(world, service, 1, 2):
        assert isinstance(service.preview(OTHER_JOB_ID, OWNER), Preview)
        assert world.analyser.pictures_drawn == 1


def test_one_owner_does_not_take_all_places_for_pictures() -> None:
    owners = Callers(CALLERS_AT_ONCE, of_one_key=CALLERS_OF_ONE_OWNER)
    pictures = Pictures(Callers(), owners, Turns(2), KeptPictures())
    with limited_to(PATIENCE_SECONDS), ExitStack() as waiting:
        for _ in range(CALLERS_OF_ONE_OWNER):
            waiting.enter_context(owners.place(OWNER))
        with pytest.raises(Busy):
            pictures.get(a_preview(), OWNER, lambda: PICTURE)
        assert pictures.get(a_preview(OTHER_JOB_ID), "other", lambda: PICTURE) == PICTURE


def test_pictures_leave_threads_free_as_previews_do() -> None:
    callers = Callers(1)
    pictures = Pictures(callers, Callers(), Turns(2), KeptPictures())
    with limited_to(PATIENCE_SECONDS):
        with callers.place("a preview"), pytest.raises(Busy):
            pictures.get(a_preview(), OWNER, lambda: PICTURE)
        assert pictures.get(a_preview(), OWNER, lambda: PICTURE) == PICTURE
        with callers.place("a preview"):
            assert pictures.get(a_preview(), OWNER, lambda: b"another") == PICTURE, "it needs no place"


def test_pictures_leave_half_of_the_places_to_previews() -> None:
    assert CALLERS_OF_ONE_OWNER < CALLERS_AT_ONCE <= ALL_CALLERS_AT_ONCE / 2


def test_a_picture_that_cannot_be_drawn_leaves_its_place(world: World) -> None:
    service = previewed(world)
    for _ in range(4):
        world.analyser.page_error = ZeroDivisionError("a bug")
        with pytest.raises(ZeroDivisionError):
            picture_of(service)
    world.analyser.page_error = None
    assert picture_of(service) == PICTURE


def test_nothing_is_kept_of_a_job_that_is_erased(world: World) -> None:
    service = previewed(world)
    shown = service.stored(JOB_ID, OWNER, 1)
    service.picture(shown, OWNER)
    service.erase(JOB_ID)
    service.picture(shown, OWNER)
    assert world.analyser.pictures_drawn == 2


def test_pictures_are_kept_for_their_time() -> None:
    now = [100.0]
    kept = KeptPictures(seconds=10, monotonic=lambda: now[0])
    kept.put(FIRST, b"png")
    now[0] += 9.9
    assert kept.get(FIRST) == b"png"
    now[0] += 0.1
    assert kept.get(FIRST) is None


def test_the_pictures_used_last_are_kept_of_more_than_there_is_room_for() -> None:
    kept = KeptPictures(most_bytes=20)
    kept.put(FIRST, b"x" * 10)
    kept.put(SECOND, b"x" * 10)
    kept.get(FIRST)
    kept.put(("job_3", 1, "one"), b"x" * 10)
    assert kept.get(SECOND) is None
    assert kept.get(FIRST) is not None
    kept.put(SECOND, b"x" * 21)
    assert kept.get(SECOND) is None, "it alone is too large"
