"""Scale notes, ``1:50`` or ``1/4" = 1'-0"``, and what they are worth on a sheet of a known size."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from preview.measures.numerals import FOOT_M, INCH_MM, with_plain_signs

LEAST_RATIO, LARGEST_RATIO = 20, 2500
"""Details are drawn larger than a floor, sites smaller."""

_SCALE_WORD = (
    r"(?:scale|mittakaava|ma(?:ss|\u00df)stab|echelle|\u00e9chelle|escala|scala|schaal|skala|m\u011b\u0159\u00edtko"
    r"|meritko|\u00f6l\u00e7ek|olcek|l\u00e9pt\u00e9k|malestok{1,2}|m\u00e5lestok{1,2}|\u043c?\u0430\u0441\u0448\u0442\u0430\u0431"
    r"|ma\u0441\u0448\u0442\u0430\u0431|m\u0430\u0441\u0448\u0442\u0430\u0431|\u03ba\u03bb\u03b9\u03bc\u03b1\u03ba\u03b1|\u7e2e\u5c3a|\u6bd4\u4f8b|\ucd95\ucc99)"
)
_RATIO = re.compile(r"(?<![\d.,:/])1\s?[:/]\s?(\d{2,4})(?![\d:/.,]|\s?[\"'])")
_INCHES = r"(?:(?P<whole>\d{1,2})(?!/)[\s-]?)?(?:(?P<above>\d{1,2})/(?P<below>\d{1,2}))?\s?\""
_FEET = re.compile(rf"(?<![\d/]){_INCHES}\s?=?\s?(?P<feet>\d{{1,3}})\s?'(?:[\s-]*0\s?\"?)?")
_FEET_CUT_OFF = re.compile(rf"{_SCALE_WORD}\s?[:=]?\s?{_INCHES}\s?=?$")
"""Some text layers give what follows the equals sign apart; an inch of a floor is then a foot."""
_NOT_TO_SCALE = re.compile(
    r"\bn\.?t\.?s\b\.?|not (?:drawn )?to (?:any )?scale|ei mittakaavassa|nicht ma(?:ss|\u00df)st"
    r"|sans \w?chelle|sin escala|fuori scala"
)
"""``Do not scale`` is none of them: it tells builders to trust figures more than rulers."""
_BESIDE = re.compile(
    rf"{_SCALE_WORD}|\b(?:m|at|on|size|sheet|format|full|drawing|plan)\b|@|\b(?:iso|ansi|arch)?\s?[a-e][0-5]?\b"
    rf"|{{sheet}}|[\W\d_]+".replace("{sheet}", r"\b(?:letter|legal|tabloid|ledger)\b")
)
_SHEET = re.compile(
    r"\b(?:iso\s?)?(?P<iso>a[0-5])\b|\b(?P<system>ansi|arch)\s?(?P<letter>[a-e])\b"
    r"|\b(?P<name>letter|legal|tabloid|ledger)\b|(?<![\d/])(?P<inches>\d{2}\s?x\s?\d{2})\b"
)
_SHEETS_MM = {
    "a0": (841, 1189), "a1": (594, 841), "a2": (420, 594), "a3": (297, 420), "a4": (210, 297),
    "a5": (148, 210), "ansi a": (216, 279), "ansi b": (279, 432), "ansi c": (432, 559),
    "ansi d": (559, 864), "ansi e": (864, 1118), "arch a": (229, 305), "arch b": (305, 457),
    "arch c": (457, 610), "arch d": (610, 914), "arch e": (914, 1219),
    "letter": (216, 279), "legal": (216, 356), "tabloid": (279, 432), "ledger": (279, 432),
}  # fmt: skip
"""ISO 216, ANSI/ASME Y14.1, in millimetres."""
_SHEET_TOLERANCE = 0.015
"""By which a page may differ from its sheet: cut and bleed."""

_ON_NAMED_SHEET, _ON_STANDARD_SHEET, _ON_ANY_SHEET = 0.78, 0.6, 0.4
"""What a note is worth. A drawing may have been scaled to fit its paper; a sheet's name rules that out."""
_AMONG_OTHERS = 0.6
"""Left of that where other drawings of the sheet have other scales."""


