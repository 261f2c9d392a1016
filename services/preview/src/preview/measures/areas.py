"""Areas as rooms print them, read from a line of text."""

import re
from dataclasses import dataclass

from preview.measures.numerals import MAT_M2, SQUARE_FOOT_M2, TSUBO_M2, mended, number

SMALLEST_M2, LARGEST_M2 = 0.3, 5000.0
LARGEST_BARE_M2 = 400.0
"""Largest area that is believed without its unit."""
_WHOLE_DIGITS = 2
"""Digits up to which a whole number of square metres has lost no decimal sign."""
_LONGEST_TEXT = 80
"""Characters of a line that may be an area; longer ones are notes."""

_FOOT = r"f(?:ee)?t\b\.?"
_UNITS = (
    (rf"(?:sq(?:uare|\.)?\s?{_FOOT}|sqft|s\.?f\.?|{_FOOT}\^?2)", SQUARE_FOOT_M2),
    (r"(?:m\^?2|m\.?q|sq(?:uare|\.)?\s?m(?:et(?:er|re)s?)?|qm|kvm|kv\.?\s?m|\u043a\u0432\.?\s?m)", 1.0),
    (r"[\u5e16\u7573]|jo\b", MAT_M2),
    (r"[\u576a\u5e73\ud3c9]", TSUBO_M2),
)
"""Units as regular expressions, with their square metres."""
_UNIT = "|".join(f"(?P<u{i}>{form})" for i, (form, _) in enumerate(_UNITS))
_NUMBER = r"\d{1,4}(?:[.,]\d{1,2})?"
_WITH_UNIT = re.compile(rf"(?<![\d.,])(?P<number>{_NUMBER})\s?(?:{_UNIT})(?![a-z\d])")
_WITH_SIGN = re.compile(rf"(?<![^\W\d_])(?:s|a|area|fl|surf|sup|pow)\.?\s?[=:]\s?(?P<number>{_NUMBER})\s?m?")
_BARE = re.compile(r"(?P<number>\d{1,3}[.,]\d{1,2})\s?(?:m\.?)?")
_NAMED = re.compile(r"(?:[^\W\d][^\d]*[\s:])?(?P<number>\d{1,3}[.,]\d{1,2})\s?(?:m\.?)?")


@dataclass(frozen=True, slots=True)
class PrintedArea:
    """``text``, and the square metres that it may mean, the likeliest first.

    ``bare`` where nothing but the number says that it is an area.
    """

    text: str
    areas_m2: tuple[float, ...]
    bare: bool = False


def read_area(text: str, *, is_named: bool = False) -> PrintedArea | None:
    """The area in ``text``: ``12,5 m2``, ``120 sq ft``, ``S=12,5`` or a bare ``12,5``; None without one.

    A number that ``is_named``, standing by a room's name, is no bare one.
    """
    if len(text) > _LONGEST_TEXT:
        return None
    plain = mended(text)
    if found := _WITH_UNIT.search(plain):
        per_unit = next(factor for i, (_, factor) in enumerate(_UNITS) if found[f"u{i}"])
        return _area(text, found["number"], per_unit)
    if found := _WITH_SIGN.fullmatch(plain):
        return _area(text, found["number"])
    alone = (_NAMED if is_named else _BARE).fullmatch(plain)
    if alone and number(alone["number"]) <= LARGEST_BARE_M2:
        return _area(text, alone["number"], bare=not is_named)
    return None


def _area(text: str, digits: str, per_unit: float = 1.0, *, bare: bool = False) -> PrintedArea | None:
    """The area that ``digits`` tell, or would if their decimal sign was lost: ``1162`` of ``11.62``."""
    read = [number(digits) * per_unit]
    if per_unit == 1.0 and digits.isdigit() and len(digits) > _WHOLE_DIGITS:
        read += [read[0] / 100, read[0] / 10]
    areas = tuple(area for area in read if SMALLEST_M2 <= area <= LARGEST_M2)
    return PrintedArea(text.strip(), areas, bare) if areas else None
