"""Text removal: erases letters, so that they neither close nor furnish a room."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from preview.domain.room import Word
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.geometry.morphology import Mask, opened

LEAST_LINE_PX = 12
"""Shorter strokes are letters, however small these are."""


@dataclass(frozen=True, slots=True)
class TextRemovalOptions:
    """Thresholds of text removal."""

    shortest_line: float = 2.0
    """Straight strokes in a word's box longer than this many text heights are walls: letters are
    shorter."""


def without_text(drawing: Drawing, words: Sequence[Word], options: TextRemovalOptions) -> Drawing:
    """The drawing without the strokes inside word boxes; straight lines much longer than a letter stay.

    Without words nothing is lost: wall stages drop small marks themselves.
    """
    if not words:
        return drawing
    boxes = _pixel_boxes(drawing, words)
    heights = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    stroke = max(LEAST_LINE_PX, int(options.shortest_line * float(np.median(heights))))
    lines = opened(drawing.ink, stroke, 1) | opened(drawing.ink, 1, stroke)
    ink: Mask = drawing.ink.copy()
    for x_min, y_min, x_max, y_max in boxes:
        ink[y_min:y_max, x_min:x_max] &= lines[y_min:y_max, x_min:x_max]
    return drawing.with_ink(ink)


def _pixel_boxes(drawing: Drawing, words: Sequence[Word]) -> NDArray[np.int64]:
    boxes = drawing.pixel_boxes(np.array([word.box for word in words], np.float64))
    boxes = np.hstack([np.floor(boxes[:, :2]) - 1, np.ceil(boxes[:, 2:]) + 1])
    height, width = drawing.ink.shape
    return np.asarray(np.clip(boxes, 0, [width, height, width, height]), np.int64)
