"""Small pictures of a plan: a part of the page, with ink, shapes and words on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from stage_colours import BLACK, PALE, WHITE, Colour

from preview.domain.room import Box, Point
from preview.rooms.geometry.drawing import Drawing

Rgb = NDArray[np.uint8]

WIDTH_PX = 700
"""Greatest width of a picture."""
LETTER_PX = 12
STRIP_PX = 20
GAP_PX = 8
PALETTES = (192, 96, 48, 24)
MOST_BYTES = 60_000
"""Numbers of colours to try until a file is small enough."""
SHIFT = 4
"""Fractional bits of drawing coordinates."""


@dataclass(frozen=True, slots=True)
class View:
    """The part ``box`` of a page (0-1000 along each side), shown ``width_px`` wide.

    ``page_ratio`` is the page's width by its height.
    """

    box: Box
    width_px: int
    page_ratio: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        x_min, y_min, x_max, y_max = self.box
        ratio = self.page_ratio * (x_max - x_min) / (y_max - y_min)
        return self.width_px, round(self.width_px / ratio)

    def pixels(self, points: Sequence[Point] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Points ``(n, 2)`` of the page in the picture's pixels."""
        x_min, y_min, x_max, y_max = self.box
        unit = np.array(self.size) / (x_max - x_min, y_max - y_min)
        return np.asarray((np.asarray(points, np.float64) - (x_min, y_min)) * unit, np.float64)

    def seen(self, raster: NDArray[np.number], drawing: Drawing) -> NDArray[np.float32]:
        """``raster``, which lies over that of ``drawing``, on the picture's pixels; 0 outside."""
        x_min, y_min, x_max, y_max = self.box
        corners = drawing.pixel_points(np.array([[x_min, y_min], [x_max, y_max]]))
        rows, columns = drawing.ink.shape
        unit = np.array([raster.shape[1] / columns, raster.shape[0] / rows])
        (left, top), (right, bottom) = np.round(corners * unit).astype(int).tolist()
        pad = max(0, -left, -top, right - raster.shape[1], bottom - raster.shape[0])
        part = np.pad(raster, pad)[top + pad : bottom + pad, left + pad : right + pad].astype(np.float32)
        smaller = part.shape[1] > self.width_px
        return np.asarray(
            cv2.resize(part, self.size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR),
            np.float32,
        )


