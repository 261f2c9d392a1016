"""Nested rooms: small rooms chosen inside larger ones are cut out of these."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shapely import Polygon, STRtree, unary_union

from preview.rooms.evidence.region import Region
from preview.rooms.scoring.region_scorer import Candidate


@dataclass(frozen=True, slots=True)
class NestedRoomOptions:
    """The wall between a nested room and the one around it.

    `SelectionOptions` decides which rooms are nested.
    """

    wall_width: float = 8.0
    """Width of the wall between the two, which belongs to neither, units of page coordinates. Tuned."""


_Shaped = tuple[Candidate, Polygon]


def cut_out_nested_rooms(
    chosen: Sequence[Candidate], most_overlap: float, options: NestedRoomOptions
) -> list[Candidate]:
    """``chosen``, smallest first, each without the ground and the labels of smaller ones that lie in it.

    A smaller one lies in another if they share more than ``most_overlap`` of its area. A room all around
    another keeps its outline: outlines have no holes.
    """
    shapes = [Polygon(candidate.region.polygon).buffer(0) for candidate in chosen]
    tree = STRtree(shapes)
    return [
        _without(
            [
                (chosen[smaller], shapes[smaller])
                for smaller in sorted(tree.query(shape).tolist())
                if smaller < index
                and shape.intersection(shapes[smaller]).area > most_overlap * shapes[smaller].area
            ],
            (candidate, shape),
            options,
        )
        for index, (candidate, shape) in enumerate(zip(chosen, shapes, strict=True))
    ]


def _without(nested: Sequence[_Shaped], around: _Shaped, options: NestedRoomOptions) -> Candidate:
    candidate, shape = around
    if not nested:
        return candidate
    taken = {id(label) for small, _ in nested for label in small.labels}
    labels = tuple(label for label in candidate.labels if id(label) not in taken)
    rest = _largest_rest(shape, [small for _, small in nested], options.wall_width)
    region = candidate.region if rest.is_empty else _outlined(candidate.region, rest)
    return replace(candidate, region=region, labels=labels)


def _largest_rest(shape: Polygon, nested: Sequence[Polygon], wall_width: float) -> Polygon:
    ground = unary_union(nested).buffer(wall_width, join_style="mitre")
    left = shape.difference(ground)
    # What is narrower than the wall between the two is the rest of that wall.
    left = left.buffer(-wall_width / 2, join_style="mitre")
    left = left.buffer(wall_width / 2, join_style="mitre").intersection(shape)
    return max(getattr(left, "geoms", [left]), key=lambda part: part.area)


def _outlined(region: Region, shape: Polygon) -> Region:
    ring = tuple((round(x, 2), round(y, 2)) for x, y in shape.exterior.coords[:-1])
    x_min, y_min, x_max, y_max = (round(side, 2) for side in shape.bounds)
    return replace(region, polygon=ring, box=(x_min, y_min, x_max, y_max))
