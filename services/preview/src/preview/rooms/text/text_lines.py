"""Words that stand side by side are a line, lines that stand under one another a stack.

Vertical text, which runs along a wall, is treated with x and y exchanged.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from preview.domain.right_to_left import reading_order
from preview.domain.room import Box, Word
from preview.rooms.geometry.boxes import Indices, meeting
from preview.rooms.text.text_patterns import is_room_number

Boxes = NDArray[np.float64]
"""``(n, 4)``, rows as ``Box``."""

_Pairs = tuple[Indices, Indices]

_SAME_LINE = 0.65
"""Least overlap of words of a line, in heights of the smaller: names side by side are seldom level."""
_SAME_STACK = 0.3
"""Least overlap of lines of a stack, in widths of the narrower."""
_VERTICAL_RATIO = 1.5
"""Height by width from which a word of three letters is vertical, where its reader does not say."""
_SHORT = 2
"""Letters of words whose boxes do not show which way they run."""
_SHORTEST_NUMBER = 3
"""Characters from which numbers in a row are those of rooms in a row; shorter ones belong to one name."""


@dataclass(frozen=True, slots=True)
class TextLineOptions:
    """Which words are one line, and which lines one label."""

    letter_height_ratio: float = 1.6
    """Words of one line differ in height by at most this factor: capitals and small letters. Drawn."""
    word_space: float = 2.0
    """Widest space between words of a line, in widths of a letter. Drawn."""
    line_height_ratio: float = 2.2
    """Lines of one label differ in height by at most this factor: sizes are set smaller than names.
    Drawn."""
    line_space: float = 0.9
    """Widest space between lines of a label, in heights of the smaller line. Drawn."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """Words of a line, joined by spaces, and the box around them."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class _Runs:
    """Boxes of words, and how wide a letter of each is: the usual width where the box does not show it."""

    boxes: Boxes
    letters: NDArray[np.float64]

    @classmethod
    def of(cls, words: Sequence[Word]) -> "_Runs":
        boxes = _boxes([word.box for word in words])
        width, height = (boxes[:, 2:] - boxes[:, :2]).T
        letters = width / np.array([len(word.text) for word in words])
        usual = float(np.median(letters[width >= height])) if (width >= height).any() else 1.0
        return cls(boxes, np.where(width >= height, letters, usual))

    def widened(self, options: TextLineOptions) -> Boxes:
        return self.boxes + np.outer(options.word_space * self.letters, (-1, 0, 1, 0))


def stacked_lines(words: Sequence[Word], options: TextLineOptions) -> list[list[TextLine]]:
    """Stacks of lines, each in reading order; words in the order in which they were read."""
    horizontal, vertical = _by_direction(words, options)
    transposed = [replace(word, box=_transposed(word.box)) for word in vertical]
    stacks = [
        [TextLine(line.text, _transposed(line.box)) for line in stack]
        for stack in _stacks(transposed, options, by_place=False)
    ]
    return _stacks(horizontal, options, by_place=True) + stacks


def _boxes(boxes: Sequence[Box]) -> Boxes:
    return np.array(boxes, np.float64).reshape(-1, 4)


def around(boxes: Sequence[Box]) -> Box:
    """The box around ``boxes``, at least one."""
    corners = np.array(boxes)
    x_min, y_min = corners[:, :2].min(axis=0).tolist()
    x_max, y_max = corners[:, 2:].max(axis=0).tolist()
    return (x_min, y_min, x_max, y_max)


def _by_direction(words: Sequence[Word], options: TextLineOptions) -> tuple[list[Word], list[Word]]:
    """Horizontal and vertical words; short ones go with those they continue."""
    vertical = [word for word in words if _is_vertical(word)]
    if not vertical:
        return list(words), []
    short = [word for word in words if len(word.text) <= _SHORT]
    runs = _Runs.of([replace(word, box=_transposed(word.box)) for word in vertical])
    transposed = _boxes([_transposed(word.box) for word in short])
    others = _Runs(transposed, np.full(len(short), np.median(runs.letters)))
    followers = {
        id(short[index]) for some, _ in _beside(others, runs, options) for index in np.unique(some).tolist()
    }
    horizontal = [word for word in words if not _is_vertical(word) and id(word) not in followers]
    return horizontal, [word for word in words if _is_vertical(word) or id(word) in followers]


