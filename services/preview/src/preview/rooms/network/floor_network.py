"""Stage 7: what the floor network makes of the drawing: floors, their edges and how far each reaches.

The network is a U-Net of 1.9 million weights of eight bits, trained by ``services/preview/training`` on
plans free to ship; its card is ``models/README.md``.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.geometry.drawing import Drawing
from preview.rooms.model_files import model

INPUT_STEP = 64
"""Sides of the raster that the network sees are multiples of this many pixels; what is over is blank."""
STRIDE = 2
"""Pixels of its input to one cell of its answer."""
REACH_UNIT_PX = 16.0
"""Its last four answers are logarithms of distances in this many pixels of its input."""

BLANK_CELL_PX = 16
"""Pixels of the drawing to a cell where the network is not asked."""

_MIRRORED = (0, 1, 2, 5, 4, 3, 6)
"""Its answers about a picture turned left to right, in the order that they have of the picture itself."""

Map = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FloorMaps:
    """Cells ``(height, width)`` over a drawing, ``cell_px`` of its pixels wide.

    ``floor`` and ``edge`` are probabilities that a cell is the floor of a room, or within a cell of a
    room's outline; ``boxes`` ``(height, width, 4)`` is the box, in cells, of the room that a cell would
    belong to.
    """

    floor: Map
    edge: Map
    boxes: Map
    cell_px: float

    @classmethod
    def blank(cls, drawing: Drawing) -> "FloorMaps":
        """Maps on which nothing is seen."""
        height, width = (-(-side // BLANK_CELL_PX) for side in drawing.ink.shape)
        nothing = np.zeros((height, width), np.float32)
        return cls(nothing, nothing, np.zeros((height, width, 4), np.float32), float(BLANK_CELL_PX))


def network_input(drawing: Drawing, side_px: int) -> Map:
    """Ink and darkness of ``drawing``, ``(2, height, width)``, 0 for bare paper to 1."""
    width, height = _input_size(drawing, side_px)
    way = cv2.INTER_AREA if side_px < drawing.long_side_px else cv2.INTER_LINEAR
    blank = [-(-side // INPUT_STEP) * INPUT_STEP for side in (height, width)]
    picture = np.zeros((2, *blank), np.float32)
    ink = cv2.resize(drawing.ink, (width, height), interpolation=way)
    tone = cv2.resize(drawing.tone, (width, height), interpolation=way)
    picture[0, :height, :width] = ink / np.float32(255)
    picture[1, :height, :width] = 1 - tone / np.float32(255)
    return picture


def read_floors(drawing: Drawing, side_px: int) -> FloorMaps:
    """What the network answers for ``drawing`` on a raster with a long side of ``side_px``.

    It is asked of the drawing and of its mirror image, and the mean is what counts: F1 over all development
    plans is 0.005 better for it. Time grows with the area.
    """
    picture = network_input(drawing, side_px)
    answer = (_asked(picture) + _asked(picture[..., ::-1])[_MIRRORED, :, ::-1]) / 2
    width, height = (-(-side // STRIDE) for side in _input_size(drawing, side_px))
    answer = answer[:, :height, :width]
    odds = np.exp(answer[:3] - answer[:3].max(axis=0))
    shares = odds / odds.sum(axis=0)
    reach = np.exp(answer[3:].clip(-4, 4)) * np.float32(REACH_UNIT_PX / STRIDE)
    rows, columns = np.mgrid[:height, :width].astype(np.float32) + np.float32(0.5)
    boxes = np.stack([columns - reach[0], rows - reach[1], columns + reach[2], rows + reach[3]], axis=-1)
    return FloorMaps(shares[1], shares[2], boxes, STRIDE * drawing.long_side_px / side_px)


def _asked(picture: Map) -> Map:
    answer: Map = model("floor_network").run(None, {"picture": np.ascontiguousarray(picture[None])})[0][0]
    return answer


def _input_size(drawing: Drawing, side_px: int) -> tuple[int, int]:
    height, width = drawing.ink.shape
    scale = side_px / drawing.long_side_px
    return max(1, round(width * scale)), max(1, round(height * scale))
