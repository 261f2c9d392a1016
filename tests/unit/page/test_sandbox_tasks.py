"""The child's two tasks, run in this process with a detector made for the test."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from blueprint_files import encoded, encrypted_pdf, marked_plan, plan_pdf, raw_pdf, text_content, turned
from preview.domain.page import PageInfo
from preview.domain.picture import WHOLE_PAGE
from preview.domain.room import Box, Word
from preview.page.messages import PageAnswer, from_json
from preview.page.raster_file import Gray
from preview.page.sandbox_tasks import analyse_with, draw
from preview.rooms import Region
from shared.sandbox import SandboxRefused

Request = Callable[..., dict[str, Any]]


@pytest.fixture
def request_for(tmp_path: Path) -> Request:
    def request_for(content: bytes, blueprint_format: str, page_number: int = 1) -> dict[str, Any]:
        path = tmp_path / "blueprint"
        path.write_bytes(content)
        return {
            "path": str(path),
            "blueprint_format": blueprint_format,
            "page_number": page_number,
            "byte_size": len(content),
        }

    return request_for


def no_rooms(gray: Gray, words: list[Word]) -> list[Region]:
    return []


def one_region(gray: Gray, words: list[Word]) -> list[Region]:
    ring = ((0.0, 0.0), (500.0, 0.0), (500.0, float(len(words))))
    return [Region(ring, (0.0, 0.0, 500.0, 500.0), 0.25, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0)]


def test_a_plain_picture_goes_to_textract_as_stored(request_for: Request) -> None:
    answers = list(analyse_with(no_rooms, request_for(encoded(marked_plan(), "PNG"), "png")))
    data, png = answers[0]
    assert from_json(data["page"], PageInfo) == PageInfo(1, 1, 120, 80, 0)
    assert (data["as_stored"], list(data["words"]), png) == (True, [], b"")
    assert answers[1][0]["regions"] == []


def test_a_pdf_with_hidden_text_goes_to_textract_as_it_is_seen(request_for: Request) -> None:
    hidden = text_content("OLD", 100, 100) + b"1 g 90 90 200 40 re f 0 g\n" + text_content("HALL", 100, 100)
    data, png = next(analyse_with(no_rooms, request_for(raw_pdf([hidden]), "pdf")))
    assert [word.text for word in from_json(data, PageAnswer).words] == ["HALL"]
    assert not data["as_stored"]
    assert Image.open(io.BytesIO(png)).size == (3300, 2550)


def test_a_turned_picture_goes_to_textract_upright(request_for: Request) -> None:
    answers = analyse_with(no_rooms, request_for(turned(marked_plan(), 6, "PNG"), "png"))
    data, png = next(answers)
    assert from_json(data["page"], PageInfo) == PageInfo(1, 1, 120, 80, 90)
    assert not data["as_stored"]
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), np.asarray(marked_plan()))


def test_the_second_page_of_a_pdf_is_rendered_with_its_words(request_for: Request) -> None:
    data, png = next(analyse_with(no_rooms, request_for(plan_pdf(pages=3), "pdf", 2)))
    assert from_json(data["page"], PageInfo) == PageInfo(2, 3, 3300, 2550, 0, 279.4, 215.9)
    assert [word.text for word in from_json(data, PageAnswer).words] == ["KITCHEN"]
    assert Image.open(io.BytesIO(png)).size == (3300, 2550)


def test_the_detector_sees_the_page_and_its_words(request_for: Request) -> None:
    answers = list(analyse_with(one_region, request_for(plan_pdf(), "pdf")))
    assert Region.from_json(answers[1][0]["regions"][0]) == one_region(np.zeros((1, 1), np.uint8), [None])[0]


def more_than_there_is() -> None:
    cv2.resize(np.zeros((1, 1), np.uint8), (2**31 - 1, 2**31 - 1))


def failing_new() -> None:
    raise cv2.error("std::bad_alloc")  # as OpenCV's Python side passes on what its C++ side threw


@pytest.mark.parametrize("starve", [more_than_there_is, failing_new])
def test_want_of_memory_is_one_error_whoever_has_it(request_for: Request, starve: Callable[[], None]) -> None:
    def starving(gray: Gray, words: list[Word]) -> list[Region]:
        starve()
        return []

    with pytest.raises(MemoryError):
        list(analyse_with(starving, request_for(encoded(marked_plan(), "PNG"), "png")))


@pytest.mark.parametrize(
    ("content", "blueprint_format", "page_number", "reason"),
    [
        (encrypted_pdf(), "pdf", 1, "encrypted"),
        (b"%PDF-", "pdf", 1, "corrupt"),
        (b"\x89PNG", "png", 1, "corrupt"),
        (plan_pdf(pages=2), "pdf", 3, "no_such_page"),
        (encoded(marked_plan(), "PNG"), "png", 2, "no_such_page"),
    ],
)
def test_both_tasks_refuse_with_a_reason(
    request_for: Request, content: bytes, blueprint_format: str, page_number: int, reason: str
) -> None:
    request = request_for(content, blueprint_format, page_number)
    for task in (lambda: analyse_with(no_rooms, request), lambda: draw({**request, "rooms": []})):
        with pytest.raises(SandboxRefused) as refusal:
            next(task())
        assert refusal.value.reason == reason


def drawn(request: dict[str, Any], region: Box, size_px: tuple[int, int], page_px: tuple[int, int]) -> Gray:
    part = {"region": region, "size_px": size_px, "page_px": page_px}
    ((_, png),) = draw({**request, "rooms": None, "part": part})
    return np.asarray(Image.open(io.BytesIO(png)))


def test_a_bare_page_is_the_one_that_was_analysed(request_for: Request) -> None:
    request = request_for(plan_pdf(), "pdf")
    analysed: list[Gray] = []
    list(analyse_with(lambda gray, words: analysed.append(gray) or [], request))
    height, width = analysed[0].shape
    assert np.array_equal(drawn(request, WHOLE_PAGE, (width, height), (width, height)), analysed[0])
    part = drawn(request, (250, 500, 500, 750), (width // 4, height // 4), (width, height))
    left, top = round(width * 0.25), round(height * 0.5)
    assert np.array_equal(part, analysed[0][top : top + height // 4, left : left + width // 4])


def test_a_bare_picture_is_a_page_of_its_own_pixels(request_for: Request) -> None:
    plan = marked_plan((120, 80))
    found = drawn(request_for(encoded(plan, "PNG"), "png"), WHOLE_PAGE, (120, 80), (120, 80))
    assert np.array_equal(found, np.asarray(plan.convert("L")))


def test_a_part_of_a_pdf_is_drawn_anew(request_for: Request) -> None:
    request = request_for(plan_pdf(), "pdf")
    page = drawn(request, WHOLE_PAGE, (4000, 3091), (3300, 2550))
    part = drawn(request, (500, 250, 1000, 750), (2000, 1545), (3300, 2550))
    away = [
        np.abs(part.astype(int) - page[top : top + 1545, 2000:]).mean() for top in (771, 772, 773, 774, 775)
    ]
    assert min(away) < 0.5
    sharp = drawn(request, (500, 250, 510, 260), (2000, 1545), (3300, 2550))
    assert np.isin(sharp, (0, 255)).mean() > 0.95


def test_a_thin_part_takes_no_more_memory_than_its_pixels(request_for: Request) -> None:
    request = request_for(plan_pdf(), "pdf")
    assert drawn(request, (500, 500, 501, 501), (4000, 3091), (3300, 2550)).shape == (3091, 4000)


def test_the_rooms_of_a_part_are_drawn_where_they_are(request_for: Request) -> None:
    ring = [[0, 0], [500, 0], [500, 1000], [0, 1000]]
    room = {"number": 1, "polygon": ring, "lines": ["Room 1", "12.0 m²"]}
    request = request_for(encoded(Image.new("L", (1000, 1000), 255), "PNG"), "png")
    part = {"region": [400, 400, 600, 600], "size_px": [300, 300], "page_px": [1000, 1000]}
    ((_, png),) = draw({**request, "rooms": [room], "part": part})
    picture = np.asarray(Image.open(io.BytesIO(png))).astype(int)
    assert picture.shape == (300, 300, 3)
    coloured = picture.max(axis=2) - picture.min(axis=2) > 30
    assert coloured[20, 20]
    assert not coloured[:, 160:].any()


def test_draw_answers_a_png_with_the_rooms(request_for: Request) -> None:
    square = [[500, 500], [900, 500], [900, 900], [500, 900]]
    room = {"number": 1, "polygon": square, "lines": ["Kitchen", "12.0 m²"]}
    ((_, png),) = draw({**request_for(plan_pdf(), "pdf"), "rooms": [room]})
    picture = Image.open(io.BytesIO(png))
    assert picture.size == (2000, 1546)
    red, _, blue = picture.getpixel((1050, 1380))
    assert red != blue
