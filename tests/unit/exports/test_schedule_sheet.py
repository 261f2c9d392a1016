"""The room schedule for people, as a spreadsheet reads it."""

import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from builders_preview import a_page, a_preview, a_room
from preview.domain.preview import Degraded, Preview
from preview.domain.room_type import RoomType
from preview.domain.scale import Scale, ScaleSource
from preview.exports.formats import EXPORTS
from preview.exports.schedule_words import in_feet, scale_words

SCHEDULE = {export.name: export for export in EXPORTS}["schedule"]
SCALE = Scale((0.02, 0.01), ScaleSource.DIMENSIONS, "13'-1\" x 6'-7\"", 0.9)


@pytest.fixture
def preview() -> Preview:
    """A page of 20 by 10 metres with two living rooms of 4 by 2 metres and a room that nobody named."""
    lounge = replace(
        a_room(1, (100, 200, 300, 400), "LOUNGE"), room_type=RoomType.LIVING_ROOM, printed_size_m=(4.0, 2.01)
    )
    snug = replace(a_room(2, (300, 200, 500, 400), "SNUG"), room_type=RoomType.LIVING_ROOM)
    snug = replace(snug, printed_size_m=(2.0, 4.0), confirmed=True)
    drawn = replace(a_room(3, (500, 200, 600, 400), None), corrected=True, confirmed=True)
    return replace(a_preview(), rooms=(lounge, snug, drawn), scale=SCALE, file_name="house.png")


def sheet_of(*previews: Preview) -> Worksheet:
    file = io.BytesIO()
    assert SCHEDULE.write_document is not None
    SCHEDULE.write_document(file, previews[0].job_id, previews)
    [sheet] = openpyxl.load_workbook(file).worksheets
    return sheet


def lines(*previews: Preview) -> list[list[Any]]:
    """The cells that are filled, row by row."""
    rows = sheet_of(*previews).iter_rows(values_only=True)
    return [[cell for cell in row if cell is not None] for row in rows]


def records(*previews: Preview) -> list[dict[str, Any]]:
    head, *rows = sheet_of(*previews).iter_rows(min_row=4, values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_it_begins_with_the_plan_and_its_scale(preview: Preview) -> None:
    title, name, _, _, page, *_ = lines(preview)
    assert (title, name) == (["Room schedule"], ["house.png"])
    assert page == [
        "Page 1 of 3: scale from sizes printed in rooms (13'-1\" x 6'-7\"), 90 % sure",
    ]
    assert lines(replace(preview, file_name=None))[1] == [preview.job_id]


def test_a_room_is_said_in_words_and_in_both_units(preview: Preview) -> None:
    _, lounge, snug, drawn, *_ = records(preview)
    assert lounge == {
        "No.": 1,
        "Name": "LOUNGE",
        "Room number": None,
        "Type": "Living room",
        "Area, m²": 8,
        "Area, ft²": 86.1,
        "Size, m": "4.00 x 2.00",
        "Size, ft and in": "13'-1\" x 6'-7\"",
        "Printed area, m²": None,
        "Printed size, m": "4.00 x 2.01",
        "Printed size, ft and in": "13'-1\" x 6'-7\"",
        "State": "Found",
        "Sure": 0.75,
    }
    assert (snug["Size, m"], snug["State"]) == ("2.00 x 4.00", "Confirmed")
    assert (drawn["Name"], drawn["State"], drawn["Type"]) == ("Room 3", "Corrected, confirmed", None)


def test_totals_stand_below_the_rooms_and_by_type(preview: Preview) -> None:
    assert lines(preview)[8:] == [
        ["Total of page 1", "3 rooms", 20, 215.3],
        ["Living room", "2 rooms", 16, 172.2],
        ["Without a type", "1 room", 4, 43.1],
    ]


def test_a_total_is_left_out_where_an_area_is_not_known(preview: Preview) -> None:
    unscaled = replace(preview, scale=None, page=a_page(2))
    written = lines(preview, unscaled)
    assert ["Page 2 of 3: no scale is known, so nothing is measured"] in written
    assert ["Total of page 1", "3 rooms", 20, 215.3] in written
    assert ["Total of page 2", "3 rooms"] in written
    assert ["Total of all pages", "6 rooms"] in written


def test_several_pages_have_a_total_of_all(preview: Preview) -> None:
    written = lines(preview, replace(preview, page=a_page(2)))
    assert written[-3:] == [
        ["Total of all pages", "6 rooms", 40, 430.6],
        ["Living room", "4 rooms", 32, 344.4],
        ["Without a type", "2 rooms", 8, 86.1],
    ]


def test_it_prints_on_one_width_with_its_head_on_every_page(preview: Preview) -> None:
    sheet = sheet_of(preview)
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A5", "$4:$4")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "https://example.com", "007", "{=1}", "x" * 40_000])
def test_what_people_wrote_is_text(preview: Preview, name: str) -> None:
    sheet = sheet_of(replace(preview, rooms=(replace(preview.rooms[0], name_hint=name),)).of_file(name))
    for cell in (sheet["A2"], sheet["B6"]):
        assert (cell.value, cell.data_type, cell.hyperlink) == (name[:32_767], "s", None)


def test_it_says_what_a_page_lacks_and_is_whole_without_rooms(preview: Preview) -> None:
    empty = replace(preview, rooms=(), degraded=(Degraded.DEADLINE_REACHED, Degraded.STATE_NOT_SAVED))
    assert lines(empty)[5:] == [
        ["There was not enough time, so rooms may be missing."],
        ["Total of page 1", "0 rooms"],
    ]


@pytest.mark.parametrize(
    ("metres", "expected"), [(3.99, "13'-1\""), (3.65, "12'-0\""), (0.2, "0'-8\""), (4.39, "14'-5\"")]
)
def test_feet_are_rounded_to_the_inch(metres: float, expected: str) -> None:
    assert in_feet((metres, metres)) == f"{expected} x {expected}"


def test_a_scale_that_is_contradicted_says_by_what() -> None:
    given = Scale((0.2, 0.1), ScaleSource.GIVEN, None, 0.52, (ScaleSource.DIMENSIONS,))
    assert scale_words(given) == (
        "scale given by a person, 52 % sure; another scale would follow from the sizes printed in rooms"
    )
