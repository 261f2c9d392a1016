"""Previews and analyses as JSON, as they are kept in the bucket and in the cache table."""

import json
from dataclasses import asdict
from typing import Any

from preview.domain.page import PageInfo
from preview.domain.preview import Degraded, Preview, Timing
from preview.domain.room import RejectedCandidate, RejectionReason, Room
from preview.domain.text_analysis import TextAnalysis, TextBlock, TextMetadata
from shared.timestamps import iso_millis, parse_iso


def preview_fields(preview: Preview) -> dict[str, Any]:
    """The fields that the API answers, as JSON types; of a reason only its code."""
    return {
        "job_id": preview.job_id,
        "stage": "preview",
        "page": asdict(preview.page),
        "rooms": [_room_fields(room) for room in preview.rooms],
        "withheld": [asdict(region) for region in preview.withheld],
        "processing_time_seconds": preview.timing.total_seconds,
        "timing_metrics": asdict(preview.timing),
        "model_version": preview.model_version,
        "cached": preview.cached,
        "degraded": list(preview.degraded),
        "timestamp": iso_millis(preview.timestamp),
    }


def preview_from(fields: dict[str, Any]) -> Preview:
    """The inverse of `preview_fields`. Raises ValueError for anything else.

    A preview that says nothing of what was withheld is an old one; nothing was noted for it.
    """
    try:
        return Preview(
            job_id=fields["job_id"],
            page=PageInfo(**fields["page"]),
            rooms=tuple(_room(room) for room in fields["rooms"]),
            withheld=tuple(_withheld(region) for region in fields.get("withheld", ())),
            timing=Timing(**fields["timing_metrics"]),
            model_version=fields["model_version"],
            degraded=tuple(Degraded(reason) for reason in fields["degraded"]),
            timestamp=parse_iso(fields["timestamp"]),
            cached=fields["cached"],
        )
    except (KeyError, TypeError) as exc:
        raise ValueError("this is not a preview") from exc


def dump_preview(preview: Preview) -> str:
    return _compact(preview_fields(preview))


def load_preview(text: str | bytes) -> Preview:
    """The inverse of `dump_preview`. Raises ValueError for anything else."""
    return preview_from(json.loads(text))


def dump_analysis(analysis: TextAnalysis) -> str:
    return _compact(asdict(analysis) | {"timestamp": iso_millis(analysis.timestamp)})


def load_analysis(text: str | bytes) -> TextAnalysis:
    """The inverse of `dump_analysis`. Raises ValueError for anything else."""
    try:
        fields = json.loads(text)
        metadata = fields["metadata"]
        return TextAnalysis(
            job_id=fields["job_id"],
            s3_key=fields["s3_key"],
            text_blocks=tuple(_block(block) for block in fields["text_blocks"]),
            layout_blocks=tuple(_block(block) for block in fields["layout_blocks"]),
            metadata=TextMetadata(**{**metadata, "features": tuple(metadata["features"])}),
            timestamp=parse_iso(fields["timestamp"]),
        )
    except (KeyError, TypeError) as exc:
        raise ValueError("this is not an analysis") from exc


def _room_fields(room: Room) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": room.id, "bounding_box": room.bounding_box, "polygon": room.polygon}
    if room.name_hint is not None:
        fields["name_hint"] = room.name_hint
    return fields | {"confidence": room.confidence}


def _room(fields: dict[str, Any]) -> Room:
    x_min, y_min, x_max, y_max = fields["bounding_box"]
    return Room(
        id=fields["id"],
        bounding_box=(x_min, y_min, x_max, y_max),
        polygon=tuple((x, y) for x, y in fields["polygon"]),
        name_hint=fields.get("name_hint"),
        confidence=fields["confidence"],
    )


def _withheld(fields: dict[str, Any]) -> RejectedCandidate:
    x_min, y_min, x_max, y_max = fields["bounding_box"]
    return RejectedCandidate(
        bounding_box=(x_min, y_min, x_max, y_max),
        polygon=tuple((x, y) for x, y in fields["polygon"]),
        reason=RejectionReason(fields["reason"]),
    )


def _block(fields: dict[str, Any]) -> TextBlock:
    x_min, y_min, x_max, y_max = fields["bounding_box"]
    box = (x_min, y_min, x_max, y_max)
    children = tuple(fields["children"])
    return TextBlock(fields["id"], fields["kind"], fields["text"], fields["confidence"], box, children)


def _compact(fields: dict[str, Any]) -> str:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
