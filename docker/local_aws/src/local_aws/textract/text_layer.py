"""Reads the words that a PDF page carries as text."""

from collections.abc import Iterable, Iterator, Sequence
from ctypes import byref, c_int
from dataclasses import dataclass
from math import pi
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from local_aws.textract.lines import Box, ReadLine, ReadWord, box_around, quad_of_box

CONFIDENCE = 99.9
"""Textract hands out close to 100 for clean print."""

LARGE_PICTURE_SHARE = 0.5
"""A picture that covers this share of the page is probably a scan, and then text lies in its pixels too."""

LAST_LATIN_LETTER = 0x24F
"""Textract reads languages in Latin letters only; this is the end of Unicode's Latin Extended-B."""

_SEEING_SIDE_PX = 2_000
"""Long side of the page while it is looked at whether its text shows."""

_DEVICE_UNITS = 1_000_000
"""PDFium maps points to whole device pixels; a device this large keeps six decimals."""

_WORD_GAP = 0.3
_LINE_GAP = 1.2
"""Gaps along the line, in heights of the text: a blank is about 0.3, a column of a table well over 1."""

_MIN_SHARED_HEIGHT = 0.5
"""Glyphs of one line share at least this part of the lower one's height."""


@dataclass(frozen=True, slots=True)
class _Glyph:
    """``box`` is in points of the page as viewed, so that both directions have the same scale."""

    text: str
    box: Box
    quarter_turns: int
    after_blank: bool

    def in_text_direction(self) -> Box:
        """The box as it lies when the page is turned so that this glyph is level."""
        box = self.box
        match self.quarter_turns:
            case 1:
                return Box(box.top, -box.right, box.bottom, -box.left)
            case 2:
                return Box(-box.right, -box.bottom, -box.left, -box.top)
            case 3:
                return Box(-box.bottom, box.left, -box.top, box.right)
            case _:
                return box


def read_text_layer(page: Any) -> Iterator[ReadLine]:
    """The lines of a pypdfium2 page, in the file's order, placed as a person views the page."""
    size = page.get_size()
    for line in _runs(_glyphs(page), _LINE_GAP, split_at_blanks=False):
        words = tuple(_word(run, size) for run in _runs(line, _WORD_GAP, split_at_blanks=True))
        box = box_around(*(word.quad for word in words))
        yield ReadLine(words, quad_of_box(box, line[0].quarter_turns))


def shows_all(page: Any, lines: Sequence[ReadLine]) -> bool:
    """Whether ``lines``, the page's text, are all to be seen: none on a layer that is off, under a fill,
    invisible, or at the place of another."""
    texts = list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]))
    drawn = _drawn(page)
    for text in texts:
        pdfium.FPDFPageObj_SetIsActive(text.raw, False)
    changed = drawn != _drawn(page)
    for text in texts:
        pdfium.FPDFPageObj_SetIsActive(text.raw, True)
    taken = np.zeros(changed.shape, np.bool_)
    for line in lines:
        place = _inner_part(box_around(line.quad), changed.shape)
        if taken[place].any() or not changed[place].any():
            return False
        taken[place] = True
    return True


def _drawn(page: Any) -> NDArray[np.uint8]:
    bitmap = page.render(scale=_SEEING_SIDE_PX / max(page.get_size()), grayscale=True)
    return np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)


def _inner_part(box: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The middle half of a line both ways, in pixels: the cells of its glyphs reach into its neighbours."""
    top, left = int((box.top + box.height / 4) * shape[0]), int((box.left + box.width / 4) * shape[1])
    bottom, right = int((box.bottom - box.height / 4) * shape[0]), int((box.right - box.width / 4) * shape[1])
    return slice(top, max(bottom, top + 1)), slice(left, max(right, left + 1))


def has_large_picture(page: Any) -> bool:
    """Whether one picture covers at least half of the page."""
    page_width, page_height = page.get_size()
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) >= LARGE_PICTURE_SHARE * page_width * page_height:
            return True
    return False


def _glyphs(page: Any) -> Iterator[_Glyph]:
    textpage = page.get_textpage()
    page_turns = page.get_rotation() // 90
    after_blank = True
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        text = chr(pdfium.FPDFText_GetUnicode(textpage, index))
        if text.isspace() or not text.isprintable() or (text.isalpha() and ord(text) > LAST_LATIN_LETTER):
            after_blank = True
            continue
        box = _glyph_box(page, textpage, index)
        if box is not None:
            angle = pdfium.FPDFText_GetCharAngle(textpage, index)
            yield _Glyph(text, box, (page_turns + round(angle / (pi / 2))) % 4, after_blank)
            after_blank = False


def _glyph_box(page: Any, textpage: Any, index: int) -> Box | None:
    """Where the glyph's cell lies; None outside the visible page."""
    left, bottom, right, top = textpage.get_charbox(index, loose=True)
    width, height = page.get_size()
    xs, ys = zip(*(_on_page(page, x, y) for x, y in ((left, top), (right, bottom))), strict=True)
    box = Box(min(xs) * width, min(ys) * height, max(xs) * width, max(ys) * height)
    return box if box.overlaps(Box(0, 0, width, height)) else None


def _on_page(page: Any, x: float, y: float) -> tuple[float, float]:
    """A point of the file's own space as fractions of the page as viewed (turned and cropped)."""
    device_x, device_y = c_int(), c_int()
    pdfium.FPDF_PageToDevice(
        page, 0, 0, _DEVICE_UNITS, _DEVICE_UNITS, 0, x, y, byref(device_x), byref(device_y)
    )
    return device_x.value / _DEVICE_UNITS, device_y.value / _DEVICE_UNITS


def _runs(glyphs: Iterable[_Glyph], gap: float, *, split_at_blanks: bool) -> Iterator[list[_Glyph]]:
    """Split where the next glyph is turned, on another line, or ``gap`` heights away."""
    run: list[_Glyph] = []
    for glyph in glyphs:
        blank = split_at_blanks and glyph.after_blank
        if run and (blank or not _continues(run[-1], glyph, gap)):
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _continues(previous: _Glyph, glyph: _Glyph, gap: float) -> bool:
    if previous.quarter_turns != glyph.quarter_turns:
        return False
    a, b = previous.in_text_direction(), glyph.in_text_direction()
    height = max(a.height, b.height)
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    if shared < _MIN_SHARED_HEIGHT * min(a.height, b.height):
        return False
    return -height < b.left - a.right < gap * height


def _word(glyphs: list[_Glyph], page_size: tuple[float, float]) -> ReadWord:
    width, height = page_size
    boxes = [glyph.box for glyph in glyphs]
    box = Box(
        max(0.0, min(b.left for b in boxes) / width),
        max(0.0, min(b.top for b in boxes) / height),
        min(1.0, max(b.right for b in boxes) / width),
        min(1.0, max(b.bottom for b in boxes) / height),
    )
    text = "".join(glyph.text for glyph in glyphs)
    return ReadWord(text, quad_of_box(box, glyphs[0].quarter_turns), CONFIDENCE)
