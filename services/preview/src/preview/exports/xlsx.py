"""A room schedule as a workbook with one sheet; what people wrote is in text cells and runs nothing."""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from preview.domain.preview import Degraded, Preview
from preview.exports.schedule import COLUMNS, Cell, scheduled_rooms
from preview.exports.workbook import MAX_CELL_CHARACTERS, set_page, workbook

_WIDTHS = {"name": 24, "room_type": 14}  # in characters, of columns wider than their head


def write_page(file: BinaryIO, preview: Preview) -> None:
    write_document(file, preview.job_id, [preview])


def write_document(file: BinaryIO, job_id: str, previews: Iterable[Preview]) -> None:
    """One row a room."""
    degraded: dict[int, tuple[Degraded, ...]] = {}
    with workbook(file) as book:
        sheet = book.add_worksheet("Rooms")
        set_page(sheet, head_row=0)
        formats = [book.add_format(_number_format(column)) for column in COLUMNS]
        _write_head(sheet, book.add_format({"bold": True}))
        row = 0
        for preview in previews:
            if preview.degraded:
                degraded[preview.page.number] = preview.degraded
            for room in scheduled_rooms(preview):
                row += 1
                _write_row(sheet, row, room.cells, formats)
        sheet.autofilter(0, 0, row, len(COLUMNS) - 1)
        book.set_properties({"title": f"Rooms of {job_id}", "comments": _comments(degraded)})


def _number_format(column: str) -> dict[str, str]:
    """A page stands beside the room's id, which it would run into on the right of its cell."""
    if column == "page":
        return {"num_format": "0", "align": "left"}
    return {"num_format": "0.0" if column == "area_ft2" else "0.00"}


def _write_head(sheet: Worksheet, bold: Format) -> None:
    for number, column in enumerate(COLUMNS):
        sheet.set_column(number, number, _WIDTHS.get(column, len(column) + 2))
    for number, column in enumerate(COLUMNS):
        sheet.write_string(0, number, column, bold)


def _write_row(sheet: Worksheet, row: int, cells: Iterable[Cell], formats: Sequence[Format]) -> None:
    for column, (value, number_format) in enumerate(zip(cells, formats, strict=True)):
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, str):
            sheet.write_string(row, column, value[:MAX_CELL_CHARACTERS])
        elif value is not None:
            sheet.write_number(row, column, value, number_format)


def _comments(degraded: dict[int, tuple[Degraded, ...]]) -> str:
    """Where the file's properties say what the previews had to do without."""
    return "; ".join(f"page {page} degraded: {', '.join(reasons)}" for page, reasons in degraded.items())
