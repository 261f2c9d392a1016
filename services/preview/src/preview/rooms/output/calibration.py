"""Calibration of confidence: how often rooms with such a score were right on plans free to ship."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class CalibrationOptions:
    """The calibration curve."""

    curve: tuple[tuple[float, float], ...] = (
        (0.255, 0.22),
        (0.360, 0.42),
        (0.459, 0.52),
        (0.544, 0.63),
        (0.614, 0.75),
        (0.669, 0.85),
        (0.713, 0.88),
        (0.750, 0.91),
        (0.785, 0.92),
        (0.819, 0.97),
        (0.857, 0.98),
        (0.922, 0.99),
    )
    """Scores and the share of rooms that were right (IoU at least 0.5) around them: 4661 rooms on pages that
    neither the network nor the scorers learned from, by ``room_training.fit_confidence``. The curve
    ends at 0.99: nothing is certain on a page of another kind."""


def calibrated_confidence(score: float, options: CalibrationOptions) -> float:
    """Share of rooms, 0 to 1, that are right at ``score``, interpolated between measured points."""
    scores, shares = zip(*options.curve, strict=True)
    return round(float(np.interp(score, scores, shares)), 3)
