"""Each format is read by a library that others use for it."""

import contextlib
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyogrio.raw
import pytest
import shapely
import svgpathtools
from ezdxf import units
from ezdxf.filemanagement import readfile
from pycocotools.coco import COCO

from builders_preview import a_page, a_preview, a_room
from preview.domain.preview import Degraded, Preview
from preview.domain.room import Room
from preview.domain.room_type import RoomType
from preview.domain.scale import Scale, ScaleSource
from preview.exports.formats import EXPORTS
from preview.exports.schedule import COLUMNS

FORMATS = {export.name: export for export in EXPORTS}

L_SHAPED = Room(
    "room_002",
    (300, 200, 500, 400),
    ((300, 200), (500, 200), (500, 250), (350, 250), (350, 400), (300, 400)),
    "Küche",
    0.9,
    room_number="12",
    room_type=RoomType.KITCHEN,
    printed_size_m=(4.0, 2.0),
)


@pytest.fixture
def preview() -> Preview:
    """A page of 20 by 10 metres, seen from above."""
    scale = Scale((0.02, 0.01), ScaleSource.DIMENSIONS, "4,00 x 2,00", 0.9)
    rooms = (a_room(1, (100, 200, 300, 400), "Entry Hall"), L_SHAPED)
    return replace(a_preview(), rooms=rooms, page=a_page(width_px=2000, height_px=1000), scale=scale)


def saved(preview: Preview, wanted: str, folder: Path) -> Path:
    export = FORMATS[wanted]
    path = folder / f"rooms.{export.extension}"
    path.write_bytes(export.render(preview))
    return path


def test_gdal_reads_the_rooms_in_metres(preview: Preview, tmp_path: Path) -> None:
    meta, _, geometry, values = pyogrio.raw.read(saved(preview, "geojson", tmp_path))
    hall, kitchen = shapely.from_wkb(geometry)
    assert hall.equals(shapely.box(2, 6, 6, 8))
    assert kitchen.is_valid
    columns = dict(zip(meta["fields"], values, strict=True))
    assert list(columns["id"]) == ["room_001", "room_002"]
    assert list(columns["name_hint"]) == ["Entry Hall", "Küche"]
    assert [hall.area, kitchen.area] == pytest.approx(list(columns["area_m2"]))


def test_gdal_reads_several_pages(preview: Preview, tmp_path: Path) -> None:
    path = tmp_path / "rooms.geojson"
    write_document = FORMATS["geojson"].write_document
    assert write_document is not None
    with path.open("wb") as file:
        write_document(file, preview.job_id, [preview, replace(preview, page=a_page(2))])
    meta, _, _, values = pyogrio.raw.read(path)
    assert list(dict(zip(meta["fields"], values, strict=True))["page"]) == [1, 1, 2, 2]


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of its own, for NumPy 2
def test_pycocotools_makes_masks_of_the_page(preview: Preview, tmp_path: Path) -> None:
    with contextlib.redirect_stdout(io.StringIO()):  # it tells its progress
        coco = COCO(str(saved(preview, "coco", tmp_path)))
    [image] = coco.loadImgs(coco.getImgIds())
    rooms = coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]]))
    masks = [coco.annToMask(room) for room in rooms]
    assert {mask.shape for mask in masks} == {(1000, 2000)}
    assert [mask.sum() for mask in masks] == pytest.approx([room["area"] for room in rooms], rel=0.01)


def test_svgpathtools_reads_the_outlines(preview: Preview, tmp_path: Path) -> None:
    paths, _ = svgpathtools.svg2paths(str(saved(preview, "svg", tmp_path)))
    assert [path.bbox() for path in paths] == [(200, 600, 200, 400), (600, 1000, 200, 400)]


def test_shapely_reads_the_outlines_of_a_schedule(preview: Preview) -> None:
    lines = FORMATS["csv"].render(preview).decode("utf-8-sig").splitlines()
    outline = shapely.from_wkt(lines[2].split('"')[1])
    assert outline.equals(shapely.Polygon(L_SHAPED.polygon))


