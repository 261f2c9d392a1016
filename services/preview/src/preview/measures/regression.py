"""Robust regression of a page's scale: how likely each scale is, given what all rooms say.

A scale is the logarithm of metres per pixel. Each room's evidence is a mixture: with the probability that
such evidence holds, one of its readings is right within the spread of tracing and rounding; else it says
nothing. So an outlier costs little, many rooms that agree outweigh it, and how much of the probability lies
close to the best scale is the confidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from preview.domain.scale import SAME_SCALE
from preview.measures.evidence import Evidence, Floats

_STEP = 0.01
_REACH = 2.5
"""Of the scales looked at, from the usual one: rooms of 1/12 to 12 times the usual side."""
_USUAL_SIDE_M = 2.5
_USUAL_SPREADS = ((0.85, 0.35), (0.15, 1.0))
"""Root of the median room's area, and shares and spreads of its logarithm: over plans with a scale beyond
doubt 0.2 on agents' plans and 0.3 on listings; the rest is for halls and offices."""

_WHOLE_SHIFT, _WHOLE_SPREAD_UP, _WHOLE_SPREAD_DOWN = 0.02, 0.06, 0.1
"""Of the log of the true scale, from that by which all bare areas together fill all outlines together."""
_WHOLE_HOLDS = 0.9
_FEWEST_BARE = 3
_TOTAL = 0.7
"""A number by the sum of all others from which it is a total."""

_CLOSE, _LOOSE = 0.022, 0.08
"""Spread of a traced side's logarithm where an outline is right, and where it is roughly right."""
_LOOSELY = 0.35
_ASPECT_DENSITY = 1.2
"""How densely the ratio of two sides lies about that of another room, by its logarithm."""
_ONE_SIDE = 0.3
"""Share of sizes of which but one side agrees: a niche or a wardrobe is traced with the room, or without."""
_CAUTION = 0.75
"""What is left of evidence that is not independent: rooms of a page are traced and read alike."""

_FEWEST_STRETCHED = 3
_STRETCHES = np.concatenate([np.arange(-0.8, -0.05, 0.03), np.arange(0.08, 0.81, 0.03)])
"""Logs of the scale along x by that along y; less cannot be told from tracing."""
_STRETCH_STEP, _STRETCH_REACH = 0.02, 0.45
_STRETCHED, _SQUARE_STRETCHED = 0.02, 0.3
"""How often pages are stretched, and exactly square pictures, which plans seldom are by themselves."""
_PROVEN = 0.97


@dataclass(frozen=True, slots=True)
class Expectation:
    """Log scales that a page is expected to have before its rooms are asked one by one.

    ``usual`` gives its median room a usual size. ``whole`` gives all its outlines together all areas that
    are printed without a unit: plans that print them so print them in every room, and an outline that lost a
    part to furniture has lost it to its neighbours.
    """

    usual: float
    whole: float | None = None
    stretched: float = _STRETCHED

    @classmethod
    def of(cls, areas_px: Sequence[float], evidence: Sequence[Evidence], *, is_square: bool) -> "Expectation":
        """From the areas of all outlines in pixels, and whether the page is exactly square."""
        stretched = _SQUARE_STRETCHED if is_square else _STRETCHED
        usual = float(np.log(_USUAL_SIDE_M) - np.log(np.median(areas_px)) / 2)
        bare = sorted(each.bare_m2 for each in evidence if each.bare_m2)
        if len(bare) > _FEWEST_BARE and bare[-1] >= _TOTAL * sum(bare[:-1]):
            bare.pop()
        if len(bare) < _FEWEST_BARE:
            return cls(usual, stretched=stretched)
        return cls(usual, float(np.log(sum(bare) / sum(areas_px)) / 2), stretched)

    def log_density(self, scales: Floats) -> Floats:
        density = sum(share * _normal(scales - self.usual, spread) for share, spread in _USUAL_SPREADS)
        if self.whole is not None:
            off = scales - self.whole - _WHOLE_SHIFT
            spread = np.where(off > 0, _WHOLE_SPREAD_UP, _WHOLE_SPREAD_DOWN)
            whole = _normal(off, spread)
            density = _WHOLE_HOLDS * whole + (1 - _WHOLE_HOLDS) * density
        return np.asarray(np.log(density + 1e-12))


@dataclass(frozen=True, slots=True)
class Fit:
    """The likeliest scale along x and y, and the probability that it is near; ``support`` by evidence.

    Support is the log of how much likelier evidence is made by the scale: below 0 is an outlier.
    """

    log_scale: tuple[float, float]
    confidence: float
    support: Floats


