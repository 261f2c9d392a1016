"""Calibration of confidence: how often rooms with such a score were right on plans free to ship."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class CalibrationOptions:
    """The calibration curve."""

    curve: tuple[tuple[float, float], ...] = (
        (0.246, 0.39),
        (0.388, 0.56),
        (0.559, 0.73),
        (0.654, 0.78),
        (0.707, 0.88),
        (0.753, 0.90),
        (0.816, 0.98),
        (0.892, 0.99),
    )
    """Scores and the share of rooms that were right (IoU at least 0.5) around them: 488 rooms on annotated
    pages that neither the network nor the scorers learned from, by ``room_training.fit_confidence``. The
    curve ends at 0.99: nothing is certain on a page of another kind."""


def calibrated_confidence(score: float, options: CalibrationOptions) -> float:
    """Share of rooms, 0 to 1, that are right at ``score``, interpolated between measured points."""
    scores, shares = zip(*options.curve, strict=True)
    return round(float(np.interp(score, scores, shares)), 3)
