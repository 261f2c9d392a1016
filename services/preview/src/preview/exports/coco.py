"""COCO's format for object detection, in pixels of the bare page at the size at which it was analysed."""

import json
from collections.abc import Iterable
from itertools import count
from typing import Any, BinaryIO

from preview.domain.preview import MeasuredRoom, Preview
from preview.domain.room import Point
from preview.exports.coordinates import in_pixels, signed_area
from preview.exports.file_names import bare_page_name
from preview.exports.properties import room_properties

_ROOM = {"id": 1, "name": "room", "supercategory": "space"}


def write_page(file: BinaryIO, preview: Preview) -> None:
    """One image, the bare page, and its annotations."""
    write_document(file, preview.job_id, [preview])


def write_document(file: BinaryIO, job_id: str, previews: Iterable[Preview]) -> None:
    """An image a page, whose id is the page's number."""
    images, numbers, separator = [], count(1), b""
    head = {"info": {"description": f"Rooms of {job_id}"}, "licenses": [], "categories": [_ROOM]}
    file.write(_json(head)[:-1] + b', "annotations": [')
    for preview in previews:
        images.append(_image(preview))
        for measured in preview.measured_rooms:
            file.write(separator + _json(_annotation(next(numbers), preview, measured)))
            separator = b", "
    file.write(b'], "images": %b}' % _json(images))


def _image(preview: Preview) -> dict[str, Any]:
    job_id, page = preview.job_id, preview.page
    return {
        "id": page.number,
        "width": page.width_px,
        "height": page.height_px,
        "file_name": bare_page_name(job_id, page.number),
        "coco_url": f"/api/v1/jobs/{job_id}/preview/image?page={page.number}&rooms=false",
        "model_version": preview.model_version,
        "degraded": list(preview.degraded),
    }


def _annotation(number: int, preview: Preview, measured: MeasuredRoom) -> dict[str, Any]:
    polygon = in_pixels(preview, measured.room.polygon)
    properties = room_properties(measured)
    return {
        "id": number,
        "image_id": preview.page.number,
        "category_id": _ROOM["id"],
        "segmentation": [[side for corner in polygon for side in corner]],
        "bbox": _box(polygon),
        "area": round(abs(signed_area(polygon)), 2),
        "iscrowd": 0,
        "score": measured.room.confidence,
        "attributes": {"room_id": properties.pop("id"), **properties},
    }


def _box(polygon: tuple[Point, ...]) -> list[float]:
    """``[x, y, width, height]``."""
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    return [min(xs), min(ys), round(max(xs) - min(xs), 2), round(max(ys) - min(ys), 2)]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
