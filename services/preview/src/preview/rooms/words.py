"""Putting together the words that Textract read and those of a PDF's own text layer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from preview.domain.room import Word
from preview.rooms.boxes import meeting, paired_shares
from preview.rooms.legibility import legible

_SAME_PLACE = 0.5  # share of the smaller box that two words must have in common to be one word read twice


def merge(textract: Sequence[Word], text_layer: Sequence[Word]) -> tuple[Word, ...]:
    """All of ``textract``, and those of ``text_layer`` that lie where Textract read nothing.

    Illegible words of either are left out.
    """
    read, own = legible(textract), legible(text_layer)
    if not read or not own:
        return (*read, *own)
    there, boxes = _boxes(read), _boxes(own)
    taken = np.zeros(len(own), np.bool_)
    for i, j in meeting(boxes, there):
        taken[i[paired_shares(boxes[i], there[j]) >= _SAME_PLACE]] = True
    return (*read, *(word for word, gone in zip(own, taken.tolist(), strict=True) if not gone))


def _boxes(words: Sequence[Word]) -> NDArray[np.float64]:
    return np.array([word.box for word in words], np.float64)
