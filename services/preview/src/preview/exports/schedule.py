"""A room schedule: its columns, and the row of a room."""

from collections.abc import Iterator
from dataclasses import dataclass

from preview.domain.preview import MeasuredRoom, Preview
from preview.domain.room import Point
from preview.exports.properties import room_properties

_FT2_PER_M2 = 1 / 0.3048**2
"""Source: the international foot of 1959."""


def square_feet(square_metres: float) -> float:
    """To a tenth."""
    return round(square_metres * _FT2_PER_M2, 1)


Cell = str | float | bool | None

COLUMNS = (
    "page",
    "room_id",
    "name",
    "room_number",
    "room_type",
    "confidence",
    "area_m2",
    "area_ft2",
    "perimeter_m",
    "width_m",
    "length_m",
    "printed_area_m2",
    "x_min",
    "y_min",
    "x_max",
    "y_max",
    "corrected",
)
"""Without the outline."""


@dataclass(frozen=True, slots=True)
class ScheduledRoom:
    """``cells`` are in the order of `COLUMNS`; ``outline`` is in page coordinates."""

    cells: tuple[Cell, ...]
    outline: tuple[Point, ...]


def scheduled_rooms(preview: Preview) -> Iterator[ScheduledRoom]:
    """The rooms of a page, in reading order."""
    for measured in preview.measured_rooms:
        yield ScheduledRoom(tuple(_cells(preview.page.number, measured)), measured.room.polygon)


def _cells(page: int, measured: MeasuredRoom) -> Iterator[Cell]:
    properties = room_properties(measured)
    area_m2 = properties["area_m2"]
    x_min, y_min, x_max, y_max = properties["bounding_box"]
    cells = {
        **properties,
        "page": page,
        "room_id": properties["id"],
        "name": properties.get("name_hint"),
        "area_ft2": None if area_m2 is None else square_feet(area_m2),
        "x_min": x_min,
        "y_min": y_min,
        "x_max": x_max,
        "y_max": y_max,
        "corrected": properties.get("corrected", False),
    }
    return (cells[column] for column in COLUMNS)
