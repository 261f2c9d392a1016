"""What confidence is worth: of rooms said to be right with 0.8, how many are?"""

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10

Judged = Sequence[tuple[float, bool]]
"""Pairs (confidence, right) of predicted rooms."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Rooms of like confidence: its mean, the share of them that are right, and how many they are."""

    said: float
    right: float
    rooms: int


def bins(judged: Judged) -> list[Bin | None]:
    """Ten bins of equal width from confidence 0 to 1; None where no room is."""
    members: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for said, right in judged:
        members[min(int(said * BINS), BINS - 1)].append((said, right))
    return [_bin(pairs) if pairs else None for pairs in members]


def calibration_error(judged: Judged) -> float | None:
    """Expected calibration error: mean gap between confidence and share right; None without rooms."""
    if not judged:
        return None
    filled = [entry for entry in bins(judged) if entry]
    return sum(abs(entry.said - entry.right) * entry.rooms for entry in filled) / len(judged)


def reliability_rows(judged: Judged) -> list[list[str]]:
    """The bins as rows of text, a column per bin."""
    entries = bins(judged)
    return [
        ["confidence", *(f"from {index / BINS:.1f}" for index in range(BINS))],
        ["said", *(f"{entry.said:.2f}" if entry else "-" for entry in entries)],
        ["right", *(f"{entry.right:.2f}" if entry else "-" for entry in entries)],
        ["rooms", *(str(entry.rooms if entry else 0) for entry in entries)],
    ]


def _bin(pairs: Judged) -> Bin:
    said, right = zip(*pairs, strict=True)
    return Bin(sum(said) / len(pairs), sum(right) / len(pairs), len(pairs))
