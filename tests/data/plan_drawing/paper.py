"""Two kinds of paper to draw on: a raster and a page of a PDF.

Both measure in millimetres, origin at the top-left corner, x to the right, y down.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

Point = tuple[float, float]
Colour = tuple[int, int, int]

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)

FONTS = Path(reportlab.__file__).parent / "fonts"
"""Bitstream Vera, which reportlab carries under a licence that allows embedding and redistribution."""

POINTS_PER_MM = 72 / 25.4


class Paper(Protocol):
    """Something to draw on; sizes and widths in millimetres."""

    width: float
    height: float

    def area(
        self, rings: Sequence[Sequence[Point]], fill: Colour | None, stroke: Colour | None, width: float = 0.2
    ) -> None:
        """Draw an outline; rings after the first are holes in it."""
        ...

    def path(self, points: Sequence[Point], colour: Colour, width: float, dash: float = 0.0) -> None:
        """Draw an open line, dashed when ``dash`` is above 0."""
        ...

    def text(
        self,
        at: Point,
        text: str,
        size: float,
        colour: Colour,
        *,
        bold: bool = False,
        left: bool = False,
        upwards: bool = False,
    ) -> None:
        """Write one line, centred on ``at`` or starting there, from left to right or from bottom to top."""
        ...


class RasterPaper:
    """A raster drawn ``smooth`` times finer than it is delivered; 1 leaves hard edges, as CAD exports do."""

    def __init__(
        self, width: float, height: float, px_per_mm: float, *, smooth: int = 2, background: Colour = WHITE
    ) -> None:
        self.width = width
        self.height = height
        self._scale = px_per_mm * smooth
        self._smooth = smooth
        size = (round(width * px_per_mm) * smooth, round(height * px_per_mm) * smooth)
        self._image = Image.new("RGB", size, background)
        self._draw = ImageDraw.Draw(self._image)
        self._draw.fontmode = "1" if smooth == 1 else "L"

    def image(self) -> Image.Image:
        """Return the drawing at the resolution asked for."""
        return self._image.reduce(self._smooth) if self._smooth > 1 else self._image

    def area(
        self, rings: Sequence[Sequence[Point]], fill: Colour | None, stroke: Colour | None, width: float = 0.2
    ) -> None:
        if fill is not None:
            self._fill([self._pixels(ring) for ring in rings], fill)
        if stroke is not None:
            for ring in rings:
                self.path([*ring, ring[0]], stroke, width)

    def path(self, points: Sequence[Point], colour: Colour, width: float, dash: float = 0.0) -> None:
        thickness = max(1, round(width * self._scale))
        for piece in dashes(points, dash) if dash else [points]:
            self._draw.line(self._pixels(piece), fill=colour, width=thickness, joint="curve")

    def text(
        self,
        at: Point,
        text: str,
        size: float,
        colour: Colour,
        *,
        bold: bool = False,
        left: bool = False,
        upwards: bool = False,
    ) -> None:
        font = _pillow_font(bold, max(4, round(size * self._scale)))
        x, y = self._pixels([at])[0]
        if not upwards:
            self._draw.text((x, y), text, font=font, fill=colour, anchor="lm" if left else "mm")
            return
        stamp = Image.new("L", _text_size(font, text), 0)
        ImageDraw.Draw(stamp).text(
            (stamp.width / 2, stamp.height / 2), text, font=font, fill=255, anchor="mm"
        )
        turned = stamp.transpose(Image.Transpose.ROTATE_90)
        top = y - turned.height if left else y - turned.height / 2
        self._image.paste(colour, (round(x - turned.width / 2), round(top)), turned)

    def _fill(self, rings: Sequence[list[Point]], fill: Colour) -> None:
        if len(rings) == 1:
            self._draw.polygon(rings[0], fill=fill)
            return
        mask = Image.new("1", self._image.size, 0)
        pencil = ImageDraw.Draw(mask)
        for index, ring in enumerate(rings):
            pencil.polygon(ring, fill=0 if index else 1)
        self._image.paste(fill, (0, 0), mask)

    def _pixels(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self._scale, y * self._scale) for x, y in points]


class PdfPaper:
    """One page of a PDF, drawn as vectors with its words as text."""

    def __init__(self, canvas: Canvas, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._canvas = canvas
        _register_pdf_fonts()
        canvas.setLineJoin(1)
        canvas.setLineCap(1)

    def area(
        self, rings: Sequence[Sequence[Point]], fill: Colour | None, stroke: Colour | None, width: float = 0.2
    ) -> None:
        path = self._canvas.beginPath()
        for ring in rings:
            path.moveTo(*self._points(ring[0]))
            for point in ring[1:]:
                path.lineTo(*self._points(point))
            path.close()
        if fill is not None:
            self._canvas.setFillColorRGB(*_unit(fill))
        self._stroke(stroke or BLACK, width, 0.0)
        self._canvas.drawPath(path, stroke=int(stroke is not None), fill=int(fill is not None), fillMode=0)

    def path(self, points: Sequence[Point], colour: Colour, width: float, dash: float = 0.0) -> None:
        self._stroke(colour, width, dash)
        path = self._canvas.beginPath()
        path.moveTo(*self._points(points[0]))
        for point in points[1:]:
            path.lineTo(*self._points(point))
        self._canvas.drawPath(path)

    def text(
        self,
        at: Point,
        text: str,
        size: float,
        colour: Colour,
        *,
        bold: bool = False,
        left: bool = False,
        upwards: bool = False,
    ) -> None:
        points = size * POINTS_PER_MM
        self._canvas.saveState()
        self._canvas.translate(*self._points(at))
        self._canvas.rotate(90 if upwards else 0)
        self._canvas.setFillColorRGB(*_unit(colour))
        self._canvas.setFont("VeraBd" if bold else "Vera", points)
        write = self._canvas.drawString if left else self._canvas.drawCentredString
        write(0, -0.35 * points, text)
        self._canvas.restoreState()

    def _stroke(self, colour: Colour, width: float, dash: float) -> None:
        self._canvas.setStrokeColorRGB(*_unit(colour))
        self._canvas.setLineWidth(width * POINTS_PER_MM)
        self._canvas.setDash([dash * POINTS_PER_MM] * 2 if dash else [])

    def _points(self, point: Point) -> Point:
        return point[0] * POINTS_PER_MM, (self.height - point[1]) * POINTS_PER_MM


def dashes(points: Sequence[Point], length: float) -> Iterator[list[Point]]:
    """Cut a line into pieces of ``length`` with gaps of the same length, starting afresh at each corner."""
    for (x1, y1), (x2, y2) in pairwise(points):
        distance = math.hypot(x2 - x1, y2 - y1)
        for step in range(math.ceil(distance / (2 * length))):
            begin = 2 * step * length / distance
            end = min(1.0, begin + length / distance)
            yield [(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t) for t in (begin, end)]


def _unit(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = colour
    return red / 255, green / 255, blue / 255


def _text_size(font: ImageFont.FreeTypeFont, text: str) -> tuple[int, int]:
    left, top, right, bottom = font.getbbox(text, anchor="ls")
    return math.ceil(right - left) + 4, math.ceil(bottom - top) + math.ceil(font.size * 0.5)


@cache
def _pillow_font(bold: bool, size_px: int) -> ImageFont.FreeTypeFont:
    name = "VeraBd.ttf" if bold else "Vera.ttf"
    return ImageFont.truetype(FONTS / name, size_px, layout_engine=ImageFont.Layout.BASIC)


@cache
def _register_pdf_fonts() -> None:
    for name in ("Vera", "VeraBd"):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
