"""The floor network: probabilities of floor and of edges, and the box of the room around each cell.

The network is a U-Net of 4.4 million weights of eight bits, trained by ``services/preview/training`` on
plans free to ship; its card is ``models/README.md``.
"""

from dataclasses import dataclass
from enum import IntEnum

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

CONTEXT_STEP = 2
"""Cells along each side of a block of its context."""
CONTEXT_CHANNELS = 48
"""Features in its context: what the decoder knows of a block before it turns to cells."""

_SURELY = 0.5
"""Probability from which a cell is floor where small rooms are looked for."""
BLANK_CELL_PX = 16
"""Pixels of the drawing to a cell of blank maps."""

_MIRRORED = (0, 1, 2, 5, 4, 3, 6, 7)
"""Its answers about a picture turned left to right, in the order that they have of the picture itself."""

Map = NDArray[np.float32]
_Inferred = tuple[Map, Map, Map]
"""The network's outputs: the answer, the context and the logits of the parts."""


class Part(IntEnum):
    """What a block of a plan may show, in the order of the network's answers."""

    PAPER = 0
    WALL = 1
    OPENING = 2
    FLOOR = 3
    CLOSET = 4
    OUTDOORS = 5
    STAIRS = 6
    FIXTURE = 7
    SHEET = 8


@dataclass(frozen=True, slots=True)
class NetworkOptions:
    """Whether the network runs, and on how large a raster."""

    enabled: bool = True
    """Without the network regions are judged by the heuristic score alone."""
    sides_px: tuple[int, int] = (512, 1024)
    """Least and greatest long side of the raster that the network sees: it learned at the least, and four
    times its time is the most that can be afforded."""
    room_width_px: float = 20.0
    """Mean width that a usual room is to have there: dense floors are seen larger. Tuned."""
    small_room_px: float = 72.0
    """Short side there of the boxes that half of the floor votes for, up to which rooms are small. Tuned."""
    narrower: float = 0.85
    """Short side of small rooms, as a share of twice the mean width thought usual, up to which that is
    wrong: hairline walls enclose hardly an area that tells it. The page is seen at the greatest side then.
    Tuned."""


