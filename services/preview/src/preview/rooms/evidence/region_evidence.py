"""Stage 9: what speaks for each enclosed area, and its outline on the page."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.evidence.network_evidence import seen_by_network
from preview.rooms.evidence.region import Region
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.geometry.morphology import Mask, dilated
from preview.rooms.network.floor_areas import hypotheses_of
from preview.rooms.network.floor_network import FloorMaps
from preview.rooms.options import DetectorOptions
from preview.rooms.walls.enclosed_areas import Contour, Enclosed
from preview.rooms.walls.wall_hypotheses import Walls


def weigh(
    areas: Sequence[Enclosed],
    walls: Sequence[Walls],
    maps: FloorMaps,
    drawing: Drawing,
    options: DetectorOptions,
) -> list[Region]:
    """Regions for ``areas``; those with an outline that collapses when simplified, or that
    hardly follows ink, are left out."""
    solid = any(guess.solid for guess in walls)
    near_ink = dilated(drawing.ink, options.ink_reach_px, options.ink_reach_px)
    near_wall = dilated(_trusted(walls, solid), options.wall_reach_px, options.wall_reach_px)
    seen = seen_by_network(areas, maps, drawing, options)
    regions = []
    for area, floor_facts in zip(areas, seen, strict=True):
        outline = _outline(area.contour, options)
        ink_support = _share_on(near_ink, area.contour)
        if len(outline) < 3 or ink_support < options.least_ink_support:
            continue
        polygon = np.round(drawing.page_points(outline), 2)
        _, _, width, height = area.box
        x_min, y_min = polygon.min(axis=0).tolist()
        x_max, y_max = polygon.max(axis=0).tolist()
        regions.append(
            Region(
                polygon=tuple((float(px), float(py)) for px, py in polygon),
                box=(x_min, y_min, x_max, y_max),
                area=area.area_px / drawing.ink.size,
                breadth=2 * area.area_px / cv2.arcLength(area.contour, closed=True) / drawing.long_side_px,
                agreement=_agreement(area, walls, options),
                ink_support=ink_support,
                wall_support=_share_on(near_wall, area.contour),
                compactness=min(1.0, area.area_px / (width * height)),
                squareness=min(width, height) / max(width, height),
                **_votes(area, walls, options),
                **floor_facts,
            )
        )
    return regions


def _votes(area: Enclosed, walls: Sequence[Walls], options: DetectorOptions) -> dict[str, float]:
    found = [walls[hypothesis] for hypothesis in area.hypotheses if hypothesis < len(walls)]
    whole = sum(guess.vote == 1 for guess in found)
    seen = sum(hypothesis >= len(walls) for hypothesis in area.hypotheses)
    return {
        "wall_votes": whole / max(1, sum(guess.vote == 1 for guess in walls)),
        "line_votes": (len(found) - whole) / max(1, sum(guess.vote < 1 for guess in walls)),
        "gap_votes": len(area.gap_sizes) / (len(options.gap_sizes) + 1),
        "floor_votes": seen / max(1, hypotheses_of(options)),
    }


def _trusted(walls: Sequence[Walls], solid: bool) -> Mask:
    trusted = [guess.mask for guess in walls if (guess.solid if solid else guess.vote == 1)]
    return np.asarray(np.bitwise_or.reduce(trusted), np.uint8)


def _share_on(mask: Mask, contour: Contour) -> float:
    return round(float((mask[contour[:, 1], contour[:, 0]] > 0).mean()), 4)


def _agreement(area: Enclosed, walls: Sequence[Walls], options: DetectorOptions) -> float:
    votes = sum(walls[hypothesis].vote for hypothesis in area.hypotheses if hypothesis < len(walls))
    all_votes, all_sizes = options.full_agreement
    by_walls, by_gaps = min(1.0, votes / all_votes), min(1.0, len(area.gap_sizes) / all_sizes)
    return round(options.hypothesis_share * by_walls + (1 - options.hypothesis_share) * by_gaps, 4)


def _outline(contour: Contour, options: DetectorOptions) -> NDArray[np.float64]:
    """Simplified ring in pixel corners, grown to the faces of the walls."""
    x, y, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height + 4, width + 4), np.uint8)
    cv2.drawContours(mask, [contour - np.array([x - 2, y - 2])], -1, 255, cv2.FILLED)
    grown = cv2.dilate(mask, np.ones((2, 2), np.uint8), anchor=(0, 0))
    rings, _ = cv2.findContours(grown, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    ring = cv2.approxPolyDP(max(rings, key=cv2.contourArea), options.outline_px, closed=True)
    in_mask = np.asarray(ring[:, 0], np.float64)
    return np.asarray(in_mask + np.array([x - 1.5, y - 1.5]), np.float64)
