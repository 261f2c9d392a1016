"""A preview in the formats of other programs; each a pure function of the preview."""

import csv
import io
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from preview.domain.preview import Preview
from preview.domain.room import PAGE_SIDE, Point, Room

_FORMULA_SIGNS = frozenset("=+-@")  # https://owasp.org/www-community/attacks/CSV_Injection

_PROPERTIES: Mapping[str, Callable[[Room], str | None]] = {"name_hint": lambda room: room.label}
"""What an export says of a room besides its place and confidence: GeoJSON and COCO where it is known, CSV in
a column of its own."""

_CSV_COLUMNS = ("id", *_PROPERTIES, "confidence", "x_min", "y_min", "x_max", "y_max", "polygon")


def to_geojson(preview: Preview) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946) in page coordinates, which are not WGS84; rings are closed."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": room.id,
                "bbox": list(room.bounding_box),
                "geometry": {"type": "Polygon", "coordinates": [_closed_ring(room.polygon)]},
                "properties": {"id": room.id, "confidence": room.confidence, **_known_properties(room)},
            }
            for room in preview.rooms
        ],
    }


def to_coco(preview: Preview) -> dict[str, Any]:
    """One image and its annotations in the COCO format, in pixels of the page as it was analysed."""
    page = preview.page
    return {
        "info": {"description": f"Rooms of {preview.job_id}", "version": preview.model_version},
        "licenses": [],
        "images": [
            {
                "id": 1,
                "width": page.width_px,
                "height": page.height_px,
                "file_name": f"{preview.job_id}.p{page.number}.png",
            }
        ],
        "categories": [{"id": 1, "name": "room", "supercategory": "space"}],
        "annotations": [
            _annotation(number, room, _pixels(preview, room)) for number, room in enumerate(preview.rooms, 1)
        ],
    }


def to_svg(preview: Preview) -> str:
    """The rooms as polygons with their names, in pixels of the page, to lay over its picture."""
    width, height = preview.page.width_px, preview.page.height_px
    font_px = max(8, round(min(width, height) / 60))
    rooms = "".join(_svg_room(room, _pixels(preview, room)) for room in preview.rooms)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="{font_px}" '
        'text-anchor="middle" fill="#1f6feb" fill-opacity="0.2" stroke="#1f6feb" stroke-width="2">'
        f"{rooms}</svg>"
    )


def to_csv(preview: Preview) -> str:
    """One line a room, RFC 4180, in page coordinates; ``polygon`` is ``x y`` pairs separated by ``;``.

    A name that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_CSV_COLUMNS)
    for room in preview.rooms:
        polygon = ";".join(f"{x} {y}" for x, y in room.polygon)
        properties = (_cell(value(room)) for value in _PROPERTIES.values())
        writer.writerow([room.id, *properties, room.confidence, *room.bounding_box, polygon])
    return text.getvalue()


def _known_properties(room: Room) -> dict[str, str]:
    values = {name: value(room) for name, value in _PROPERTIES.items()}
    return {name: value for name, value in values.items() if value is not None}


def _closed_ring(polygon: tuple[Point, ...]) -> list[list[float]]:
    """Counterclockwise by its numbers, as RFC 7946 has exterior rings."""
    ring = list(polygon) if _signed_area(polygon) >= 0 else list(reversed(polygon))
    return [[x, y] for x, y in (*ring, ring[0])]


def _signed_area(polygon: tuple[Point, ...]) -> float:
    following = (*polygon[1:], polygon[0])
    return (
        sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in zip(polygon, following, strict=True)) / 2
    )


def _pixels(preview: Preview, room: Room) -> tuple[Point, ...]:
    x_scale, y_scale = preview.page.width_px / PAGE_SIDE, preview.page.height_px / PAGE_SIDE
    return tuple((round(x * x_scale, 2), round(y * y_scale, 2)) for x, y in room.polygon)


def _annotation(number: int, room: Room, polygon: tuple[Point, ...]) -> dict[str, Any]:
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    return {
        "id": number,
        "image_id": 1,
        "category_id": 1,
        "segmentation": [[side for point in polygon for side in point]],
        "bbox": [min(xs), min(ys), round(max(xs) - min(xs), 2), round(max(ys) - min(ys), 2)],
        "area": round(abs(_signed_area(polygon)), 2),
        "iscrowd": 0,
        "score": room.confidence,
        "attributes": {"room_id": room.id, **_known_properties(room)},
    }


def _svg_room(room: Room, polygon: tuple[Point, ...]) -> str:
    points = " ".join(f"{x},{y}" for x, y in polygon)
    label = escape(room.label or "")
    x = round((min(x for x, _ in polygon) + max(x for x, _ in polygon)) / 2, 2)
    y = round((min(y for _, y in polygon) + max(y for _, y in polygon)) / 2, 2)
    text = f'<text x="{x}" y="{y}" fill-opacity="1" stroke="none">{label}</text>' if label else ""
    return f'<g id="{room.id}"><title>{label or room.id}</title><polygon points="{points}"/>{text}</g>'


def _cell(name: str | None) -> str:
    """Where ``;`` separates cells, each part of the name between two of them is a cell of its own."""
    return ";".join(f"'{part}" if _is_formula(part) else part for part in (name or "").split(";"))


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet may run ``text``: by its first sign after spaces and quotes, in any width."""
    first = text.lstrip(" '\"")[:1]
    return unicodedata.normalize("NFKC", first) in _FORMULA_SIGNS


@dataclass(frozen=True, slots=True)
class Export:
    """``name`` is what a caller asks for, ``render`` gives JSON types or text, which ``schema`` describes.

    ``extension`` is of the file that it is saved as; None for what only programs read.
    """

    name: str
    media_type: str
    extension: str | None
    schema: Mapping[str, Any]
    render: Callable[[Preview], dict[str, Any]] | Callable[[Preview], str]


_COCO = {"type": "object", "required": ["images", "categories", "annotations"]}

EXPORTS = (
    Export("geojson", "application/geo+json", "geojson", {"type": "object"}, to_geojson),
    Export("svg", "image/svg+xml", "svg", {"type": "string"}, to_svg),
    Export("coco", "application/json", None, _COCO, to_coco),
    Export("csv", "text/csv", "csv", {"type": "string"}, to_csv),
)
