"""Room words misread by a letter, spelt as the language of the page spells them: ``TOLLET``, ``BEDR00M``."""

import re
from collections.abc import Iterable

from preview.rooms.text.lexicon import near_room_words, plain
from preview.rooms.text.vocabulary import ROOMS

_SHORTEST_TELLING = 3
"""Letters of a word that tells a language: ``K`` and ``WC`` are rooms in several."""
_WORD = re.compile(r"[^\s/&+]+")
_INSIDE = re.compile(r"(\W*)(.*?)([\W\d]*)")
"""Signs before a word, the word, and signs and digits behind it."""


def respelt(names: Iterable[str]) -> dict[str, str]:
    """The ``names`` of a page by what was read, their misread words mended.

    Only a word near a single room word of the page's own language is mended: Croatian ``toalet`` stays. The
    language is that which knows most of the page's words; there may be several.
    """
    names = list(names)
    known = _words_of_languages({plain(word) for name in names for word in _WORD.findall(name)})
    return {name: _WORD.sub(lambda found: _mended(found[0], known), name) for name in names}


def _words_of_languages(words: set[str]) -> frozenset[str]:
    telling = {word for word in words if len(word) >= _SHORTEST_TELLING}
    known = {language: len(telling & own) for language, own in _BY_LANGUAGE.items()}
    most = max(known.values())
    return frozenset().union(*(_BY_LANGUAGE[name] for name, count in known.items() if count == most > 0))


def _mended(word: str, known: frozenset[str]) -> str:
    before, inside, behind = _INSIDE.fullmatch(word).groups()  # type: ignore[union-attr]  # matches all
    near = near_room_words(inside) & known
    if len(near) != 1 or plain(inside) != inside.casefold():  # the lexicon has no accents to give back
        return word
    [right] = near
    return before + _in_case_of(inside, right) + behind


def _in_case_of(read: str, word: str) -> str:
    if read.isupper():
        return word.upper()
    return word.capitalize() if read[0].isupper() else word


_BY_LANGUAGE = {
    language: frozenset(plain(word) for word in words.split()) for language, words in ROOMS.items()
}
