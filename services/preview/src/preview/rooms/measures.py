"""Dimensions, areas and room numbers, told apart from names by their form."""

import re

# Prime, quotation and multiplication signs by code point, as fonts and OCR confuse them with ASCII ones.
_ASCII = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u2032": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u2033": '"', "\u00d7": "x", "\u2013": "-",
    }
)  # fmt: skip

_SQUARE = (
    r"m2|m\u00b2|m\^2|sqm|qm|kvm|sq\.?\s?m|sq\.?\s?ft|sqft|sf|sq\.?\s?feet|\u043a\u0432\.?\s?\u043c|\u043c2"
)
_UNIT = rf"(?:{_SQUARE}|mm|cm|m|metres?|meters?|ft|feet|inch|in)\b\.?|(?:{_SQUARE}|mm|cm|m)(?=x)|''|'|\""
_LENGTH = re.compile(
    rf"""(?P<number>\d+(?:[.,]\d+)?[\u00bc-\u00be]?(?:\s?-?\s?\d/\d{{1,2}})?)   # 12, 3.2, 3,2, 6 1/2
         \s?(?P<unit>{_UNIT})?""",
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"(?:[\s()\[\]~\u00b1/,;:|.*=+-]|\b(?:x|by|max|min|approx|ca|c|ch|clg|ceiling|height|ht|h|hk|rh|lh|w|l|d|area)\b)*",
    re.IGNORECASE,
)
_ROOM_NUMBER = re.compile(r"[A-Z]{0,2}[-.]?\d{1,4}(?:[-.]\d{1,3})?[A-Z]?", re.IGNORECASE)


def is_dimension(text: str) -> bool:
    """Whether ``text`` is lengths, areas or heights and nothing else.

    Understands feet and inches, metric lengths, decimal commas and the spaces that OCR drops:
    ``12'-0" x 10'-6"``, ``3.2 x 4.1 m``, ``4,72mx3,30m``, ``13.4 m2``, ``CH 2.4``. A bare whole number
    is none: it may be a room's.
    """
    text = re.sub(r"(?<=[\dm'\"])\s?x\s?(?=\d)", " x ", text.translate(_ASCII), flags=re.IGNORECASE)
    lengths = list(_LENGTH.finditer(text))
    if not lengths or not _BETWEEN.fullmatch(_LENGTH.sub(" ", text)):
        return False
    has_unit = any(length["unit"] or not length["number"].isdigit() for length in lengths)
    return has_unit or (len(lengths) > 1 and " x " in text)


def is_room_number(text: str) -> bool:
    """Whether ``text`` looks like ``101``, ``A-203``, ``2-14`` or ``3403B``."""
    return bool(_ROOM_NUMBER.fullmatch(text.strip(" .,:()[]#"))) and not is_dimension(text)
