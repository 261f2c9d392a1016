"""The scale that a caller gives, and what is known to be wrong with it before anything is sent."""

import json
import math
import re
from enum import Enum
from pathlib import Path
from typing import Any

from location_detection.errors import LocationDetectionError

GivenScale = str | dict[str, Any]
"""``"1:100"`` of a PDF, or ``{"from": [x, y], "to": [x, y], "metres": 5.2}``."""

RATIO_PATTERN = r"^1:[1-9][0-9]{0,4}(\.[0-9]{1,3})?$"
_LENGTH = {"from", "to", "metres"}
_PDF = b"%PDF-"


class Kept(Enum):
    """Says nothing of the scale, where None would forget it."""

    KEPT = "kept"


KEPT = Kept.KEPT


class InvalidScale(LocationDetectionError):
    """The scale makes no sense, or not for this file; nothing was sent."""


def parse_scale(text: str) -> GivenScale:
    """Read a ratio, or a length as JSON. Raises InvalidScale."""
    if not text.lstrip().startswith("{"):
        return checked(text)
    try:
        return checked(json.loads(text))
    except ValueError:
        raise InvalidScale(_what(text)) from None


def checked(scale: GivenScale) -> GivenScale:
    """The scale as it was given. Raises InvalidScale for what the service would refuse of any file."""
    if isinstance(scale, str):
        makes_sense = re.fullmatch(RATIO_PATTERN, scale) is not None
    else:
        makes_sense = scale.keys() == _LENGTH and _is_length(scale["from"], scale["to"], scale["metres"])
    if not makes_sense:
        raise InvalidScale(_what(str(scale)))
    return scale


def check_file(file: Path, scale: GivenScale) -> None:
    """Raise InvalidScale for a ratio where the file is no PDF, whose sheets alone have a real size."""
    if isinstance(scale, str):
        with file.open("rb") as content:
            if not content.read(len(_PDF)) == _PDF:
                raise InvalidScale(f"The scale {scale} is for PDF files. Give a length for {file.name}.")


def _is_length(start: Any, end: Any, metres: Any) -> bool:
    points = all(
        isinstance(point, list) and len(point) == 2 and all(_is_in(side, 0, 1000) for side in point)
        for point in (start, end)
    )
    return points and math.dist(start, end) >= 0.01 and _is_in(metres, 0.01, 10_000)


def _is_in(value: Any, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _what(said: str) -> str:
    return (
        f"{said} is no scale. Give a ratio such as 1:100, for PDF files, or the metres between two points, "
        'from 0 to 1000 along each side: {"from": [100, 200], "to": [400, 200], "metres": 5.2}.'
    )
