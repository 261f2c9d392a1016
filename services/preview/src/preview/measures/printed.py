"""What a page prints of sizes, areas and its scale, and in which room each text stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from shapely import Polygon, STRtree, points

from preview.domain.room import Box, Point, Word
from preview.measures.areas import PrintedArea, read_area
from preview.measures.notes import is_not_to_scale, read_scale_notes
from preview.measures.sizes import PrintedSize, SizeKind, read_sizes
from preview.rooms.text.lexicon import is_room_word, is_sheet_word
from preview.rooms.text.overprint import without_overprint
from preview.rooms.text.text_lines import TextLine, TextLineOptions, around, stacked_lines
from preview.rooms.text.text_patterns import is_flat_type

MOST_WORDS = 5000
"""Words that are looked at; the densest sheet seen had 1,500."""
MOST_IN_ROOM = 8
"""Sizes, and areas, of one outline: the parts of an open plan, and the lengths of its walls."""
_NOTCH = 1.0
"""Distance to an outline, in heights of the line, up to which a line stands in it: letters cut notches."""


@dataclass(frozen=True, slots=True)
class PrintedText:
    """A line that tells a size, an area or a scale, and the box around it in page coordinates.

    ``is_named`` where a room's name stands in the line, or in another of its stack.
    """

    text: str
    box: Box
    is_named: bool = False


@dataclass(slots=True)
class PrintedMeasures:
    """Sizes and areas printed in one room, in reading order."""

    sizes: list[PrintedSize] = field(default_factory=list)
    areas: list[PrintedArea] = field(default_factory=list)


def printed_texts(words: Sequence[Word]) -> list[PrintedText]:
    """The lines among ``words`` that tell sizes, areas and scales; no totals, which belong to the sheet."""
    written = without_overprint([word for word in words if word.text.strip()])
    stacks = stacked_lines(written[:MOST_WORDS], TextLineOptions())
    return [
        PrintedText(line.text, line.box, named)
        for stack in stacks
        for named in [any(is_room_word(word) for line in stack for word in line.text.split())]
        for line in _telling(stack)
    ]


def measures_by_room(
    outlines: Sequence[Sequence[Point]], texts: Sequence[PrintedText]
) -> list[PrintedMeasures]:
    """What is printed in each of ``outlines``, which are rings in page coordinates."""
    found = [PrintedMeasures() for _ in outlines]
    read = [(read_sizes(text.text), read_area(text.text, is_named=text.is_named)) for text in texts]
    in_feet = any(size.kind is SizeKind.IMPERIAL for sizes, _ in read for size in sizes)
    for text, (sizes, area), room in zip(texts, read, _rooms_of(texts, outlines), strict=True):
        if room is None:
            continue
        found[room].sizes += [size for size in sizes if in_feet or _is_of_a_room(size, text)]
        found[room].areas += [area] if area and not sizes else []
    return [PrintedMeasures(each.sizes[:MOST_IN_ROOM], each.areas[:MOST_IN_ROOM]) for each in found]


def _is_of_a_room(size: PrintedSize, text: PrintedText) -> bool:
    """Whether ``size`` is one of a room, even on a page that has none in feet."""
    return size.kind is SizeKind.METRIC or (size.kind is SizeKind.CENTIMETRES and text.is_named)


def _telling(stack: Sequence[TextLine]) -> Iterator[TextLine]:
    of_sheet = any(_tells_total(line.text) for line in stack)
    for line in _with_sizes_whole(stack):
        is_measure = bool(read_sizes(line.text) or read_scale_notes(line.text) or is_not_to_scale(line.text))
        if is_measure or (not of_sheet and read_area(line.text)):
            yield line


def _tells_total(text: str) -> bool:
    """Whether ``text`` is of the sheet or the whole flat: ``Gross internal``, ``3H+K``."""
    words = text.split()
    return any(map(is_sheet_word, words)) or any(map(is_flat_type, words)) or is_flat_type(text)


def _with_sizes_whole(stack: Sequence[TextLine]) -> Iterator[TextLine]:
    """The lines of ``stack``, those joined whose size goes on in the next: ``5'-10" x`` over ``13'-7"``."""
    before: TextLine | None = None
    for line in stack:
        if before and _is_halved(before.text, line.text):
            before = TextLine(f"{before.text} {line.text}", around([before.box, line.box]))
            continue
        if before:
            yield before
        before = line
    if before:
        yield before


def _is_halved(text: str, following: str) -> bool:
    return not (read_sizes(text) or read_sizes(following)) and bool(read_sizes(f"{text} {following}"))


def _rooms_of(texts: Sequence[PrintedText], outlines: Sequence[Sequence[Point]]) -> Iterator[int | None]:
    """For each text the index of the smallest outline around its middle, else of the one that it touches."""
    polygons = np.array([Polygon(outline) for outline in outlines], object)
    tree = STRtree(polygons)
    boxes = np.array([text.box for text in texts], np.float64).reshape(-1, 4)
    middles = points((boxes[:, :2] + boxes[:, 2:]) / 2)
    heights = (boxes[:, 2:] - boxes[:, :2]).min(axis=1, initial=np.inf)
    for middle, height in zip(middles, heights, strict=True):
        near = tree.query(middle, predicate="dwithin", distance=_NOTCH * height).tolist()
        closest = (
            (round(polygons[index].distance(middle), 6), polygons[index].area, index) for index in near
        )
        yield min(closest, default=(0.0, 0.0, None))[2]
