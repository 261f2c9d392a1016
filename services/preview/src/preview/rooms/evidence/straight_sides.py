"""Regularised rings: sides along the walls, square corners, and no marks of doors, windows and strokes.

As footprints of buildings are regularised in remote sensing: sides that run nearly along an axis of the
drawing are put on it, and what is shorter than any wall of a room is no side of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import NamedTuple

Point = tuple[float, float]
UPRIGHT, LEVEL, OBLIQUE = range(3)
"""Which coordinate a side keeps: an upright one x, a level one y, an oblique one none."""
_FEWEST = 4
"""Sides of a room at least."""
_LONGEST_SWING, _LEAST_ARC, _SQUAT, _TALL = 11, 0.25, 0.6, 1.7
"""Of a door's swing: most sides, least share of its length on the arc, least and greatest depth in widths of
the opening."""
_FARTHEST_CORNER = 0.5
"""How far an oblique side is made longer or shorter to meet its neighbour, in its own lengths."""


@dataclass(frozen=True, slots=True)
class StraightOptions:
    """What is no side of a room. Lengths are shares of the drawing's long side."""

    slope: float = 0.15
    """Greatest slope of a side against an axis at which it is put on it. Tuned."""
    jog: float = 0.012
    """Length up to which a side is a mark: of a window's reveal, a pilaster, a corner that was cut. Tuned."""
    swing: float = 0.09
    """Depth up to which a notch or a bulge with an arc in it is a door's swing. Drawn."""


class Side(NamedTuple):
    """A side of a ring from ``start`` to ``end``, its ``fixed`` coordinate ``at`` one value along it; of
    several that were joined, ``length`` is what they were long together."""

    start: Point
    end: Point
    fixed: int
    at: float
    length: float

    @property
    def heading(self) -> bool | None:
        """Whether its free coordinate grows along it; None if it is oblique."""
        return None if self.fixed == OBLIQUE else self.end[1 - self.fixed] >= self.start[1 - self.fixed]

    def continues(self, other: "Side", within: float) -> bool:
        """Whether ``other`` goes on the same way on nearly the same line."""
        same_way = self.fixed == other.fixed != OBLIQUE and self.heading == other.heading
        return same_way and abs(self.at - other.at) <= within

    def joined(self, other: "Side") -> "Side":
        """Both as one, where most of them lies."""
        length = self.length + other.length
        at = (self.at * self.length + other.at * other.length) / length
        return Side(self.start, other.end, self.fixed, at, length)


def sides_of(ring: Sequence[Point], slope: float) -> list[Side]:
    """The sides of ``ring``, the first from its first corner."""
    return [_side(start, end, slope) for start, end in pairwise([*ring, ring[0]]) if start != end]


def _side(start: Point, end: Point, slope: float) -> Side:
    width, height = abs(end[0] - start[0]), abs(end[1] - start[1])
    fixed = LEVEL if height <= slope * width else UPRIGHT if width <= slope * height else OBLIQUE
    at = 0.0 if fixed == OBLIQUE else (start[fixed] + end[fixed]) / 2
    return Side(start, end, fixed, at, hypot(width, height))


def regularised(sides: list[Side], long_side: float, options: StraightOptions) -> list[Side]:
    """``sides`` without the swings of doors and without marks; may begin elsewhere on the ring."""
    jog, swing = options.jog * long_side, options.swing * long_side
    while simpler := _without_a_swing(sides, jog, swing):
        sides = simpler
    while simpler := _without_a_mark(sides, jog):
        sides = simpler
    return sides


def corners_of(sides: Sequence[Side]) -> list[Point]:
    """Where each of ``sides`` meets the next; two corners where both keep the same coordinate."""
    return [corner for side, after in pairwise([*sides, sides[0]]) for corner in _corners(side, after)]


def _without_a_swing(sides: list[Side], jog: float, deepest: float) -> list[Side] | None:
    """Without one door's swing: a chain with an arc in it between two parts of one wall, about as deep as
    the opening is wide. None where there is no such thing."""
    if all(side.fixed != OBLIQUE for side in sides):
        return None
    for first, side in enumerate(sides):
        for count in range(2, min(_LONGEST_SWING, len(sides) - 3) + 1):
            beyond = sides[(first + count + 1) % len(sides)]
            if side.continues(beyond, jog):
                chain = [sides[(first + step) % len(sides)] for step in range(1, count + 1)]
                if _is_swing(side, chain, beyond, deepest):
                    return _spliced(sides, first, count + 2, [side.joined(beyond)])
    return None


