"""The rooms as polygons with their names, in pixels of the page, to lay over its picture."""

from typing import BinaryIO
from xml.sax.saxutils import escape

from preview.domain.preview import Preview
from preview.domain.room import Point, Room
from preview.exports.coordinates import in_pixels
from preview.exports.labels import label_point, letter_height

_LETTERS = 1 / 60  # of the page's shorter side
_CAPITALS = 0.7  # of the font's size


def write_page(file: BinaryIO, preview: Preview) -> None:
    file.write(_document(preview).encode())


def _document(preview: Preview) -> str:
    width, height = preview.page.width_px, preview.page.height_px
    font_px = max(8, round(min(width, height) * _LETTERS))
    rooms = "".join(_group(room, in_pixels(preview, room.polygon), font_px) for room in preview.rooms)
    degraded = f"<desc>degraded: {', '.join(preview.degraded)}</desc>" if preview.degraded else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="{font_px}" '
        'text-anchor="middle" fill="#1f6feb" fill-opacity="0.2" stroke="#1f6feb" stroke-width="2">'
        f"{degraded}{rooms}</svg>"
    )


def _group(room: Room, polygon: tuple[Point, ...], font_px: float) -> str:
    points = " ".join(f"{x},{y}" for x, y in polygon)
    title = escape(room.label or room.id)
    text = _text(room.label, polygon, font_px) if room.label else ""
    return f'<g id="{room.id}"><title>{title}</title><polygon points="{points}"/>{text}</g>'


def _text(label: str, polygon: tuple[Point, ...], font_px: float) -> str:
    x, y = label_point(polygon)
    fitting_px = letter_height(polygon, len(label), font_px * _CAPITALS) / _CAPITALS
    size = f' font-size="{fitting_px:.1f}"' if round(fitting_px, 1) < font_px else ""
    return f'<text x="{x}" y="{y}"{size} fill-opacity="1" stroke="none">{escape(label)}</text>'
