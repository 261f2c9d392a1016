"""Corrected pages as an evaluation set: COCO's format, in pixels of the page at the size of its analysis.

An image is a page of a blueprint; beside COCO's fields it names job, page and SHA-256 of the file.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.domain.corrected_rooms import CorrectedRoom
from jobs.domain.feedback import PageRooms
from jobs.domain.job import Job
from jobs.domain.outline import PAGE_SIDE, area

Coco = dict[str, Any]

_FILE_NAME = re.compile(r"job_\d{14}_[0-9a-z]{13,32}\.(png|jpg|pdf|part)")

_ROOM = {"id": 1, "name": "room", "supercategory": "space"}


@dataclass(frozen=True, slots=True)
class EvaluatedPage:
    job: Job
    page: PageRooms
    rooms: Sequence[CorrectedRoom]


def file_name(job: Job) -> str:
    """Where the file of a job lies in the folder."""
    return f"files/{job.job_id}.{job.blueprint_format}"


def is_file_name(name: str) -> bool:
    """Whether an export names a file so, or one that it has not finished: others may lie beside them."""
    return _FILE_NAME.fullmatch(name) is not None


def coco_document(pages: Iterable[EvaluatedPage], before: Coco | None, kept_job_ids: Collection[str]) -> Coco:
    """The ``pages``, and those of ``before`` whose jobs are to be kept though they are not there any more."""
    images = [_image(each) for each in pages] + [
        image for image in (before or {}).get("images", []) if image["job_id"] in kept_job_ids
    ]
    old: dict[int, list[Coco]] = {}
    for annotation in (before or {}).get("annotations", []):
        old.setdefault(annotation["image_id"], []).append(annotation)
    annotations: list[Coco] = []
    for image_id, image in enumerate(images, 1):
        new = image.pop("annotations", None)
        for each in old.get(image.get("id", 0), []) if new is None else new:
            annotations.append({**each, "id": len(annotations) + 1, "image_id": image_id})
        image["id"] = image_id
    info = {"description": "Rooms as people corrected them"}
    return {
        "info": info,
        "licenses": [],
        "categories": [_ROOM],
        "images": images,
        "annotations": annotations,
    }


def lasting_job_ids(before: Coco | None, present: Collection[str], now: datetime) -> set[str]:
    """Jobs of an earlier export that are not present and had their time: expired, unless they were erased."""
    return {
        image["job_id"]
        for image in (before or {}).get("images", [])
        if image["job_id"] not in present and datetime.fromisoformat(image["expires_at"]) <= now
    }


def _image(each: EvaluatedPage) -> Coco:
    page = each.page
    return {
        "file_name": file_name(each.job),
        "width": page.width_px,
        "height": page.height_px,
        "job_id": each.job.job_id,
        "page": page.page,
        "sha256": each.job.blueprint_hash,
        "model_version": page.computation.model_version,
        "expires_at": each.job.expires_at.isoformat(),
        "annotations": [_annotation(page, room) for room in each.rooms],
    }


def _annotation(page: PageRooms, room: CorrectedRoom) -> Coco:
    across, down = page.width_px / PAGE_SIDE, page.height_px / PAGE_SIDE
    corners = [(round(x * across, 2), round(y * down, 2)) for x, y in room.outline or ()]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return {
        "category_id": _ROOM["id"],
        "segmentation": [[side for corner in corners for side in corner]],
        "bbox": [min(xs), min(ys), round(max(xs) - min(xs), 2), round(max(ys) - min(ys), 2)],
        "area": round(area(corners), 2),
        "iscrowd": 0,
        "attributes": {
            "room_id": room.room_id,
            "name": room.name,
            "room_type": room.room_type,
            "corrected": room.corrected,
            "confirmed": room.confirmed,
        },
    }
