"""The scale of a page: how many metres a unit of page coordinates is, and how sure that is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import hypot, log

from preview.domain.room import PAGE_SIDE, Point

SAME_SCALE = 0.08
"""Log of two scales' ratio up to which they say the same: that of tracing, reading and printing together."""
MOST_CONFIDENCE = 0.97
"""Of a scale that nobody gave."""
_CONFIRMS = 0.7
"""Share of a source's confidence by which it takes doubt from one that it agrees with."""
_CONTRADICTS = 0.5
"""Share of a source's confidence by which it lowers that of one that it disagrees with."""


class ScaleSource(StrEnum):
    """Where a scale comes from, the surest first."""

    GIVEN = "given"
    DIMENSIONS = "dimensions"
    AREAS = "areas"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Scale:
    """``metres_per_unit`` of page coordinates along x and y; ``text`` is what says so, the best of several.

    ``conflicts`` are the other sources that say something else.
    """

    metres_per_unit: tuple[float, float]
    source: ScaleSource
    text: str | None
    confidence: float
    conflicts: tuple[ScaleSource, ...] = ()

    def compared_with(self, others: Iterable["Scale"]) -> "Scale":
        """This scale, surer for each of ``others`` that agrees and less sure for each that does not."""
        scale = self
        for other in others:
            if scale._agrees_with(other):
                doubt = (1 - scale.confidence) * (1 - _CONFIRMS * other.confidence)
                surer = max(scale.confidence, min(MOST_CONFIDENCE, 1 - doubt))
                scale = replace(scale, confidence=surer)
            else:
                scale = scale.contradicted_by(other.source, other.confidence)
        return scale

    def outranking(self, read: "Scale | None") -> "Scale":
        """This scale, which was given, less sure where what was ``read`` of the page says something else.

        Where it agrees, what contradicts the read one contradicts it too, by the doubt that is left in that.
        """
        scale = self.compared_with([read] if read else [])
        if read and not scale.conflicts:
            for source in read.conflicts:
                scale = scale.contradicted_by(source, 1 - read.confidence)
        return replace(scale, confidence=round(scale.confidence, 2))

    def contradicted_by(self, source: ScaleSource, confidence: float) -> "Scale":
        """This scale, less sure for a ``source`` that says something else with ``confidence``."""
        less = self.confidence * (1 - _CONTRADICTS * confidence)
        return replace(self, confidence=less, conflicts=(*self.conflicts, source))

    def _agrees_with(self, other: "Scale") -> bool:
        pairs = zip(self.metres_per_unit, other.metres_per_unit, strict=True)
        return all(abs(log(one / another)) <= SAME_SCALE for one, another in pairs)


@dataclass(frozen=True, slots=True)
class PageSize:
    """Of the raster that page coordinates stand for; millimetres are those of a PDF's sheet, as seen."""

    width_px: int
    height_px: int
    width_mm: float | None = None
    height_mm: float | None = None

    @property
    def px_per_unit(self) -> tuple[float, float]:
        return self.width_px / PAGE_SIDE, self.height_px / PAGE_SIDE

    def metres_per_unit_at(self, ratio: float) -> tuple[float, float] | None:
        """The scale of one to ``ratio``; None where the sheet's real size is not known."""
        if self.width_mm is None or self.height_mm is None:
            return None
        metres_per_mm = ratio / 1000
        return self.width_mm / PAGE_SIDE * metres_per_mm, self.height_mm / PAGE_SIDE * metres_per_mm


@dataclass(frozen=True, slots=True)
class GivenLength:
    """Two points in page coordinates, and how many metres they are apart."""

    start: Point
    end: Point
    metres: float

    def on(self, page: PageSize) -> Scale:
        """The scale that the caller means, both axes of the picture alike."""
        x, y = page.px_per_unit
        length_px = hypot((self.end[0] - self.start[0]) * x, (self.end[1] - self.start[1]) * y)
        metres_per_px = self.metres / length_px
        return Scale((_rounded(metres_per_px * x), _rounded(metres_per_px * y)), ScaleSource.GIVEN, None, 1.0)


@dataclass(frozen=True, slots=True)
class GivenRatio:
    """One to ``ratio`` on the sheet of a PDF."""

    ratio: float

    @classmethod
    def parsed(cls, text: str) -> "GivenRatio":
        """Of a text as in `RATIO_PATTERN`."""
        return cls(float(text.removeprefix("1:")))

    @property
    def text(self) -> str:
        return f"1:{self.ratio:.15g}"

    def on(self, page: PageSize) -> Scale | None:
        """The scale that the caller means; None where the sheet's real size is not known."""
        metres_per_unit = page.metres_per_unit_at(self.ratio)
        if metres_per_unit is None:
            return None
        x, y = metres_per_unit
        return Scale((_rounded(x), _rounded(y)), ScaleSource.GIVEN, self.text, 1.0)


GivenScale = GivenLength | GivenRatio


@dataclass(frozen=True, slots=True)
class ScaleChange:
    """What a caller says of the scale: one that is kept, or None to forget the one that was given."""

    scale: GivenScale | None


RATIO_PATTERN = r"^1:[1-9][0-9]{0,4}(\.[0-9]{1,3})?$"

MIN_LENGTH_M, MAX_LENGTH_M = 0.01, 10_000.0
"""Of a length that is given."""

MIN_LENGTH_UNITS = 0.01
"""Between the points of a length that is given: page coordinates have two decimals."""


def _rounded(metres: float) -> float:
    return float(f"{metres:.6g}")
