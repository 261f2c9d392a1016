"""Merges the words that Textract read with those of a PDF's own text layer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from preview.domain.room import Word
from preview.rooms.geometry.boxes import meeting
from preview.rooms.text.overprint import without_overprint

Boxes = NDArray[np.float64]

_SAME_PLACE = (
    0.3  # share of the shorter width, times that of the lower height, that two boxes of a word share
)
_SAME_WORD = 0.8  # of the larger box: between the middles of two words of the same text
_LAST_LATIN_LETTER = 0x24F
"""Textract reads languages in Latin letters only; this is the end of Unicode's Latin Extended-B.
https://aws.amazon.com/textract/faqs/"""

_FURTHEST = 20.0  # page units between two boxes of a word; about the length of a short word


def merged_words(textract: Sequence[Word], text_layer: Sequence[Word]) -> tuple[Word, ...]:
    """``textract``, and those of ``text_layer`` that it did not read.

    A word is read twice where the two boxes largely share their place, however the text is divided into
    words, or where the same text lies close by: Textract places narrow characters, such as digits, loosely.
    What it makes of letters that it does not know gives way to the text layer. Without overprinted words.
    """
    own = without_overprint(text_layer)
    unknown = [word for word in own if not _is_latin(word.text)]
    read = _without_twice_read(without_overprint(textract), unknown)
    return (*read, *_without_twice_read(own, read))


def _is_latin(text: str) -> bool:
    return all(ord(character) <= _LAST_LATIN_LETTER for character in text if character.isalpha())


def _without_twice_read(words: Sequence[Word], known: Sequence[Word]) -> list[Word]:
    """Those of ``words`` that are none of ``known`` read again."""
    if not words or not known:
        return list(words)
    boxes, there = _boxes(words), _boxes(known)
    texts = np.unique([word.text.casefold() for word in (*words, *known)], return_inverse=True)[1]
    says, said = texts[: len(words)], texts[len(words) :]
    taken = np.zeros(len(words), np.bool_)
    for i, j in meeting(_widened(boxes), there):
        same_word = (says[i] == said[j]) & _close(boxes[i], there[j])
        taken[i[same_word | _same_place(boxes[i], there[j])]] = True
    return [word for word, gone in zip(words, taken.tolist(), strict=True) if not gone]


def _boxes(words: Sequence[Word]) -> Boxes:
    return np.array([word.box for word in words], np.float64)


def _sizes(boxes: Boxes) -> Boxes:
    return boxes[:, 2:] - boxes[:, :2]


def _widened(boxes: Boxes) -> Boxes:
    """By their own size, where that is less than what two boxes of a word lie apart."""
    by = np.minimum(_sizes(boxes), _FURTHEST)
    return np.hstack([boxes[:, :2] - by, boxes[:, 2:] + by])


def _same_place(one: Boxes, other: Boxes) -> NDArray[np.bool_]:
    sides = np.minimum(one[:, 2:], other[:, 2:]) - np.maximum(one[:, :2], other[:, :2])
    least = np.minimum(_sizes(one), _sizes(other)).prod(axis=1)
    return np.asarray((sides > 0).all(axis=1) & (sides.prod(axis=1) >= _SAME_PLACE * least), np.bool_)


def _close(one: Boxes, other: Boxes) -> NDArray[np.bool_]:
    apart = np.abs(one[:, :2] + one[:, 2:] - other[:, :2] - other[:, 2:]) / 2
    return np.asarray((apart < _SAME_WORD * np.maximum(_sizes(one), _sizes(other))).all(axis=1), np.bool_)
