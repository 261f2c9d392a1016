"""Previews and text analyses as JSON, as they are stored in the bucket and in the cache table.

The fields are those of the dataclasses, except for the differences below.
"""

import json
from datetime import datetime
from typing import Any, TypeVar

from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from preview.domain.page import PageInfo
from preview.domain.preview import Preview
from preview.domain.room import Box, Room
from preview.domain.scale import GivenLength, GivenRatio, GivenScale
from preview.domain.text_analysis import TextAnalysis
from shared.timestamps import iso_millis, parse_iso

T = TypeVar("T")

_TIMING = override(rename="timing_metrics")

_converter = Converter(detailed_validation=False)
_converter.register_unstructure_hook(datetime, iso_millis)
_converter.register_structure_hook(datetime, lambda text, _: parse_iso(text))


def _box(sides: Any, _: type) -> Box:
    x_min, y_min, x_max, y_max = sides
    return x_min, y_min, x_max, y_max


_converter.register_structure_hook_func(lambda cls: cls == Box, _box)  # a page has thousands
_converter.register_unstructure_hook(
    PageInfo, make_dict_unstructure_fn(PageInfo, _converter, _cattrs_omit_if_default=True)
)
_room_fields = make_dict_unstructure_fn(Room, _converter, _cattrs_omit_if_default=True)
_room = make_dict_structure_fn(Room, _converter)


@_converter.register_unstructure_hook
def _named_room_fields(room: Room) -> dict[str, Any]:
    fields = _room_fields(room)
    return {name: value for name, value in fields.items() if (name, value) != ("name_hint", None)}


@_converter.register_structure_hook
def _room_without_name(fields: Any, cls: type[Room]) -> Room:
    return _room({"name_hint": None, **fields}, cls)


_preview_fields = make_dict_unstructure_fn(
    Preview,
    _converter,
    timing=_TIMING,
    scale=override(omit_if_default=True),
    corrections=override(omit_if_default=True),
    file_name=override(omit=True),
)
_preview = make_dict_structure_fn(Preview, _converter, timing=_TIMING)


def preview_fields(preview: Preview) -> dict[str, Any]:
    """The fields that the API answers, as JSON types; of a reason only its code."""
    seconds = preview.timing.total_seconds
    return {**_preview_fields(preview), "stage": "preview", "processing_time_seconds": seconds}


def preview_from(fields: dict[str, Any]) -> Preview:
    """The inverse of `preview_fields`. Raises ValueError for anything else."""
    try:
        return _preview(fields, Preview)
    except (KeyError, TypeError) as exc:
        raise ValueError("this is not a preview") from exc


def dump_preview(preview: Preview) -> str:
    return _compact(preview_fields(preview))


def load_preview(text: str | bytes) -> Preview:
    """The inverse of `dump_preview`. Raises ValueError for anything else."""
    return preview_from(json.loads(text))


def dump_analysis(analysis: TextAnalysis) -> str:
    return _compact(_converter.unstructure(analysis))


def load_analysis(text: str | bytes) -> TextAnalysis:
    """The inverse of `dump_analysis`. Raises ValueError for anything else."""
    try:
        return _converter.structure(json.loads(text), TextAnalysis)
    except (KeyError, TypeError) as exc:
        raise ValueError("this is not an analysis") from exc


def dump_scale(scale: GivenScale) -> str:
    """As a caller gives it."""
    if isinstance(scale, GivenRatio):
        return _compact(scale.text)
    return _compact({"from": scale.start, "to": scale.end, "metres": scale.metres})


def load_scale(text: str) -> GivenScale:
    """The inverse of `dump_scale`."""
    given = json.loads(text)
    if isinstance(given, str):
        return GivenRatio.parsed(given)
    return GivenLength(tuple(given["from"]), tuple(given["to"]), given["metres"])


def _compact(fields: Any) -> str:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