@dataclass(frozen=True, slots=True)
class FloorMaps:
    """Cells ``(height, width)`` over a drawing, ``cell_px`` of its pixels wide.

    ``floor`` and ``edge`` are probabilities that a cell is the floor of a room, or within a cell of a
    room's outline; ``boxes`` ``(height, width, 4)`` is the box, in cells, of the room that a cell would
    belong to, and ``depth`` how far it is from that room's outline, in cells. Of blocks of two by two cells,
    ``context`` ``(height / 2, width / 2, CONTEXT_CHANNELS)`` are the decoder's features, and ``parts``
    ``(height / 2, width / 2, len(Part))`` the probabilities of what they show.
    """

    floor: Map
    edge: Map
    boxes: Map
    depth: Map
    context: Map
    parts: Map
    cell_px: float

    @classmethod
    def blank(cls, drawing: Drawing) -> "FloorMaps":
        """Maps on which nothing is seen."""
        height, width = (-(-side // BLANK_CELL_PX) for side in drawing.ink.shape)
        nothing = np.zeros((height, width), np.float32)
        boxes = np.zeros((height, width, 4), np.float32)
        blocks = (-(-height // CONTEXT_STEP), -(-width // CONTEXT_STEP))
        context, parts = (np.zeros((*blocks, count), np.float32) for count in (CONTEXT_CHANNELS, len(Part)))
        return cls(nothing, nothing, boxes, nothing, context, parts, float(BLANK_CELL_PX))


def seen_floor(drawing: Drawing, mean_width: float, options: NetworkOptions) -> FloorMaps:
    """What the network answers for ``drawing`` with a usual room of ``mean_width``, share of the long side.

    If at first sight it sees smaller rooms than that, it is asked on the largest raster instead.
    """
    side_px, most_px = network_side(mean_width, options), options.sides_px[1]
    picture = network_input(drawing, side_px)
    answer = _inferred(picture)
    smaller_px = min(options.small_room_px, options.narrower * 2 * mean_width * side_px)
    if side_px < most_px and _usual_short_side_px(_maps(answer, drawing, side_px)) < smaller_px:
        return floor_maps(drawing, most_px)
    return _maps(_with_mirrored(answer, picture), drawing, side_px)


def _usual_short_side_px(maps: FloorMaps) -> float:
    """Short side, pixels of the network's input, of the boxes that half of the floor votes for."""
    sides = (maps.boxes[..., 2:] - maps.boxes[..., :2]).min(axis=-1)
    floor = maps.floor > _SURELY
    return STRIDE * float(np.median(sides[floor])) if floor.any() else np.inf


def network_side(mean_width: float, options: NetworkOptions) -> int:
    """Long side for the network, pixels, that shows a room of ``mean_width``, share of the long side."""
    least, most = options.sides_px
    return int(min(most, max(least, options.room_width_px / mean_width)))


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


def floor_maps(drawing: Drawing, side_px: int) -> FloorMaps:
    """What the network answers for ``drawing`` on a raster with a long side of ``side_px``.

    Test-time augmentation: the mean of the answers for the drawing and for its mirror image; F1 over all
    development plans is 0.005 better for it. Time grows with the area.
    """
    picture = network_input(drawing, side_px)
    return _maps(_with_mirrored(_inferred(picture), picture), drawing, side_px)


def first_sight(drawing: Drawing, side_px: int) -> FloorMaps:
    """``floor_maps`` without the mirror image: in half the time where on the page the floors are."""
    return _maps(_inferred(network_input(drawing, side_px)), drawing, side_px)


def _maps(inferred: _Inferred, drawing: Drawing, side_px: int) -> FloorMaps:
    answer, context, parts = inferred
    width, height = (-(-side // STRIDE) for side in _input_size(drawing, side_px))
    answer = answer[:, :height, :width]
    columns, rows = -(-width // CONTEXT_STEP), -(-height // CONTEXT_STEP)
    blocks, shown = (each[:, :rows, :columns].transpose(1, 2, 0) for each in (context, _softmax(parts)))
    classes = _softmax(answer[:3])
    return FloorMaps(
        floor=classes[1],
        edge=classes[2],
        boxes=_boxes(answer[3:7]),
        depth=_reach(answer[7]),
        context=np.ascontiguousarray(blocks),
        parts=np.ascontiguousarray(shown),
        cell_px=STRIDE * drawing.long_side_px / side_px,
    )


def _with_mirrored(inferred: _Inferred, picture: Map) -> _Inferred:
    """The mean with what is inferred from the mirror image of ``picture``."""
    answer, context, parts = inferred
    mirrored, mirrored_context, mirrored_parts = (each[..., ::-1] for each in _inferred(picture[..., ::-1]))
    return (
        _mean(answer, mirrored[_MIRRORED, :]),
        _mean(context, mirrored_context),
        _mean(parts, mirrored_parts),
    )


def _mean(one: Map, other: Map) -> Map:
    return np.asarray((one + other) / 2, np.float32)


def _softmax(logits: Map) -> Map:
    odds = np.exp(logits - logits.max(axis=0))
    return np.asarray(odds / odds.sum(axis=0), np.float32)


def _reach(log_distances: Map) -> Map:
    """Distances in cells."""
    return np.asarray(np.exp(log_distances.clip(-4, 4)) * np.float32(REACH_UNIT_PX / STRIDE), np.float32)


def _boxes(log_distances: Map) -> Map:
    """The box ``(height, width, 4)`` in cells that each cell's four distances give."""
    height, width = log_distances.shape[1:]
    reach = _reach(log_distances)
    rows, columns = np.mgrid[:height, :width].astype(np.float32) + np.float32(0.5)
    corners = [columns - reach[0], rows - reach[1], columns + reach[2], rows + reach[3]]
    return np.asarray(np.stack(corners, axis=-1), np.float32)


def _inferred(picture: Map) -> _Inferred:
    outputs = ["answer", "context", "parts"]
    answer, context, parts = model("floor_network").run(
        outputs, {"picture": np.ascontiguousarray(picture[None])}
    )
    return answer[0], context[0], parts[0]


def _input_size(drawing: Drawing, side_px: int) -> tuple[int, int]:
    height, width = drawing.ink.shape
    scale = side_px / drawing.long_side_px
    return max(1, round(width * scale)), max(1, round(height * scale))
