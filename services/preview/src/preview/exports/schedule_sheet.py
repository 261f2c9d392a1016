"""A room schedule for people, as a workbook to print and to hand on: in words, with totals."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from preview.domain.preview import MeasuredRoom, Preview
from preview.exports.schedule import square_feet
from preview.exports.schedule_words import (
    in_feet,
    in_metres,
    lack_words,
    scale_words,
    size_m,
    state_words,
    type_words,
)
from preview.exports.workbook import MAX_CELL_CHARACTERS, set_page, workbook

_HEAD_ROW = 3
_HEAD_HEIGHT = 32  # in points: two lines
_HEAD = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF7"}
Cell = str | float | None


@dataclass(frozen=True, slots=True)
class _Column:
    """``width`` is in characters."""

    head: str
    width: float
    cell: Callable[[int, MeasuredRoom], Cell]
    align: Literal["left", "right"] = "left"
    number_format: str = "General"


_COLUMNS = (
    _Column("No.", 5, lambda number, _: number),
    _Column("Name", 26, lambda number, each: each.room.name_hint or _unnamed(number, each)),
    _Column("Room number", 9, lambda _, each: each.room.room_number),
    _Column("Type", 15, lambda _, each: type_words(each.room.room_type)),
    _Column("Area, m²", 9, lambda _, each: _area_m2(each), "right", "#,##0.00"),
    _Column("Area, ft²", 9, lambda _, each: _area_ft2(each), "right", "#,##0.0"),
    _Column("Size, m", 14, lambda _, each: in_metres(size_m(each)), "right"),
    _Column("Size, ft and in", 18, lambda _, each: in_feet(size_m(each)), "right"),
    _Column("Printed area, m²", 9, lambda _, each: each.room.printed_area_m2, "right", "#,##0.00"),
    _Column("Printed size, m", 15, lambda _, each: in_metres(each.room.printed_size_m), "right"),
    _Column("Printed size, ft and in", 23, lambda _, each: in_feet(each.room.printed_size_m), "right"),
    _Column("State", 20, lambda _, each: state_words(each.room), "right"),
    _Column("Sure", 7, lambda _, each: each.room.confidence, "right", "0 %"),
)
_NAME, _TYPE, _AREA_M2, _AREA_FT2 = 1, 3, 4, 5


def _unnamed(number: int, measured: MeasuredRoom) -> str | None:
    return None if measured.room.room_number else f"Room {number}"


def _area_m2(measured: MeasuredRoom) -> float | None:
    return measured.measures.area_m2 if measured.measures else None


def _area_ft2(measured: MeasuredRoom) -> float | None:
    return square_feet(measured.measures.area_m2) if measured.measures else None


@dataclass(slots=True)
class _Totals:
    """Rooms and their areas by type; ``measured`` is False where a room has no area."""

    rooms: Counter[str] = field(default_factory=Counter)
    areas_m2: dict[str, float] = field(default_factory=dict)
    measured: bool = True

    @classmethod
    def of(cls, rooms: Iterable[MeasuredRoom]) -> "_Totals":
        totals = cls()
        for each in rooms:
            kind = type_words(each.room.room_type) or "Without a type"
            totals._count(kind, 1, _area_m2(each))
        return totals

    def add(self, other: "_Totals") -> None:
        for kind, rooms, area_m2 in other.lines():
            self._count(kind, rooms, area_m2 if other.measured else None)

    def _count(self, kind: str, rooms: int, area_m2: float | None) -> None:
        self.rooms[kind] += rooms
        self.measured &= area_m2 is not None
        self.areas_m2[kind] = self.areas_m2.get(kind, 0.0) + (area_m2 or 0.0)

    def lines(self) -> Iterator[tuple[str, int, float]]:
        """Each type with its rooms and square metres, the largest first."""
        for kind, area_m2 in sorted(self.areas_m2.items(), key=lambda line: -line[1]):
            yield kind, self.rooms[kind], area_m2


def write_page(file: BinaryIO, preview: Preview) -> None:
    write_document(file, preview.job_id, [preview])


def write_document(file: BinaryIO, job_id: str, previews: Iterable[Preview]) -> None:
    """The rooms of each page under its scale, with totals; where there are several pages, of all too."""
    with workbook(file) as book:
        sheet = _Sheet(book)
        totals = _Totals()
        pages = 0
        for preview in previews:
            if not pages:
                sheet.write_head(preview.file_name or job_id)
            totals.add(sheet.write_page(preview))
            pages += 1
        if pages > 1:
            sheet.write_totals("Total of all pages", totals)
        book.set_properties({"title": f"Rooms of {job_id}"})


class _Sheet:
    """The only sheet of a workbook, written from its top to its end."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._sheet: Worksheet = book.add_worksheet("Room schedule")
        self._row = 0
        self._title = book.add_format({"bold": True, "font_size": 16})
        self._note = book.add_format({"font_color": "#595959"})
        self._heads = [book.add_format({**_HEAD, "align": column.align}) for column in _COLUMNS]
        self._page = book.add_format({"bold": True, "font_color": "#1F4E79"})
        self._cells = [book.add_format(_cell_format(column)) for column in _COLUMNS]
        self._sums = [book.add_format(_cell_format(column, top=1, bold=True)) for column in _COLUMNS]
        self._set_page()

    def _set_page(self) -> None:
        set_page(self._sheet, _HEAD_ROW)
        self._sheet.set_footer("&L&A&RSheet &P of &N")
        for number, column in enumerate(_COLUMNS):
            self._sheet.set_column(number, number, column.width)

    def write_head(self, file_name: str) -> None:
        self._write(0, "Room schedule", self._title)
        self._row += 1
        self._write(0, file_name, self._page)
        self._row += 1
        self._write(0, "Measured along the inner faces of walls, as traced on the plan.", self._note)
        self._row = _HEAD_ROW
        self._sheet.set_row(self._row, _HEAD_HEIGHT)
        for number, (column, style) in enumerate(zip(_COLUMNS, self._heads, strict=True)):
            self._write(number, column.head, style)
        self._row += 1

    def write_page(self, preview: Preview) -> _Totals:
        page, rooms = preview.page, preview.measured_rooms
        self._write(0, f"Page {page.number} of {page.count}: {scale_words(preview.scale)}", self._page)
        self._row += 1
        if lacks := lack_words(preview.degraded):
            self._write(0, lacks, self._note)
            self._row += 1
        for number, measured in enumerate(rooms, 1):
            for place, (column, style) in enumerate(zip(_COLUMNS, self._cells, strict=True)):
                self._write(place, column.cell(number, measured), style)
            self._row += 1
        totals = _Totals.of(rooms)
        self.write_totals(f"Total of page {page.number}", totals)
        return totals

    def write_totals(self, of: str, totals: _Totals) -> None:
        lines = list(totals.lines())
        area_m2 = sum(area for *_, area in lines)
        self._write_total(of, totals.rooms.total(), area_m2, totals.measured, self._sums)
        for kind, rooms, kind_m2 in lines:
            self._write_total(kind, rooms, kind_m2, totals.measured, self._cells)
        self._row += 1

    def _write_total(self, of: str, rooms: int, area_m2: float, measured: bool, styles: list[Format]) -> None:
        cells: dict[int, Cell] = {_NAME: of, _TYPE: f"{rooms} room{'' if rooms == 1 else 's'}"}
        if measured and rooms:
            cells |= {_AREA_M2: round(area_m2, 2), _AREA_FT2: square_feet(area_m2)}
        for place, style in enumerate(styles):
            self._write(place, cells.get(place, ""), style)
        self._row += 1

    def _write(self, column: int, value: Cell, style: Format) -> None:
        if value is None or value == "":
            self._sheet.write_blank(self._row, column, None, style)
        elif isinstance(value, str):
            self._sheet.write_string(self._row, column, value[:MAX_CELL_CHARACTERS], style)
        else:
            self._sheet.write_number(self._row, column, value, style)


def _cell_format(column: _Column, **more: int | bool) -> dict[str, str | int | bool]:
    return {"num_format": column.number_format, "align": column.align, **more}