@dataclass(frozen=True, slots=True)
class ScaleNote:
    """``text`` says one to ``ratio``; ``sheet_mm`` are the sides of the paper that it names, if any."""

    text: str
    ratio: float
    sheet_mm: tuple[float, float] | None


def read_scale_notes(text: str) -> list[ScaleNote]:
    """The scales in a line of text, each with its sheet; none of slopes and details."""
    plain = with_plain_signs(text).strip()
    found = [*_RATIO.finditer(plain)] or [*_FEET.finditer(plain)] or [*_FEET_CUT_OFF.finditer(plain)]
    if not found or (not re.search(_SCALE_WORD, plain) and _says_more(plain, found)):
        return []
    ends = [*(match.start() for match in found[1:]), len(plain)]
    notes = (
        ScaleNote(text.strip(), _ratio_of(match), _sheet_in(plain[match.end() : end]))
        for match, end in zip(found, ends, strict=True)
    )
    return [note for note in notes if LEAST_RATIO <= note.ratio <= LARGEST_RATIO]


def _says_more(plain: str, found: Sequence[re.Match[str]]) -> bool:
    """Whether a line says more than scales and their sheets, as that of a slope does."""
    for match in found:
        plain = plain.replace(match[0], " ")
    return bool(_BESIDE.sub("", _SHEET.sub("", plain)).strip())


def is_not_to_scale(text: str) -> bool:
    """Whether ``text`` says that the drawing keeps no scale: ``NTS``, ``Not to scale``."""
    return bool(_NOT_TO_SCALE.search(with_plain_signs(text)))


def note_for(texts: Iterable[str], width_mm: float, height_mm: float) -> tuple[ScaleNote, float] | None:
    """The note that holds on a page of this size, and its confidence; None without one."""
    notes = []
    for text in texts:
        if is_not_to_scale(text):
            return None
        notes += read_scale_notes(text)
    sides = (min(width_mm, height_mm), max(width_mm, height_mm))
    holding = [note for note in notes if note.sheet_mm is None or _same_sheet(note.sheet_mm, sides)]
    return _commonest([note for note in holding if note.sheet_mm] or holding, sides)


def _commonest(notes: Sequence[ScaleNote], sides: tuple[float, float]) -> tuple[ScaleNote, float] | None:
    counts = Counter(note.ratio for note in notes).most_common(2)
    if not counts or (len(counts) > 1 and counts[0][1] == counts[1][1]):
        return None
    note = next(note for note in notes if note.ratio == counts[0][0])
    standard = any(_same_sheet(sheet, sides) for sheet in _SHEETS_MM.values())
    confidence = _ON_NAMED_SHEET if note.sheet_mm else _ON_STANDARD_SHEET if standard else _ON_ANY_SHEET
    return note, confidence * (_AMONG_OTHERS if len(counts) > 1 else 1.0)


def _ratio_of(found: re.Match[str]) -> float:
    groups = found.groupdict()
    if not groups:
        return float(found[1])
    inches = float(groups["whole"] or 0)
    if groups["below"] and int(groups["below"]):
        inches += int(groups["above"]) / int(groups["below"])
    feet = float(groups.get("feet") or 1)
    return round(feet * FOOT_M * 1000 / (inches * INCH_MM), 3) if inches else 0.0


def _sheet_in(text: str) -> tuple[float, float] | None:
    found = _SHEET.search(text)
    if not found:
        return None
    if found["inches"]:
        shorter, longer = sorted(int(side) * INCH_MM for side in re.split(r"\s?x\s?", found["inches"]))
        return shorter, longer
    return _SHEETS_MM[found["iso"] or found["name"] or f"{found['system']} {found['letter']}"]


def _same_sheet(sheet_mm: tuple[float, float], sides: tuple[float, float]) -> bool:
    return all(
        abs(side / of_sheet - 1) <= _SHEET_TOLERANCE for side, of_sheet in zip(sides, sheet_mm, strict=True)
    )
