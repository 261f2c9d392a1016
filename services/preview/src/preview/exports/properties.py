"""What there is to say of a room, besides its outline."""

from dataclasses import asdict, fields
from typing import Any

from preview.domain.measures import Measures
from preview.domain.preview import MeasuredRoom, Preview

_UNKNOWN = dict.fromkeys(field.name for field in fields(Measures))


def room_properties(measured: MeasuredRoom) -> dict[str, Any]:
    """The fields of a room as in JSON, without ``polygon``.

    ``name_hint`` only where there is one, ``corrected`` and ``confirmed`` only where true.
    """
    room, measures = measured.room, measured.measures
    name = {"name_hint": room.name_hint} if room.name_hint else {}
    return {
        "id": room.id,
        "bounding_box": list(room.bounding_box),
        **name,
        "room_number": room.room_number,
        "room_type": room.room_type,
        "confidence": room.confidence,
        **(asdict(measures) if measures else _UNKNOWN),
        "printed_area_m2": room.printed_area_m2,
        "printed_size_m": room.printed_size_m and list(room.printed_size_m),
        **({"corrected": True} if room.corrected else {}),
        **({"confirmed": True} if room.confirmed else {}),
    }


def scale_properties(preview: Preview) -> dict[str, Any] | None:
    """The scale of the page as in JSON; None without one."""
    return asdict(preview.scale) if preview.scale else None
