"""Pictures of predicted over annotated rooms, for eyes."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from plans import Plan

from preview.domain.room import PAGE_SIDE, Room

ANNOTATED_BGR = (0, 150, 0)
PREDICTED_BGR = (30, 30, 220)
LONGEST_SIDE_PX = 1400


def draw(path: Path, plan: Plan, gray: NDArray[np.uint8], rooms: Sequence[Room]) -> None:
    """Writes a PNG: annotated boxes green; predicted rooms tinted, outlined, with name and confidence."""
    scale = min(2.0, LONGEST_SIDE_PX / max(gray.shape))
    picture = cv2.cvtColor(cv2.resize(gray, None, fx=scale, fy=scale), cv2.COLOR_GRAY2BGR)
    unit = np.array([picture.shape[1], picture.shape[0]]) / PAGE_SIDE
    tint = picture.copy()
    rings = [np.round(np.array(room.polygon) * unit).astype(np.int32) for room in rooms]
    for index, ring in enumerate(rings):
        hue = np.array([[[index * 47 % 180, 160, 255]]], np.uint8)
        cv2.fillPoly(tint, [ring], cv2.cvtColor(hue, cv2.COLOR_HSV2BGR)[0, 0].tolist())
    picture = cv2.addWeighted(picture, 0.6, tint, 0.4, 0)
    for truth in plan.rooms:
        first, last = (
            np.round(np.array(c) * unit).astype(int).tolist() for c in (truth.box[:2], truth.box[2:])
        )
        cv2.rectangle(picture, first, last, ANNOTATED_BGR, 2)
    for room, ring in zip(rooms, rings, strict=True):
        cv2.polylines(picture, [ring], True, PREDICTED_BGR, 1)
        x, y = ring.min(axis=0).tolist()
        text = f"{room.confidence:.2f} {room.name_hint or ''}"
        cv2.putText(
            picture, text, (x + 3, y + 14), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (160, 0, 0), 1, cv2.LINE_AA
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), picture)
