"""The plans in tests/data/plans, and what is true about them."""

import json
from dataclasses import dataclass
from pathlib import Path

PLANS = Path(__file__).parent / "data" / "plans"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TrueRoom:
    """A room as drawn: its name as printed, its ring from 0 to 1000 along each side of the upright page."""

    name: str
    polygon: tuple[Point, ...]
    bounding_box: tuple[float, float, float, float]


def plan_path(name: str) -> Path:
    """Return the path of a plan such as ``house_12_rooms.png``."""
    return PLANS / name


def true_rooms(name: str, page: int = 1) -> list[TrueRoom]:
    """Return the rooms drawn on a page of a plan."""
    truth = json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))
    rooms = truth["pages"][page - 1]["rooms"]
    return [
        TrueRoom(room["name"], tuple((x, y) for x, y in room["polygon"]), tuple(room["bounding_box"]))
        for room in rooms
    ]
