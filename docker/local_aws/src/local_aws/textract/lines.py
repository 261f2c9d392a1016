"""What a reader finds on a page: lines of words.

Everything is relative to the page: 0 to 1 along each side, origin at the top-left corner, x right, y down.
A quad lists the corners as the text runs: where it begins at the top, then clockwise *for its reader*, so
that a label turned by 90° begins at another corner of its box than a level one.
"""

from dataclasses import dataclass

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class ReadWord:
    """``confidence`` is 0 to 100, as Textract has it."""

    text: str
    quad: Quad
    confidence: float


@dataclass(frozen=True, slots=True)
class ReadLine:
    """Words in reading order; never empty."""

    words: tuple[ReadWord, ...]
    quad: Quad

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        return sum(word.confidence for word in self.words) / len(self.words)


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def box_around(*quads: Quad) -> Box:
    """The upright box around all corners."""
    xs = [x for quad in quads for x, _ in quad]
    ys = [y for quad in quads for _, y in quad]
    return Box(min(xs), min(ys), max(xs), max(ys))


def quad_of_box(box: Box, quarter_turns: int = 0) -> Quad:
    """The corners of ``box`` for text turned ``quarter_turns`` times 90° clockwise."""
    corners = (
        (box.left, box.top),
        (box.right, box.top),
        (box.right, box.bottom),
        (box.left, box.bottom),
    )
    start = quarter_turns % 4
    turned = corners[start:] + corners[:start]
    return (turned[0], turned[1], turned[2], turned[3])


def part_of_quad(quad: Quad, start: float, end: float) -> Quad:
    """The part of ``quad`` between two fractions (0 to 1) of the way along its text."""
    top_start, top_end, bottom_end, bottom_start = quad
    return (
        _between(top_start, top_end, start),
        _between(top_start, top_end, end),
        _between(bottom_start, bottom_end, end),
        _between(bottom_start, bottom_end, start),
    )


def _between(a: Point, b: Point, fraction: float) -> Point:
    return (a[0] + (b[0] - a[0]) * fraction, a[1] + (b[1] - a[1]) * fraction)
