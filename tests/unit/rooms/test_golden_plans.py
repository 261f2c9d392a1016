"""The drawn plans of tests/data as the service reads them; nothing reads the words of pictures here."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from builders_rooms import overlap
from plan_library import plan_path, true_rooms
from preview.domain.room import Room, Word
from preview.page.limits import PDF_LONG_SIDE_PX
from preview.page.pdf_file import open_pdf
from preview.page.raster_file import open_raster
from preview.page.text_layer import read_text
from preview.rooms import detect

LEAST_IOU = 0.5
SHEETS = Path(__file__).parents[2] / "data" / "sheets"


def read_page(path: Path, page: int) -> tuple[NDArray[np.uint8], list[Word]]:
    """The pixels and the own words of a page."""
    if path.suffix != ".pdf":
        return open_raster(path, path.suffix[1:]).gray, []
    with open_pdf(path, page) as pdf:
        gray = pdf.draw(PDF_LONG_SIDE_PX)
        return gray, read_text(pdf, gray).words


def matches(rooms: list[Room], name: str, page: int) -> dict[str, Room]:
    """True names of the rooms found, each with what was found; of two rooms one overlaps by half at most."""
    return {
        truth.name: room
        for truth in true_rooms(name, page)
        for room in rooms
        if overlap(room.bounding_box, truth.bounding_box) > LEAST_IOU
    }


MARKED = {
    "dimension_strings.pdf": """
        LIVING ROOM | KITCHEN | DINING | HALL | BEDROOM 1 | BATH | UTILITY | BEDROOM 2 | BEDROOM 3""",
    "finish_rings.pdf": """
        OFFICE 101 | OFFICE 102 | OFFICE 103 | OFFICE 104 | CORRIDOR | OFFICE 201 | OFFICE 202 | OFFICE 203 |
        OFFICE 204""",
}
"""Names on sheets with ceiling heights, levels, and marks of doors, windows, partitions and finishes."""


@pytest.mark.parametrize("name", MARKED)
def test_marks_and_heights_are_no_part_of_a_name(name: str) -> None:
    gray, words = read_page(SHEETS / name, 1)
    printed = {text.strip() for text in MARKED[name].split("|")}
    assert {room.label for room in detect(gray, words)} == printed


NAMED_ELSEWHERE = {"CORRIDOR 109"}
"""All rooms have their names but this one of office_floor.pdf: it comes in two parts, and its name lies in
the smaller."""


@pytest.mark.parametrize(
    ("name", "page", "recall", "precision"),
    [
        ("bungalow_rotated.pdf", 1, 0.85, 0.85),
        ("bungalow_scan.jpg", 1, 0.85, 0.85),
        ("bungalow_scan.pdf", 1, 0.85, 0.85),
        ("clinic_sheet.pdf", 1, 0.9, 0.9),
        ("cottage_blueprint.jpg", 1, 0.85, 0.8),
        ("flat_furnished.jpg", 1, 0.85, 0.85),
        ("flat_sideways.jpg", 1, 0.85, 0.85),
        ("house_12_megapixels.png", 1, 1.0, 1.0),
        ("house_12_rooms.png", 1, 1.0, 1.0),
        ("office_floor.pdf", 1, 0.85, 0.8),
        ("studio_small.png", 1, 0.8, 0.8),
        ("townhouse_three_pages.pdf", 1, 1.0, 0.8),
        ("townhouse_three_pages.pdf", 2, 1.0, 0.8),
        ("townhouse_three_pages.pdf", 3, 1.0, 0.8),
    ],
)
def test_rooms_of_a_drawn_plan_are_found(name: str, page: int, recall: float, precision: float) -> None:
    gray, words = read_page(plan_path(name), page)
    rooms = detect(gray, words)
    found = matches(rooms, name, page)
    assert len(found) >= recall * len(true_rooms(name, page))
    assert len(found) >= precision * len(rooms)
    if words:
        unnamed = {truth for truth, room in found.items() if room.label != truth}
        assert unnamed <= NAMED_ELSEWHERE
        assert {room.label for room in rooms} >= set(found)
