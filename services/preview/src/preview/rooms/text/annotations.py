"""What stands beside a room's name and is none of it: marks of finishes and doors, remarks, stray letters."""

import re

from preview.rooms.text.lexicon import is_remark, is_room_word, plain

_MARK = re.compile(
    r"""(?P<code>[A-Z]{1,4})-\d{1,2}[A-Z]?          # WC-2, P-1, VCT-1
        |(?:[DFW]|PT|CT|VCT|WD|ACT|LVT|CPT|GWB|RB|QT)\d{1,2}[A-Z]?""",  # D01, W3A, F1, PT1
    re.VERBOSE,
)
_LONGEST_CODE = 2
"""Letters up to which a room's abbreviation may be a mark's: ``WC-2`` is wall covering, ``LAB-1`` a room."""
_READ_FROM_FIXTURES = frozenset("oqdcuijlvxz0")
"""Letters that basins, bowls, taps and door swings are read as; before a name they are no letter of it."""
_ROUND = frozenset("oq0")
"""Those of them that no row of rooms is lettered with, so that they may be lost behind a name too."""
_LETTERED_ROOMS = frozenset(
    {"room", "rm", "classroom", "lab", "studio", "suite", "unit", "apt", "raum", "sala"}
)
"""Rooms that are numbered as ``ROOM D1``."""
_JOINS_LINES = frozenset("/&+-")


def is_mark(word: str) -> bool:
    """Whether ``word`` has the form of a mark: ``WC-2``, ``PT1``, ``D01``. A lone one may be a name."""
    found = _MARK.fullmatch(word.strip("()[]"))
    if not found:
        return False
    code = found["code"]
    return not code or len(code) <= _LONGEST_CODE or not is_room_word(code)


def without_annotations(text: str) -> str:
    """``text`` without what stands beside a room's name in it; ``text`` itself where that leaves no name.

    ``OFFICE 101 WC-2 TYP.`` is ``OFFICE 101``, ``O BATH`` is ``BATH``, and ``WC-2`` stays.
    """
    words = text.split()
    words = [
        word for word, before in zip(words, ["", *words], strict=False) if not _is_beside(word, plain(before))
    ]
    while words and _is_stray(words[0], _READ_FROM_FIXTURES):
        words = words[1:]
    while words and (_is_stray(words[-1], _ROUND) or is_remark(words[-1])):
        words = words[:-1]
    return " ".join(words) if any(is_room_word(word) for word in words) else text


def _is_beside(word: str, before: str) -> bool:
    return is_mark(word) and ("-" in word or before not in _LETTERED_ROOMS)


def without_repetitions(text: str) -> str:
    """``text`` without words that only repeat the one before: ``BEDROOM 1 1``."""
    words = text.split()
    before = ["", *words]
    return " ".join(w for w, last in zip(words, before, strict=False) if w.casefold() != last.casefold())


def _is_stray(word: str, letters: frozenset[str]) -> bool:
    says_nothing = not any(c.isalnum() or c in _JOINS_LINES for c in word)
    return word.casefold() in letters or says_nothing
