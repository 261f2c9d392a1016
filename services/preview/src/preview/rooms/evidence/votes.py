"""Which hypotheses found an area: the more agree on it, the likelier it is a room."""

from collections.abc import Sequence
from dataclasses import dataclass

from preview.rooms.walls.enclosed_areas import EnclosedArea
from preview.rooms.walls.wall_hypotheses import WallHypothesis


@dataclass(frozen=True, slots=True)
class VoteOptions:
    """When agreement is full."""

    full_agreement: tuple[int, int] = (4, 3)
    """Votes of wall hypotheses and number of gap sizes from which agreement is full. Tuned."""
    hypothesis_share: float = 0.7
    """Share of the hypotheses in agreement, the rest being the gap sizes'. Tuned."""


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """All that areas were sought with: wall hypotheses, then ``network`` ones; the number of gap sizes."""

    walls: Sequence[WallHypothesis]
    network: int
    gap_sizes: int

    def votes(self, area: EnclosedArea) -> dict[str, float]:
        """Shares of the hypotheses of each sort that found ``area``, by their fields of ``Region``."""
        found = self._walls_of(area)
        whole = sum(walls.vote == 1 for walls in found)
        by_network = sum(hypothesis >= len(self.walls) for hypothesis in area.hypotheses)
        return {
            "wall_votes": whole / max(1, sum(walls.vote == 1 for walls in self.walls)),
            "line_votes": (len(found) - whole) / max(1, sum(walls.vote < 1 for walls in self.walls)),
            "gap_votes": len(area.gap_sizes) / (self.gap_sizes + 1),
            "floor_votes": by_network / max(1, self.network),
        }

    def agreement(self, area: EnclosedArea, options: VoteOptions) -> float:
        """How far wall hypotheses and gap sizes agree on ``area``, 0 to 1; the network has no say."""
        votes = sum(walls.vote for walls in self._walls_of(area))
        all_votes, all_sizes = options.full_agreement
        by_walls, by_gaps = min(1.0, votes / all_votes), min(1.0, len(area.gap_sizes) / all_sizes)
        return round(options.hypothesis_share * by_walls + (1 - options.hypothesis_share) * by_gaps, 4)

    def _walls_of(self, area: EnclosedArea) -> list[WallHypothesis]:
        return [self.walls[hypothesis] for hypothesis in area.hypotheses if hypothesis < len(self.walls)]
