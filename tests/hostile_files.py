"""Files that somebody may send, and what has to become of each. Made by code; nothing here is stored.

``CANARY`` is written wherever a file can hold text: in no log may it ever be seen.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PIL import Image

import hostile_pdfs as pdf
import hostile_pictures as picture
from blueprint_files import (
    deflated_zeros,
    encoded,
    encrypted_pdf,
    marked_plan,
    million_paths_pdf,
    plan_pdf,
    png_bomb,
    png_chunk,
    self_referring_pdf,
    unpacking_bomb_pdf,
)
from hostile_pictures import PLAIN, PLAIN_JPG, deflated_text, jpg_with, raw_png, with_chunks
from layered_pdfs import annotated, annotation, form, layers, marked, page_of
from odd_pictures import SAMSUNG_TRAILER, ink_on_nothing, print_jpg, without_end

CANARY = "canary7Qx3vT9sings"


class Fate(Enum):
    NO_BLUEPRINT = "create answers 400 INVALID_FILE_FORMAT"
    REFUSED = "create answers 422 UNREADABLE_BLUEPRINT"
    UNDRAWABLE = "there is a job, whose preview is 422 UNREADABLE_BLUEPRINT"
    DRAWN = "there is a job with a preview"


@dataclass(frozen=True, slots=True)
class HostileFile:
    """``through_all`` sends it through the whole stack, detection included, which takes a second each; of
    the others the stack makes jobs, and only the readers draw them."""

    make: Callable[[], bytes]
    fates: tuple[Fate, ...]
    through_all: bool = True


def _honest(make: Callable[[], bytes]) -> HostileFile:
    """Odd, but a plan can come like this."""
    return HostileFile(make, (Fate.DRAWN,))


def _harmless(make: Callable[[], bytes]) -> HostileFile:
    """Meant to harm, in a place that nobody has to look at."""
    return HostileFile(make, (Fate.DRAWN,), through_all=False)


def _undrawable(make: Callable[[], bytes]) -> HostileFile:
    return HostileFile(make, (Fate.UNDRAWABLE,))


def _refused(make: Callable[[], bytes]) -> HostileFile:
    return HostileFile(make, (Fate.REFUSED,))


def _no_blueprint(make: Callable[[], bytes]) -> HostileFile:
    return HostileFile(make, (Fate.NO_BLUEPRINT,))


def _heavy(make: Callable[[], bytes]) -> HostileFile:
    """As much work as a page may be, or more: how fast the machine is decides."""
    return HostileFile(make, (Fate.UNDRAWABLE, Fate.DRAWN))


def _page(entries: bytes) -> Callable[[], bytes]:
    return lambda: pdf.page_pdf(page=entries)


def _text(content: bytes) -> Callable[[], bytes]:
    return lambda: pdf.text_pdf(content)


def _with_count(count: bytes) -> Callable[[], bytes]:
    return lambda: pdf.page_pdf().replace(b"/Count 1 ", b"/Count %b " % count)


_NOTE = CANARY.encode()
_PALETTE = b"\0\0\0\xff\xff\xff"

PNGS = {
    "png of one pixel": _honest(lambda: raw_png(1, 1, 8, 0, 1)),
    "png of no width": _no_blueprint(lambda: raw_png(0, 10, 8, 0, 0)),
    "png of no height": _no_blueprint(lambda: raw_png(10, 0, 8, 0, 10)),
    "png of one row": _honest(lambda: raw_png(30_000, 1, 8, 0, 30_000)),
    "png of one column": _harmless(lambda: raw_png(1, 30_000, 8, 0, 1)),
    "png of 100 megapixels in one row": _heavy(lambda: raw_png(100_000_000, 1, 1, 0, 12_500_000)),
    "png of 100 megapixels in colour": _heavy(
        lambda: picture.png(picture.png_header(10_000, 10_000, 8, 6), deflated_zeros(382))
    ),
    "png of 100 megapixels and one": _refused(lambda: png_bomb(100_000_001, 1)),
    "png of 2^31 by 2^31": _refused(lambda: picture.png(picture.png_header(2**31 - 1, 2**31 - 1), b"")),
    "png of 2^32 by 2^32": _refused(lambda: picture.png(picture.png_header(2**32 - 1, 2**32 - 1), b"")),
    "png of 1 bit": _honest(lambda: raw_png(120, 80, 1, 0, 15)),
    "png of 2 bits": _harmless(lambda: raw_png(120, 80, 2, 0, 30)),
    "png of 16 bits": _honest(lambda: raw_png(120, 80, 16, 0, 240)),
    "png of 16 bits and alpha": _honest(lambda: raw_png(120, 80, 16, 6, 960)),
    "png of 3 bits": _no_blueprint(lambda: raw_png(120, 80, 3, 0, 120)),
    "png with a palette": _honest(lambda: raw_png(120, 80, 1, 3, 15, [(b"PLTE", _PALETTE)])),
    "png without its palette": _undrawable(lambda: raw_png(120, 80, 8, 3, 120)),
    "png beyond its palette": _harmless(lambda: raw_png(120, 80, 8, 3, 120, [(b"PLTE", _PALETTE)])),
    "png with alpha": _honest(lambda: encoded(marked_plan().convert("LA"), "PNG")),
    "png of white on nothing": _honest(
        lambda: encoded(ink_on_nothing(marked_plan(), (255, 255, 255)), "PNG")
    ),
    "png interlaced": _honest(picture.interlaced),
    "png animated": _harmless(lambda: picture.animated(20, 21)),
    "png animated by its own account": _harmless(lambda: picture.animated(1, 2**32 - 1)),
    "png in tiny pieces": _harmless(picture.in_tiny_pieces),
    "png with two headers": _undrawable(
        lambda: with_chunks((b"IHDR", picture.png_header(9999, 9999)))
    ),
    "png with a chunk of 4 GiB": _undrawable(lambda: PLAIN[:33] + b"\xff\xff\xff\xffIDAT" + PLAIN[33:]),
    "png with a wrong checksum": _no_blueprint(lambda: PLAIN[:29] + bytes(4) + PLAIN[33:]),
    "png with text": _honest(lambda: with_chunks((b"tEXt", b"a\0" + _NOTE), (b"eXIf", b"MM\0*" + _NOTE))),
    "png with 100,000 texts": _harmless(lambda: with_chunks(*[(b"tEXt", b"a\0b")] * 100_000)),
    "png with a text of gigabytes": _no_blueprint(lambda: with_chunks(deflated_text(2000))),
    "png with a hundred texts": _no_blueprint(
        lambda: with_chunks(*[(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000)))] * 100)
    ),
    "png with a profile of gigabytes": _no_blueprint(
        lambda: with_chunks((b"iCCP", b"icc\0\0" + deflated_zeros(2000)))
    ),
    "png with a text of gigabytes at its end": _undrawable(
        lambda: PLAIN.removesuffix(picture.END) + png_chunk(*deflated_text(2000)) + picture.END
    ),
    "png with pixels of gigabytes": _harmless(picture.pixels_that_unpack_to_gigabytes),
}  # fmt: skip

JPGS = {
    "jpg in colours of print": _honest(lambda: encoded(marked_plan().convert("CMYK"), "JPEG")),
    "jpg without its end": _honest(lambda: without_end(PLAIN_JPG) + SAMSUNG_TRAILER),
    "jpg cut off and with data behind": HostileFile(
        lambda: PLAIN_JPG[: len(PLAIN_JPG) * 3 // 4] + SAMSUNG_TRAILER, (Fate.UNDRAWABLE, Fate.DRAWN)
    ),
    "jpg in colours of print without a marker": _honest(
        lambda: print_jpg(marked_plan(), inverted=False, marker=False)
    ),
    "jpg progressive": _honest(lambda: encoded(marked_plan(), "JPEG", progressive=True)),
    "jpg of one pixel": _honest(lambda: encoded(Image.new("RGB", (1, 1)), "JPEG")),
    "jpg of several pictures": _honest(picture.several_pictures),
    "jpg of no width": _no_blueprint(lambda: picture.jpg_of_size(0, 10)),
    "jpg of 65,535 by 65,535": _refused(lambda: picture.jpg_of_size(65_535, 65_535)),
    "jpg of more pixels than it has": _heavy(lambda: picture.jpg_of_size(5000, 5000)),
    "jpg of ten thousand scans": _heavy(picture.jpg_of_many_scans),
    "jpg of 12 bits": _no_blueprint(lambda: PLAIN_JPG.replace(b"\xff\xc0\0\x0b\x08", b"\xff\xc0\0\x0b\x0c")),
    "jpg without loss": _undrawable(lambda: PLAIN_JPG.replace(b"\xff\xc0", b"\xff\xc3")),
    "jpg turned 0": _harmless(lambda: jpg_with((0xE1, picture.orientation(0)))),
    "jpg turned 9": _harmless(lambda: jpg_with((0xE1, picture.orientation(9)))),
    "jpg turned twice": _honest(
        lambda: jpg_with((0xE1, picture.orientation(6)), (0xE1, picture.orientation(3)))
    ),
    "jpg turned by a word": _harmless(
        lambda: jpg_with((0xE1, picture.exif((picture.ORIENTATION, 2, 4, b"six\0"))))
    ),
    "jpg whose notes lie far away": _harmless(
        lambda: jpg_with((0xE1, picture.exif((picture.ORIENTATION, 3, 2**31, b"\xff\xff\xff\xff"))))
    ),
    "jpg whose notes go in circles": _harmless(
        lambda: jpg_with((0xE1, picture.exif((0x8769, 4, 1, b"\0\0\0\x08"), next_ifd=8)))
    ),
    "jpg with notes cut off": _harmless(lambda: jpg_with((0xE1, b"Exif\0\0MM"))),
    "jpg with comments of 30 MB": _harmless(lambda: jpg_with(*[(0xFE, _NOTE + bytes(60_000))] * 500)),
    "jpg with half a profile": _harmless(lambda: jpg_with((0xE2, b"ICC_PROFILE\0\1\2" + _NOTE * 3000))),
}

PDFS = {
    "pdf plain": _harmless(pdf.page_pdf),
    "pdf of today": _honest(pdf.modern_pdf),
    "pdf with notes": _honest(lambda: pdf.with_metadata(_NOTE)),
    "pdf with a word": _honest(_text(b"BT /F 9 Tf 20 100 Td (%b) Tj ET" % _NOTE)),
    "pdf locked": _refused(encrypted_pdf),
    "pdf locked against change only": _honest(lambda: encrypted_pdf("")),
    "pdf locked in an unknown way": _refused(pdf.unknown_encryption),
    "pdf with a form of XFA": _honest(pdf.xfa_form),
    "pdf with 2,000 annotations": _harmless(
        lambda: annotated([annotation(b"FreeText", b"/DA (/Helv 9 Tf) /Contents (%b)" % _NOTE)] * 2000)
    ),
    "pdf of a field in itself": _harmless(
        lambda: annotated([annotation(b"Widget", b"/FT /Tx /T (a) /V (A) /Parent 10 0 R /Kids [10 0 R]")])
    ),
    "pdf of an annotation that looks like itself": _harmless(
        lambda: annotated(
            [annotation(b"Stamp", b"/AP << /N 11 0 R >>")],
            [form(b"/Fm Do", b"/Resources << /XObject << /Fm 11 0 R >> >>")],
        )
    ),
    "pdf of layers in each other": _harmless(
        lambda: page_of(
            marked(b"L", b"0 0 9 9 re f\n"),
            [b"<< /Type /OCMD /OCGs 11 0 R >>", b"<< /Type /OCMD /OCGs 10 0 R /VE [/Not 10 0 R] >>"],
            properties=b"/L 10 0 R",
            catalog=layers(b""),
        )
    ),
    "pdf of 5,000 words at one place": _heavy(
        _text(b"".join(b"BT /F %d Tf 20 60 Td (KITCHEN) Tj ET\n" % (n % 90 + 9) for n in range(5000)))
    ),
    "pdf with scripts": _harmless(pdf.scripted),
    "pdf whose page is another file": _harmless(pdf.content_from_another_file),
    "pdf of 500 pages": _honest(lambda: plan_pdf(pages=500)),
    "pdf of 501 pages": _refused(lambda: plan_pdf(pages=501)),
    "pdf of 10,000 pages": _refused(lambda: plan_pdf(pages=10_000)),
    "pdf of a page said to be 10^9": _harmless(_with_count(b"1000000000")),
    "pdf of a page said to be -1": _harmless(_with_count(b"-1")),
    "pdf of a million paths": _undrawable(million_paths_pdf),
    "pdf saved 2,000 times": _harmless(pdf.updated_often),
    "pdf without an end": _honest(lambda: pdf.page_pdf().rpartition(b"startxref")[0]),
    # objects that lead back to themselves
    "pdf of pages in themselves": _refused(self_referring_pdf),
    "pdf of a page in itself": _undrawable(pdf.page_in_itself),
    "pdf of a page 20,000 branches deep": _undrawable(pdf.deep_page_tree),
    "pdf of a form in itself": _harmless(pdf.form_in_itself),
    "pdf of forms in each other": _harmless(pdf.forms_in_each_other),
    "pdf of forms that double": _undrawable(pdf.forms_that_double),
    "pdf of a pattern in itself": _harmless(pdf.pattern_in_itself),
    "pdf of a glyph in itself": _harmless(pdf.glyph_in_itself),
    "pdf of a mask in itself": _undrawable(pdf.mask_in_itself),
    "pdf of contents in themselves": _harmless(pdf.contents_in_themselves),
    "pdf of a length of itself": _harmless(pdf.length_of_itself),
    "pdf of an outline in circles": _harmless(pdf.outlines_in_circles),
    "pdf of cross references in circles": _harmless(pdf.xref_that_comes_before_itself),
    # more than it looks like
    "pdf that unpacks to gigabytes": _undrawable(unpacking_bomb_pdf),
    "pdf of objects of gigabytes": HostileFile(
        pdf.object_stream_bomb, (Fate.REFUSED, Fate.NO_BLUEPRINT, Fate.DRAWN)
    ),
    "pdf of cross references of gigabytes": _no_blueprint(pdf.cross_reference_bomb),
    "pdf of 5,000 filters": _harmless(pdf.long_chain_of_filters),
    "pdf of many columns": _harmless(pdf.predictor_of_many_columns),
    "pdf of an image of 10^10 pixels": _harmless(lambda: pdf.huge_image(100_000, 100_000)),
    "pdf of an image of 2^62 pixels": _harmless(lambda: pdf.huge_image(2**31 - 1, 2**31 - 1)),
    "pdf of an image of a gigabyte": _heavy(pdf.image_bomb),
    "pdf of a huge image in its page": _harmless(pdf.inline_image),
    "pdf of tiny tiles": _undrawable(pdf.tiny_tiles),
    "pdf of a function of 2^48 samples": _harmless(pdf.sampled_function),
    "pdf of two million states": _harmless(lambda: pdf.many_operators(b"q ", 2_000_000)),
    "pdf of two million brackets": _harmless(lambda: pdf.many_operators(b"[ ", 2_000_000)),
    "pdf of a damaged font": _harmless(pdf.damaged_font),
    "pdf of a word of 300,000 letters": _heavy(_text(b"BT /F 1 Tf 20 60 Td (%b) Tj ET" % (b"A" * 300_000))),
    "pdf of 300,000 words": _heavy(_text(b"BT /F 1 Tf 0 1 TD " + b"(A B C D) Tj T* " * 75_000 + b" ET")),
    "pdf of huge letters": _harmless(_text(b"BT /F 1e30 Tf 20 60 Td (KITCHEN) Tj ET")),
    "pdf of letters without size": _harmless(_text(b"0 0 0 0 0 0 cm BT /F 1 Tf (KITCHEN) Tj ET")),
    # pages of odd shape
    "pdf of no area": _harmless(_page(b"/MediaBox [0 0 0 0]")),
    "pdf without a size": _harmless(_page(b"")),
    "pdf the wrong way round": _harmless(_page(b"/MediaBox [144 144 0 0]")),
    "pdf of 10^30 points": _harmless(_page(b"/MediaBox [0 0 1e30 1e30]")),
    "pdf of a thousandth of a point": _harmless(_page(b"/MediaBox [0 0 0.001 0.001]")),
    "pdf of huge units": _harmless(_page(pdf.BOX + b" /UserUnit 1e9")),
    "pdf turned 45": _honest(_page(pdf.BOX + b" /Rotate 45")),
    "pdf cropped away": _undrawable(_page(pdf.BOX + b" /CropBox [1000 1000 2000 2000]")),
}  # fmt: skip

POLYGLOTS = {
    "png and pdf": _honest(lambda: PLAIN + pdf.page_pdf()),
    "png and zip": _harmless(lambda: PLAIN + b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18)),
    "png and web page": _harmless(lambda: PLAIN + b"<html><script>alert(1)</script>"),
    "jpg and web page": _honest(lambda: jpg_with((0xFE, b"<html><script>alert(1)</script><!--"))),
    "jpg and php": _harmless(lambda: jpg_with((0xFE, b"<?php system('id'); ?>"))),
    "pdf and zip": _harmless(lambda: pdf.page_pdf() + b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18)),
    "pdf after a script": _harmless(lambda: b"#!/bin/sh\nexit\n" + pdf.page_pdf()),
    "web page and pdf": _no_blueprint(lambda: b"<html><script>alert(1)</script>" + pdf.page_pdf()),
    "gif and script": _no_blueprint(lambda: b"GIF89a=1;alert(1);//" + PLAIN),
    "gif and png": _no_blueprint(lambda: encoded(marked_plan(), "GIF") + PLAIN),
    "program and pdf": _no_blueprint(lambda: b"MZ" + bytes(60) + pdf.page_pdf()),
    "zip and pdf": _no_blueprint(lambda: b"PK\x03\x04" + bytes(26) + pdf.page_pdf()),
}

HOSTILE_FILES = PNGS | JPGS | PDFS | POLYGLOTS


def truncations() -> list[bytes]:
    """A file of each kind, cut off at and around each boundary of its structure."""
    cut_pdfs = [content[:cut] for content in (pdf.page_pdf(), pdf.modern_pdf()) for cut in _pdf_cuts(content)]
    return picture.png_cuts() + picture.jpg_cuts() + cut_pdfs


def _pdf_cuts(content: bytes) -> list[int]:
    marks = (b" obj", b"stream", b"endobj", b"xref", b"trailer", b">>", b"%%EOF")
    starts = {at for mark in marks for at in range(len(content)) if content.startswith(mark, at)}
    return sorted(cut + shift for cut in starts for shift in (0, 3) if cut + shift < len(content))
