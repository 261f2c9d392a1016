"""Stage 1, second half: a drawing that lies askew on its page is turned upright.

Profiles after W. Postl (1986): lines that lie along the raster make the sums of its rows and columns
uneven, and they are most uneven when nearly all of them do.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.geometry.drawing import BARE_PAPER, Drawing
from preview.rooms.geometry.morphology import Mask
from preview.rooms.options import DetectorOptions


def straightened(drawing: Drawing, options: DetectorOptions) -> Drawing:
    """The drawing with most of its lines upright or level; as it is if they are nearly so already."""
    degrees = skew_degrees(drawing.ink, options)
    if not degrees:
        return drawing
    height, width = drawing.ink.shape
    turn = np.array(cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), np.float64)
    size = np.ceil(np.abs(turn[:, :2]) @ (width, height))
    turn[:, 2] += (size - (width, height)) / 2
    across, down = size.astype(int).tolist()
    shares = cv2.warpAffine(drawing.ink, turn, (across, down))
    ink = cv2.threshold(shares, 255 * options.ink_share, 255, cv2.THRESH_BINARY)[1]
    tone = cv2.warpAffine(drawing.tone, turn, (across, down), borderValue=BARE_PAPER)
    back = np.array(cv2.invertAffineTransform(turn), np.float64)
    return drawing.warped(np.asarray(ink, np.uint8), np.asarray(tone, np.uint8), back)


def skew_degrees(ink: Mask, options: DetectorOptions) -> float:
    """By how much to turn ink counterclockwise until it is upright; 0 where that is little or not clear."""
    points = _points(ink, options)
    if len(points) < options.least_skew_points:
        return 0.0
    limit, step = options.largest_skew, options.skew_step
    upright = _unevenness(points, 0.0)
    best = 0.0
    for span, pace in ((limit, step), (step, step / 8)):
        turns = best + np.arange(-span, span + pace / 2, pace)
        best = float(turns[np.argmax([_unevenness(points, turn) for turn in turns])])
    clear = _unevenness(points, best) > options.clear_skew * upright
    return best if clear and abs(best) >= options.least_skew and abs(best) < limit else 0.0


def _points(ink: Mask, options: DetectorOptions) -> NDArray[np.float32]:
    """Some pixels of ink. By lot: every tenth would lie in slanting rows of its own making."""
    pixels = np.flatnonzero(ink)
    if len(pixels) > options.most_skew_points:
        pixels = np.random.default_rng(0).choice(pixels, options.most_skew_points, replace=False)
    rows, columns = np.divmod(pixels, ink.shape[1])
    return np.column_stack([columns, rows]).astype(np.float32)


def _unevenness(points: NDArray[np.float32], degrees: float) -> float:
    angle = np.radians(degrees)
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    across, down = cos * points[:, 0] + sin * points[:, 1], cos * points[:, 1] - sin * points[:, 0]
    return sum(_squares(along) for along in (across, down))


def _squares(along: NDArray[np.float32]) -> float:
    counts = np.bincount((along - along.min()).astype(np.int64))
    return float((np.diff(counts.astype(np.float64)) ** 2).sum())
