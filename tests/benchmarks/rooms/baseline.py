"""The figures of accuracy that detection had when they were last kept, and what changed since."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from evaluation import Score

DIGITS = 3
STEP = 10**-DIGITS
"""Figures are kept and compared as printed; a difference of one step may be rounding alone."""
LOWER_IS_BETTER = frozenset({"ECE"})

Verdict = Literal["worse", "better", "same"]


@dataclass(frozen=True, slots=True)
class Record:
    """The figures of one set, and how many plans and rooms they are of."""

    plans: int
    rooms: int
    figures: dict[str, float | None]

    @classmethod
    def of(cls, score: Score) -> "Record":
        """The figures of ``score`` as printed."""
        figures = {name: _rounded(figure) for name, figure in score.figures.items()}
        return cls(score.plans, score.boxes.annotated, figures)

    def differences(self, before: "Record | None") -> dict[str, float]:
        """What to add to the figures ``before`` to get these; empty if those are of other plans."""
        if before is None or (self.plans, self.rooms) != (before.plans, before.rooms):
            return {}
        return {
            name: round(figure - earlier, DIGITS)
            for name, figure in self.figures.items()
            if figure is not None and (earlier := before.figures.get(name)) is not None
        }


def verdict(name: str, difference: float) -> Verdict:
    """Whether the figure called ``name`` got worse or better by more than a rounding step."""
    gain = -difference if name in LOWER_IS_BETTER else difference
    if abs(gain) < 1.5 * STEP:
        return "same"
    return "better" if gain > 0 else "worse"


def load(path: Path, mode: str) -> dict[str, Record]:
    """The records kept for ``mode`` by set; none if there is no such file."""
    if not path.exists():
        return {}
    modes = json.loads(path.read_text(encoding="utf-8"))
    return {name: Record(**facts) for name, facts in modes.get(mode, {}).items()}


def keep(path: Path, mode: str, records: Mapping[str, Record]) -> None:
    """Writes ``records`` over those of the same sets and ``mode``; all others stay."""
    modes = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept = modes.setdefault(mode, {})
    kept.update({name: asdict(record) for name, record in records.items()})
    modes[mode] = dict(sorted(kept.items()))
    path.write_text(json.dumps(modes, indent=2, sort_keys=False) + "\n", encoding="utf-8")


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, DIGITS)
