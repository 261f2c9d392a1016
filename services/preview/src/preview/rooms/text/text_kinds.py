"""The kind of a line of text: a room's name, a number, a dimension, words of the sheet, other text, noise."""

import re
from collections.abc import Sequence
from enum import Enum

from preview.rooms.text.annotations import is_mark
from preview.rooms.text.lexicon import (
    is_fixture,
    is_remark,
    is_room_word,
    is_sheet_word,
    is_storey_word,
    plain,
)
from preview.rooms.text.text_patterns import (
    has_scale_or_date,
    is_dimension,
    is_flat_type,
    is_room_number,
)

_LONGEST_PHRASE = 2
"""Words up to which abbreviations may be a room's (``MH + VH``): in sentences ``at`` is none."""
_LONGEST_ABBREVIATION = 3
_WORDS_PER_ROOM = 4
"""Most words of a name for each that is a room's: with more it is a sentence about rooms."""


class TextKind(Enum):
    """What a piece of text says; of several in a label the one listed first decides."""

    ROOM = "room"
    SHEET = "sheet"
    OTHER = "other"
    NUMBER = "number"
    DIMENSION = "dimension"
    NOISE = "noise"


def kind_of(text: str) -> TextKind:
    """The kind of one line of text."""
    if is_dimension(text):
        return TextKind.DIMENSION
    words = words_of(text)
    if _belongs_to_sheet(text, words):
        return TextKind.SHEET
    if is_flat_type(text) or all(map(_says_nothing, words)):
        return TextKind.NUMBER if is_room_number(text) else TextKind.NOISE
    if _names_room(text, words):
        return TextKind.ROOM
    if is_room_number(text):
        return TextKind.NUMBER
    letters = sum(c.isalpha() for c in text)
    return TextKind.OTHER if letters >= 3 and letters >= 0.6 * len(text.replace(" ", "")) else TextKind.NOISE


def _says_nothing(word: str) -> bool:
    mark = is_mark(word) and not is_room_word(word)
    return mark or is_fixture(word) or is_remark(word) or not plain(word)


def words_of(text: str) -> list[str]:
    """The words of ``text``, parted at spaces and at signs that join names: ``KITCHEN/DINING``."""
    return re.split(r"[\s/&+]+", text.strip())


def _belongs_to_sheet(text: str, words: Sequence[str]) -> bool:
    """Whether it has a sheet word that begins no room's name: ``Drawing room``, ``First floor landing``."""
    last = words[-1]
    sheet_words = [
        word
        for word, following in zip(words, (*words[1:], ""), strict=True)
        if is_sheet_word(word) and plain(following) not in ("room", "rm")
    ]
    if "open" in map(plain, words):
        sheet_words = [word for word in sheet_words if plain(word) != "plan"]
    where = all(map(is_storey_word, sheet_words)) and is_room_word(last) and not is_storey_word(last)
    return bool(sheet_words and not where) or (has_scale_or_date(text) and any(c.isalpha() for c in text))


def _names_room(text: str, words: Sequence[str]) -> bool:
    """Whether enough of the words are rooms'; in a sentence ``at`` and ``et`` are none."""
    if is_room_word(text):
        return True
    sentence = sum(len(plain(word)) >= 1 for word in words) > _LONGEST_PHRASE
    rooms = sum(
        is_room_word(word) for word in words if not sentence or len(plain(word)) > _LONGEST_ABBREVIATION
    )
    return rooms * _WORDS_PER_ROOM >= sum(len(plain(word)) > 2 for word in words) and rooms > 0
