"""The curve from scores to shares of right rooms."""

import numpy as np
import pytest

from room_training.fit_confidence import GROUPS, fit


def judged(shares: list[float], each: int = 20) -> list[tuple[float, bool]]:
    """``each`` rooms per group, scores rising, of which these shares are right."""
    return [
        (group + room / each, room < share * each)
        for group, share in enumerate(shares)
        for room in range(each)
    ]


def test_groups_in_order_are_points_of_their_mean_score_and_share() -> None:
    shares = list(np.linspace(0.1, 0.65, GROUPS).round(2))
    points = fit(judged(shares))
    assert [share for _, share in points] == pytest.approx(shares)
    assert [score for score, _ in points] == pytest.approx([group + 0.475 for group in range(GROUPS)])


def test_groups_out_of_order_are_pooled_so_that_confidence_never_falls() -> None:
    shares = [0.1, 0.5, 0.3, 0.4, *[0.8] * (GROUPS - 4)]
    points = fit(judged(shares))
    assert [share for _, share in points] == pytest.approx([0.1, 0.4, 0.8])
    assert points[1][0] == pytest.approx(2.475)
