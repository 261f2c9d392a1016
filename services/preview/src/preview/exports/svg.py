"""The rooms as polygons with their names and areas, in pixels of the page, to lay over its picture."""

from typing import BinaryIO
from xml.sax.saxutils import escape

from preview.domain.preview import MeasuredRoom, Preview
from preview.domain.room import Point
from preview.exports.coordinates import in_pixels
from preview.exports.labels import label_lines, label_point, letter_height

_LETTERS = 1 / 60  # of the page's shorter side
_CAPITALS = 0.7  # of the font's size, as the next
_LINE = 1.2  # from line to line


def write_page(file: BinaryIO, preview: Preview) -> None:
    file.write(_document(preview).encode())


def _document(preview: Preview) -> str:
    width, height = preview.page.width_px, preview.page.height_px
    font_px = max(8, round(min(width, height) * _LETTERS))
    rooms = "".join(
        _group(each, in_pixels(preview, each.room.polygon), font_px) for each in preview.measured_rooms
    )
    degraded = f"<desc>degraded: {', '.join(preview.degraded)}</desc>" if preview.degraded else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="{font_px}" '
        'text-anchor="middle" fill="#1f6feb" fill-opacity="0.2" stroke="#1f6feb" stroke-width="2">'
        f"{degraded}{rooms}</svg>"
    )


def _group(measured: MeasuredRoom, polygon: tuple[Point, ...], font_px: float) -> str:
    points = " ".join(f"{x},{y}" for x, y in polygon)
    room, lines = measured.room, label_lines(measured)
    title = escape(" ".join(lines) or room.id)
    text = _text(lines, polygon, font_px) if lines else ""
    return f'<g id="{room.id}"><title>{title}</title><polygon points="{points}"/>{text}</g>'


def _text(lines: list[str], polygon: tuple[Point, ...], font_px: float) -> str:
    x, middle = label_point(polygon)
    fitting_px = letter_height(polygon, lines, font_px * _CAPITALS) / _CAPITALS
    size_px = min(fitting_px, font_px)
    size = f' font-size="{size_px:.1f}"' if round(size_px, 1) < font_px else ""
    top = middle + _CAPITALS / 2 * size_px - (len(lines) - 1) / 2 * _LINE * size_px
    return "".join(
        f'<text x="{x}" y="{top + number * _LINE * size_px:.1f}"{size} fill-opacity="1" stroke="none">'
        f"{escape(line)}</text>"
        for number, line in enumerate(lines)
    )
