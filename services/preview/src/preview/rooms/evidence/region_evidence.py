"""Areas become regions of the page: their outline, and the evidence for their being a room."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.evidence.network_evidence import NetworkEvidenceOptions, network_evidence
from preview.rooms.evidence.outline import OutlineOptions, outlines
from preview.rooms.evidence.pooled_evidence import POOLED_DIGITS, pooled_evidence
from preview.rooms.evidence.region import Region
from preview.rooms.evidence.votes import Hypotheses, VoteOptions
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.geometry.morphology import Mask, dilated
from preview.rooms.network.floor_network import FloorMaps
from preview.rooms.walls.enclosed_areas import Contour, EnclosedArea
from preview.rooms.walls.wall_hypotheses import WallHypothesis


@dataclass(frozen=True, slots=True)
class EvidenceOptions:
    """What counts as evidence, and which areas become regions."""

    ink_reach_px: int = 5
    """Side of the square around a region's boundary in which ink supports it, pixels of the working raster:
    outlines are traced a pixel or two off the wall."""
    wall_reach_px: int = 7
    """The same for walls."""
    least_ink_support: float = 0.1
    """Least share of a region's boundary on ink: the network sees floors on sheets without a line as well.
    Drawn."""
    outline: OutlineOptions = field(default_factory=OutlineOptions)
    most_regions: int = 2500
    """Regions of a page, those that agree most: a floor of 900 rooms gives 2,371. Each is compared with each
    that follows, in 2 s and 200 MB if there are so many. Measured."""
    votes: VoteOptions = field(default_factory=VoteOptions)
    network: NetworkEvidenceOptions = field(default_factory=NetworkEvidenceOptions)


def regions_of(
    areas: Sequence[EnclosedArea],
    hypotheses: Hypotheses,
    maps: FloorMaps,
    drawing: Drawing,
    options: EvidenceOptions,
) -> list[Region]:
    """Regions for ``areas``, at most ``most_regions``.

    Left out are those with an outline that collapses when simplified, or that hardly follows ink.
    """
    boundary = _BoundarySupport(drawing, hypotheses.walls, options)
    rings = outlines([area.contour for area in areas], drawing, options.outline)
    by_network = network_evidence(areas, maps, drawing, options.network)
    pooled = pooled_evidence([area.contour / maps.cell_px for area in areas], maps)
    regions = []
    for area, ring, found_by_network, numbers in zip(areas, rings, by_network, pooled, strict=True):
        support = boundary.of(area.contour)
        if len(ring) < 3 or support["ink_support"] < options.least_ink_support:
            continue
        evidence = support | hypotheses.votes(area) | found_by_network
        agreement = hypotheses.agreement(area, options.votes)
        regions.append(_region(area, drawing, ring, agreement, evidence, numbers))
    return _most_agreed_on(regions, options.most_regions)


def _region(
    area: EnclosedArea,
    drawing: Drawing,
    ring: NDArray[np.float64],
    agreement: float,
    evidence: dict[str, float],
    pooled: NDArray[np.float64],
) -> Region:
    polygon = np.round(drawing.page_points(ring), 2)
    x_min, y_min = polygon.min(axis=0).tolist()
    x_max, y_max = polygon.max(axis=0).tolist()
    _, _, width, height = area.box
    perimeter_px = cv2.arcLength(area.contour, closed=True)
    return Region(
        polygon=tuple((float(x), float(y)) for x, y in polygon),
        box=(x_min, y_min, x_max, y_max),
        area=area.area_px / drawing.ink.size,
        mean_width=2 * area.area_px / perimeter_px / drawing.long_side_px,
        agreement=agreement,
        compactness=min(1.0, area.area_px / (width * height)),
        aspect_ratio=min(width, height) / max(width, height),
        pooled=tuple(np.round(pooled, POOLED_DIGITS).tolist()),
        **evidence,
    )


class _BoundarySupport:
    """Where ink and walls are near, for the shares of boundaries that lie on them."""

    def __init__(self, drawing: Drawing, walls: Sequence[WallHypothesis], options: EvidenceOptions) -> None:
        self._near_ink = dilated(drawing.ink, options.ink_reach_px, options.ink_reach_px)
        self._near_wall = dilated(_trusted(walls), options.wall_reach_px, options.wall_reach_px)

    def of(self, contour: Contour) -> dict[str, float]:
        return {
            "ink_support": _share_on(self._near_ink, contour),
            "wall_support": _share_on(self._near_wall, contour),
        }


def _trusted(walls: Sequence[WallHypothesis]) -> Mask:
    """The walls of solid hypotheses, or of all with a whole vote if none is solid."""
    solid = any(hypothesis.solid for hypothesis in walls)
    trusted = [w.mask for w in walls if (w.solid if solid else w.vote == 1)]
    return np.asarray(np.bitwise_or.reduce(trusted), np.uint8)


def _share_on(mask: Mask, contour: Contour) -> float:
    return round(float((mask[contour[:, 1], contour[:, 0]] > 0).mean()), 4)


def _most_agreed_on(regions: list[Region], most: int) -> list[Region]:
    if len(regions) <= most:
        return regions
    return sorted(regions, key=lambda region: -region.agreement)[:most]
