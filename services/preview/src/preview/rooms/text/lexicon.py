"""Whether a word names a room, belongs to a sheet, or is a thing in a room.

The words only raise or lower a score: an unknown word inside a room still names it.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from preview.rooms.text.vocabulary import (
    FIXTURES,
    NO_ROOMS,
    REMARKS,
    ROOM_ENDINGS,
    ROOM_SIGNS,
    ROOMS,
    SHEET_SIGNS,
    SHEETS,
    STOREYS,
    UNMISTAKABLE,
)

_LETTERS = str.maketrans({"\u00f8": "o", "\u00e6": "ae", "\u0142": "l", "\u0131": "i", "\u0153": "oe"})
MISREAD_DIGITS = str.maketrans("015$", "oiss")
_SHORTEST_COMPOUND = 6
_SHORTEST_PART = 3
_SHORTEST_CUT = 4
"""Letters of a word cut by a full stop (``Schlafz.``); ``Ref.`` and ``Dim.`` are none."""
_LONGEST_COMPOUND = 24
"""Longer than any compound: notes whose spaces were lost."""
_LONGEST_INFLECTION = 3
"""Letters behind a word that are its ending: ``bedrooms``, ``mittakaavassa``."""
_SHORTEST_MISREAD = 8
"""Letters from which a word's near spellings are no other words: ``closed``, ``matter`` and ``service`` are
a letter from a room's. Shorter words that are safe are listed."""


@lru_cache(maxsize=4096)
def plain(word: str) -> str:
    """``word`` in lower case without accents, dots, punctuation at its ends and digits at its end."""
    decomposed = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c)).replace(".", "")
    # Without the look behind, each digit of a long number would be tried as the first of those at the end.
    return re.sub(r"(?<!\d)\d+$", "", letters.strip(" ,:;()[]{}'\"*-_/|#\u2116")).strip(" -_/#")


def is_room_word(word: str) -> bool:
    """Whether ``word`` names a room.

    Alone, cut by a full stop (``Schlafz.``), run together with others (``MASTERBATH``), in a compound
    (``Herrenzimmer``) or misread by a letter (``BEDR00M``, ``Kitchem``). A single letter with digits
    (``S101``) is a room number, not a sauna.
    """
    bare = plain(word)
    if bare in _ROOMS:
        return len(bare) > 1 or not any(c.isdigit() for c in word)
    if word.endswith(".") and len(bare) >= _SHORTEST_CUT and bare.isalpha():
        return bare in _ROOM_BEGINNINGS
    return (
        _holds(bare, _ROOM_SIGNS)
        or any(part in _ROOMS_IN_PARTS for part in bare.split("-"))
        or _is_variant(bare.translate(MISREAD_DIGITS))
    )


def is_sheet_word(word: str) -> bool:
    """Whether ``word`` belongs to a title block, a legend or a storey's caption."""
    bare = plain(word)
    if bare in _SHEETS or is_storey_word(word):
        return True
    return bare not in _ROOMS and (
        _holds(bare, _SHEET_SIGNS)
        or _inflects(bare, _LONG_SHEETS)
        or (len(bare) >= _SHORTEST_COMPOUND and bare.endswith(("plan", "floor", "legend", "keynotes")))
    )


def is_storey_word(word: str) -> bool:
    """Whether ``word`` is of a storey's caption, which also stands before rooms: ``First floor landing``."""
    return plain(word) in _STOREYS


def is_fixture(word: str) -> bool:
    """Whether ``word`` is a fixture, a piece of furniture or a part of the building."""
    return plain(word) in _FIXTURES


def is_remark(word: str) -> bool:
    """Whether ``word`` says something of what is drawn and names nothing: ``TYP.``, ``N.I.C.``"""
    return plain(word) in _REMARKS


def near_room_words(word: str) -> frozenset[str]:
    """The room words, as `plain` has them, that ``word`` is misread from by a letter or by digits.

    None if it is short, or known: as a room word, in a compound or with an ending, or as something else.
    """
    bare = plain(word)
    letters = bare.translate(MISREAD_DIGITS)
    if letters != bare and letters in _ROOMS:
        return frozenset({letters})
    long_enough = _SHORTEST_COMPOUND <= len(bare) <= _LONGEST_COMPOUND
    if not long_enough or bare in _NO_VARIANTS or _is_spelt_right(letters):
        return frozenset()
    return frozenset().union(*(_LONG_SPELLINGS.get(spelling, frozenset()) for spelling in spellings(letters)))


