"""What is usual on a page: how wide its rooms are, and whether it names them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from preview.rooms.evidence.region import Region
from preview.rooms.text.labels import Label
from preview.rooms.text.text_kinds import TextKind


@dataclass(frozen=True, slots=True)
class PageStatisticsOptions:
    """From which regions and labels the statistics are taken."""

    usual_mean_width: float = 0.05
    """Mean width of an ordinary room, share of the long side. Median of right regions over all sets."""
    likely_agreement: float = 0.3
    """The width of rooms is taken from regions with at least this agreement and the next wall support."""
    likely_wall_support: float = 0.4
    """Wall support of such regions."""
    least_room_names: int = 3
    """Labels with a room word from which a page is one that names its rooms."""


@dataclass(frozen=True, slots=True)
class PageStatistics:
    """``room_width`` is the mean width, share of the long side, from which a region is as wide as a room."""

    room_width: float
    has_room_names: bool


def page_statistics(
    regions: Sequence[Region], labels: Sequence[Label], options: PageStatisticsOptions
) -> PageStatistics:
    """The statistics of a page with these regions and labels."""
    names = sum(label.kind is TextKind.ROOM for label in labels)
    return PageStatistics(_room_width(regions, options), names >= options.least_room_names)


def _room_width(regions: Sequence[Region], options: PageStatisticsOptions) -> float:
    """Geometric mean of what is typical of the page's likely regions and what is usual."""
    likely = [region for region in regions if _is_likely(region, options)] or regions
    if not likely:
        return options.usual_mean_width
    widths, areas = np.array([(region.mean_width, region.area) for region in likely]).T
    order = np.argsort(widths, kind="stable")
    weights = np.cumsum(np.sqrt(areas[order]))
    typical = widths[order][np.searchsorted(weights, weights[-1] / 2)]
    return float(np.sqrt(typical * options.usual_mean_width))


def _is_likely(region: Region, options: PageStatisticsOptions) -> bool:
    return region.agreement >= options.likely_agreement and region.wall_support >= options.likely_wall_support
