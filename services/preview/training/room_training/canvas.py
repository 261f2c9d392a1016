"""A gray picture that is drawn on in millimetres of the plan."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from room_training.parts import Part

SHIFT = 4
"""Fractional bits of drawing coordinates."""


Written = tuple[str, tuple[float, float, float, float]]
"""A line of text and its box in pixels."""


class Canvas:
    """``gray`` ``(height, width)``; ``to_px`` is the 2 x 3 affine map from millimetres to pixel corners.

    ``written`` keeps what was written, in order, and ``parts``, of the same size, what each pixel shows.
    """

    def __init__(
        self, gray: NDArray[np.uint8], to_px: NDArray[np.float64], parts: NDArray[np.uint8] | None = None
    ) -> None:
        self.gray = gray
        self.parts = np.zeros_like(gray) if parts is None else parts
        self.to_px = to_px
        self.px_per_mm = float(np.sqrt(abs(np.linalg.det(to_px[:, :2]))))
        self.written: list[Written] = []

    def points(self, points: Iterable[Sequence[float]]) -> NDArray[np.float64]:
        """``points`` in millimetres as pixels."""
        xy = np.asarray(list(points), np.float64).reshape(-1, 2)
        return xy @ self.to_px[:, :2].T + self.to_px[:, 2]

    def line(self, points: Iterable[Sequence[float]], ink: int, width_px: float, dash_px: float = 0) -> None:
        """A polyline; dashed if ``dash_px``."""
        path = self.points(points)
        for a, b in pairwise(path):
            for start, end in _dashes(a, b, dash_px):
                cv2.line(
                    self.gray, _fixed(start), _fixed(end), ink, max(1, round(width_px)), cv2.LINE_AA, SHIFT
                )

    def fill(self, shape: BaseGeometry, ink: int) -> None:
        """A polygon or several, with their holes."""
        rings = [_ring(self.points(r.coords)) for p in polygons(shape) for r in (p.exterior, *p.interiors)]
        if rings:
            cv2.fillPoly(self.gray, rings, ink, cv2.LINE_AA, SHIFT)

    def mark(self, shape: BaseGeometry, part: Part) -> None:
        """A polygon or several, with their holes, show ``part`` of the plan."""
        rings = [_ring(self.points(r.coords)) for p in polygons(shape) for r in (p.exterior, *p.interiors)]
        if rings:
            cv2.fillPoly(self.parts, rings, int(part), cv2.LINE_8, SHIFT)

    def outline(self, shape: BaseGeometry, ink: int, width_px: float) -> None:
        """The rings of a polygon or several."""
        rings = [_ring(self.points(r.coords)) for p in polygons(shape) for r in (p.exterior, *p.interiors)]
        cv2.polylines(self.gray, rings, True, ink, max(1, round(width_px)), cv2.LINE_AA, SHIFT)

    def text(
        self, text: str, centre_px: Sequence[float], size_px: float, ink: int, quarter_turns: int = 0
    ) -> None:
        """One line of text."""
        font = ImageFont.load_default(max(6, size_px))
        x0, y0, x1, y1 = font.getbbox(text)
        patch = Image.new("L", (int(x1 - x0) + 4, int(y1 - y0) + 4), 0)
        ImageDraw.Draw(patch).text((2 - x0, 2 - y0), text, font=font, fill=255)
        alpha = np.rot90(np.asarray(patch), quarter_turns)
        self.stamp(alpha, centre_px, ink)
        down, across = alpha.shape[0] / 2, alpha.shape[1] / 2
        x, y = float(centre_px[0]), float(centre_px[1])
        self.written.append((text, (x - across, y - down, x + across, y + down)))

    def stamp(self, alpha: NDArray[np.uint8], centre_px: Sequence[float], ink: int) -> None:
        """``ink`` where ``alpha`` is, around a centre; what lies off the page is cut."""
        height, width = alpha.shape
        left, top = round(centre_px[0] - width / 2), round(centre_px[1] - height / 2)
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(self.gray.shape[1], left + width), min(self.gray.shape[0], top + height)
        if x0 >= x1 or y0 >= y1:
            return
        share = alpha[y0 - top : y1 - top, x0 - left : x1 - left] / 255
        under = self.gray[y0:y1, x0:x1]
        self.gray[y0:y1, x0:x1] = (under * (1 - share) + ink * share).astype(np.uint8)


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """The polygons in ``shape``."""
    return [
        part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon) and not part.is_empty
    ]


def _ring(points: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.round((points - 0.5) * 2**SHIFT).astype(np.int32)


def _fixed(point: NDArray[np.float64]) -> tuple[int, int]:
    x, y = np.round((point - 0.5) * 2**SHIFT).astype(int).tolist()
    return x, y


def _dashes(
    a: NDArray[np.float64], b: NDArray[np.float64], dash_px: float
) -> Iterable[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    length = float(np.hypot(*(b - a)))
    if not dash_px or length < dash_px:
        yield a, b
        return
    cuts = np.arange(0, length, dash_px) / length
    for start, end in zip(cuts[::2], [*cuts[1::2], 1.0], strict=False):
        yield a + (b - a) * start, a + (b - a) * end
