"""On dense pages: where on its sheet the building lies."""

from dataclasses import dataclass

import numpy as np

from preview.domain.room import PAGE_SIDE, Box
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.network.floor_network import FloorMaps

WHOLE_PAGE: Box = (0.0, 0.0, PAGE_SIDE, PAGE_SIDE)


@dataclass(frozen=True, slots=True)
class BuildingCropOptions:
    """Thresholds for the part of a dense page that is processed alone."""

    floor_probability: float = 0.5
    """Probability of floor from which a cell of the network belongs to the building. Tuned."""
    stray_floor: float = 0.005
    """Share of all floor that is left out at either end of the page: specks far from the building. Tuned."""
    margin: float = 0.06
    """Margin around the building, share of its longer side. Tuned."""
    largest_part: float = 0.8
    """A part that is more than this share of the drawing is not cut out: it is nearly all of it. Tuned."""


def building_box(maps: FloorMaps, drawing: Drawing, options: BuildingCropOptions) -> Box | None:
    """The part of the page with nearly all floors and a margin; None if it is most of the drawing."""
    floors = maps.floor > options.floor_probability
    if not floors.any():
        return None
    first, last = (np.array([_ends(floors, axis, options)[end] for axis in (1, 0)]) for end in (0, 1))
    margin = options.margin * float((last - first).max())
    size = np.array(maps.floor.shape)
    first, last = (first - margin).clip(0, size), (last + margin).clip(0, size)
    if (last - first).max() > options.largest_part * size.max():
        return None
    ends = np.array([first[::-1], last[::-1]]) * maps.cell_px
    corners = np.array([[x, y] for x in ends[:, 0] for y in ends[:, 1]])
    on_page = drawing.page_points(corners)
    (x_min, y_min), (x_max, y_max) = on_page.min(axis=0).tolist(), on_page.max(axis=0).tolist()
    return x_min, y_min, x_max, y_max


def _ends(floors: np.ndarray, axis: int, options: BuildingCropOptions) -> tuple[int, int]:
    """First and past-the-last line of floors; a few cells far from all others do not count."""
    shares = floors.sum(axis=axis).cumsum() / floors.sum()
    stray = options.stray_floor
    return int((shares > stray).argmax()), int((shares >= 1 - stray).argmax()) + 1
