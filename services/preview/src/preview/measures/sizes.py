"""Sizes as rooms print them, read from a line of text.

A line may be read in several ways where its reader lost a mark: the ``113`` of ``15'2 x 113`` is 11'3, or
113 of something. Every reading is answered, the likeliest first; the page as a whole decides which holds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import product

from preview.measures.numerals import FOOT_M, INCH_M, mended, number

MOST_READINGS = 6
"""Readings of a line that are followed: with more, some scale would suit any of them."""
SHORTEST_SIDE_M, LONGEST_SIDE_M = 0.4, 100.0
"""Sides of rooms, from a riser's to a hall's."""
SLIMMEST = 15.0
"""Longer side by shorter one of the slimmest corridor."""
_INCHES_PER_FOOT = 12
_LONGEST_TEXT = 80
"""Characters of a line that may be a size; longer ones are notes."""

_MOST_SIGNS = 4
"""Multiplication signs of a line: those of a box in feet and in metres."""

_BY = re.compile(r"\s*(?:(?<![a-z])x(?![a-z])|(?<=\dm)x|(?<=[a-z])x(?=\s?\d)|\bby\b)\s*")
_PRIME = "['\u00b0\u00ba]"
"""A degree or ordinal sign is a prime misread, or all that is left of an inch mark."""
_FOOT = r"f(?:ee)?t\b\.?"
_METRE = r"m(?:trs?|ts?|et(?:er|re)s?)?\b"
_LENGTH = rf"\d(?:[\d.,'\"\u00b0\u00ba/\s-]|{_FOOT}|in(?:ch(?:es)?)?\b\.?|mm|cm|m(?=\d)|{_METRE})*"
_AT_END = re.compile(rf"(?:{_LENGTH})$")
_AT_START = re.compile(_LENGTH)

_FEET = re.compile(
    rf"""(?P<feet>\d{{1,3}}) \s? (?:{_PRIME}|{_FOOT})
         (?: [\s-]* (?P<inches>\d{{1,2}}(?:[.,]\d+)?) (?!/) )?
         (?: [\s-]* (?P<above>\d{{1,2}})/(?P<below>\d{{1,2}}) )?
         \s? (?:"|{_PRIME}+|in(?:ch(?:es)?)?\.?)?""",
    re.VERBOSE,
)
_DECIMAL_FEET = re.compile(rf"(\d{{1,3}}[.,]\d{{1,2}})\s?(?:{_PRIME}|{_FOOT})")
_POINT_FOR_PRIME = re.compile(r"(\d{1,2})[.,\s-]+(\d{1,2})\s?\"?")
_RUN_TOGETHER = re.compile(rf"(\d{{1,4}})\s?(?:\"|{_PRIME})*")
_METRIC = re.compile(rf"(\d{{1,6}}(?:[.,]\d{{1,3}})?)\s?(mm|cm|{_METRE})?")
_METRES_AND_CENTIMETRES = re.compile(r"(\d{1,2})m(\d\d)")
_IMPERIAL_SIGN = re.compile(r"""['"\u00b0\u00ba]|\d\s?f(?:ee)?t\b""")


class SizeKind(Enum):
    """How a size is written.

    ``CENTIMETRES`` without their unit may be windows' (``248x149``); other ``DIGITS`` too (``9x21``), or feet
    whose marks were lost.
    """

    METRIC = "metric"
    IMPERIAL = "imperial"
    CENTIMETRES = "centimetres"
    DIGITS = "digits"


@dataclass(frozen=True, slots=True)
class PrintedSize:
    """``text``, and the sides that it may mean in metres, in the order printed, the likeliest first."""

    text: str
    sides_m: tuple[tuple[float, float], ...]
    kind: SizeKind


def read_sizes(text: str) -> list[PrintedSize]:
    """Sizes in ``text``: ``12'-0" x 10'-6"``, ``3.50 x 4.20 m``, ``3500 x 4200``; of a box the first two.

    Several where a line says the same in feet and in metres.
    """
    if len(text) > _LONGEST_TEXT:
        return []
    parts = _BY.split(mended(text), _MOST_SIGNS)
    sizes, first = [], 0
    while first + 1 < len(parts):
        size = _size(parts[first], parts[first + 1])
        is_box = size is not None and bool(re.fullmatch(_LENGTH, parts[first + 1]))
        first += 2 if is_box else 1
        sizes += [size] if size else []
    return sizes


def _size(before: str, behind: str) -> PrintedSize | None:
    ends, starts = _AT_END.search(before), _AT_START.match(behind)
    if not ends or not starts:
        return None
    firsts = _cut(ends[0], from_the_left=True)
    seconds = _cut(starts[0], from_the_left=False)
    for first, second in product(firsts, seconds):
        if sides := _sides(first, second):
            return PrintedSize(f"{first} x {second}", sides, _kind(first, second))
    return None


