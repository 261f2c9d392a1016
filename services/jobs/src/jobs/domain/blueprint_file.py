"""The facts about an uploaded blueprint that decide whether it is accepted."""

from dataclasses import dataclass
from typing import Literal

BlueprintFormat = Literal["png", "jpg", "pdf"]

MAX_BLUEPRINT_BYTES = 52_428_800
MAX_PIXELS = 100_000_000
MAX_PAGES = 500


@dataclass(frozen=True, slots=True)
class BlueprintFacts:
    """What the file's own header says. ``width_px`` and ``height_px`` are None for a PDF."""

    format: BlueprintFormat
    page_count: int
    width_px: int | None
    height_px: int | None
