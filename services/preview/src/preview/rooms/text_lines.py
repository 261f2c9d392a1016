"""Words that stand side by side are a line, lines that stand under one another a stack.

Standing text, which runs along a wall, is looked at with x and y exchanged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from preview.domain.room import Box, Word
from preview.rooms.measures import is_room_number
from preview.rooms.options import DetectorOptions

Boxes = NDArray[np.float64]
"""``(n, 4)``, rows as ``Box``."""

_Joined = Callable[[Boxes, Boxes], NDArray[np.bool_]]

_SAME_LINE = 0.65
"""Least overlap of words of a line, in heights of the smaller: names side by side are seldom level."""
_SAME_STACK = 0.3
"""Least overlap of lines of a stack, in widths of the narrower."""
_STANDS = 1.5
"""Height by width from which a word of three letters stands."""
_SHORT = 2
"""Letters of words whose boxes do not show which way they run."""
_SHORTEST_NUMBER = 3
"""Characters from which numbers in a row are those of rooms in a row; shorter ones belong to one name."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """Words of a line, joined by spaces, and the box around them."""

    text: str
    box: Box


def stacked_lines(words: Sequence[Word], options: DetectorOptions) -> list[list[TextLine]]:
    """Stacks of lines, each in reading order; words in the order in which they were read."""
    lying, standing = _by_direction(words, options)
    turned = [replace(word, box=_turned(word.box)) for word in standing]
    stacks = [
        [TextLine(line.text, _turned(line.box)) for line in stack]
        for stack in _stacks(turned, options, by_place=False)
    ]
    return _stacks(lying, options, by_place=True) + stacks


def around(boxes: Sequence[Box]) -> Box:
    """The box around ``boxes``, at least one."""
    corners = np.array(boxes)
    x_min, y_min = corners[:, :2].min(axis=0).tolist()
    x_max, y_max = corners[:, 2:].max(axis=0).tolist()
    return (x_min, y_min, x_max, y_max)


def _by_direction(words: Sequence[Word], options: DetectorOptions) -> tuple[list[Word], list[Word]]:
    """Words that lie and words that stand; short ones go with those they continue."""
    standing = [word for word in words if _stands(word)]
    if not standing:
        return list(words), []
    turned = [replace(word, box=_turned(word.box)) for word in standing]
    continues, boxes = _beside(turned, options), np.array([word.box for word in turned])
    followers = {
        id(word)
        for word in words
        if len(word.text) <= _SHORT and continues(np.array(_turned(word.box)), boxes).any()
    }
    lying = [word for word in words if not _stands(word) and id(word) not in followers]
    return lying, [word for word in words if _stands(word) or id(word) in followers]


def _stands(word: Word) -> bool:
    x_min, y_min, x_max, y_max = word.box
    return len(word.text) > _SHORT and y_max - y_min > _STANDS * (x_max - x_min)


def _turned(box: Box) -> Box:
    return (box[1], box[0], box[3], box[2])


def _stacks(words: Sequence[Word], options: DetectorOptions, *, by_place: bool) -> list[list[TextLine]]:
    """Stacks from top to bottom; words of a line from the left, or else in the order given."""
    lines = []
    for group in _groups([word.box for word in words], _beside(words, options)):
        members = [words[index] for index in group]
        lines += _lines(sorted(members, key=lambda word: word.box[0]) if by_place else members)
    stacks = _groups([line.box for line in lines], lambda box, boxes: _below(box, boxes, options))
    return [sorted((lines[index] for index in stack), key=lambda line: line.box[1]) for stack in stacks]


def _lines(words: Sequence[Word]) -> list[TextLine]:
    if all(len(word.text) >= _SHORTEST_NUMBER and is_room_number(word.text) for word in words):
        return [TextLine(word.text.strip(), word.box) for word in words]
    return [TextLine(" ".join(word.text.strip() for word in words), around([word.box for word in words]))]


def _beside(words: Sequence[Word], options: DetectorOptions) -> _Joined:
    """Whether a box continues the line of another: the space is measured in that line's own letters."""
    letter_of = {word.box: (word.box[2] - word.box[0]) / len(word.text) for word in words if _lies(word.box)}
    usual = float(np.median(list(letter_of.values()) or [1.0]))

    def joined(box: Boxes, boxes: Boxes) -> NDArray[np.bool_]:
        height = np.minimum(box[3] - box[1], boxes[:, 3] - boxes[:, 1])
        taller = np.maximum(box[3] - box[1], boxes[:, 3] - boxes[:, 1])
        overlap = np.minimum(box[3], boxes[:, 3]) - np.maximum(box[1], boxes[:, 1])
        level = (taller <= options.letter_height_ratio * height) & (overlap > _SAME_LINE * height)
        space = np.maximum(box[0], boxes[:, 0]) - np.minimum(box[2], boxes[:, 2])
        own = letter_of.get(tuple(box.tolist()), usual)
        for index in np.flatnonzero(level):
            letter = max(own, letter_of.get(tuple(boxes[index].tolist()), usual))
            level[index] = space[index] <= options.word_space * letter
        return np.asarray(level, np.bool_)

    return joined


def _below(box: Boxes, boxes: Boxes, options: DetectorOptions) -> NDArray[np.bool_]:
    height = np.minimum(box[3] - box[1], boxes[:, 3] - boxes[:, 1])
    taller = np.maximum(box[3] - box[1], boxes[:, 3] - boxes[:, 1])
    space = np.maximum(box[1], boxes[:, 1]) - np.minimum(box[3], boxes[:, 3])
    overlap = np.minimum(box[2], boxes[:, 2]) - np.maximum(box[0], boxes[:, 0])
    narrower = np.minimum(box[2] - box[0], boxes[:, 2] - boxes[:, 0])
    same_size = taller <= options.line_height_ratio * height
    close = space <= options.line_space * height
    return np.asarray(same_size & close & (overlap > _SAME_STACK * narrower), np.bool_)


def _lies(box: Box) -> bool:
    return box[2] - box[0] >= box[3] - box[1]


def _groups(boxes: Sequence[Box], joined: _Joined) -> list[list[int]]:
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