def test_openpyxl_reads_the_schedule(preview: Preview, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(saved(preview, "xlsx", tmp_path))
    assert workbook.sheetnames == ["Rooms"]
    head, hall, kitchen = workbook["Rooms"].iter_rows(values_only=True)
    assert head == COLUMNS
    assert dict(zip(COLUMNS, kitchen, strict=True)) == {
        "page": 1,
        "room_id": "room_002",
        "name": "Küche",
        "room_number": "12",
        "room_type": "kitchen",
        "confidence": 0.9,
        "area_m2": 3.5,
        "area_ft2": 37.7,
        "perimeter_m": 12,
        "width_m": 2,
        "length_m": 4,
        "printed_area_m2": None,
        "x_min": 300,
        "y_min": 200,
        "x_max": 500,
        "y_max": 400,
        "corrected": False,
    }
    assert hall[1:3] == ("room_001", "Entry Hall")


def test_a_workbook_is_printed_with_its_head_on_every_page(preview: Preview, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(saved(preview, "xlsx", tmp_path))["Rooms"]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    shown = {head.value: cell.number_format for head, cell in zip(*sheet.iter_rows(max_row=2), strict=True)}
    assert (shown["page"], shown["area_m2"], shown["area_ft2"]) == ("0", "0.00", "0.0")


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "https://example.com", "007", "{=1}", "x" * 40_000])
def test_a_name_in_a_workbook_is_text(preview: Preview, name: str, tmp_path: Path) -> None:
    named = replace(preview, rooms=(replace(L_SHAPED, name_hint=name),))
    workbook = openpyxl.load_workbook(saved(named, "xlsx", tmp_path))
    cell = workbook["Rooms"]["C2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (name[:32_767], "s", None)


def test_a_workbook_of_several_pages_has_one_sheet(preview: Preview, tmp_path: Path) -> None:
    degraded = replace(preview, page=a_page(2), degraded=(Degraded.TEXTRACT_UNAVAILABLE,))
    path = tmp_path / "rooms.xlsx"
    write_document = FORMATS["xlsx"].write_document
    assert write_document is not None
    with path.open("wb") as file:
        write_document(file, preview.job_id, [preview, replace(preview, rooms=()), degraded])
    workbook = openpyxl.load_workbook(path)
    assert [row[0] for row in workbook["Rooms"].iter_rows(min_row=2, values_only=True)] == [1, 1, 2, 2]
    assert workbook.properties.description == "page 2 degraded: textract_unavailable"


def test_ezdxf_finds_no_fault(preview: Preview, tmp_path: Path) -> None:
    drawing = readfile(saved(preview, "dxf", tmp_path))
    assert not drawing.audit().has_issues
    assert drawing.header["$INSUNITS"] == units.M
    hall, kitchen = drawing.modelspace().query("LWPOLYLINE[layer=='ROOMS']")
    assert hall.closed
    assert [tuple(point) for point in hall.get_points("xy")] == [(2, 8), (6, 8), (6, 6), (2, 6)]
    labels = list(drawing.modelspace().query("TEXT[layer=='ROOM_LABELS']"))
    assert [label.dxf.text for label in labels] == ["Entry Hall", "8.00 m²", "Küche 12", "3.50 m²"]
    assert {drawing.styles.get(label.dxf.style).dxf.font for label in labels} == {"arial.ttf"}
    outline = shapely.Polygon(kitchen.get_points("xy"))
    assert all(outline.contains(shapely.Point(label.get_placement()[1].vec2)) for label in labels[2:])


def test_a_label_begins_left_of_its_middle_for_programs_that_align_none(
    preview: Preview, tmp_path: Path
) -> None:
    drawing = readfile(saved(preview, "dxf", tmp_path))
    for label in drawing.modelspace().query("TEXT"):
        middle = label.get_placement()[1]
        assert label.dxf.insert.x < middle.x - label.dxf.height
        assert label.dxf.insert.y == pytest.approx(middle.y - label.dxf.height / 2)


def test_a_drawing_without_a_scale_has_no_units(preview: Preview, tmp_path: Path) -> None:
    degraded = replace(preview, scale=None, degraded=(Degraded.TEXTRACT_UNAVAILABLE,))
    drawing = readfile(saved(degraded, "dxf", tmp_path))
    assert not drawing.audit().has_issues
    assert drawing.header["$INSUNITS"] == 0
    assert drawing.header["$EXTMAX"] == (1000, 500, 0)
    assert dict(drawing.header.custom_vars.properties)["degraded"] == "textract_unavailable"


@pytest.mark.parametrize("name", ["%%d", "%%%d", "A%%%%%c", "A^JB", "\\U+202E", "\\P{x}", "居間", "50%"])
def test_a_name_in_a_drawing_runs_nothing(preview: Preview, name: str, tmp_path: Path) -> None:
    named = replace(preview, rooms=(replace(L_SHAPED, name_hint=name, room_number=None),), scale=None)
    drawing = readfile(saved(named, "dxf", tmp_path))
    assert not drawing.audit().has_issues
    [label] = drawing.modelspace().query("TEXT")
    assert label.plain_text().replace(" ", "") == name.replace("\\", "/")


def test_json_documents_are_utf_8(preview: Preview) -> None:
    for wanted in ("geojson", "coco"):
        written = FORMATS[wanted].render(preview)
        assert "Küche".encode() in written
        json.loads(written)
