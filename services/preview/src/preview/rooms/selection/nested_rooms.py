"""Stage 15: small rooms chosen inside larger ones, cut out of these."""

from collections.abc import Sequence
from dataclasses import replace

from shapely import Polygon, STRtree, unary_union

from preview.rooms.evidence.region import Region
from preview.rooms.options import DetectorOptions
from preview.rooms.scoring.region_scorer import Candidate


def cut_out_inlets(chosen: Sequence[Candidate], options: DetectorOptions) -> list[Candidate]:
    """``chosen``, smallest first, each without the ground and the labels of smaller ones that lie in it.

    A room all around another keeps its outline: outlines have no holes.
    """
    shapes = [Polygon(candidate.region.polygon).buffer(0) for candidate in chosen]
    tree = STRtree(shapes)
    return [
        _cut(
            candidate,
            shapes[index],
            [
                (chosen[smaller], shapes[smaller])
                for smaller in sorted(tree.query(shapes[index]).tolist())
                if smaller < index
                and shapes[index].intersection(shapes[smaller]).area
                > options.most_overlap * shapes[smaller].area
            ],
            options,
        )
        for index, candidate in enumerate(chosen)
    ]


def _cut(
    candidate: Candidate,
    shape: Polygon,
    inlets: Sequence[tuple[Candidate, Polygon]],
    options: DetectorOptions,
) -> Candidate:
    if not inlets:
        return candidate
    taken = {id(label) for inlet, _ in inlets for label in inlet.labels}
    labels = tuple(label for label in candidate.labels if id(label) not in taken)
    ground = unary_union([inlet for _, inlet in inlets]).buffer(options.inlet_gap, join_style="mitre")
    left = shape.difference(ground)
    # What is narrower than the wall between the two is the rest of that wall.
    left = left.buffer(-options.inlet_gap / 2, join_style="mitre")
    left = left.buffer(options.inlet_gap / 2, join_style="mitre").intersection(shape)
    largest = max(getattr(left, "geoms", [left]), key=lambda part: part.area)
    region = candidate.region if largest.is_empty else _outlined(candidate.region, largest)
    return replace(candidate, region=region, labels=labels)


def _outlined(region: Region, shape: Polygon) -> Region:
    ring = tuple((round(x, 2), round(y, 2)) for x, y in shape.exterior.coords[:-1])
    x_min, y_min, x_max, y_max = (round(side, 2) for side in shape.bounds)
    return replace(region, polygon=ring, box=(x_min, y_min, x_max, y_max))
