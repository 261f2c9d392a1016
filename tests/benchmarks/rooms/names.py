"""Whether a name read from a plan means the annotated room: by spelling, or by the kind of room."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

LEAST_LIKENESS = 0.8

LEAST_MISREAD = 6
"""Letters from which a word read nearly right is that word: shorter ones are other words."""

_KINDS = {
    "bathroom": "bath wc toilet powder shower ensuite en-suite lavatory washroom restroom cloakroom",
    "bedroom": "bed master suite guest nursery br mbr",
    "kitchen": "kitchen kitchenette pantry scullery",
    "living": "living lounge reception family sitting drawing salon parlour den media tv studio",
    "dining": "dining breakfast nook",
    "hall": "hall corridor entry entrance foyer vestibule lobby landing passage porch gallery utility lift",
    "closet": "closet storage store wardrobe cl wic cupboard walk-in robe dressing linen st",
    "balcony": "balcony terrace patio deck veranda loggia yard garden courtyard roof",
    "utility": "utility laundry boiler mechanical electrical plant wash service",
    "garage": "garage carport parking",
    "stairs": "stairs steps elevator lift",
    "office": "office study work library meeting studio",
}
_KNOWN = [(word, kind) for kind, words in _KINDS.items() for word in words.split()]


def same_name(read: str | None, annotated: Iterable[str]) -> bool:
    """Whether ``read`` is spelt nearly as one of ``annotated`` or names the same kind of room."""
    if not read:
        return False
    return any(_alike(read, name) or bool(_kinds(read) & _kinds(name)) for name in annotated)


def _alike(read: str, name: str) -> bool:
    read, name = _letters(read), _letters(name)
    return bool(name) and SequenceMatcher(None, read, name).ratio() >= LEAST_LIKENESS


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _kinds(text: str) -> set[str]:
    words = re.split(r"[\s/,&+_]+", text.casefold())
    return {
        kind
        for word in words
        for known, kind in _KNOWN
        if word.strip(".") == known or (len(known) >= 3 and word.startswith(known)) or _misread(word, known)
    }


def _misread(word: str, known: str) -> bool:
    """Whether ``word`` is ``known`` with a letter or two read wrong."""
    return len(known) >= LEAST_MISREAD and SequenceMatcher(None, word, known).ratio() >= LEAST_LIKENESS
