"""Calibration of confidence: how often rooms with such a score were right on plans free to ship."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class CalibrationOptions:
    """The calibration curve."""

    curve: tuple[tuple[float, float], ...] = (
        (0.262, 0.31),
        (0.377, 0.44),
        (0.476, 0.57),
        (0.572, 0.78),
        (0.647, 0.85),
        (0.711, 0.94),
        (0.754, 0.97),
        (0.786, 0.98),
        (0.815, 0.98),
        (0.841, 0.99),
    )
    """Scores and the share of rooms that were right (IoU at least 0.5) around them: 4274 rooms on pages that
    neither the network nor the trees learned from, by ``room_training.fit_confidence``. The curve
    ends at 0.99: nothing is certain on a page of another kind."""


def calibrated_confidence(score: float, options: CalibrationOptions) -> float:
    """Share of rooms, 0 to 1, that are right at ``score``, interpolated between measured points."""
    scores, shares = zip(*options.curve, strict=True)
    return round(float(np.interp(score, scores, shares)), 3)
