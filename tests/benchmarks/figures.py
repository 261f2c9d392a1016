"""What a benchmark found, and the statistics it is made of."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; ``reached`` is None where there is nothing to compare."""

    what: str
    measured: str
    target: str
    reached: bool | None


def seconds_of(action: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = perf_counter()
    action()
    return perf_counter() - started


def interleaved(rounds: int, *actions: Callable[[], object]) -> list[list[float]]:
    """Time actions in turn, so that drift of the machine meets all alike, after one round to warm up."""
    times: list[list[float]] = [[] for _ in actions]
    for number in range(rounds + 1):
        for action, kept in zip(actions, times, strict=True):
            seconds = seconds_of(action)
            if number:
                kept.append(seconds)
    return times


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that at least ``percent`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def millis(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as aligned text."""
    marks = {True: "ok", False: "OVER", None: ""}
    rows = [
        ("what", "measured", "target", ""),
        *((f.what, f.measured, f.target, marks[f.reached]) for f in figures),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])
