"""Workbooks of one sheet: what those for programs and those for people have in common."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

MAX_CELL_CHARACTERS = 32_767
"""Source: Excel's specifications and limits."""


@contextmanager
def workbook(file: BinaryIO) -> Iterator[xlsxwriter.Workbook]:
    """A workbook that ``file`` takes at the end.

    Rows go to a temporary file as they are written, in their order, so that memory does not grow.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        yield made
        made.close()


def set_page(sheet: Worksheet, head_row: int) -> None:
    """The head stays in view and stands on every printed page; all columns fit on its width."""
    sheet.freeze_panes(head_row + 1, 0)
    sheet.repeat_rows(head_row)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
