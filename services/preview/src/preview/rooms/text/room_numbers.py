"""The number that a plan gives a room, apart from its name."""

import re

from preview.rooms.text.lexicon import plain
from preview.rooms.text.text_patterns import is_room_number

_FEWEST_DIGITS = 3
"""Digits of a number apart: the 1 of ``BEDROOM 1`` and the 12 of ``OFFICE 12`` belong to the name."""
_AROUND = " .,:()[]#\u2116"
_IN_PARTS = re.compile(r"\d[-.]\d|^0\d")
"""``2-14`` and ``04`` are numbers of a plan however short they are."""
_NO_NAMES = frozenset(
    {"room", "rm", "raum", "rum", "huone", "salle", "sala", "pokoj", "oda", "piece", "no", "nr"}
)
"""Words before a number that say no more than that it is a room's: ``ROOM 101`` has no name."""


def without_number(name: str) -> tuple[str | None, str | None]:
    """The name and the number of a room that is written ``name``.

    ``OFFICE 101A`` is ``OFFICE`` and ``101A``; ``BEDROOM 1`` has no number, ``101`` and ``ROOM 101`` no name.
    """
    words = name.split()
    for place in (-1, 0):
        if words and _is_apart(words[place]):
            number = words.pop(place).strip(_AROUND)
            rest = " ".join(words).strip(" ,:;/|_-")
            return (rest if plain(rest) and plain(rest) not in _NO_NAMES else None), number
    return name or None, None


def _is_apart(word: str) -> bool:
    if not is_room_number(word):
        return False
    return sum(c.isdigit() for c in word) >= _FEWEST_DIGITS or bool(_IN_PARTS.search(word.strip(_AROUND)))