def is_of_lettered_language(word: str) -> bool:
    """Whether ``word`` is a room's in a language that writes rooms as single letters, and in no other."""
    return plain(word) in _LETTERED


def _is_variant(bare: str) -> bool:
    if not _SHORTEST_COMPOUND <= len(bare) <= _LONGEST_COMPOUND or bare in _NO_VARIANTS:
        return bare in _ROOMS and len(bare) > _SHORTEST_PART
    return _is_spelt_right(bare) or not _LONG_SPELLINGS.keys().isdisjoint(spellings(bare))


def _is_spelt_right(bare: str) -> bool:
    return bare in _ROOMS or bare.endswith(_ENDINGS) or _runs_together(bare) or _inflects(bare, _LONG_ROOMS)


def _holds(bare: str, signs: tuple[str, ...]) -> bool:
    return not bare.isascii() and any(sign in bare for sign in signs)


def _runs_together(bare: str) -> bool:
    """Whether ``bare`` is two or more known words without the spaces."""
    reached = [True] + [False] * len(bare)
    for end in range(_SHORTEST_PART, len(bare) + 1):
        reached[end] = any(
            reached[start] and bare[start:end] in _ROOMS for start in range(end - _SHORTEST_PART + 1)
        )
    return reached[-1]


def _inflects(bare: str, words: frozenset[str]) -> bool:
    return any(bare[:-cut] in words for cut in range(1, _LONGEST_INFLECTION + 1))


def spellings(word: str) -> set[str]:
    """``word`` with each letter in turn left open or out; words a letter apart share a spelling."""
    opened = {f"{word[:i]}?{word[i + 1 :]}" for i in range(len(word))}
    return opened | {f"{word[:i]}?{word[i:]}" for i in range(len(word) + 1)}


def _by_spelling(words: Iterable[str]) -> dict[str, frozenset[str]]:
    """``words`` by the spellings with a letter left open; some share one."""
    found = defaultdict(set)
    for word in words:
        for place in range(len(word)):
            found[f"{word[:place]}?{word[place + 1 :]}"].add(word)
    return {spelling: frozenset(near) for spelling, near in found.items()}


def _plain_words(words: str) -> frozenset[str]:
    return frozenset(plain(word) for word in words.split())


def _words_of(*, lettered: bool) -> frozenset[str]:
    """Words of the languages that do or do not write rooms as single letters."""
    languages = [_plain_words(words) for words in ROOMS.values()]
    return frozenset[str]().union(*(w for w in languages if lettered == any(len(word) == 1 for word in w)))


_ROOMS = _plain_words(" ".join(ROOMS.values()))
_LETTERED = _words_of(lettered=True) - _words_of(lettered=False)
_REMARKS = _plain_words(REMARKS)
_SHEETS, _STOREYS, _FIXTURES = _plain_words(SHEETS), _plain_words(STOREYS), _plain_words(FIXTURES)
_ROOM_SIGNS, _SHEET_SIGNS = tuple(_plain_words(ROOM_SIGNS)), tuple(_plain_words(SHEET_SIGNS))
_ROOMS_IN_PARTS = frozenset(word for word in _ROOMS if len(word) >= _SHORTEST_PART or word == "wc")
_ENDINGS = tuple(_plain_words(ROOM_ENDINGS))
_LONG_ROOMS = frozenset(word for word in _ROOMS if len(word) >= _SHORTEST_COMPOUND)
_LONG_SHEETS = frozenset(word for word in _SHEETS if len(word) >= 8)
_ROOM_BEGINNINGS = frozenset(word[:end] for word in _ROOMS for end in range(_SHORTEST_CUT, len(word)))
_MISREADABLE = frozenset(w for w in _ROOMS if len(w) >= _SHORTEST_MISREAD) | _plain_words(UNMISTAKABLE)
_LONG_SPELLINGS = _by_spelling(_MISREADABLE)
_NO_VARIANTS = _SHEETS | _FIXTURES | _plain_words(NO_ROOMS)
