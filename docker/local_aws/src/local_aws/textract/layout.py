"""Textract's LAYOUT feature: which lines form one piece of text."""

from dataclasses import dataclass
from statistics import median
from typing import Literal

from local_aws.textract.lines import Box, ReadLine, box_around

LayoutType = Literal["LAYOUT_TEXT", "LAYOUT_TITLE"]

_TITLE_HEIGHT = 1.8
"""A line this many times as tall as the page's median line is a heading."""

_MAX_LEADING = 0.9
_MAX_HEIGHT_RATIO = 1.6
"""Lines of one paragraph are at most this far apart (in line heights) and this different in height."""


@dataclass(frozen=True, slots=True)
class LayoutBlock:
    """``line_numbers`` are positions in the list of lines; ``box`` is around them, relative to the page."""

    kind: LayoutType
    line_numbers: tuple[int, ...]
    box: Box


def layout_of(lines: list[ReadLine]) -> list[LayoutBlock]:
    """Stacked lines joined into blocks, in the order of their first lines; every line is in one block."""
    boxes = [box_around(line.quad) for line in lines]
    groups: list[list[int]] = []
    for number, box in enumerate(boxes):
        group = next((g for g in groups if _follows(boxes[g[-1]], box)), None)
        if group is None:
            groups.append([number])
        else:
            group.append(number)
    typical_height = median(min(box.height, box.width) for box in boxes) if boxes else 0.0
    return [_block(lines, group, typical_height) for group in groups]


def _follows(above: Box, below: Box) -> bool:
    height = min(above.height, below.height)
    if max(above.height, below.height) > _MAX_HEIGHT_RATIO * height:
        return False
    gap = below.top - above.bottom
    shared = min(above.right, below.right) - max(above.left, below.left)
    return -0.5 * height <= gap <= _MAX_LEADING * height and shared > 0


def _block(lines: list[ReadLine], group: list[int], typical_height: float) -> LayoutBlock:
    box = box_around(*(lines[number].quad for number in group))
    first = box_around(lines[group[0]].quad)
    is_title = min(first.height, first.width) >= _TITLE_HEIGHT * typical_height
    return LayoutBlock("LAYOUT_TITLE" if is_title else "LAYOUT_TEXT", tuple(group), box)
