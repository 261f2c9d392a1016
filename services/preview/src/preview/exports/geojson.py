"""GeoJSON (RFC 7946) in coordinates of the plan, which are not WGS84."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from preview.domain.preview import MeasuredRoom, Preview
from preview.domain.room import Point
from preview.exports.coordinates import PlaneCoordinates, signed_area
from preview.exports.properties import room_properties, scale_properties


def write_page(file: BinaryIO, preview: Preview) -> None:
    """A FeatureCollection of the rooms of a page; what is true of all of them stands in foreign members."""
    members = {"type": "FeatureCollection", "job_id": preview.job_id, **_page_members(preview)}
    file.write(_json({**members, "features": list(_features(preview))}))


def write_document(file: BinaryIO, job_id: str, previews: Iterable[Preview]) -> None:
    """The same of several pages, each in its own coordinates; ``pages`` has a member for each."""
    pages = []
    separator = b""
    file.write(b'{"type": "FeatureCollection", "job_id": %b, "features": [' % _json(job_id))
    for preview in previews:
        pages.append(_page_members(preview))
        for feature in _features(preview):
            feature["id"] = f"p{preview.page.number}_{feature['id']}"
            file.write(separator + _json(feature))
            separator = b", "
    file.write(b'], "pages": %b}' % _json(pages))


def _page_members(preview: Preview) -> dict[str, Any]:
    return {
        "page": preview.page.number,
        "width_px": preview.page.width_px,
        "height_px": preview.page.height_px,
        "units": PlaneCoordinates.of(preview).units,
        "scale": scale_properties(preview),
        "degraded": list(preview.degraded),
    }


def _features(preview: Preview) -> Iterator[dict[str, Any]]:
    coordinates = PlaneCoordinates.of(preview)
    return (_feature(preview, coordinates, measured) for measured in preview.measured_rooms)


def _feature(preview: Preview, coordinates: PlaneCoordinates, measured: MeasuredRoom) -> dict[str, Any]:
    corners = tuple(coordinates.of_point(corner) for corner in measured.room.polygon)
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return {
        "type": "Feature",
        "id": measured.room.id,
        "bbox": [min(xs), min(ys), max(xs), max(ys)],
        "geometry": {"type": "Polygon", "coordinates": [_exterior_ring(corners)]},
        "properties": {**room_properties(measured), "page": preview.page.number},
    }


def _exterior_ring(corners: tuple[Point, ...]) -> list[Point]:
    """Closed and counterclockwise, as RFC 7946 has exterior rings."""
    ring = corners if signed_area(corners) >= 0 else corners[::-1]
    return [*ring, ring[0]]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