class PlanPicture:
    """A picture of ``view`` that is painted on; ``rgb`` is ``(height, width, 3)``."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.rgb: Rgb = np.full((*view.size[::-1], 3), WHITE, np.uint8)

    def cover(self, share: NDArray[np.floating], colour: Colour) -> None:
        """Paints ``colour`` on every pixel to its ``share``, 0 to 1."""
        part = share.clip(0, 1)[..., None]
        self.rgb = np.round(self.rgb * (1 - part) + np.array(colour) * part).astype(np.uint8)

    def mask(self, raster: NDArray[np.number], drawing: Drawing, colour: Colour) -> None:
        """Paints a mask of 0 and 255; thin lines are kept from fading away."""
        self.cover(1.6 * self.view.seen(raster, drawing) / 255, colour)

    def fill(self, ring: Sequence[Point], colour: Colour, strength: float) -> None:
        """Tints a polygon of the page."""
        filled = cv2.fillPoly(self.rgb.copy(), [self._fixed(ring)], colour, cv2.LINE_AA, SHIFT)
        self.rgb = np.asarray(cv2.addWeighted(filled, strength, self.rgb, 1 - strength, 0), np.uint8)

    def outline(self, ring: Sequence[Point], colour: Colour, width_px: int = 1) -> None:
        """Draws a closed line through points of the page."""
        cv2.polylines(self.rgb, [self._fixed(ring)], True, colour, width_px, cv2.LINE_AA, SHIFT)

    def arrow(self, start: Point, end: Point, colour: Colour) -> None:
        """Draws an arrow between points of the page."""
        (x0, y0), (x1, y1) = np.round(self.view.pixels([start, end])).astype(int).tolist()
        length = max(1.0, float(np.hypot(x1 - x0, y1 - y0)))
        cv2.arrowedLine(self.rgb, (x0, y0), (x1, y1), colour, 2, cv2.LINE_AA, tipLength=7 / length)

    def dot(self, point: Point, colour: Colour, radius_px: int) -> None:
        """Draws a disc around a point of the page."""
        x, y = np.round(self.view.pixels([point])[0]).astype(int).tolist()
        cv2.circle(self.rgb, (x, y), radius_px, colour, cv2.FILLED, cv2.LINE_AA)

    def write(self, lines: Sequence[str], point: Point, colour: Colour, size_px: int = LETTER_PX) -> None:
        """Writes lines centred on a point of the page, on a light ground."""
        x, y = self.view.pixels([point])[0].tolist()
        image = Image.fromarray(self.rgb)
        pen = ImageDraw.Draw(image)
        pen.multiline_text(
            (x, y), "\n".join(lines), colour, _font(size_px), "mm", align="center", spacing=1,
            stroke_width=2, stroke_fill=WHITE,
        )  # fmt: skip
        self.rgb = np.array(image)

    def _fixed(self, ring: Sequence[Point]) -> NDArray[np.int32]:
        return np.asarray(np.round(self.view.pixels(ring) * 2**SHIFT), np.int32)


def captioned(picture: Rgb, *parts: tuple[str, Colour | None]) -> Rgb:
    """``picture`` below lines of words, each with a square of its colour unless that is None."""
    width, x, strips = picture.shape[1], 1.0, [_strip(picture.shape[1])]
    for text, colour in parts:
        taken = _font(LETTER_PX).getbbox(text)[2] + (15 if colour else 0)
        if x > 1 and x + taken > width:
            strips.append(_strip(width))
            x = 1.0
        pen = ImageDraw.Draw(strips[-1])
        if colour:
            pen.rectangle((x, 5, x + 10, 15), colour)
        pen.text((x + (15 if colour else 0), STRIP_PX / 2), text, BLACK, _font(LETTER_PX), "lm")
        x += taken + 14
    return np.vstack([*map(np.array, strips), _framed(picture)])


def _strip(width_px: int) -> Image.Image:
    return Image.new("RGB", (width_px, STRIP_PX), WHITE)


def side_by_side(*pictures: Rgb) -> Rgb:
    """Pictures of one height in a row."""
    gap = np.full((pictures[0].shape[0], GAP_PX, 3), WHITE, np.uint8)
    return reduce(lambda row, picture: np.hstack([row, gap, picture]), pictures)


def colour_bar(colours: NDArray[np.uint8], width_px: int, low: str, high: str) -> Rgb:
    """A strip of ``colours`` ``(n, 3)`` between words for its ends."""
    image = _strip(width_px)
    pen = ImageDraw.Draw(image)
    left = round(pen.textlength(low, _font(LETTER_PX))) + 8
    pen.text((1, STRIP_PX / 2), low, BLACK, _font(LETTER_PX), "lm")
    image.paste(Image.fromarray(colours[None]).resize((200, 10)), (left, 5))
    pen.text((left + 207, STRIP_PX / 2), high, BLACK, _font(LETTER_PX), "lm")
    return np.array(image)


def save(picture: Rgb, path: Path) -> None:
    """Writes a PNG of as many colours as fit into ``MOST_BYTES``."""
    image = Image.fromarray(picture)
    for colours in PALETTES:
        image.quantize(colours, kmeans=3, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            return
    raise ValueError(f"{path.name} is too large: {path.stat().st_size} bytes")


def _framed(picture: Rgb) -> Rgb:
    height, width = picture.shape[:2]
    return np.asarray(cv2.rectangle(picture.copy(), (0, 0), (width - 1, height - 1), PALE), np.uint8)


def _font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size_px)
