"""How a draughtsman draws: every choice that differs from one office to the next."""

from dataclasses import dataclass
from random import Random

FILLS = ("solid", "solid", "solid", "hollow", "hollow", "hatch", "tone", "outlined", "line")
"""Solid ink; two faces; faces with hatching; solid gray; gray with faces; one single line."""


@dataclass(frozen=True, slots=True)
class WallStyle:
    """``fill`` of a wall ``thickness_mm`` thick, in gray level ``ink``."""

    fill: str
    thickness_mm: float
    ink: int


@dataclass(frozen=True, slots=True)
class Style:
    """One drawing's manner; widths in pixels are of thin lines."""

    outer: WallStyle
    inner: WallStyle
    rail: WallStyle
    line_px: float
    ink: int
    paper: int
    floors: bool
    tiles: float
    furniture: float
    door: str
    window: str
    jambs: bool
    names: float
    sizes: float
    letter_mm: float
    dimensions: float


def any_style(random: Random) -> Style:
    """A style drawn from ``random``."""
    ink = random.choice([0, 0, 0, 20, 40, 70, 100])
    fill = random.choice(FILLS)
    outer = WallStyle(fill, random.choice([120, 180, 250, 300, 350, 420, 550]), _wall_ink(fill, ink, random))
    same = random.random() < 0.6
    inner_fill = fill if same else random.choice(FILLS)
    share = random.choice([0.35, 0.5, 0.7, 1.0])
    inner = WallStyle(
        inner_fill,
        max(60, outer.thickness_mm * share),
        outer.ink if same else _wall_ink(inner_fill, ink, random),
    )
    rail_fill = random.choice(["line", "hollow", "line", fill])
    return Style(
        outer=outer,
        inner=inner,
        rail=WallStyle(rail_fill, random.choice([40, 60, 100]), _wall_ink(rail_fill, ink, random)),
        line_px=random.choice([1, 1, 1, 1.4, 2, 3]),
        ink=ink,
        paper=random.choice([255, 255, 255, 255, 250, 240, 225]),
        floors=random.random() < 0.2,
        tiles=random.choice([0, 0, 0.15, 0.5]),
        furniture=random.choice([0, 0.4, 0.8, 1.0]),
        door=random.choice(["leaf", "leaf", "leaf", "thick leaf", "arc", "gap", "folded", "closed"]),
        window=random.choice(["lines", "lines", "four lines", "line", "bar", "box", "gap"]),
        jambs=random.random() < 0.6,
        names=random.choice([0, 0.6, 0.9, 1.0]),
        sizes=random.choice([0, 0, 0.6, 1.0]),
        letter_mm=random.uniform(150, 420),
        dimensions=random.choice([0, 0, 0.5, 1.0]),
    )


def _wall_ink(fill: str, ink: int, random: Random) -> int:
    return random.choice([90, 120, 150, 180]) if fill in ("tone", "outlined") else ink
