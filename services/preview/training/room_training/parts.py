"""What a pixel of a plan shows; sets of it, as bits, for where an annotation leaves several open."""

import numpy as np
from numpy.typing import NDArray

from preview.rooms.network.floor_network import Part

Parts = NDArray[np.int32]
"""A set of parts at every pixel, bit ``1 << part``; 0 where nothing is known."""


def any_of(*parts: Part) -> int:
    """The set of ``parts``."""
    return sum(1 << part for part in parts)


ANY = any_of(*Part)
IN_ROOM = any_of(Part.OPENING, Part.FLOOR, Part.CLOSET, Part.OUTDOORS, Part.STAIRS, Part.FIXTURE)
"""What the ground of an annotated room may be: door swings and fixtures belong to it."""
NO_ROOM = any_of(Part.PAPER, Part.WALL, Part.OPENING, Part.OUTDOORS, Part.SHEET)
"""What ground may be that is no room's where all rooms are annotated."""


def part_of_kind(kind: str) -> Part:
    """What the bare ground of a space shows that is called ``kind``."""
    return {"closet": Part.CLOSET, "balcony": Part.OUTDOORS, "stairs": Part.STAIRS}.get(kind, Part.FLOOR)
