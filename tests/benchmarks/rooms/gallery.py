"""Pictures of predicted over annotated rooms, for eyes."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from evaluation import IOU_LEVELS
from matching import box_overlaps, match_rooms
from numpy.typing import NDArray
from plans import Plan

from preview.domain.room import PAGE_SIDE, Room

FOUND_BGR = (0, 150, 0)
MISSED_BGR = (0, 0, 230)
RIGHT_BGR = (200, 90, 0)
WRONG_BGR = (200, 0, 200)
TEXT_BGR = (120, 0, 0)
LONGEST_SIDE_PX = 1400

Canvas = NDArray[np.uint8]


def picture_path(folder: Path, plan: Plan) -> Path:
    """Where in the gallery the picture of ``plan`` is."""
    return folder / plan.set_name / f"{plan.plan_id}.png"


def draw(path: Path, plan: Plan, gray: NDArray[np.uint8], rooms: Sequence[Room]) -> None:
    """Writes a PNG of predicted rooms, tinted, with name and confidence, and of annotated boxes.

    Annotated: green if found, thick red if missed. Predicted: blue if right, thick magenta if not.
    """
    matching = match_rooms(plan.rooms, box_overlaps(rooms, plan.rooms), IOU_LEVELS[0])
    scale = min(2.0, LONGEST_SIDE_PX / max(gray.shape))
    canvas = cv2.cvtColor(cv2.resize(gray, None, fx=scale, fy=scale), cv2.COLOR_GRAY2BGR)
    unit = np.array([canvas.shape[1], canvas.shape[0]]) / PAGE_SIDE
    rings = [np.round(np.array(room.polygon) * unit).astype(np.int32) for room in rooms]
    canvas = _tinted(canvas, rings)
    found = {k for _, k in matching.pairs}
    for index, truth in enumerate(plan.rooms):
        if not truth.ignore:
            _draw_box(canvas, np.array(truth.box).reshape(2, 2) * unit, index in found)
    right = {i for i, _ in matching.pairs} | matching.excused
    for index, (room, ring) in enumerate(zip(rooms, rings, strict=True)):
        _draw_room(canvas, room, ring, index in right or plan.recall_only)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), canvas)


def _tinted(canvas: Canvas, rings: Sequence[NDArray[np.int32]]) -> Canvas:
    tint = canvas.copy()
    for index, ring in enumerate(rings):
        hue = np.array([[[index * 47 % 180, 160, 255]]], np.uint8)
        cv2.fillPoly(tint, [ring], cv2.cvtColor(hue, cv2.COLOR_HSV2BGR)[0, 0].tolist())
    return np.asarray(cv2.addWeighted(canvas, 0.65, tint, 0.35, 0), np.uint8)


def _draw_box(canvas: Canvas, corners: NDArray[np.float64], found: bool) -> None:
    first, last = np.round(corners).astype(int).tolist()
    cv2.rectangle(canvas, first, last, FOUND_BGR if found else MISSED_BGR, 2 if found else 4)


def _draw_room(canvas: Canvas, room: Room, ring: NDArray[np.int32], right: bool) -> None:
    cv2.polylines(canvas, [ring], True, RIGHT_BGR if right else WRONG_BGR, 1 if right else 3)
    x, y = ring[ring.sum(axis=1).argmin()].tolist()
    text = f"{room.confidence:.2f} {room.name_hint or ''}"
    cv2.putText(canvas, text, (x + 4, y + 16), cv2.FONT_HERSHEY_SIMPLEX, 0.45, TEXT_BGR, 1, cv2.LINE_AA)
