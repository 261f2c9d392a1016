"""The rooms as polygons with their names, in pixels of the page, to lay over its picture."""

from typing import BinaryIO
from xml.sax.saxutils import escape

from preview.domain.preview import Preview
from preview.domain.room import Point, Room
from preview.exports.coordinates import in_pixels
from preview.exports.labels import label_point

_LETTERS = 1 / 60  # of the page's shorter side


def write_page(file: BinaryIO, preview: Preview) -> None:
    file.write(_document(preview).encode())


def _document(preview: Preview) -> str:
    width, height = preview.page.width_px, preview.page.height_px
    font_px = max(8, round(min(width, height) * _LETTERS))
    rooms = "".join(_group(room, in_pixels(preview, room.polygon)) for room in preview.rooms)
    degraded = f"<desc>degraded: {', '.join(preview.degraded)}</desc>" if preview.degraded else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="{font_px}" '
        'text-anchor="middle" fill="#1f6feb" fill-opacity="0.2" stroke="#1f6feb" stroke-width="2">'
        f"{degraded}{rooms}</svg>"
    )


def _group(room: Room, polygon: tuple[Point, ...]) -> str:
    points = " ".join(f"{x},{y}" for x, y in polygon)
    label = escape(room.label or "")
    x, y = label_point(polygon)
    text = f'<text x="{x}" y="{y}" fill-opacity="1" stroke="none">{label}</text>' if label else ""
    return f'<g id="{room.id}"><title>{label or room.id}</title><polygon points="{points}"/>{text}</g>'
