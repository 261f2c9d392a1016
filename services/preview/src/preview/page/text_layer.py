"""The words of a PDF page's own text, in page coordinates."""

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from preview.domain.right_to_left import is_right_to_left, reading_order
from preview.domain.room import PAGE_SIDE, Box, Word
from preview.page.limits import MAX_CHARACTERS, MAX_WORDS
from preview.page.pdf_file import PageObject, PdfPage
from preview.page.raster_file import Gray
from preview.page.visible_text import Letter, find_visible_text

_GAP = 1.0
"""Letters farther apart than this many times their size belong to two words. Source: a space is 0.25 of the
size; PDFium sees those itself, but not every jump between the pieces of a drawing's lettering."""

_DEVICE_SIDE = 1_000_000
"""PDFium maps to whole device pixels; a device this large keeps a thousandth of a page coordinate."""

_HYPHEN_AT_LINE_END = 0x02
"""What PDFium gives for it; https://pdfium.googlesource.com/pdfium/+/refs/heads/main/public/fpdf_text.h"""


@dataclass(frozen=True, slots=True)
class PageText:
    """``words`` that a person sees; ``whole`` is False where the page has text that is not to be seen."""

    words: list[Word]
    whole: bool


def read_text(pdf: PdfPage, gray: Gray, draw_seconds: float = 0.0) -> PageText:
    """Words in the order of the document, at most `MAX_WORDS`, with boxes cut to the page.

    Parameters
    ----------
    pdf : PdfPage
        An open page, turned or cropped however its document says.
    gray : ndarray of uint8, (height, width)
        The page as it is drawn: words that a person does not see there are left out, see `find_visible_text`.
    draw_seconds : float
        Processor time that the drawing took.
    """
    textpage = pdf.page.get_textpage()
    try:
        sources: dict[int, PageObject] = {}
        letters = _letters(_Mapping.of(pdf.page, gray), textpage, sources)
        words = list(islice(_split(letters), MAX_WORDS))
        seen = find_visible_text(words, sources, pdf, gray, draw_seconds)
    finally:
        textpage.close()
    found = (_word(word, gray) for word in seen.words)
    return PageText([word for word in found if word is not None], seen.whole)


def _letters(
    to_pixels: "_Mapping", textpage: pdfium.PdfTextPage, sources: dict[int, PageObject]
) -> Iterator[Letter | None]:
    """Letters in order, None where a word ends; ``sources`` gets their text objects."""
    for index in range(min(textpage.count_chars(), MAX_CHARACTERS)):
        code = pdfium_c.FPDFText_GetUnicode(textpage, index)
        text = "-" if code == _HYPHEN_AT_LINE_END else chr(code) if code <= 0x10FFFF else ""
        if text.isspace() or not text.isprintable():
            yield None
            continue
        handle = pdfium_c.FPDFText_GetTextObject(textpage, index)
        source = ctypes.addressof(handle.contents) if handle else 0
        if source:
            sources[source] = handle
        yield Letter(text, to_pixels.box(_char_box(textpage, index)), source)


def _char_box(textpage: pdfium.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top in points: the ink's box, or the type's where a glyph has none."""
    left, bottom, right, top = textpage.get_charbox(index)
    if right > left and top > bottom:
        return left, bottom, right, top
    loose: tuple[float, float, float, float] = textpage.get_charbox(index, loose=True)
    return loose


@dataclass(frozen=True, slots=True)
class _Mapping:
    """From the page's own points, which know no turn and no crop, to pixels of its drawing."""

    origin: tuple[float, float]
    per_x: tuple[float, float]
    per_y: tuple[float, float]

    @classmethod
    def of(cls, page: pdfium.PdfPage, gray: Gray) -> "_Mapping":
        far = max(page.get_size())
        height, width = gray.shape
        (x0, y0), (x1, y1), (x2, y2) = (
            (x * width, y * height)
            for x, y in (_device_point(page, *point) for point in ((0.0, 0.0), (far, 0.0), (0.0, far)))
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
    return device_x.value / _DEVICE_SIDE, device_y.value / _DEVICE_SIDE


def _split(letters: Iterable[Letter | None]) -> Iterator[list[Letter]]:
    word: list[Letter] = []
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


def _word(letters: list[Letter], gray: Gray) -> Word | None:
    """None when it lies outside the page."""
    height, width = gray.shape
    x_min, y_min = (min(letter.box[side] for letter in letters) * PAGE_SIDE for side in (0, 1))
    x_max, y_max = (max(letter.box[side] for letter in letters) * PAGE_SIDE for side in (2, 3))
    x_min, y_min, x_max, y_max = x_min / width, y_min / height, x_max / width, y_max / height
    box = (max(x_min, 0.0), max(y_min, 0.0), min(x_max, PAGE_SIDE), min(y_max, PAGE_SIDE))
    if box[0] >= box[2] or box[1] >= box[3]:
        return None
    return Word(_text(letters), box, confidence=1.0, source="text_layer", vertical=_runs_vertically(letters))


def _runs_vertically(letters: list[Letter]) -> bool | None:
    """None for a single letter."""
    first, last = letters[0].box, letters[-1].box
    along_x, along_y = (abs(last[n] + last[n + 2] - first[n] - first[n + 2]) for n in (0, 1))
    return along_y > along_x if len(letters) > 1 else None


def _text(letters: list[Letter]) -> str:
    """In reading order; PDFium gives joined letters one by one, and their shapes as plain letters."""
    texts = [letter.text for letter in letters]
    if is_right_to_left("".join(texts)):
        by_place = sorted(letters, key=lambda letter: letter.box[0] + letter.box[2])
        texts = reading_order([letter.text for letter in by_place])
    return "".join(texts)
