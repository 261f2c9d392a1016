"""Putting together the words that Textract read and those of a PDF's own text layer."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from preview.domain.room import Box, Word

_CELL = 20.0  # page units; about the length of a short word, so that a cell holds few
_SAME_PLACE = 0.5  # share of the smaller box that two words must have in common to be one word read twice


def merge(textract: Sequence[Word], text_layer: Sequence[Word]) -> tuple[Word, ...]:
    """All of ``textract``, and those of ``text_layer`` that lie where Textract read nothing."""
    cells: dict[tuple[int, int], list[Box]] = defaultdict(list)
    for word in textract:
        for cell in _cells(word.box):
            cells[cell].append(word.box)
    added = (word for word in text_layer if not _taken(word.box, cells))
    return (*textract, *added)


def _taken(box: Box, cells: dict[tuple[int, int], list[Box]]) -> bool:
    return any(_overlap(box, other) >= _SAME_PLACE for cell in _cells(box) for other in cells.get(cell, ()))


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    x_min, y_min, x_max, y_max = (int(side // _CELL) for side in box)
    for column in range(x_min, x_max + 1):
        for row in range(y_min, y_max + 1):
            yield column, row


def _overlap(a: Box, b: Box) -> float:
    """Their common area as a share of the smaller one; 0 when either has none."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    smaller = min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
    return width * height / smaller if width > 0 and height > 0 and smaller > 0 else 0.0
