"""The type of a room, by its name in any of the languages that are read."""

import re
from collections.abc import Iterator, Mapping

from preview.domain.room_type import RoomType
from preview.rooms.text.lexicon import MISREAD_DIGITS, plain, spellings
from preview.rooms.text.type_vocabulary import CUSTOMARY_USES, USE_SIGNS, USES

_SHORTEST_PART = 4
"""Letters of a word that may begin or end a compound: ``Herrenzimmer``, ``bedrooms``."""
_SHORTEST_MISREAD = 6
"""Letters of a word that may be misread by one and still be known."""
_PARTS = re.compile(r"\s*(?:[/&+,;|]|\band\b|\bund\b|\bet\b(?=\s\w{3})|\s-\s)\s*")
_ABBREVIATED = re.compile(r"\bw/c\b|\b\u0441/\u0443")
_APOSTROPHES = str.maketrans("'\u2019", "  ")
_OF = frozenset({"de", "da", "do", "di", "du", "del", "della", "des", "van"})
"""Between two words in Romance languages, where the first is the room: ``terraza de cocina``."""
_OPEN_PLAN = frozenset({RoomType.LIVING_ROOM, RoomType.KITCHEN})
_TOGETHER: tuple[tuple[frozenset[RoomType], RoomType], ...] = (
    (_OPEN_PLAN, RoomType.LIVING_KITCHEN),
    (frozenset({RoomType.LIVING_KITCHEN}), RoomType.LIVING_KITCHEN),
    (frozenset({RoomType.LIVING_ROOM}), RoomType.LIVING_ROOM),
    (frozenset({RoomType.BEDROOM}), RoomType.BEDROOM),
    (frozenset({RoomType.KITCHEN}), RoomType.KITCHEN),
    (frozenset({RoomType.DINING_ROOM}), RoomType.DINING_ROOM),
    (frozenset({RoomType.BATHROOM}), RoomType.BATHROOM),
)
"""What a space of several uses is, the first that holds; else it is its first use."""


def room_type(name: str | None) -> RoomType | None:
    """The type that ``name`` tells; None without a name, or where no word of it is known."""
    whole = _ABBREVIATED.sub(
        lambda found: found[0].replace("/", ""), (name or "").translate(_APOSTROPHES).casefold()
    )
    parts = [_type_of_part(part) for part in _PARTS.split(whole)]
    uses = [use for use in parts if use]
    if not uses:
        return None
    telling = [use for use in uses if use is not RoomType.OTHER] or uses
    return next((use for some, use in _TOGETHER if some <= set(telling)), telling[0])


def _type_of_part(part: str) -> RoomType | None:
    words = part.split()
    if sign := _by_sign(part):
        return sign
    uses = [(use, place) for place, word in enumerate(words) if (use := _use(word, _USES))]
    if uses:
        first, last = uses[0], uses[-1]
        if {use for use, _ in uses} >= _OPEN_PLAN:
            return RoomType.LIVING_KITCHEN
        of = any(plain(word) in _OF for word in words[first[1] : last[1]])
        return first[0] if of else last[0]
    customary = [use for word in words if (use := _use(word, _CUSTOMARY))]
    telling = [use for use in customary if use is not RoomType.OTHER] or customary
    return telling[0] if telling else None


def _by_sign(text: str) -> RoomType | None:
    """The use of the last sign in ``text``; the longer of two that end together."""
    if text.isascii():
        return None
    found = ((text.rfind(sign) + len(sign), len(sign), use) for sign, use in _SIGNS.items() if sign in text)
    return max(found, default=(0, 0, None))[2]


def _use(word: str, uses: Mapping[str, RoomType]) -> RoomType | None:
    """The use of ``word``, known, cut by a full stop, in a compound or misread by a letter."""
    return next((use for bare in _forms(word) if (use := uses.get(bare))), None)


def _forms(word: str) -> Iterator[str]:
    bare = plain(word)
    yield bare
    if not bare:
        return
    yield bare.translate(MISREAD_DIGITS)
    yield from reversed(bare.split("-"))
    if word.endswith(".") and len(bare) >= _SHORTEST_PART:
        yield from sorted(known for known in _KNOWN if known.startswith(bare))
    yield from (bare[start:] for start in range(1, len(bare) - _SHORTEST_PART + 1))
    yield from (bare[:end] for end in range(len(bare) - 1, _SHORTEST_PART - 1, -1))
    if len(bare) > _SHORTEST_MISREAD:
        yield from (bare[:place] + bare[place + 1 :] for place in range(len(bare)))
    if len(bare) >= _SHORTEST_MISREAD:
        yield from (_SPELT[spelling] for spelling in sorted(spellings(bare)) if spelling in _SPELT)


def _by_word(uses: Mapping[RoomType, str]) -> dict[str, RoomType]:
    return {plain(word): use for use, words in uses.items() for word in words.split()}


_USES, _CUSTOMARY = _by_word(USES), _by_word(CUSTOMARY_USES)
_SIGNS = {sign: use for use, signs in USE_SIGNS.items() for sign in signs.split()}
_KNOWN = [*_USES, *_CUSTOMARY]
_SPELT = {
    f"{word[:i]}?{word[i + 1 :]}": word
    for word in _KNOWN
    if len(word) >= _SHORTEST_MISREAD
    for i in range(len(word))
}
