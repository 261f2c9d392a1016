import csv
import io
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from builders_preview import a_page, a_preview, a_room
from preview.domain.exports import to_coco, to_csv, to_geojson, to_svg
from preview.domain.preview import Preview

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


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_csv_names_are_no_formulas(preview: Preview, name: str) -> None:
    rooms = (replace(preview.rooms[0], name_hint=name),)
    [room] = csv.DictReader(io.StringIO(to_csv(replace(preview, rooms=rooms))))
    assert room["name_hint"] == f"'{name}"


def test_without_rooms_every_format_is_valid(preview: Preview) -> None:
    empty = replace(preview, rooms=())
    assert to_geojson(empty)["features"] == []
    assert to_coco(empty)["annotations"] == []
    assert len(ElementTree.fromstring(to_svg(empty))) == 0
    assert list(csv.DictReader(io.StringIO(to_csv(empty)))) == []
