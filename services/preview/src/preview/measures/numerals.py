"""Numbers and units as plans print them, and what their readers make of them."""

import re

from preview.rooms.text.text_patterns import CONFUSED_SIGNS

FOOT_M = 0.3048
INCH_M = 0.0254
INCH_MM = 25.4
SQUARE_FOOT_M2 = FOOT_M**2

MAT_M2 = 1.62
"""The least area of a tatami mat in a Japanese listing, by the trade's code of fair competition."""
TSUBO_M2 = 400 / 121
"""A tsubo, in Korea a pyeong: a square of 20/11 metres a side."""

# Those that a numeral can hold besides: where words are read too, some of them are letters or mean nothing.
_SIGNS = str.maketrans(
    CONFUSED_SIGNS
    | {
        "\u02b9": "'", "\u201b": "'", "\u201e": '"', "\u02ba": '"',
        "\u2715": "x", "\u2716": "x", "\u0425": "x", "*": "x", "\u2014": "-", "\u2212": "-",
        "\uff0c": ",", "\uff1a": ":", "\ufe55": ":", "\u2236": ":", "\u043c": "m", "\u041c": "m",
        "\u00bd": " 1/2", "\u00bc": " 1/4", "\u00be": " 3/4",
    }
)  # fmt: skip
_MISREAD_DIGITS = str.maketrans("oqlizs|!", "00112511")
_MISREAD = re.compile(r"(?<![^\W\d_])(?=[oqlizs|!]{0,3}\d)[\doqlizs|!]+(?![^\W\d_])")
"""A numeral with letters that are digits misread, not beside other letters."""


def with_plain_signs(text: str) -> str:
    """``text`` in lower case with ASCII primes, quotation, multiplication and minus signs."""
    return text.translate(_SIGNS).casefold().replace("''", '"')


def mended(text: str) -> str:
    """``text`` with plain signs, its numerals all digits, and no space inside a decimal number."""
    plain = _MISREAD.sub(lambda found: found[0].translate(_MISREAD_DIGITS), with_plain_signs(text).strip())
    plain = re.sub(r"(?<=\d)[.,]\s?[.,](?=\d)", ".", plain)
    return re.sub(r"(?<=\d)\s?([.,])\s(?=\d)", r"\1", plain)


def number(text: str) -> float:
    """``text`` as a number, with a decimal point or comma."""
    return float(text.replace(",", "."))
