"""Plans as a scanner sees them that was fed askew."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from plans import Plan, TrueRoom

from preview.domain.room import PAGE_SIDE, Point


def turned(plan: Plan, gray: NDArray[np.uint8], degrees: float) -> tuple[Plan, NDArray[np.uint8]]:
    """The plan and its picture turned counterclockwise, on a page that is large enough for all of it."""
    height, width = gray.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    across, down = np.ceil(np.abs(turn[:, :2]) @ (width, height)).astype(int).tolist()
    turn[:, 2] += ((across - width) / 2, (down - height) / 2)
    paper = int(np.median(np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])))
    picture = cv2.warpAffine(gray, turn, (across, down), flags=cv2.INTER_LINEAR, borderValue=paper)
    to_px = np.array([width, height]) / PAGE_SIDE
    to_page = PAGE_SIDE / np.array([across, down])

    def moved(room: TrueRoom) -> TrueRoom:
        points = (np.array(room.polygon or _corners(room)) * to_px @ turn[:, :2].T + turn[:, 2]) * to_page
        box = (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())
        outline = tuple((x, y) for x, y in points.tolist()) if room.polygon else None
        return replace(room, box=box, polygon=outline)

    rooms = tuple(moved(room) for room in plan.rooms)
    return replace(plan, width_px=across, height_px=down, rooms=rooms), np.asarray(picture, np.uint8)


def _corners(room: TrueRoom) -> list[Point]:
    x_min, y_min, x_max, y_max = room.box
    return [(x_min, y_min), (x_max, y_min), (x_max, y_max), (x_min, y_max)]
