"""Which words of a PDF's text a person sees.

PDFium's text layer has all text, even of layers switched off, under fills, under other text, or clipped away;
what its renderer draws is right. So the page is drawn again without its text: where that changes nothing,
there was none to see. Texts that overlap are left out one after the other, to tell whose ink it is.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from preview.domain.room import Box
from preview.page.limits import MIN_INK_CONTRAST
from preview.page.pdf_file import PageObject, PdfPage
from preview.page.raster_file import Gray
from preview.page.text_overlap import Boxes, non_overlapping_groups, uncovered

_MAX_LOOKS = 4
"""Texts at one place that are told apart. Source: a sheet in three languages, and one more."""

_MAX_SECONDS = 1.0
"""Processor time for drawing again. Source: a third of what a page may take to be drawn."""

_MOSTLY = 0.5
"""Share of its letters that has to show for a text to count as seen: a dot may be lost, a word may be cut."""

_SCAN_SHARE = 0.5
"""Share of the page that pictures cover on a scan."""

_INVISIBLE = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)


@dataclass(frozen=True, slots=True)
class Letter:
    """``box`` in pixels of the drawn page; ``source`` is the key of the text object that shows it."""

    text: str
    box: Box
    source: int


@dataclass(frozen=True, slots=True)
class VisibleText:
    """``words`` in their order; ``whole`` is False where the page has text that is not to be seen."""

    words: list[list[Letter]]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """Letters of word ``word`` that one text object shows."""

    word: int
    letters: list[Letter]
    boxes: Boxes


_Shares = NDArray[np.float64]
"""For each piece the share of its letters that leave ink of their own; NaN where nobody looked, as with
invisible text."""


def find_visible_text(
    words: Sequence[list[Letter]],
    sources: Mapping[int, PageObject],
    pdf: PdfPage,
    gray: Gray,
    draw_seconds: float = 0.0,
) -> VisibleText:
    """What of ``words`` a person sees on the page.

    Invisible text over ink is kept, as it transcribes a scan, or lines that form letters; so is text that
    lies under a scan. Of words at one place the last is kept, and a visible one before invisible ones.

    Parameters
    ----------
    words
        The letters of all words of the text layer.
    sources
        The page's text objects, by the keys that the letters have.
    pdf, gray
        The page, and its drawing.
    draw_seconds
        Processor time that the drawing took. A page that takes long is not drawn again; ink at the place of
        a word is then all that is asked for.
    """
    pieces = list(_pieces(words))
    if not pieces:
        return VisibleText([], whole=True)
    until = time.process_time() + _MAX_SECONDS - draw_seconds
    showing = _showing(pieces, sources, pdf, gray, (), until)
    transcribing = np.isnan(showing)
    hidden = showing < _MOSTLY
    over_ink = _over_ink(pieces, gray) if (hidden | transcribing).any() else hidden
    if (hidden & over_ink).any() and (scan := _scan(pdf)):
        under_scan = _showing(pieces, sources, pdf, pdf.draw(max(gray.shape), scan), scan, until)
        transcribing |= hidden & (under_scan >= _MOSTLY)
    seen = np.flatnonzero(np.where(transcribing, over_ink, ~hidden))
    upwards = seen[np.argsort(~transcribing[seen], kind="stable")].tolist()
    kept = uncovered([pieces[n].boxes for n in upwards], gray.shape)
    return VisibleText(_words([pieces[upwards[n]] for n in kept]), whole=not hidden.any())


def _pieces(words: Sequence[list[Letter]]) -> Iterator[_Piece]:
    for word, letters in enumerate(words):
        for _, group in groupby(letters, key=lambda letter: letter.source):
            piece = list(group)
            yield _Piece(word, piece, np.array([letter.box for letter in piece]))


def _words(pieces: Sequence[_Piece]) -> list[list[Letter]]:
    by_word = groupby(sorted(pieces, key=lambda piece: piece.word), key=lambda piece: piece.word)
    return [[letter for piece in word for letter in piece.letters] for _, word in by_word]


def _showing(
    pieces: Sequence[_Piece],
    sources: Mapping[int, PageObject],
    pdf: PdfPage,
    drawn: Gray,
    left_out: Sequence[PageObject],
    until: float,
) -> _Shares:
    """``drawn`` is the page without ``left_out``; ``until`` is the processor time at which looking ends."""
    showing = np.full(len(pieces), np.nan)
    texts = _texts(pieces, sources)
    boxes = [np.concatenate([pieces[n].boxes for n in text]) for text in texts]
    look_seconds = 0.0
    for chosen in non_overlapping_groups(boxes, drawn.shape, _MAX_LOOKS):
        began = time.process_time()
        if began + look_seconds > until:
            break
        indices = [n for text in chosen for n in texts[text]]
        handles = {pieces[n].letters[0].source for n in indices}
        without = pdf.draw(max(drawn.shape), [*left_out, *(sources[key] for key in handles)])
        differs = cv2.absdiff(drawn, without) >= MIN_INK_CONTRAST
        showing[indices] = _shares([pieces[n].boxes for n in indices], differs)
        look_seconds = time.process_time() - began
    return showing


def _texts(pieces: Sequence[_Piece], sources: Mapping[int, PageObject]) -> list[list[int]]:
    """Indices of the pieces of each visible text object; what is shown twice at one place is one."""
    visible = {key for key, handle in sources.items() if not _is_invisible(handle)}
    by_source: dict[int, list[int]] = {}
    for n, piece in enumerate(pieces):
        if piece.letters[0].source in visible:
            by_source.setdefault(piece.letters[0].source, []).append(n)
    alike: dict[tuple[str, tuple[float, ...]], list[int]] = {}
    for indices in by_source.values():
        text = "".join(letter.text for n in indices for letter in pieces[n].letters)
        alike.setdefault((text, tuple(np.round(pieces[indices[0]].boxes[0]).tolist())), []).extend(indices)
    return list(alike.values())


def _is_invisible(text_object: PageObject) -> bool:
    return pdfium_c.FPDFTextObj_GetTextRenderMode(text_object) in _INVISIBLE


def _shares(pieces: Sequence[Boxes], differs: NDArray[np.bool_]) -> _Shares:
    lengths = np.array([len(boxes) for boxes in pieces])
    starts = np.cumsum(lengths) - lengths
    found = _any_in(differs, np.concatenate(pieces))
    return np.asarray(np.add.reduceat(found, starts, dtype=np.float64) / lengths)


def _any_in(pixels: NDArray[np.bool_], boxes: Boxes) -> NDArray[np.bool_]:
    """Whether any of ``pixels`` is set in each box."""
    height, width = pixels.shape
    table = cv2.integral(pixels.astype(np.uint8))
    left = np.clip(np.floor(boxes[:, 0]).astype(int), 0, width)
    top = np.clip(np.floor(boxes[:, 1]).astype(int), 0, height)
    right = np.clip(np.floor(boxes[:, 2]).astype(int) + 1, left, width)
    bottom = np.clip(np.floor(boxes[:, 3]).astype(int) + 1, top, height)
    counts = table[bottom, right] - table[top, right] - table[bottom, left] + table[top, left]
    return np.asarray(counts > 0, np.bool_)


def _over_ink(pieces: Sequence[_Piece], gray: Gray) -> NDArray[np.bool_]:
    """Whether there is an edge, as ink has them, in the box around each piece."""
    edges = cv2.morphologyEx(gray, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8)) >= MIN_INK_CONTRAST
    corners = [(piece.boxes[:, :2].min(axis=0), piece.boxes[:, 2:].max(axis=0)) for piece in pieces]
    return _any_in(edges, np.array([np.concatenate(corner) for corner in corners]))


def _scan(pdf: PdfPage) -> list[PageObject]:
    """The pictures of a page that they cover by half; none of another."""
    pictures = pdf.pictures()
    covered = sum(share for _, share in pictures)
    return [picture for picture, _ in pictures] if covered >= _SCAN_SHARE else []