def _is_vertical(word: Word) -> bool:
    if word.vertical is not None or len(word.text) <= _SHORT:
        return bool(word.vertical) and len(word.text) > _SHORT
    x_min, y_min, x_max, y_max = word.box
    return y_max - y_min > _VERTICAL_RATIO * (x_max - x_min)


def _transposed(box: Box) -> Box:
    return (box[1], box[0], box[3], box[2])


def _stacks(words: Sequence[Word], options: TextLineOptions, *, by_place: bool) -> list[list[TextLine]]:
    """Stacks from top to bottom; words of a line from the left, or else in the order given."""
    runs, lines = _Runs.of(words), []
    for group in _groups(runs.boxes, _beside(runs, runs, options)):
        members = [words[index] for index in group]
        lines += _lines(sorted(members, key=lambda word: word.box[0]) if by_place else members)
    boxes = _boxes([line.box for line in lines])
    stacks = _groups(boxes, _below(boxes, options))
    return [sorted((lines[index] for index in stack), key=lambda line: line.box[1]) for stack in stacks]


def _lines(words: Sequence[Word]) -> list[TextLine]:
    if all(len(word.text) >= _SHORTEST_NUMBER and is_room_number(word.text) for word in words):
        return [TextLine(word.text.strip(), word.box) for word in words]
    texts = reading_order([word.text.strip() for word in words])
    return [TextLine(" ".join(texts), around([word.box for word in words]))]


def _beside(one: _Runs, other: _Runs, options: TextLineOptions) -> Iterator[_Pairs]:
    """Pairs of which one continues the line of the other: the space is measured in the larger letters."""
    for i, j in meeting(one.widened(options), other.widened(options)):
        a, b = one.boxes[i].T, other.boxes[j].T
        height = np.minimum(a[3] - a[1], b[3] - b[1])
        taller = np.maximum(a[3] - a[1], b[3] - b[1])
        overlap = np.minimum(a[3], b[3]) - np.maximum(a[1], b[1])
        level = (taller <= options.letter_height_ratio * height) & (overlap > _SAME_LINE * height)
        space = np.maximum(a[0], b[0]) - np.minimum(a[2], b[2])
        near = space <= options.word_space * np.maximum(one.letters[i], other.letters[j])
        yield i[level & near], j[level & near]


def _below(boxes: Boxes, options: TextLineOptions) -> Iterator[_Pairs]:
    """Pairs of lines that stand under one another."""
    reach = options.line_space * (boxes[:, 3] - boxes[:, 1])
    widened = boxes + np.outer(reach, (0, -1, 0, 1))
    for i, j in meeting(widened, widened):
        a, b = boxes[i].T, boxes[j].T
        height = np.minimum(a[3] - a[1], b[3] - b[1])
        taller = np.maximum(a[3] - a[1], b[3] - b[1])
        space = np.maximum(a[1], b[1]) - np.minimum(a[3], b[3])
        overlap = np.minimum(a[2], b[2]) - np.maximum(a[0], b[0])
        narrower = np.minimum(a[2] - a[0], b[2] - b[0])
        same_size = taller <= options.line_height_ratio * height
        joined = same_size & (space <= options.line_space * height) & (overlap > _SAME_STACK * narrower)
        yield i[joined], j[joined]


def _groups(boxes: Boxes, pairs: Iterable[_Pairs]) -> list[list[int]]:
    """Indices of ``boxes`` that ``pairs`` connect, directly or through others, the topmost group first.

    Smaller groups join the largest, so that no index changes its group more than log n times.
    """
    group = np.arange(len(boxes))
    members = [[index] for index in range(len(boxes))]
    for i, j in pairs:
        firsts, starts = np.unique(i, return_index=True)
        for first, others in zip(firsts.tolist(), np.split(j, starts[1:]), strict=True):
            keys = {int(group[first]), *group[others].tolist()}
            largest = max(keys, key=lambda key: len(members[key]))
            for key in keys - {largest}:
                group[members[key]] = largest
                members[largest] += members[key]
    from_the_top = np.argsort(boxes[:, 1], kind="stable")
    return [sorted(members[key]) for key in dict.fromkeys(group[from_the_top].tolist())]
