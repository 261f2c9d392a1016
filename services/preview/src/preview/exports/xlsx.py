"""A room schedule as a workbook with one sheet; what people wrote is in text cells and runs nothing."""

import tempfile
from collections.abc import Iterable
from typing import BinaryIO

import xlsxwriter

from preview.domain.preview import Degraded, Preview
from preview.exports.schedule import COLUMNS, Cell, scheduled_rooms

_MAX_CELL_CHARACTERS = 32_767
"""Source: Excel's specifications and limits."""
_WIDTHS = {"name": 24, "room_type": 14}  # in characters, of columns wider than their head


def write_page(file: BinaryIO, preview: Preview) -> None:
    write_document(file, preview.job_id, [preview])


def write_document(file: BinaryIO, job_id: str, previews: Iterable[Preview]) -> None:
    """One row a room; rows go to a temporary file as they are written, so that memory does not grow."""
    degraded: dict[int, tuple[Degraded, ...]] = {}
    with tempfile.TemporaryDirectory() as folder:
        workbook = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        sheet = workbook.add_worksheet("Rooms")
        sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True})
        for number, column in enumerate(COLUMNS):
            sheet.set_column(number, number, _WIDTHS.get(column, len(column) + 2))
        for number, column in enumerate(COLUMNS):
            sheet.write_string(0, number, column, bold)
        row = 0
        for preview in previews:
            if preview.degraded:
                degraded[preview.page.number] = preview.degraded
            for room in scheduled_rooms(preview):
                row += 1
                _write_row(sheet, row, room.cells)
        sheet.autofilter(0, 0, row, len(COLUMNS) - 1)
        workbook.set_properties({"title": f"Rooms of {job_id}", "comments": _comments(degraded)})
        workbook.close()


def _write_row(sheet: xlsxwriter.workbook.Worksheet, row: int, cells: Iterable[Cell]) -> None:
    for column, value in enumerate(cells):
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, str):
            sheet.write_string(row, column, value[:_MAX_CELL_CHARACTERS])
        elif value is not None:
            sheet.write_number(row, column, value)


def _comments(degraded: dict[int, tuple[Degraded, ...]]) -> str:
    """Where the file's properties say what the previews had to do without."""
    return "; ".join(f"page {page} degraded: {', '.join(reasons)}" for page, reasons in degraded.items())