def _is_swing(side: Side, chain: Sequence[Side], beyond: Side, deepest: float) -> bool:
    oblique = sum(each.length for each in chain if each.fixed == OBLIQUE)
    width = abs(beyond.start[1 - side.fixed] - side.end[1 - side.fixed])
    depth = max(abs(each.end[side.fixed] - side.at) for each in chain)
    least_oblique = _LEAST_ARC * sum(each.length for each in chain)
    return oblique >= least_oblique and depth <= deepest and _SQUAT * width <= depth <= _TALL * width


def _without_a_mark(sides: list[Side], jog: float) -> list[Side] | None:
    """With two sides joined that go on the same way, else without the shortest mark; None if all is done."""
    if len(sides) <= _FEWEST:
        return None
    for first, (side, after) in enumerate(pairwise([*sides, sides[0]])):
        if side.continues(after, jog):
            return _spliced(sides, first, 2, [side.joined(after)])
    marks = (index for index, side in enumerate(sides) if side.length <= jog)
    shortest_first = sorted(marks, key=lambda index: sides[index].length)
    return next(filter(None, (_without(sides, index, jog) for index in shortest_first)), None)


def _without(sides: list[Side], index: int, jog: float) -> list[Side] | None:
    """Without the short side at ``index``: a corner that was cut, part of a bump, or a step."""
    before, mark, after = sides[index - 1], sides[index], sides[(index + 1) % len(sides)]
    if OBLIQUE in (before.fixed, after.fixed):
        return None
    if before.fixed != after.fixed:
        return _spliced(sides, index, 1, [])
    if before.heading != after.heading:
        return None
    for first in (index - 1, index - 3):
        if flat := _without_bump(sides, first, jog):
            return flat
    if mark.length <= jog / 2 or min(before.length, after.length) <= jog:
        longer = max(before, after, key=lambda side: side.length)
        return _spliced(sides, index - 1, 3, [before.joined(after)._replace(at=longer.at)])
    return None


def _without_bump(sides: list[Side], first: int, jog: float) -> list[Side] | None:
    """With one wall from ``first`` on where a reveal or a pilaster leaves it and comes back."""
    if len(sides) < 2 * _FEWEST:
        return None
    wall, away, top, back, beyond = (sides[(first + step) % len(sides)] for step in range(5))
    is_bump = max(away.length, back.length) <= jog and wall.continues(beyond, jog / 2)
    if is_bump and wall.length + beyond.length >= top.length / 2:
        return _spliced(sides, first, 5, [wall.joined(beyond)])
    return None


def _spliced(sides: list[Side], first: int, count: int, instead: list[Side]) -> list[Side]:
    """The ring with ``instead`` of ``count`` sides from ``first`` on."""
    return instead + (sides[first:] + sides[:first])[count:]


def _corners(side: Side, after: Side) -> list[Point]:
    if side.fixed == OBLIQUE and after.fixed == OBLIQUE:
        return [side.end]
    if OBLIQUE in (side.fixed, after.fixed):
        return [_on_oblique(side, after)]
    ends = [_on(side, side.end), _on(after, side.end)]
    return ends if side.fixed == after.fixed else [_on(after, ends[0])]


def _on(side: Side, point: Point) -> Point:
    """``point`` moved square onto a side that is not oblique."""
    return (side.at, point[1]) if side.fixed == UPRIGHT else (point[0], side.at)


def _on_oblique(side: Side, after: Side) -> Point:
    """Where an oblique side reaches the line of its neighbour, if that is near the corner between them."""
    oblique, straight = (side, after) if side.fixed == OBLIQUE else (after, side)
    (x, y), (to_x, to_y) = oblique.start, oblique.end
    way = to_x - x if straight.fixed == UPRIGHT else to_y - y
    begun = x if straight.fixed == UPRIGHT else y
    share = (straight.at - begun) / way if way else 0.0
    reached = (x + share * (to_x - x), y + share * (to_y - y))
    near = hypot(reached[0] - side.end[0], reached[1] - side.end[1]) <= _FARTHEST_CORNER * oblique.length
    return reached if near and way else _on(straight, side.end)