def fit(evidence: Sequence[Evidence], expected: Expectation) -> Fit | None:
    """The scale of a page; None without evidence.

    One for both axes, unless sizes prove that the page is stretched.
    """
    if not evidence:
        return None
    grid = expected.usual + np.arange(-_REACH, _REACH, _STEP)
    support = _support(evidence, grid[:, None] * np.ones(2))
    posterior = _posterior(support, grid, expected)
    best = _middle(grid, posterior)
    alike = _fit_at((best, best), float(posterior[np.abs(grid - best) <= SAME_SCALE].sum()), evidence)
    doubt, apart = _stretched(evidence, best, expected)
    return apart if apart and doubt >= _PROVEN else replace(alike, confidence=alike.confidence * (1 - doubt))


def _fit_at(scale: tuple[float, float], confidence: float, evidence: Sequence[Evidence]) -> Fit:
    return Fit(scale, min(1.0, confidence), _support(evidence, np.array([scale]))[0])


def _log_posterior(support: Floats, grid: Floats, expected: Expectation) -> Floats:
    return np.asarray(_CAUTION * support.sum(axis=1) + expected.log_density(grid))


def _posterior(support: Floats, grid: Floats, expected: Expectation) -> Floats:
    logs = _log_posterior(support, grid, expected)
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def _middle(grid: Floats, posterior: Floats) -> float:
    """The mean of what lies about the densest place."""
    window = np.ones(round(SAME_SCALE / _STEP)) / round(SAME_SCALE / _STEP)
    densest = grid[int(np.argmax(np.convolve(posterior, window, mode="same")))]
    near = np.abs(grid - densest) <= SAME_SCALE
    return float((grid * posterior)[near].sum() / posterior[near].sum())


def _support(evidence: Sequence[Evidence], scales: Floats) -> Floats:
    """``(scales, evidence)``: log of how much likelier a piece is at one of ``scales`` than anywhere."""
    return np.stack([_support_of(each, scales) for each in evidence], axis=1)


def _support_of(each: Evidence, scales: Floats) -> Floats:
    off = each.logs - scales[:, None]
    if each.is_area:
        density = _density(off.mean(axis=2))
    else:
        sides = _density(off)
        both, one = sides.prod(axis=2) / _ASPECT_DENSITY, sides.mean(axis=2)
        density = (1 - _ONE_SIDE) * both + _ONE_SIDE * one
    anywhere = 1 / (2 * _REACH)
    return np.asarray(np.log(1 - each.holds + each.holds * (density @ each.shares) / anywhere))


def _density(off: Floats) -> Floats:
    return np.asarray((1 - _LOOSELY) * _normal(off, _CLOSE) + _LOOSELY * _normal(off, _LOOSE))


def _normal(off: Floats, spread: float | Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * (off / spread) ** 2) / (spread * np.sqrt(2 * np.pi)))


def _stretched(evidence: Sequence[Evidence], best: float, expected: Expectation) -> tuple[float, Fit | None]:
    """The probability that the axes have scales of their own, near the ``best`` common one, and that fit.

    Only sizes can tell.
    """
    sizes = [each for each in evidence if not each.is_area]
    if len(sizes) < _FEWEST_STRETCHED:
        return 0.0, None
    common = np.arange(best - _STRETCH_REACH, best + _STRETCH_REACH, _STRETCH_STEP)
    halves = np.stack([_STRETCHES, -_STRETCHES], axis=1) / 2
    scales = (common[:, None, None] + halves).reshape(-1, 2)
    apart = _log_posterior(_support(sizes, scales), scales.mean(axis=1), expected)
    alike = _log_posterior(_support(sizes, common[:, None] * np.ones(2)), common, expected)
    odds = np.log(expected.stretched / (1 - expected.stretched) / len(_STRETCHES))
    odds += np.logaddexp.reduce(apart) - np.logaddexp.reduce(alike)
    weights = np.exp(apart - apart.max())
    near = (np.abs(scales - scales[int(np.argmax(apart))]) <= SAME_SCALE).all(axis=1)
    x, y = (scales * weights[:, None])[near].sum(axis=0) / weights[near].sum()
    found = _fit_at((float(x), float(y)), float(weights[near].sum() / weights.sum()), evidence)
    return float(1 / (1 + np.exp(-odds))), found
