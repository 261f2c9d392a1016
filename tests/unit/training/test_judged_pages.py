import json
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest

from builders_regions import region
from builders_training import flat_rooms, flat_walls, write_flat
from preview.domain.room import Box
from preview.rooms.geometry.coverage_mask import CoverageMask
from room_training.judged_pages import Page, _as_read, fit_of, pages, worth

ROOM: Box = (200.0, 200.0, 600.0, 600.0)


def page(by_box: bool = False) -> Page:
    """One room of four by four on a page of ten by ten, each a hundred pixels."""
    labels = np.zeros((1000, 1000), np.int32)
    labels[200:600, 200:600] = 1
    return Page(np.full((1000, 1000), 255, np.uint8), labels, np.ones((1000, 1000), np.float32), [], by_box)


def fit(box: Box, of: Page) -> tuple[float, bool]:
    found = region(box)
    fits, known = fit_of([found], [CoverageMask(found)], of)
    return float(fits[0]), bool(known[0])


@pytest.mark.parametrize("by_box", [False, True], ids=["by outline", "by box"])
@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (ROOM, 1.0),
        ((200.0, 200.0, 400.0, 600.0), 0.5),
        ((200.0, 200.0, 600.0, 1000.0), 0.5),
        ((700.0, 700.0, 900.0, 900.0), 0.0),
    ],
)
def test_a_region_fits_by_what_it_shares_with_its_best_room(box: Box, expected: float, by_box: bool) -> None:
    assert fit(box, page(by_box)) == (pytest.approx(expected, abs=0.02), True)


def test_the_best_of_several_rooms_counts() -> None:
    two = page()
    two.labels[200:600, 600:700] = 2
    assert fit((200.0, 200.0, 700.0, 600.0), two)[0] == pytest.approx(0.8, abs=0.02)


def test_an_outline_is_judged_by_its_ground_and_not_by_its_box() -> None:
    notched = page()
    notched.labels[400:600, 400:600] = 0
    assert fit(ROOM, notched)[0] == pytest.approx(0.75, abs=0.02)
    assert fit(ROOM, replace(notched, by_box=True))[0] == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(("unsure", "known"), [(0.3, True), (0.7, False)])
def test_where_rooms_may_be_left_out_nothing_is_known(unsure: float, known: bool) -> None:
    doubtful = page()
    doubtful.sure[700 : round(700 + 200 * unsure)] = 0.3
    assert fit((700.0, 700.0, 900.0, 900.0), doubtful) == (0, known)


def test_what_fits_a_room_is_known_wherever_it_lies() -> None:
    doubtful = page()
    doubtful.sure[:] = 0.3
    assert fit(ROOM, doubtful) == (pytest.approx(1, abs=0.02), True)


def test_on_a_page_without_rooms_nothing_fits() -> None:
    bare = replace(page(), labels=np.zeros((1000, 1000), np.int32))
    assert fit(ROOM, bare) == (0, True)


def test_most_of_what_is_written_is_read_word_by_word_where_it_stands() -> None:
    line = ("MASTER BEDROOM", (100.0, 50.0, 240.0, 70.0))
    words = _as_read([line] * 200, (500, 1000), Random(1))
    assert 300 < len(words) < 400
    right = [word for word in words if word.text in ("MASTER", "BEDROOM")]
    assert len(words) > len(right) > 0.85 * len(words)
    boxes = {word.text: word.box for word in right}
    assert boxes["MASTER"] == pytest.approx((100, 100, 160, 140))
    assert boxes["BEDROOM"] == pytest.approx((170, 100, 240, 140))


def test_words_too_small_to_be_read_are_not() -> None:
    assert _as_read([("WC", (10.0, 10.0, 20.0, 13.0))] * 20, (500, 500), Random(1)) == []


def test_pages_are_the_same_every_time_and_in_one_part_each(tmp_path: Path) -> None:
    for number in range(20):
        write_flat(tmp_path, [*flat_walls(), *flat_rooms()], f"flat{number}.txt")

    def drawn(parts: str) -> list[Page]:
        return list(pages(Namespace(flats=tmp_path, annotated=[], unseen=[], drawn=4, seed=1, parts=parts)))

    whole, first, second = drawn("0,1/2"), drawn("0/2"), drawn("1/2")
    assert len(whole) == 4
    for one, other in zip([whole[0], whole[2], whole[1], whole[3]], [*first, *second], strict=True):
        assert np.array_equal(one.gray, other.gray)
        assert np.array_equal(one.labels, other.labels)
        assert one.words == other.words


def annotate(folder: Path, sources: int, **facts: bool) -> Path:
    """Small pictures of a room each, with their annotations."""
    cv2.imwrite(str(folder / "room.png"), np.full((60, 60), 255, np.uint8))
    ring = [[10, 10], [50, 10], [50, 50], [10, 50]]
    for number in range(sources):
        page = {"image": "room.png", "source": f"plan {number}", "rooms": [{"polygon": ring}], **facts}
        (folder / f"{number}.json").write_text(json.dumps(page))
    return folder


def judged(**folders: list[Path]) -> list[Page]:
    arguments = {"flats": None, "annotated": [], "unseen": [], "drawn": 0, "seed": 1, "parts": "0,1/2"}
    return list(pages(Namespace(**(arguments | folders))))


def test_of_pictures_that_the_network_learns_from_the_scorer_sees_its_own_part(tmp_path: Path) -> None:
    folder = annotate(tmp_path, 30)
    assert 0 < len(judged(annotated=[folder])) < 15
    assert len(judged(unseen=[folder])) == 30


@pytest.mark.parametrize("outlined", [False, True])
def test_rooms_annotated_by_outline_are_judged_by_it(tmp_path: Path, outlined: bool) -> None:
    facts = {"polygons": True} if outlined else {}
    (found,) = judged(unseen=[annotate(tmp_path, 1, **facts)])
    assert found.by_box is not outlined


def test_a_region_is_worth_nothing_until_it_is_right_and_more_the_better_it_fits() -> None:
    fits = np.array([0.0, 0.499, 0.5, 0.7, 0.9, 1.0], np.float32)
    assert worth(fits) == pytest.approx([0, 0, 0.6, 0.8, 1, 1])
