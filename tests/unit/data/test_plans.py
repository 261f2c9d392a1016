"""The plans in the repository are what the code draws, and the truth beside them is true."""

import json
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray
from PIL import Image
from shapely import union_all
from shapely.geometry import Point, Polygon

from data.plan_drawing.plan_files import PLAN_FILES, PlanFile
from plan_library import PLANS, plan_path, true_rooms

EXIF_ORIENTATION_TAG = 0x0112
NAMES = [plan.name for plan in PLAN_FILES]
VECTOR_PAGES = [
    ("office_floor.pdf", 1),
    ("clinic_sheet.pdf", 1),
    ("bungalow_rotated.pdf", 1),
    ("townhouse_three_pages.pdf", 1),
    ("townhouse_three_pages.pdf", 3),
]


def pixels(path: Path) -> NDArray[np.float64]:
    """Every page of a file at a quarter of its size, in grey."""
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as document:
            pages = [page.render(scale=0.5, grayscale=True).to_numpy() for page in document]
        return np.concatenate([page.ravel() for page in pages]).astype(float)
    with Image.open(path) as image:
        return np.asarray(image.convert("L").reduce(4), float).ravel()


@pytest.mark.parametrize("plan", PLAN_FILES, ids=NAMES)
def test_drawing_a_plan_again_gives_the_file_in_the_repository(plan: PlanFile, tmp_path: Path) -> None:
    truth = plan.draw(tmp_path)
    assert json.loads(json.dumps(truth)) == json.loads((PLANS / f"{plan.name}.json").read_text())
    drawn, kept = pixels(tmp_path / plan.name), pixels(plan_path(plan.name))
    assert drawn.shape == kept.shape
    # Grey levels of 255; codecs and font rasterisers of other builds round a little differently.
    assert np.abs(drawn - kept).mean() < 0.5


def test_every_plan_has_its_origin_written_down() -> None:
    readme = (PLANS.parent / "README.md").read_text(encoding="utf-8")
    stored = {path.name for path in PLANS.iterdir() if path.suffix != ".json"}
    assert stored == set(NAMES)
    assert all(f"`{name}`" in readme for name in NAMES)


def test_the_plans_stay_small() -> None:
    assert sum(path.stat().st_size for path in PLANS.iterdir()) < 4_000_000


@pytest.mark.parametrize("name", NAMES)
def test_rooms_lie_on_the_page_and_do_not_overlap(name: str) -> None:
    floors = [Polygon(room.polygon) for room in true_rooms(name)]
    page = Polygon([(0, 0), (1000, 0), (1000, 1000), (0, 1000)])
    assert all(floor.is_valid and page.contains(floor) for floor in floors)
    assert union_all(floors).area == pytest.approx(sum(floor.area for floor in floors))


@pytest.mark.parametrize(("name", "page"), VECTOR_PAGES)
def test_the_text_of_a_vector_plan_names_its_rooms_where_the_truth_says(name: str, page: int) -> None:
    with pypdfium2.PdfDocument(plan_path(name)) as document:
        for room in true_rooms(name, page):
            floor = Polygon(room.polygon)
            places = places_of(room.name.split(" ")[0], document[page - 1])
            assert any(floor.contains(place) for place in places), room.name


def places_of(word: str, sheet: pypdfium2.PdfPage) -> list[Point]:
    """Where a word begins on the page, wherever it occurs."""
    text = sheet.get_textpage()
    searcher = text.search(word, match_case=True)
    places = []
    while (found := searcher.get_next()) is not None:
        left, bottom, right, top = text.get_charbox(found[0], loose=True)
        middle = ((left + right) / 2, (bottom + top) / 2)
        places.append(Point(upright(*middle, *sheet.get_size(), sheet.get_rotation())))
    return places


def upright(x: float, y: float, width: float, height: float, rotation: int) -> tuple[float, float]:
    """Turn a place in a PDF's own space into page coordinates; only 0 and 90 degrees occur here."""
    if rotation == 90:
        return y / width * 1000, x / height * 1000
    return x / width * 1000, (height - y) / height * 1000


def test_the_scanned_pdf_has_no_text() -> None:
    with pypdfium2.PdfDocument(plan_path("bungalow_scan.pdf")) as document:
        assert document[0].get_textpage().count_chars() == 0


def test_the_sideways_pdf_is_turned_by_its_page() -> None:
    with pypdfium2.PdfDocument(plan_path("bungalow_rotated.pdf")) as document:
        assert document[0].get_rotation() == 90


def test_the_sideways_photograph_is_turned_by_its_exif() -> None:
    with Image.open(plan_path("flat_sideways.jpg")) as image:
        assert image.getexif()[EXIF_ORIENTATION_TAG] == 6
        assert image.height > image.width


def test_the_large_plan_has_twelve_megapixels() -> None:
    with Image.open(plan_path("house_12_megapixels.png")) as image:
        assert image.size == (4000, 3000)
