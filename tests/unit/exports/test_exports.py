import csv
import io
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders_preview import a_page, a_preview, a_room
from preview.adapters.serialization import dump_preview, load_preview
from preview.api.schemas.preview import PreviewSchema, RoomSchema
from preview.domain.preview import Degraded, Preview
from preview.domain.room_type import RoomType
from preview.domain.scale import Scale, ScaleSource
from preview.exports.formats import EXPORTS, Export
from preview.exports.properties import room_properties

FULL_WIDTH = "\uff1d\uff0b\uff0d\uff20"
SMALL = "\ufe66\ufe62\ufe63\ufe6b"
"""The signs that begin a formula as East Asian fonts have them."""

API_DOCUMENT = Path(__file__).parents[3] / "docs/api.md"

SVG = "{http://www.w3.org/2000/svg}"
SCALE = Scale((0.02, 0.01), ScaleSource.DIMENSIONS, "4,00 x 2,00", 0.9)
FORMATS = {export.name: export for export in EXPORTS}


@pytest.fixture
def preview() -> Preview:
    """On a page of 2000 by 500 pixels: 2 px a unit across, 0.5 px down."""
    rooms = (a_room(1, (100, 200, 300, 400), "Entry Hall"), a_room(2, (300, 200, 500, 400), None))
    return replace(a_preview(), rooms=rooms, page=a_page(width_px=2000, height_px=500))


def to_geojson(preview: Preview) -> Any:
    return json.loads(FORMATS["geojson"].render(preview))


def to_coco(preview: Preview) -> Any:
    return json.loads(FORMATS["coco"].render(preview))


def to_svg(preview: Preview) -> str:
    return FORMATS["svg"].render(preview).decode()


def to_csv(preview: Preview) -> str:
    return FORMATS["csv"].render(preview).decode("utf-8-sig")


def rows(preview: Preview) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(preview), newline="")))


def document(wanted: str, *previews: Preview) -> bytes:
    file = io.BytesIO()
    write_document = FORMATS[wanted].write_document
    assert write_document is not None
    write_document(file, previews[0].job_id, previews)
    return file.getvalue()


def test_geojson_is_in_thousandths_of_the_longer_side_and_y_goes_up(preview: Preview) -> None:
    found = to_geojson(preview)
    [hall, unnamed] = found["features"]
    assert found["type"] == "FeatureCollection"
    assert found["units"] == "page"
    assert found["scale"] is None
    assert sorted(hall["geometry"]["coordinates"][0][:-1]) == [[100, 150], [100, 200], [300, 150], [300, 200]]
    assert hall["bbox"] == [100, 150, 300, 200]
    assert hall["properties"]["name_hint"] == "Entry Hall"
    assert hall["properties"]["bounding_box"] == [100, 200, 300, 400]
    assert "name_hint" not in unnamed["properties"]


def test_geojson_is_in_metres_where_the_page_has_a_scale(preview: Preview) -> None:
    found = to_geojson(replace(preview, scale=SCALE))
    assert found["units"] == "m"
    assert found["scale"]["metres_per_unit"] == [0.02, 0.01]
    assert found["features"][0]["bbox"] == [2, 6, 6, 8]
    assert found["features"][0]["properties"]["area_m2"] == 8


def test_geojson_says_page_and_job_beside_its_features(preview: Preview) -> None:
    found = to_geojson(preview)
    members = {name: found[name] for name in ("job_id", "page", "width_px", "height_px", "degraded")}
    assert members == {
        "job_id": preview.job_id,
        "page": 1,
        "width_px": 2000,
        "height_px": 500,
        "degraded": [],
    }


