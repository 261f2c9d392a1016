"""Score to confidence: how often rooms with such a score were right on plans free to ship."""

import numpy as np

from preview.rooms.options import DetectorOptions


def confidence_of(score: float, options: DetectorOptions) -> float:
    """Share of rooms, 0 to 1, that are right at ``score``, interpolated between measured points."""
    scores, shares = zip(*options.confidence_table, strict=True)
    return round(float(np.interp(score, scores, shares)), 3)
