"""Labels: words become lines, lines become labels, and each label gets its kind."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from preview.domain.room import Box, Point, Word
from preview.rooms.text.annotations import is_mark, said_once, without_annotations
from preview.rooms.text.lexicon import (
    is_fixture,
    is_of_lettered_language,
    is_remark,
    is_room_word,
    is_sheet_word,
    is_storey_word,
    plain,
)
from preview.rooms.text.overprint import without_overprint
from preview.rooms.text.text_lines import TextLine, TextLineOptions, around, stacked_lines
from preview.rooms.text.text_patterns import (
    has_scale_or_date,
    is_dimension,
    is_flat_type,
    is_height,
    is_room_number,
)

_LONGEST_PHRASE = 2
"""Words up to which abbreviations may be a room's (``MH + VH``): in sentences ``at`` is none."""
_LONGEST_ABBREVIATION = 3
_WORDS_PER_ROOM = 4
"""Most words of a name for each that is a room's: with more it is a sentence about rooms."""
_LONGEST_LINE = 40
"""Words of a line up to which dimensions are looked for around a name: longer ones are notes, and each word
of them would have to be tried."""
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


class TextKind(Enum):
    """What a piece of text says; of several in a label the one listed first decides."""

    ROOM = "room"
    SHEET = "sheet"
    OTHER = "other"
    NUMBER = "number"
    DIMENSION = "dimension"
    NOISE = "noise"


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


def kind_of(text: str) -> TextKind:
    """The kind of one line of text."""
    if is_dimension(text):
        return TextKind.DIMENSION
    words = _words(text)
    if _belongs_to_sheet(text, words):
        return TextKind.SHEET
    if is_flat_type(text) or all(map(_says_nothing, words)):
        return TextKind.NUMBER if is_room_number(text) else TextKind.NOISE
    if _names_room(text, words):
        return TextKind.ROOM
    if is_room_number(text):
        return TextKind.NUMBER
    letters = sum(c.isalpha() for c in text)
    return TextKind.OTHER if letters >= 3 and letters >= 0.6 * len(text.replace(" ", "")) else TextKind.NOISE


def _says_nothing(word: str) -> bool:
    mark = is_mark(word) and not is_room_word(word)
    return mark or is_fixture(word) or is_remark(word) or not plain(word)


def _words(text: str) -> list[str]:
    return re.split(r"[\s/&+]+", text.strip())


def _belongs_to_sheet(text: str, words: Sequence[str]) -> bool:
    """A sheet word does, unless a room's name begins with it: ``Drawing room``, ``First floor landing``."""
    last = words[-1]
    telling = [
        word
        for word, following in zip(words, (*words[1:], ""), strict=True)
        if is_sheet_word(word) and plain(following) not in ("room", "rm")
    ]
    if "open" in map(plain, words):
        telling = [word for word in telling if plain(word) != "plan"]
    where = all(map(is_storey_word, telling)) and is_room_word(last) and not is_storey_word(last)
    return bool(telling and not where) or (has_scale_or_date(text) and any(c.isalpha() for c in text))


def _names_room(text: str, words: Sequence[str]) -> bool:
    """Whether enough of the words are rooms'; in a sentence ``at`` and ``et`` are none."""
    if is_room_word(text):
        return True
    sentence = sum(len(plain(word)) >= 1 for word in words) > _LONGEST_PHRASE
    rooms = sum(
        is_room_word(word) for word in words if not sentence or len(plain(word)) > _LONGEST_ABBREVIATION
    )
    return rooms * _WORDS_PER_ROOM >= sum(len(plain(word)) > 2 for word in words) and rooms > 0


def without_dimensions(text: str) -> str:
    """``text`` without the dimensions around a name: ``Bedroom 2 12'0 x 9'6`` is ``Bedroom 2``."""
    words = text.split()
    if is_dimension(text) or not 1 <= len(words) <= _LONGEST_LINE:
        return text
    leading = (count for count in range(len(words) - 1, 0, -1) if is_dimension(" ".join(words[:count])))
    words = words[next(leading, 0) :]
    for start in range(1, len(words)):
        if is_dimension(" ".join(words[start:])):
            following = " ".join(words[start + 1 :])
            numbered = words[start].isdigit() and (following[:1].isdigit() or is_height(following))
            words = words[: start + 1 if numbered else start]
            break
    glued = re.fullmatch(r"(.*[^\W\d]{2})(\d.+)", words[-1])
    return " ".join([*words[:-1], glued[1] if glued and is_dimension(glued[2]) else words[-1]])


def find_labels(words: Sequence[Word], options: LabelOptions) -> list[Label]:
    """Labels of a page: words close in a line, and lines close under one another, are one label.

    Numbers alone are labels only where the page numbers its rooms, and letters alone (the ``K``, ``H`` and
    ``S`` of Finnish plans) not beside words of other languages: there they are grid marks and north. Marks of
    finishes, doors and windows have a form of their own and occur more than once.
    """
    stacks = stacked_lines(without_overprint([word for word in words if word.text.strip()]), options.lines)
    labels = [
        _label(lines) for stack in stacks for lines in _apart([_line(line) for line in _unbroken(stack)])
    ]
    times = Counter(label.name for label in labels)
    labels = [_unnamed(x) if times[x.name] > 1 and is_mark(x.name) else x for x in labels]
    if not _letters_are_rooms(labels):
        labels = [_unnamed(label) if _is_letter(label) else label for label in labels]
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
    said = said_once(" ".join(line.text for line in naming)).strip(_AROUND_NAMES)
    name = said if kind is not TextKind.SHEET else ""
    height = min(x_max - x_min, y_max - y_min)
    return Label(kind, name, ((x_min + x_max) / 2, (y_min + y_max) / 2), height)


def _is_letter(label: Label) -> bool:
    return label.kind is TextKind.ROOM and len(plain(label.name)) == 1


def _unnamed(label: Label) -> Label:
    return replace(label, kind=TextKind.NOISE, name="")


def _letters_are_rooms(labels: Sequence[Label]) -> bool:
    """Whether a word of a language that writes rooms as letters is on the page, or no other room word."""
    names = [label.name for label in labels if label.kind is TextKind.ROOM and not _is_letter(label)]
    return not names or any(is_of_lettered_language(word) for name in names for word in _words(name))


def _rooms_are_numbered(labels: Sequence[Label], options: LabelOptions) -> bool:
    """Whether numbers are rooms': many, no fewer than names, and alike, as lengths and grid marks are not."""
    numbers = [label.name for label in labels if label.kind is TextKind.NUMBER]
    names = sum(label.kind is TextKind.ROOM for label in labels)
    if len(numbers) < max(options.fewest_numbers, names):
        return False
    alike = max(Counter(number[0] for number in numbers).values())
    short = sum(len(number) <= 2 for number in numbers)
    return max(alike, short) >= options.same_form * len(numbers)
