import csv
import io
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders_preview import a_page, a_preview, a_room
from preview.adapters.serialization import dump_preview, load_preview
from preview.api.schemas.preview import PreviewSchema
from preview.domain.exports import EXPORTS, Export, to_coco, to_csv, to_geojson, to_svg
from preview.domain.preview import Preview

FULL_WIDTH = "\uff1d\uff0b\uff0d\uff20"
SMALL = "\ufe66\ufe62\ufe63\ufe6b"
"""The signs that begin a formula as East Asian fonts have them."""

API_DOCUMENT = Path(__file__).parents[3] / "docs/api.md"

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def preview() -> Preview:
    """On a page of 2000 by 500 pixels: 2 px a unit across, 0.5 px down."""
    rooms = (a_room(1, (100, 200, 300, 400), "Entry Hall"), a_room(2, (300, 200, 500, 400), None))
    return replace(a_preview(), rooms=rooms, page=a_page(width_px=2000, height_px=500))


def test_geojson_has_closed_rings_in_page_coordinates(preview: Preview) -> None:
    document = to_geojson(preview)
    [hall, unnamed] = document["features"]
    assert document["type"] == "FeatureCollection"
    assert hall["geometry"]["coordinates"] == [[[100, 200], [300, 200], [300, 400], [100, 400], [100, 200]]]
    assert hall["properties"] == {"id": "room_001", "name_hint": "Entry Hall", "confidence": 0.75}
    assert "name_hint" not in unnamed["properties"]


def test_geojson_rings_turn_counterclockwise(preview: Preview) -> None:
    [room, _] = preview.rooms
    backwards = replace(preview, rooms=(replace(room, polygon=tuple(reversed(room.polygon))),))
    [ring] = to_geojson(backwards)["features"][0]["geometry"]["coordinates"]
    area = sum(x * b - a * y for (x, y), (a, b) in pairwise(ring))
    assert area > 0


def test_coco_is_in_pixels(preview: Preview) -> None:
    document = to_coco(preview)
    [image], [hall, _] = document["images"], document["annotations"]
    assert (image["width"], image["height"]) == (2000, 500)
    assert hall["bbox"] == [200, 100, 400, 100]
    assert hall["segmentation"] == [[200, 100, 600, 100, 600, 200, 200, 200]]
    assert hall["area"] == 40000
    assert hall["category_id"] in {category["id"] for category in document["categories"]}


def test_svg_is_well_formed_whatever_the_name(preview: Preview) -> None:
    rooms = (replace(preview.rooms[0], name_hint='<script>"&\x00\x0b'),)
    root = ElementTree.fromstring(to_svg(replace(preview, rooms=rooms)))
    assert root.get("viewBox") == "0 0 2000 500"
    [group] = root.findall(f"{SVG}g")
    assert group.findtext(f"{SVG}text") == '<script>"&'
    [polygon] = group.findall(f"{SVG}polygon")
    assert polygon.get("points") == "200.0,100.0 600.0,100.0 600.0,200.0 200.0,200.0"


def test_csv_has_a_line_a_room(preview: Preview) -> None:
    [hall, unnamed] = csv.DictReader(io.StringIO(to_csv(preview)))
    assert (hall["id"], hall["name_hint"], hall["x_max"]) == ("room_001", "Entry Hall", "300")
    assert hall["polygon"] == "100 200;300 200;300 400;100 400"
    assert unnamed["name_hint"] == ""


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        *((f"{sign}1", f"'{sign}1") for sign in "=+-@" + FULL_WIDTH + SMALL),
        ("\t=1", "'=1"),
        ("\r\n=1", "'=1"),
        ("\u202e=1", "'=1"),
        ('"=1"', '\'"=1"'),
        ("Bath;=1", "Bath;'=1"),
        ("Bath; \uff1d1;+2", "Bath;' \uff1d1;'+2"),
        ('Bath;"=1', "Bath;'\"=1"),
        (";", ";"),
        ("Bath;Shower - 2", "Bath;Shower - 2"),
        ("WC = 2", "WC = 2"),
    ],
)
def test_csv_names_are_no_formulas(preview: Preview, name: str, cell: str) -> None:
    rooms = (replace(preview.rooms[0], name_hint=name),)
    [room] = csv.DictReader(io.StringIO(to_csv(replace(preview, rooms=rooms))))
    assert room["name_hint"] == cell


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@given(name=st.text(st.sampled_from("=+-@" + FULL_WIDTH + ";,\"' \t\r\nab\u202e"), max_size=12))
def test_no_cell_of_a_name_begins_like_a_formula_whatever_separates(separator: str, name: str) -> None:
    named = replace(a_preview(), rooms=(a_room(1, (100, 200, 300, 400), name),))
    lines = to_csv(named).splitlines()
    assert len(lines) == 2
    for cell in next(csv.reader([lines[1]], delimiter=separator)):
        assert not cell.lstrip(" ").startswith(tuple("=+-@" + FULL_WIDTH)), (lines[1], cell)


MESSY = "A\x00\x07\tB\r\nC\u2028D\u0085E \u202e\u2066F\u200f\ud800\uffff  G"
TIDY = "A B C D E F G"


def test_a_name_is_one_line_in_every_format(preview: Preview) -> None:
    messy = replace(preview, rooms=(replace(preview.rooms[0], name_hint=MESSY),))
    assert PreviewSchema().dump(messy)["rooms"][0]["name_hint"] == TIDY
    assert to_geojson(messy)["features"][0]["properties"]["name_hint"] == TIDY
    assert to_coco(messy)["annotations"][0]["attributes"]["name_hint"] == TIDY
    assert ElementTree.fromstring(to_svg(messy)).findtext(f"{SVG}g/{SVG}text") == TIDY
    assert [row["name_hint"] for row in csv.DictReader(io.StringIO(to_csv(messy)))] == [TIDY]


def test_a_name_that_was_stored_otherwise_is_read_as_one_line(preview: Preview) -> None:
    stored = dump_preview(preview).replace("Entry Hall", json.dumps(MESSY)[1:-1])
    assert load_preview(stored).rooms[0].name_hint == TIDY


@pytest.mark.parametrize("name", ["", " ", "\x00", "\u202e", "\r\n"])
def test_a_name_of_which_nothing_is_left_is_none(name: str) -> None:
    assert a_room(1, (100, 200, 300, 400), name).name_hint is None


@pytest.mark.parametrize(
    "name", ["Küche", "\u062e\u0627\u0646\u0647\u200c\u0647\u0627", "居間 1", "\U0001f469\u200d\U0001f373"]
)
def test_letters_of_every_script_stay(name: str) -> None:
    assert a_room(1, (100, 200, 300, 400), name).name_hint == name


def test_without_rooms_every_format_is_valid(preview: Preview) -> None:
    empty = replace(preview, rooms=())
    assert to_geojson(empty)["features"] == []
    assert to_coco(empty)["annotations"] == []
    assert len(ElementTree.fromstring(to_svg(empty))) == 0
    assert list(csv.DictReader(io.StringIO(to_csv(empty)))) == []


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_every_export_is_documented(export: Export) -> None:
    accepted = "–" if export.media_type == "application/json" else f"`{export.media_type}`"  # noqa: RUF001
    assert f"| `{export.name}` | {accepted} |" in API_DOCUMENT.read_text()