def test_geojson_rings_are_closed_and_turn_counterclockwise(preview: Preview) -> None:
    [room, _] = preview.rooms
    for polygon in (room.polygon, room.polygon[::-1]):
        turned = replace(preview, rooms=(replace(room, polygon=polygon),))
        [ring] = to_geojson(turned)["features"][0]["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        assert sum(x * b - a * y for (x, y), (a, b) in pairwise(ring)) > 0


def test_geojson_of_several_pages_has_a_member_for_each(preview: Preview) -> None:
    second = replace(preview, page=a_page(2), scale=SCALE)
    found = json.loads(document("geojson", preview, second))
    assert [(page["page"], page["units"]) for page in found["pages"]] == [(1, "page"), (2, "m")]
    assert [feature["properties"]["page"] for feature in found["features"]] == [1, 1, 2, 2]
    assert len({feature["id"] for feature in found["features"]}) == 4


def test_a_room_has_the_properties_that_json_has(preview: Preview) -> None:
    room = replace(preview.rooms[0], room_type=RoomType.HALL, printed_size_m=(4.0, 2.0))
    [measured] = replace(preview, scale=SCALE, rooms=(room,)).measured_rooms
    properties = json.loads(json.dumps(room_properties(measured)))
    documented = RoomSchema().dump(measured)
    del documented["polygon"]
    assert properties == json.loads(json.dumps(documented))


def test_coco_is_in_pixels(preview: Preview) -> None:
    found = to_coco(preview)
    [image], [hall, _] = found["images"], found["annotations"]
    assert (image["width"], image["height"]) == (2000, 500)
    assert hall["bbox"] == [200, 100, 400, 100]
    assert hall["segmentation"] == [[200, 100, 600, 100, 600, 200, 200, 200]]
    assert hall["area"] == 40000
    assert hall["category_id"] in {category["id"] for category in found["categories"]}


def test_coco_names_the_bare_page(preview: Preview) -> None:
    [image] = to_coco(preview)["images"]
    assert image["file_name"] == f"{preview.job_id}.p1.bare.png"
    assert image["coco_url"] == f"/api/v1/jobs/{preview.job_id}/preview/image?page=1&rooms=false"


def test_coco_of_several_pages_has_an_image_a_page(preview: Preview) -> None:
    found = json.loads(document("coco", preview, replace(preview, page=a_page(2))))
    assert [image["id"] for image in found["images"]] == [1, 2]
    assert [(room["id"], room["image_id"]) for room in found["annotations"]] == [
        (1, 1),
        (2, 1),
        (3, 2),
        (4, 2),
    ]


def test_svg_is_well_formed_whatever_the_name(preview: Preview) -> None:
    rooms = (replace(preview.rooms[0], name_hint='<script>"&\x00\x0b'),)
    root = ElementTree.fromstring(to_svg(replace(preview, rooms=rooms)))
    assert root.get("viewBox") == "0 0 2000 500"
    [group] = root.findall(f"{SVG}g")
    assert group.findtext(f"{SVG}text") == '<script>"&'
    [polygon] = group.findall(f"{SVG}polygon")
    assert polygon.get("points") == "200.0,100.0 600.0,100.0 600.0,200.0 200.0,200.0"


def test_svg_letters_stay_within_the_room(preview: Preview) -> None:
    rooms = tuple(replace(preview.rooms[0], name_hint=name) for name in ("HALL", "M" * 200))
    svg = ElementTree.fromstring(to_svg(replace(preview, rooms=rooms)))
    short, long = svg.iter(f"{SVG}text")
    assert short.get("font-size") is None
    assert 0 < 200 * float(long.get("font-size", "inf")) * 0.7 <= 400


def test_svg_letters_stay_within_the_height_of_a_narrow_room(preview: Preview) -> None:
    niche = a_room(1, (100, 200, 900, 212), "NICHE")
    svg = ElementTree.fromstring(to_svg(replace(preview, rooms=(niche,), scale=SCALE)))
    name, area = svg.iter(f"{SVG}text")
    font_px = float(name.get("font-size", "inf"))
    assert float(name.get("y", "nan")) - 0.7 * font_px >= 100
    assert float(area.get("y", "nan")) <= 106


def test_svg_writes_name_and_area_under_each_other(preview: Preview) -> None:
    for scale, expected in ((SCALE, ["Entry Hall", "8.00 m²"]), (None, ["Entry Hall"])):
        svg = ElementTree.fromstring(to_svg(replace(preview, rooms=preview.rooms[:1], scale=scale)))
        texts = list(svg.iter(f"{SVG}text"))
        assert [text.text for text in texts] == expected
        heights = [float(text.get("y", "nan")) for text in texts]
        assert heights == sorted(set(heights))
        assert all(100 < y < 200 for y in heights)


def test_csv_is_a_schedule_with_a_line_a_room(preview: Preview) -> None:
    hall = replace(preview.rooms[0], room_number="101A", room_type=RoomType.HALL, printed_area_m2=7.9)
    [row, unnamed] = rows(replace(preview, rooms=(hall, preview.rooms[1]), scale=SCALE))
    assert row == {
        "page": "1",
        "room_id": "room_001",
        "name": "Entry Hall",
        "room_number": "101A",
        "room_type": "hall",
        "confidence": "0.75",
        "area_m2": "8.0",
        "area_ft2": "86.1",
        "perimeter_m": "12.0",
        "width_m": "2.0",
        "length_m": "4.0",
        "printed_area_m2": "7.9",
        "x_min": "100",
        "y_min": "200",
        "x_max": "300",
        "y_max": "400",
        "corrected": "false",
        "outline": "POLYGON ((100 200, 300 200, 300 400, 100 400, 100 200))",
    }
    assert list(row) == next(csv.reader(io.StringIO(to_csv(preview))))
    assert unnamed["name"] == ""


def test_csv_begins_with_a_byte_order_mark(preview: Preview) -> None:
    written = FORMATS["csv"].render(preview)
    assert written.startswith(b"\xef\xbb\xbfpage,")
    assert written.count(b"\xef\xbb\xbf") == 1


def test_csv_without_a_scale_leaves_measures_empty(preview: Preview) -> None:
    row = rows(preview)[0]
    assert {row[name] for name in ("area_m2", "area_ft2", "perimeter_m", "width_m", "length_m")} == {""}


def test_csv_of_several_pages_has_one_head(preview: Preview) -> None:
    written = document("csv", preview, replace(preview, page=a_page(2))).decode("utf-8-sig")
    assert [row["page"] for row in csv.DictReader(io.StringIO(written))] == ["1", "1", "2", "2"]


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
    rooms = (replace(preview.rooms[0], name_hint=name, room_number=name),)
    [room] = rows(replace(preview, rooms=rooms))
    assert (room["name"], room["room_number"]) == (cell, cell)


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
    assert [row["name"] for row in rows(messy)] == [TIDY]


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
    assert rows(empty) == []


def test_a_degraded_preview_says_so_where_the_format_can(preview: Preview) -> None:
    degraded = replace(preview, degraded=(Degraded.TEXTRACT_UNAVAILABLE,))
    assert to_geojson(degraded)["degraded"] == ["textract_unavailable"]
    assert to_coco(degraded)["images"][0]["degraded"] == ["textract_unavailable"]
    description = ElementTree.fromstring(to_svg(degraded)).findtext(f"{SVG}desc")
    assert description == "degraded: textract_unavailable"


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_every_export_is_documented(export: Export) -> None:
    accepted = f"`{export.media_type}`" if export.negotiated else "\N{EN DASH}"
    assert f"| `{export.name}` | {accepted} |" in API_DOCUMENT.read_text()
