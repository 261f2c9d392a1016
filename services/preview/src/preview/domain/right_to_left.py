"""Text that is read from the right, such as Hebrew and Arabic, from its order on the page to reading order.

A simplified form of the Unicode bidirectional algorithm, UAX #9: one level of embedding, as names have.
"""

import unicodedata
from collections.abc import Sequence
from itertools import groupby

_FROM_THE_RIGHT = ("R", "AL")
_FROM_THE_LEFT = ("L", "EN", "AN")


def is_right_to_left(text: str) -> bool:
    """Whether at least half of the letters of ``text`` are of a script that is read from the right."""
    kinds = [unicodedata.bidirectional(character) for character in text]
    right = sum(kind in _FROM_THE_RIGHT for kind in kinds)
    return right > 0 and right >= kinds.count("L")


def reading_order(texts: Sequence[str]) -> list[str]:
    """``texts``, which stand side by side from the left, in the order in which they are read.

    Latin letters and numbers inside text from the right keep their own order.
    """
    if not is_right_to_left("".join(texts)):
        return list(texts)
    runs = [list(run) for _, run in groupby(texts, key=_is_left_to_right)]
    return [text for run in reversed(runs) for text in (run if _is_left_to_right(run[0]) else reversed(run))]


def _is_left_to_right(text: str) -> bool:
    kinds = {unicodedata.bidirectional(character) for character in text}
    return not kinds.intersection(_FROM_THE_RIGHT) and bool(kinds.intersection(_FROM_THE_LEFT))
