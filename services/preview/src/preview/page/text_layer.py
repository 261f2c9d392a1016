"""The words of a PDF page's own text, in page coordinates."""

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from preview.domain.room import PAGE_SIDE, Box, Word
from preview.page.limits import MAX_CHARACTERS, MAX_WORDS, MIN_INK_CONTRAST
from preview.page.raster import Gray

_GAP = 1.0
"""Letters farther apart than this many times their size belong to two words. Source: a space is 0.25 of the
size; PDFium sees those itself, but not every jump between the pieces of a drawing's lettering."""

_DEVICE_SIDE = 1_000_000
"""PDFium maps to whole device pixels; a device this large keeps a thousandth of a page coordinate."""

_HYPHEN_AT_LINE_END = 0x02
"""What PDFium gives for it; https://pdfium.googlesource.com/pdfium/+/refs/heads/main/public/fpdf_text.h"""


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    box: Box


def read_words(page: pdfium.PdfPage, gray: Gray) -> list[Word]:
    """Words in the order of the document, at most `MAX_WORDS`.

    Parameters
    ----------
    page : pdfium.PdfPage
        An open page, turned or cropped however its document says.
    gray : ndarray of uint8, (height, width)
        The page as it is drawn: words that leave no ink there (white on white, a layer switched off) are
        left out. The invisible text over a scan stays, as it lies on the ink that it transcribes.

    Returns
    -------
    list of Word
        Boxes cut to the page. Empty when there is no text layer.
    """
    textpage = page.get_textpage()
    try:
        words = (_word(letters) for letters in _split(_letters(page, textpage)))
        seen = (word for word in words if word is not None and _has_ink(word.box, gray))
        return list(islice(seen, MAX_WORDS))
    finally:
        textpage.close()


def _letters(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> Iterator[_Letter | None]:
    """Letters in order, None where a word ends."""
    to_page = _Mapping.of(page)
    for index in range(min(textpage.count_chars(), MAX_CHARACTERS)):
        code = pdfium_c.FPDFText_GetUnicode(textpage, index)
        text = "-" if code == _HYPHEN_AT_LINE_END else chr(code) if code <= 0x10FFFF else ""
        if text.isspace() or not text.isprintable():
            yield None
        else:
            yield _Letter(text, to_page.box(_char_box(textpage, index)))


def _char_box(textpage: pdfium.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top in points: the ink's box, or the type's where a glyph has none."""
    left, bottom, right, top = textpage.get_charbox(index)
    if right > left and top > bottom:
        return left, bottom, right, top
    loose: tuple[float, float, float, float] = textpage.get_charbox(index, loose=True)
    return loose


@dataclass(frozen=True, slots=True)
class _Mapping:
    """From the page's own points, which know no turn and no crop, to page coordinates."""

    origin: tuple[float, float]
    per_x: tuple[float, float]
    per_y: tuple[float, float]

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> "_Mapping":
        far = max(page.get_size())
        (x0, y0), (x1, y1), (x2, y2) = (
            _device_point(page, *point) for point in ((0.0, 0.0), (far, 0.0), (0.0, far))
        )
        return cls((x0, y0), ((x1 - x0) / far, (y1 - y0) / far), ((x2 - x0) / far, (y2 - y0) / far))

    def box(self, points: tuple[float, float, float, float]) -> Box:
        left, bottom, right, top = points
        xs, ys = zip(self._point(left, bottom), self._point(right, top), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        return (
            self.origin[0] + x * self.per_x[0] + y * self.per_y[0],
            self.origin[1] + x * self.per_x[1] + y * self.per_y[1],
        )


def _device_point(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    device_x, device_y = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, 0, 0, _DEVICE_SIDE, _DEVICE_SIDE, 0, x, y, device_x, device_y)
    return device_x.value * PAGE_SIDE / _DEVICE_SIDE, device_y.value * PAGE_SIDE / _DEVICE_SIDE


def _split(letters: Iterable[_Letter | None]) -> Iterator[list[_Letter]]:
    word: list[_Letter] = []
    for letter in letters:
        if word and (letter is None or _apart(word[-1].box, letter.box)):
            yield word
            word = []
        if letter is not None:
            word.append(letter)
    if word:
        yield word


def _apart(one: Box, other: Box) -> bool:
    gap = max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3])
    return gap > _GAP * max(_size(one), _size(other))


def _size(box: Box) -> float:
    return max(box[2] - box[0], box[3] - box[1])


def _word(letters: list[_Letter]) -> Word | None:
    """None when it lies outside the page."""
    x_min, y_min = (min(letter.box[side] for letter in letters) for side in (0, 1))
    x_max, y_max = (max(letter.box[side] for letter in letters) for side in (2, 3))
    box = (max(x_min, 0.0), max(y_min, 0.0), min(x_max, PAGE_SIDE), min(y_max, PAGE_SIDE))
    if box[0] >= box[2] or box[1] >= box[3]:
        return None
    text = "".join(letter.text for letter in letters)
    return Word(text, box, confidence=1.0, source="text_layer")


def _has_ink(box: Box, gray: Gray) -> bool:
    height, width = gray.shape
    left, right = (int(x * width / PAGE_SIDE) for x in (box[0], box[2]))
    top, bottom = (int(y * height / PAGE_SIDE) for y in (box[1], box[3]))
    ink = gray[top : bottom + 1, left : right + 1]
    return ink.size > 0 and int(ink.max()) - int(ink.min()) >= MIN_INK_CONTRAST
