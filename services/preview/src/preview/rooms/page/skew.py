"""Deskewing: a drawing that lies askew on its page is turned upright.

Projection profiles after W. Postl (1986): lines that lie along the raster make the sums of its rows and
columns uneven, and they are most uneven when nearly all of them do.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.geometry.drawing import BARE_PAPER, Drawing, resampled_ink
from preview.rooms.geometry.morphology import Mask


@dataclass(frozen=True, slots=True)
class SkewOptions:
    """Thresholds of deskewing."""

    largest_degrees: float = 10.0
    """Drawings are turned by less than this, degrees: scanners feed sheets a few degrees askew. Drawn."""
    least_degrees: float = 1.5
    """What lies less askew stays, degrees: below 2, turning gains nothing. Tuned on plans turned before."""
    step_degrees: float = 0.5
    """Angles tried at first lie this far apart, degrees, then eight times closer around the best: a wall as
    long as the working raster rises by 11 px in such a step."""
    least_contrast: float = 1.5
    """Least unevenness of the profiles once turned, against before: noise stays below 1.25, and plans 1.2
    degrees askew lie above 4. Measured on the development plans."""
    most_points: int = 15000
    """Pixels of ink used, sampled at random: 30,000 take twice the time and give the same angles."""
    least_points: int = 200
    """With fewer pixels of ink, as of a line and a word, the angle is unknown."""


def deskewed(drawing: Drawing, options: SkewOptions) -> Drawing:
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
    tone = cv2.warpAffine(drawing.tone, turn, (across, down), borderValue=BARE_PAPER)
    back = np.array(cv2.invertAffineTransform(turn), np.float64)
    return drawing.warped(resampled_ink(shares), np.asarray(tone, np.uint8), back)


def skew_degrees(ink: Mask, options: SkewOptions) -> float:
    """By how much to turn ink counterclockwise until it is upright; 0 where that is little or not clear."""
    points = _points(ink, options)
    if len(points) < options.least_points:
        return 0.0
    limit, step = options.largest_degrees, options.step_degrees
    upright = _unevenness(points, 0.0)
    best = 0.0
    for span, pace in ((limit, step), (step, step / 8)):
        turns = best + np.arange(-span, span + pace / 2, pace)
        best = float(turns[np.argmax([_unevenness(points, turn) for turn in turns])])
    clear = _unevenness(points, best) > options.least_contrast * upright
    return best if clear and abs(best) >= options.least_degrees and abs(best) < limit else 0.0


def _points(ink: Mask, options: SkewOptions) -> NDArray[np.float32]:
    """Some pixels of ink. At random: every tenth would lie in slanting rows of its own making."""
    pixels = np.flatnonzero(ink)
    if len(pixels) > options.most_points:
        pixels = np.random.default_rng(0).choice(pixels, options.most_points, replace=False)
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
