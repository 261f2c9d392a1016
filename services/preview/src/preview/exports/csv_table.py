"""A room schedule as CSV (RFC 4180, UTF-8 with a byte-order mark), outlines as WKT in page coordinates."""

import csv
import io
import unicodedata
from collections.abc import Iterable
from typing import BinaryIO

from preview.domain.preview import Preview
from preview.domain.room import Point
from preview.exports.schedule import COLUMNS, Cell, scheduled_rooms

_FORMULA_SIGNS = frozenset("=+-@")  # https://owasp.org/www-community/attacks/CSV_Injection


def write_page(file: BinaryIO, preview: Preview) -> None:
    write_document(file, preview.job_id, [preview])


def write_document(file: BinaryIO, _job_id: str, previews: Iterable[Preview]) -> None:
    """One line a room; a text that a spreadsheet would run as a formula gets an apostrophe before it."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([*COLUMNS, "outline"])
    for preview in previews:
        for room in scheduled_rooms(preview):
            writer.writerow([*map(_cell, room.cells), _well_known_text(room.outline)])
    text.flush()
    text.detach()


def _well_known_text(outline: tuple[Point, ...]) -> str:
    corners = ", ".join(f"{x:g} {y:g}" for x, y in (*outline, outline[0]))
    return f"POLYGON (({corners}))"


def _cell(value: Cell) -> Cell:
    if isinstance(value, bool):
        return str(value).lower()
    return _harmless(value) if isinstance(value, str) else value


def _harmless(text: str) -> str:
    """Where ``;`` separates cells, each part of the text between two of them is a cell of its own."""
    return ";".join(f"'{part}" if _is_formula(part) else part for part in text.split(";"))


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet may run ``text``: by its first sign after spaces and quotes, in any width."""
    first = text.lstrip(" '\"")[:1]
    return unicodedata.normalize("NFKC", first) in _FORMULA_SIGNS
