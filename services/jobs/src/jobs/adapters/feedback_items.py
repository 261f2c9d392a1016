"""The kinds of item in the table of feedback, told apart by what their sort key begins with.

An entry is under its own id, the rooms of a page as they were under ``page_…``, and how many entries the job
has under ``count``. Of a job whose feedback was erased, a digest of its id stays with the time, under
``erased`` in place of a job: it tells exports.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jobs.domain.feedback import Computation, Correction, Entry, PageRooms
from shared.dynamodb_items import EPOCH, Item, attributes, converter, epoch, map_fields, plain_values
from shared.timestamps import iso_millis, parse_iso

ENTRIES = "fb_"
COUNT = "count"
_ERASED = "erased"


def feedback_key(job_id: str, feedback_id: str) -> Item:
    return attributes({"job_id": job_id, "feedback_id": feedback_id})


def erased_key(job_id: str) -> Item:
    """Where it says that feedback on this job was erased, without naming the job."""
    return feedback_key(_ERASED, hashlib.sha256(job_id.encode()).hexdigest())


def page_key(job_id: str, page: int, computation: Computation) -> Item:
    of = f"{computation.model_version}_{iso_millis(computation.computed_at)}"
    return feedback_key(job_id, f"page_{page:04d}_{of}")


def page_item(job_id: str, page: PageRooms, expires_at: datetime) -> Item:
    """Rooms are compressed: an item holds 400 KB."""
    return page_key(job_id, page.page, page.computation) | attributes(
        {
            "page": page.page,
            "model_version": page.computation.model_version,
            "computed_at": page.computation.computed_at,
            "width_px": page.width_px,
            "height_px": page.height_px,
            "rooms": zlib.compress(_compact(page.rooms).encode()),
            "expires_at": epoch(expires_at),
        }
    )


def page_rooms(item: Mapping[str, Any]) -> PageRooms:
    """What `page_item` wrote."""
    values = plain_values(item)
    return PageRooms(
        page=int(values["page"]),
        computation=Computation(values["model_version"], parse_iso(values["computed_at"])),
        width_px=int(values["width_px"]),
        height_px=int(values["height_px"]),
        rooms=json.loads(zlib.decompress(values["rooms"].value)),
    )


def _structure_correction(text: str, _: type[Correction]) -> Correction:
    fields = json.loads(text)
    polygon, box = fields.get("polygon"), fields.get("bounding_box")
    return Correction(
        polygon=tuple((x, y) for x, y in polygon) if polygon else None,
        bounding_box=(box[0], box[1], box[2], box[3]) if box else None,
        name=fields.get("name"),
        sets_name="name" in fields,
        room_type=fields.get("room_type"),
        removed=fields.get("removed"),
    )


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


converter.register_unstructure_hook(Correction, lambda correction: _compact(correction.fields))
converter.register_structure_hook(Correction, _structure_correction)
map_fields(Entry, expires_at=EPOCH)
