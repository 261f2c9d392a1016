"""Stage 8: words to lines to labels, and what kind of thing each label says."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from preview.domain.room import Box, Point, Word
from preview.rooms.lexicon import is_room_word, is_sheet_word
from preview.rooms.measures import is_dimension, is_room_number
from preview.rooms.options import DetectorOptions

Boxes = NDArray[np.float64]
"""``(n, 4)``, rows as ``Box``."""


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
    ``anchor`` is the point that has to lie in the room.
    """

    kind: TextKind
    name: str
    anchor: Point


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    box: Box
    kind: TextKind


def kind_of(text: str) -> TextKind:
    """The kind of one line of text."""
    if is_dimension(text):
        return TextKind.DIMENSION
    words = text.replace("/", " ").replace("&", " ").replace("+", " ").split()
    if any(is_sheet_word(word) for word in words):
        return TextKind.SHEET
    if any(is_room_word(word) for word in words):
        return TextKind.ROOM
    if is_room_number(text):
        return TextKind.NUMBER
    letters = sum(c.isalpha() for c in text)
    return TextKind.OTHER if letters >= 3 and letters >= 0.6 * len(text.replace(" ", "")) else TextKind.NOISE


def without_dimensions(text: str) -> str:
    """``text`` without the dimensions behind a name: ``Bedroom 2 12'0 x 9'6`` is ``Bedroom 2``."""
    words = text.split()
    if is_dimension(text):
        return text
    for start in range(1, len(words)):
        if is_dimension(" ".join(words[start:])):
            numbered = (
                words[start].isdigit() and words[start + 1 : start + 2] and words[start + 1][0].isdigit()
            )
            return " ".join(words[: start + 1 if numbered else start])
    return text


def find_labels(words: Sequence[Word], options: DetectorOptions) -> list[Label]:
    """Labels of a page: words close in a line, and lines close under one another, are one label.

    Numbers alone are labels only where the page numbers its rooms.
    """
    words = [word for word in words if word.text.strip()]
    lines = [
        _line([words[i] for i in group]) for group in _groups([w.box for w in words], _beside(words, options))
    ]
    stacks = _groups([line.box for line in lines], lambda box, boxes: _below(box, boxes, options))
    labels = [_label(sorted((lines[i] for i in stack), key=lambda line: line.box[1])) for stack in stacks]
    return (
        labels
        if _rooms_are_numbered(labels, options)
        else [lab for lab in labels if lab.kind is not TextKind.NUMBER]
    )


def _line(words: Sequence[Word]) -> _Line:
    words = sorted(words, key=lambda word: word.box[0])
    text = without_dimensions(" ".join(word.text.strip() for word in words))
    return _Line(text, _around([word.box for word in words]), kind_of(text))


def _label(lines: Sequence[_Line]) -> Label:
    kinds = [line.kind for line in lines]
    kind = next(kind for kind in TextKind if kind in kinds)
    naming = [line for line in lines if line.kind in (TextKind.ROOM, TextKind.OTHER, TextKind.NUMBER)]
    saying = [line.box for line in lines if line.kind is kind]
    x_min, y_min, x_max, y_max = _around(saying)
    name = " ".join(line.text for line in naming) if kind is not TextKind.SHEET else ""
    return Label(kind, name, ((x_min + x_max) / 2, (y_min + y_max) / 2))


def _rooms_are_numbered(labels: Sequence[Label], options: DetectorOptions) -> bool:
    """Whether numbers are rooms': many, no fewer than names, and alike, as lengths and grid marks are not."""
    numbers = [label.name for label in labels if label.kind is TextKind.NUMBER]
    names = sum(label.kind is TextKind.ROOM for label in labels)
    if len(numbers) < max(options.fewest_numbers, names):
        return False
    alike = max(Counter(number[0] for number in numbers).values())
    short = sum(len(number) <= 2 for number in numbers)
    return max(alike, short) >= options.same_form * len(numbers)


def _around(boxes: Sequence[Box]) -> Box:
    corners = np.array(boxes)
    x_min, y_min = corners[:, :2].min(axis=0).tolist()
    x_max, y_max = corners[:, 2:].max(axis=0).tolist()
    return (x_min, y_min, x_max, y_max)


def _beside(words: Sequence[Word], options: DetectorOptions) -> Callable[[Boxes, Boxes], NDArray[np.bool_]]:
    """Whether a box continues the line of another: the space is measured in that line's own letters."""
    letter_of = {word.box: (word.box[2] - word.box[0]) / len(word.text) for word in words if _lies(word.box)}
    usual = float(np.median(list(letter_of.values()) or [1.0]))

    def joined(box: Boxes, boxes: Boxes) -> NDArray[np.bool_]:
        height = np.minimum(box[3] - box[1], boxes[:, 3] - boxes[:, 1])
        taller = np.maximum(box[3] - box[1], boxes[:, 3] - boxes[:, 1])
        overlap = np.minimum(box[3], boxes[:, 3]) - np.maximum(box[1], boxes[:, 1])
        space = np.maximum(box[0], boxes[:, 0]) - np.minimum(box[2], boxes[:, 2])
        own = letter_of.get(tuple(box.tolist()), usual)
        letters = np.array([max(own, letter_of.get(tuple(other), usual)) for other in boxes.tolist()])
        same_size = taller <= options.letter_height_ratio * height
        return np.asarray(
            same_size & (overlap > 0.5 * height) & (space <= options.word_space * letters), np.bool_
        )

    return joined


def _below(box: Boxes, boxes: Boxes, options: DetectorOptions) -> NDArray[np.bool_]:
    height = np.minimum(box[3] - box[1], boxes[:, 3] - boxes[:, 1])
    taller = np.maximum(box[3] - box[1], boxes[:, 3] - boxes[:, 1])
    space = np.maximum(box[1], boxes[:, 1]) - np.minimum(box[3], boxes[:, 3])
    overlap = np.minimum(box[2], boxes[:, 2]) - np.maximum(box[0], boxes[:, 0])
    narrower = np.minimum(box[2] - box[0], boxes[:, 2] - boxes[:, 0])
    same_size = taller <= options.line_height_ratio * height
    return np.asarray(
        same_size & (space <= options.line_space * height) & (overlap > 0.3 * narrower), np.bool_
    )


def _lies(box: Box) -> bool:
    return box[2] - box[0] >= box[3] - box[1]


def _groups(boxes: Sequence[Box], joined: Callable[[Boxes, Boxes], NDArray[np.bool_]]) -> list[list[int]]:
    """Indices of ``boxes`` that ``joined`` connects, directly or through others."""
    corners = np.array(boxes, np.float64).reshape(-1, 4)
    order = np.argsort(corners[:, 1], kind="stable")
    corners = corners[order]
    group = np.arange(len(order))
    reach = 2 * np.median(corners[:, 3] - corners[:, 1]) if len(order) else 0.0
    for i, box in enumerate(corners):
        end = int(np.searchsorted(corners[:, 1], box[3] + reach, side="right"))
        for j in i + 1 + np.flatnonzero(joined(box, corners[i + 1 : end])):
            if group[i] != group[j]:
                group[group == group[j]] = group[i]
    return [sorted(order[group == key].tolist()) for key in dict.fromkeys(group.tolist())]