def _cut(text: str, *, from_the_left: bool) -> list[str]:
    """``text`` and what is left of it without words at one end, the longest first."""
    words = text.split()
    return [
        " ".join(words[count:] if from_the_left else words[: len(words) - count])
        for count in range(len(words))
    ]


def _kind(first: str, second: str) -> SizeKind:
    if _IMPERIAL_SIGN.search(f"{first} {second}"):
        return SizeKind.IMPERIAL
    if not (first.isdigit() and second.isdigit()):
        return SizeKind.METRIC
    lesser, larger = sorted((int(first), int(second)))
    if _is_in_mm(lesser, larger):
        return SizeKind.METRIC
    return SizeKind.CENTIMETRES if _is_in_cm(lesser, larger) else SizeKind.DIGITS


def _is_in_mm(lesser: int, larger: int) -> bool:
    return larger >= 1000 and lesser >= 400


def _is_in_cm(lesser: int, larger: int) -> bool:
    return lesser >= 100 and larger < 1000


def _sides(first: str, second: str) -> tuple[tuple[float, float], ...]:
    imperial = bool(_IMPERIAL_SIGN.search(f"{first} {second}"))
    pairs = product(_in_feet(first), _in_feet(second)) if imperial else _metric_pairs(first, second)
    plausible = [(round(a, 4), round(b, 4)) for a, b in pairs if _is_room(a, b)]
    return tuple(dict.fromkeys(plausible))[:MOST_READINGS]


def _is_room(a: float, b: float) -> bool:
    shorter, longer = min(a, b), max(a, b)
    return shorter >= SHORTEST_SIDE_M and longer <= LONGEST_SIDE_M and longer <= SLIMMEST * shorter


def _metric_pairs(first: str, second: str) -> Iterator[tuple[float, float]]:
    if (one := _METRES_AND_CENTIMETRES.fullmatch(first)) and (
        other := _METRES_AND_CENTIMETRES.fullmatch(second)
    ):
        yield float(f"{one[1]}.{one[2]}"), float(f"{other[1]}.{other[2]}")
    a, b = _METRIC.fullmatch(first), _METRIC.fullmatch(second)
    if not a or not b:
        return
    unit = (b[2] or a[2] or "")[:2]
    if unit or not (a[1].isdigit() and b[1].isdigit()):
        metres = {"mm": 0.001, "cm": 0.01}.get(unit, 1.0)
        yield number(a[1]) * metres, number(b[1]) * metres
    else:
        yield from _without_unit(a[1], b[1])


def _without_unit(first: str, second: str) -> Iterator[tuple[float, float]]:
    """Whole numbers: millimetres, centimetres, or feet and inches run together."""
    lesser, larger = sorted((int(first), int(second)))
    if _is_in_mm(lesser, larger):
        yield int(first) / 1000, int(second) / 1000
    if _is_in_cm(lesser, larger):
        yield int(first) / 100, int(second) / 100
    yield from product(_run_together(first), _run_together(second))


def _in_feet(text: str) -> list[float]:
    """What ``text`` means in metres if it is in feet and inches; none if it cannot be."""
    if found := _DECIMAL_FEET.fullmatch(text):
        return [number(found[1]) * FOOT_M]
    lengths = []
    if found := _FEET.fullmatch(text):
        inches = number(found["inches"] or "0")
        if found["above"] and int(found["below"]):
            inches += int(found["above"]) / int(found["below"])
        if inches < _INCHES_PER_FOOT:
            lengths.append(int(found["feet"]) * FOOT_M + inches * INCH_M)
    if (found := _POINT_FOR_PRIME.fullmatch(text)) and int(found[2]) < _INCHES_PER_FOOT:
        lengths.append(int(found[1]) * FOOT_M + int(found[2]) * INCH_M)
    return lengths + _run_together(text)


def _run_together(text: str) -> list[float]:
    """``text`` as feet and inches whose prime was lost, ``104`` and ``168\u00b0``, or as feet alone."""
    found = _RUN_TOGETHER.fullmatch(text)
    if not found or re.fullmatch(r"\d+'", text):
        return []
    digits = found[1]
    cuts = ((digits[:cut], digits[cut:]) for cut in range(len(digits) - 1, 0, -1))
    split = [
        int(feet) * FOOT_M + int(inches) * INCH_M
        for feet, inches in cuts
        if int(inches) < _INCHES_PER_FOOT and (inches == "0" or inches[0] != "0") and len(feet) <= 2
    ]
    alone = [int(digits) * FOOT_M] if len(digits) <= 2 else []
    return alone + split if len(digits) == 2 and int(digits) < 30 else split + alone
