"""Labels: words become lines, and lines that belong together become labels."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from preview.domain.room import Box, Point, Word
from preview.rooms.text.annotations import is_mark, without_annotations, without_repetitions
from preview.rooms.text.lexicon import is_of_lettered_language, plain
from preview.rooms.text.overprint import without_overprint
from preview.rooms.text.spelling import respelt
from preview.rooms.text.text_kinds import TextKind, kind_of, words_of
from preview.rooms.text.text_lines import TextLine, TextLineOptions, around, stacked_lines
from preview.rooms.text.text_patterns import without_dimensions

_AROUND_NAMES = " ,;:/|_=*~-"


@dataclass(frozen=True, slots=True)
class LabelOptions:
    """When a page numbers its rooms."""

    fewest_numbers: int = 5
    """Numbers on a page from which they may be rooms' numbers. Drawn."""
    same_form: float = 0.6
    """Share of numbers that begin alike (201, 202, 215), or have two digits at most, if they are rooms'.
    Drawn."""
    lines: TextLineOptions = field(default_factory=TextLineOptions)


@dataclass(frozen=True, slots=True)
class Label:
    """Lines that belong together.

    ``name`` is what of them could name a room, without dimensions, and is empty if nothing could;
    ``anchor`` is the point that has to lie in the room, ``height`` that of its letters' lines together.
    """

    kind: TextKind
    name: str
    anchor: Point
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    box: Box
    kind: TextKind


def find_labels(words: Sequence[Word], options: LabelOptions) -> list[Label]:
    """Labels of a page: words close in a line, and lines close under one another, are one label.

    Numbers alone are labels only where the page numbers its rooms, and letters alone (the ``K``, ``H`` and
    ``S`` of Finnish plans) not beside words of other languages: there they are grid marks and north. Marks of
    finishes, doors and windows have a form of their own and occur more than once. Room words misread by a
    letter are mended.
    """
    stacks = stacked_lines(without_overprint([word for word in words if word.text.strip()]), options.lines)
    labels = [
        _label(lines) for stack in stacks for lines in _apart([_line(line) for line in _unbroken(stack)])
    ]
    times = Counter(label.name for label in labels)
    labels = [_unnamed(x) if times[x.name] > 1 and is_mark(x.name) else x for x in labels]
    if not _letters_are_rooms(labels):
        labels = [_unnamed(label) if _is_letter(label) else label for label in labels]
    labels = _respelt(labels)
    if _rooms_are_numbered(labels, options):
        return labels
    return [label for label in labels if label.kind is not TextKind.NUMBER]


def _unbroken(lines: Sequence[TextLine]) -> list[TextLine]:
    """Lines, those that end with a hyphen joined to what follows."""
    joined: list[TextLine] = []
    for line in lines:
        if joined and re.fullmatch(r"[^\W\d]-", joined[-1].text[-2:]):
            before = joined.pop()
            joined.append(TextLine(before.text + line.text, around([before.box, line.box])))
        else:
            joined.append(line)
    return joined


def _line(line: TextLine) -> _Line:
    text = without_annotations(without_dimensions(line.text))
    return _Line(text, line.box, kind_of(text))


def _apart(lines: list[_Line]) -> list[list[_Line]]:
    """The lines as one label, but numbers under one another as a label each."""
    return [[line] for line in lines] if all(line.kind is TextKind.NUMBER for line in lines) else [lines]


def _label(lines: Sequence[_Line]) -> Label:
    kinds = [line.kind for line in lines]
    kind = next(kind for kind in TextKind if kind in kinds)
    naming = [line for line in lines if line.kind in (TextKind.ROOM, TextKind.OTHER, TextKind.NUMBER)]
    x_min, y_min, x_max, y_max = around([line.box for line in lines if line.kind is kind])
    unmarked = [line for line in naming if not is_mark(line.text)]
    if any(line.kind is TextKind.ROOM for line in unmarked):
        naming = unmarked
    said = without_repetitions(" ".join(line.text for line in naming)).strip(_AROUND_NAMES)
    name = said if kind is not TextKind.SHEET else ""
    height = min(x_max - x_min, y_max - y_min)
    return Label(kind, name, ((x_min + x_max) / 2, (y_min + y_max) / 2), height)


def _respelt(labels: Sequence[Label]) -> list[Label]:
    """Labels of rooms with their names mended."""
    names = respelt({label.name for label in labels if label.kind is TextKind.ROOM})
    return [
        replace(label, name=names[label.name]) if label.kind is TextKind.ROOM else label for label in labels
    ]


def _is_letter(label: Label) -> bool:
    return label.kind is TextKind.ROOM and len(plain(label.name)) == 1


def _unnamed(label: Label) -> Label:
    return replace(label, kind=TextKind.NOISE, name="")


def _letters_are_rooms(labels: Sequence[Label]) -> bool:
    """Whether a word of a language that writes rooms as letters is on the page, or no other room word."""
    names = [label.name for label in labels if label.kind is TextKind.ROOM and not _is_letter(label)]
    return not names or any(is_of_lettered_language(word) for name in names for word in words_of(name))


def _rooms_are_numbered(labels: Sequence[Label], options: LabelOptions) -> bool:
    """Whether numbers are rooms': many, no fewer than names, and alike, as lengths and grid marks are not."""
    numbers = [label.name for label in labels if label.kind is TextKind.NUMBER]
    names = sum(label.kind is TextKind.ROOM for label in labels)
    if len(numbers) < max(options.fewest_numbers, names):
        return False
    alike = max(Counter(number[0] for number in numbers).values())
    short = sum(len(number) <= 2 for number in numbers)
    return max(alike, short) >= options.same_form * len(numbers)
