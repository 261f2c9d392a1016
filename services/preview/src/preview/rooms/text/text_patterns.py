"""Text patterns: dimensions, areas, heights, room numbers, scales and dates, by regular expressions."""

import re

from preview.rooms.text.vocabulary import HEIGHTS

CONFUSED_SIGNS = {
    "\u2018": "'", "\u2019": "'", "\u2032": "'", "\u00b4": "'", "`": "'",
    "\u201c": '"', "\u201d": '"', "\u2033": '"', "\u00d7": "x", "\u0445": "x", "\u2013": "-",
    "\u33a1": "m2", "\u00b2": "2",
}  # fmt: skip
"""Prime, quotation and multiplication signs by code point, with the ASCII that they are confused with."""

_ASCII = str.maketrans(CONFUSED_SIGNS | {"\u00b0": "'"})  # a degree sign is an inch or foot mark misread

_SQUARE = (
    r"m2|m\^2|m\.?q|sqm|qm|kvm|kv\.?\s?m|sq\.?\s?m|sq\.?\s?ft|sqft|sf|sq\.?\s?feet|ft2"
    r"|\u043a\u0432\.?\s?\u043c|\u043c2|[\u5e16\u7573\u576a\u5e73\ud3c9]"  # also mats, tsubo and pyeong
)
_METRES = r"m|mts?|mtrs?|metres?|meters?|\u043c"
_UNIT = rf"(?:{_SQUARE}|mm|cm|{_METRES}|ft|feet|inch|in)\b\.?|(?:{_SQUARE}|mm|cm|m)(?=x)|''|'|\""
_LENGTH = re.compile(
    rf"""(?P<number>\d+m\d\d(?!\d)                                              # 3m40
         |\d+(?:[.,]\d+)?[\u00bc-\u00be]?(?:\s?-?\s?\d/\d{{1,2}})?)              # 12, 3.2, 3,2, 6 1/2
         \s?(?P<unit>{_UNIT})?""",
    re.VERBOSE | re.IGNORECASE,
)
_WORDS = (
    r"x|by|max|min|approx|circa|ca|c|environ|etwa|noin|n|ch|clg|ceiling|height|ht|hsp|h|hk|rh|lh|w|l|d"
    r"|area|surface|surf|superficie|sup|fl\u00e4che|wfl|nfl|pow|opp|a|s"
    rf"|{'|'.join(HEIGHTS.split())}"
)
_OPENING = re.compile(r"\d{3}[05]\s?/\s?\d{2,3}[05]|\d\d[05]\s?/\s?\d{3}[05]")
_HEIGHT_NUMBER = r"(?:\d{3,5}\b|\d+[.,]\d|\d+\s?(?:'|m\b|ft\b))"
_HEIGHT = re.compile(
    rf"""(?:(?:{"|".join(HEIGHTS.split())})\b[\s.:=+\u00b1-]*)+{_HEIGHT_NUMBER}  # CLG HT 2700, FFL 12500
         |(?:c\.?\s?)?[hl]\b\.?\s?(?:[:=]\s?{_HEIGHT_NUMBER}                      # CH=270; not CH 101
                                   |\d+[.,]\d|\d+\s?'|[2-9]\d\d[05]\b)        # CH 2700""",
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN = re.compile(rf"(?:[\s()\[\]~\u00b1\u2248\u7d04/,;:|.*=+-]|\b(?:{_WORDS})\b)*", re.IGNORECASE)
_ROOM_NUMBER = re.compile(r"[A-Z]{0,2}[-.]?\d{1,4}(?:[-.]\d{1,3})?[A-Z]?", re.IGNORECASE)
_RATIO = re.compile(r"\b1\s?[:/]\s?(?:[125]0{1,3}|25|75|125|250|500)\b")
_DATE = re.compile(r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})\b")
_FLAT = re.compile(
    r"\d\s?(?:[hr]|rok|rum)(?:\s?\+\s?[^\W\d]{1,4}\.?)+|\d\s?rok|\d\s?s?l?dk(?:\s?\+\s?[a-z]{1,3})?",
    re.IGNORECASE,
)

_LONGEST_LINE = 40
"""Words of a line up to which dimensions are looked for around a name: longer ones are notes, and each word
of them would have to be tried."""


def is_dimension(text: str) -> bool:
    """Whether ``text`` is lengths, areas or heights and nothing else.

    Understands feet and inches, metric lengths, decimal commas, mats and the spaces that OCR drops:
    ``12'-0" x 10'-6"``, ``3.2 x 4.1 m``, ``4,72mx3,30m``, ``13.4 m2``, ``CH 2.4``, ``CH 2700``, and sizes
    of doors and windows, ``2400/1400``. A bare whole number is none: it may be a room's.
    """
    text = re.sub(r"(?<=[\dm'\"])\s?x\s?(?=\d)", " x ", text.translate(_ASCII), flags=re.IGNORECASE)
    lengths = list(_LENGTH.finditer(text))
    if not lengths or not _BETWEEN.fullmatch(_LENGTH.sub(" ", text)):
        return False
    has_unit = any(length["unit"] or not length["number"].isdigit() for length in lengths)
    is_size = is_height(text) or bool(_OPENING.fullmatch(text))
    return has_unit or is_size or (len(lengths) > 1 and " x " in text)


def is_height(text: str) -> bool:
    """Whether ``text`` begins with a height or a level that has its word, to tell it from a room's name or
    number: ``CH 2700``, ``CLG 270``. Nothing reads its value."""
    return bool(_HEIGHT.match(text))


def is_room_number(text: str) -> bool:
    """Whether ``text`` looks like ``101``, ``A-203``, ``2-14`` or ``3403B``."""
    return bool(_ROOM_NUMBER.fullmatch(text.strip(" .,:()[]#\u2116"))) and not is_dimension(text)


def has_scale_or_date(text: str) -> bool:
    """Whether ``text`` holds a scale (``1:100``) or a date (``24.12.2024``), as title blocks do."""
    return bool(_RATIO.search(text) or _DATE.search(text))


def is_flat_type(text: str) -> bool:
    """Whether ``text`` counts the rooms of a whole flat: ``3H+K+S``, ``2rok``, ``3LDK``."""
    return bool(_FLAT.fullmatch(text.strip()))


def without_dimensions(text: str) -> str:
    """``text`` without the dimensions around a name: ``Bedroom 2 12'0 x 9'6`` is ``Bedroom 2``."""
    words = text.split()
    if is_dimension(text) or not 1 <= len(words) <= _LONGEST_LINE:
        return text
    leading = (count for count in range(len(words) - 1, 0, -1) if is_dimension(" ".join(words[:count])))
    words = words[next(leading, 0) :]
    for start in range(1, len(words)):
        if is_dimension(" ".join(words[start:])):
            following = " ".join(words[start + 1 :])
            numbered = words[start].isdigit() and (following[:1].isdigit() or is_height(following))
            words = words[: start + 1 if numbered else start]
            break
    glued = re.fullmatch(r"(.*[^\W\d]{2})(\d.+)", words[-1])
    return " ".join([*words[:-1], glued[1] if glued and is_dimension(glued[2]) else words[-1]])
