"""Dimensions, areas and room numbers, told apart from names by their form."""

import re

_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "′": "'", "`": "'", "´": "'", "”": '"', "“": '"', "″": '"', "×": "x"}
)

_NUMBER = r"\d+(?:[.,]\d+)?(?:\s?[-–]?\s?\d+/\d+|[½¼¾])?"  # noqa: RUF001
_METRIC = rf"{_NUMBER}\s?(?:mm|cm|m|metres?|meters?)?"
_IMPERIAL = rf"{_NUMBER}\s?(?:'|ft|feet)(?:\s?[-–]?\s?(?:{_NUMBER})?\s?(?:''|\"|'|in)?)?"  # noqa: RUF001
_INCHES = rf"{_NUMBER}\s?(?:''|\")"
_LENGTH = rf"(?:{_IMPERIAL}|{_INCHES}|{_METRIC})"
_WITH_UNIT = rf"(?:{_IMPERIAL}|{_INCHES}|{_NUMBER}\s?(?:mm|cm|m|metres?|meters?))"
_SQUARE = r"(?:m2|m²|m\^2|sq\.?\s?m\.?|sqm|qm|kvm|neli[oö]t?|sq\.?\s?ft\.?|sqft|sf|sq\.?\s?feet|м2|кв\.?\s?м)"
_AROUND = r"[\s()\[\]~±/,;:|.*-]*"
_LEAD = r"(?:(?:ca?|approx|max|min|area|ala|fläche|ch|c\.h|h|ht|hkm?|rh|lh|w|l|d)\.?\s?[=:]?\s?)?"
_TAIL = r"(?:\s?(?:max|min|approx|clg|ceiling)\.?)?"

_DIMENSION = re.compile(
    rf"""{_AROUND}{_LEAD}(?:
        {_LENGTH}{_TAIL}\s?(?:x|by|\*|/)\s?{_LENGTH}(?:\s?x\s?{_LENGTH})?   # 12'-0" x 10'-6", 3.2 x 4.1 m
        | {_NUMBER}\s?{_SQUARE}                                             # 13.4 m²
        | {_WITH_UNIT}                                                      # 2.4 m, 10'-6"
        | \d+[.,]\d+                                                        # 13,5
    ){_TAIL}{_AROUND}""",
    re.VERBOSE | re.IGNORECASE,
)
_CEILING = re.compile(
    r"\s*(?:ch|c\.h|clg|ceiling|hk|rh|lh|ht)\.?\s?[=:.]?\s?\d[\d.,'\" -]*m?m?\s*", re.IGNORECASE
)
_ROOM_NUMBER = re.compile(r"[A-Z]{0,2}[-.]?\d{1,4}(?:[-.]\d{1,3})?[A-Z]?", re.IGNORECASE)


def is_dimension(text: str) -> bool:
    """Whether ``text`` is a length, a pair of lengths, an area or a ceiling height and nothing else.

    Understands feet and inches, metric lengths, decimal commas and the units of several languages, with the
    spaces that OCR drops: ``12'-0" x 10'-6"``, ``3.2 x 4.1 m``, ``4,72mx3,30m``, ``13.4 m²``, ``CH 2.4``.
    """
    text = text.translate(_QUOTES)
    if _CEILING.fullmatch(text):
        return True
    parts = [part for part in re.split(r"\s*[(\[)\]]\s*", text) if part.strip(" /,;:.-")]
    return bool(parts) and all(_DIMENSION.fullmatch(part) for part in parts)


def is_room_number(text: str) -> bool:
    """Whether ``text`` looks like ``101``, ``2.14``, ``A-203`` or ``3403B``, and not like a decimal length."""
    bare = text.strip(" .,:()[]#")
    if re.fullmatch(r"\d+[.,]\d{1,2}", bare):
        return False
    return bool(_ROOM_NUMBER.fullmatch(bare))
