"""PDF files made to do harm, and odd ones that are honest. Small pages, quickly drawn."""

import struct
import zlib
from collections.abc import Sequence

from blueprint_files import deflated_zeros, pdf_of, pdf_stream

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
BOX = b"/MediaBox [0 0 144 144]"
INK = b"0 g 20 20 60 60 re f 2 w 10 10 124 124 re S\n"
CALL_X = b"/X Do\n"


def page_pdf(
    contents: bytes = pdf_stream(INK),
    *,
    page: bytes = BOX,
    resources: bytes = b"",
    catalog: bytes = b"",
    objects: Sequence[bytes] = (),
    trailer: bytes = b"",
) -> bytes:
    """One page, which is object 3; ``contents`` are object 4, and ``objects`` follow."""
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R %b >>" % catalog,
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R %b /Contents 4 0 R /Resources << %b >> >>" % (page, resources),
            contents,
            *objects,
        ],
        trailer,
    )


def packed_stream(data: bytes, entries: bytes = b"") -> bytes:
    return pdf_stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + entries)


def form(content: bytes, resources: bytes = b"", entries: bytes = b"") -> bytes:
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 144 144] /Resources << %b >> %b" % (resources, entries)
    return pdf_stream(content, head)


def x_object(number: int) -> bytes:
    return b"/XObject << /X %d 0 R >>" % number


def image_pdf(entries: bytes, data: bytes) -> bytes:
    image = pdf_stream(data, b"/Type /XObject /Subtype /Image " + entries)
    return page_pdf(pdf_stream(INK + b"144 0 0 144 0 0 cm " + CALL_X), resources=x_object(5), objects=[image])


# Objects that lead back to themselves


def form_in_itself() -> bytes:
    return page_pdf(
        pdf_stream(INK + CALL_X), resources=x_object(5), objects=[form(INK + CALL_X, x_object(5))]
    )


def forms_in_each_other() -> bytes:
    forms = [form(INK + CALL_X, x_object(6)), form(INK + CALL_X, x_object(5))]
    return page_pdf(pdf_stream(INK + CALL_X), resources=x_object(5), objects=forms)


def forms_that_double(levels: int = 34) -> bytes:
    """Each form paints the next one twice: ink for hours."""
    forms = [form(CALL_X * 2, x_object(6 + level)) for level in range(levels)]
    return page_pdf(pdf_stream(CALL_X), resources=x_object(5), objects=[*forms, form(INK * 20)])


def pattern_in_itself() -> bytes:
    pattern = b"/Pattern << /P 5 0 R >>"
    paint = b"/Pattern cs /P scn 0 0 144 144 re f\n"
    tile = pdf_stream(
        paint,
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9"
        b" /Resources << %b >>" % pattern,
    )
    return page_pdf(pdf_stream(INK + paint), resources=pattern, objects=[tile])


def tiny_tiles() -> bytes:
    tile = pdf_stream(
        b"0 0 1 1 re f",
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.0001"
        b" /YStep 0.0001 /Resources << >>",
    )
    return page_pdf(
        pdf_stream(b"/Pattern cs /P scn 0 0 144 144 re f"),
        resources=b"/Pattern << /P 5 0 R >>",
        objects=[tile],
    )


def glyph_in_itself() -> bytes:
    text = b"BT /F 20 Tf 20 60 Td (A) Tj ET\n"
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [.1 0 0 .1 0 0]"
        b" /CharProcs << /a 6 0 R >> /Encoding << /Differences [65 /a] >>"
        b" /FirstChar 65 /LastChar 65 /Widths [9] /Resources << /Font << /F 5 0 R >> >> >>"
    )
    return page_pdf(
        pdf_stream(INK + text),
        resources=b"/Font << /F 5 0 R >>",
        objects=[font, pdf_stream(b"9 0 d0 " + text)],
    )


def mask_in_itself() -> bytes:
    state = b"/ExtGState << /G 5 0 R >>"
    mask = b"<< /Type /ExtGState /SMask << /S /Luminosity /G 6 0 R >> >>"
    group = form(b"/G gs " + INK, state, b"/Group << /S /Transparency /CS /DeviceGray >>")
    return page_pdf(pdf_stream(b"/G gs " + INK), resources=state, objects=[mask, group])


def contents_in_themselves() -> bytes:
    return page_pdf(b"[4 0 R 4 0 R 4 0 R]")


def length_of_itself() -> bytes:
    return page_pdf(b"<< /Length 4 0 R >>\nstream\n%b\nendstream" % INK)


def outlines_in_circles() -> bytes:
    item = b"<< /Title (A) /Parent 5 0 R /First 6 0 R /Last 6 0 R /Next 6 0 R /Prev 6 0 R >>"
    outlines = b"<< /Type /Outlines /First 6 0 R /Last 6 0 R /Count 9 >>"
    return page_pdf(catalog=b"/Outlines 5 0 R", objects=[outlines, item])


def xref_that_comes_before_itself() -> bytes:
    whole = page_pdf()
    at = int(whole.rpartition(b"startxref\n")[2].split()[0])
    return page_pdf(trailer=b"/Prev %d" % at)


def page_in_itself() -> bytes:
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    page = b"<< /Type /Page /Parent 3 0 R /Kids [3 0 R] /Count 1 %b /Contents 4 0 R >>" % BOX
    return pdf_of([CATALOG, tree, page, pdf_stream(INK)])


def deep_page_tree(levels: int = 20_000) -> bytes:
    branches = [b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (3 + level) for level in range(levels)]
    page = b"<< /Type /Page /Parent %d 0 R %b >>" % (levels + 1, BOX)
    return pdf_of([CATALOG, *branches, page])


# More than it looks like


def object_stream_pdf(body: bytes, packed_objects: bytes, first: int, count: int) -> bytes:
    """A PDF 1.5 file whose catalog and pages lie in an object stream, deflated by the caller."""
    objects = pdf_stream(
        packed_objects, b"/Type /ObjStm /Filter /FlateDecode /N %d /First %d" % (count, first)
    )
    start = b"%PDF-1.7\n"
    at_objects = len(start)
    first_part = start + b"5 0 obj\n" + objects + b"\nendobj\n"
    at_content = len(first_part)
    first_part += b"4 0 obj\n" + pdf_stream(body) + b"\nendobj\n"
    rows = [
        (0, 0, 65535),
        (2, 5, 0),
        (2, 5, 1),
        (2, 5, 2),
        (1, at_content, 0),
        (1, at_objects, 0),
        (1, len(first_part), 0),
    ]
    table = b"".join(struct.pack("!BIH", *row) for row in rows)
    xref = packed_stream(table, b"/Type /XRef /W [1 4 2] /Size 7 /Root 1 0 R")
    return first_part + b"6 0 obj\n" + xref + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(first_part)


def _objects_of_a_page() -> tuple[bytes, int]:
    parts = [
        CATALOG,
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R %b /Contents 4 0 R >>" % BOX,
    ]
    at, offsets = 0, []
    for number, part in enumerate(parts, 1):
        offsets.append(b"%d %d " % (number, at))
        at += len(part) + 1
    head = b"".join(offsets)
    return head + b"\n".join(parts) + b"\n", len(head)


def modern_pdf() -> bytes:
    """Objects and cross references in streams, as most programs write them today."""
    objects, first = _objects_of_a_page()
    return object_stream_pdf(INK, zlib.compress(objects), first, 3)


def object_stream_bomb(megabytes: int = 3000) -> bytes:
    """What has to be unpacked before the first page is known is gigabytes of spaces."""
    objects, first = _objects_of_a_page()
    packer = zlib.compressobj(9)
    head = packer.compress(objects) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return object_stream_pdf(INK, head + block * megabytes + b"\x03\x00", first, 3)


def cross_reference_bomb(megabytes: int = 3000) -> bytes:
    entries = b"/Type /XRef /W [1 4 2] /Size 400000000 /Root 1 0 R /Filter /FlateDecode"
    xref = pdf_stream(deflated_zeros(megabytes), entries)
    start = b"%PDF-1.7\n"
    return start + b"6 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (xref, len(start))


def predictor_of_many_columns() -> bytes:
    parameters = b"/DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 32 /BitsPerComponent 16 >>"
    return page_pdf(packed_stream(INK, parameters))


def long_chain_of_filters(length: int = 5000) -> bytes:
    filters = b"/Filter [%b]" % (b"/FlateDecode " * length)
    return page_pdf(pdf_stream(zlib.compress(INK), filters))


def huge_image(width: int, height: int) -> bytes:
    entries = b"/Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode"
    return image_pdf(entries % (width, height), deflated_zeros(1))


def image_bomb(side: int = 20_000) -> bytes:
    """An image that is as large as it says: over a gigabyte of colour in one megabyte."""
    entries = b"/Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode"
    return image_pdf(entries % (side, side), deflated_zeros(side * side * 3 >> 20))


def inline_image() -> bytes:
    return page_pdf(pdf_stream(INK + b"BI /W 100000 /H 100000 /BPC 8 /CS /RGB ID " + bytes(100) + b" EI\n"))


def many_operators(operator: bytes, times: int) -> bytes:
    return page_pdf(packed_stream(operator * times + INK))


def sampled_function() -> bytes:
    function = pdf_stream(
        bytes(64),
        b"/FunctionType 0 /Domain [0 1 0 1 0 1] /Range [0 1] /Size [65535 65535 65535] /BitsPerSample 32",
    )
    shading = (
        b"/Shading << /S << /ShadingType 1 /ColorSpace /DeviceGray /Domain [0 1 0 1]"
        b" /Matrix [144 0 0 144 0 0] /Function 5 0 R >> >>"
    )
    return page_pdf(pdf_stream(INK + b"/S sh\n"), resources=shading, objects=[function])


def text_pdf(content: bytes) -> bytes:
    font = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    return page_pdf(packed_stream(INK + content), resources=font)


def damaged_font() -> bytes:
    font = (
        b"<< /Type /Font /Subtype /TrueType /BaseFont /Bad /FirstChar 0 /LastChar 255 /FontDescriptor 6 0 R"
        b" /ToUnicode 8 0 R >>"
    )
    descriptor = b"<< /Type /FontDescriptor /FontName /Bad /Flags 4 /FontFile2 7 0 R >>"
    glyphs = pdf_stream(b"\x00\x01\x00\x00\xff\xff" + b"\xff" * 4000)
    codes = b"begincmap\n" + b"1 beginbfrange <0000> <FFFF> <0000> endbfrange\n" * 5000 + b"endcmap"
    return page_pdf(
        pdf_stream(INK + b"BT /F 20 Tf 20 60 Td (KITCHEN) Tj ET"),
        resources=b"/Font << /F 5 0 R >>",
        objects=[font, descriptor, glyphs, packed_stream(codes)],
    )


# What a reader must leave alone


def scripted() -> bytes:
    """Everything that a document may ask a viewer to do."""
    catalog = (
        b"/OpenAction << /S /JavaScript /JS (while\\(true\\){}) >> /AA << /WC 5 0 R >>"
        b" /Names << /EmbeddedFiles << /Names [(a.exe) 6 0 R] >> >>"
    )
    launch = b"<< /S /Launch /F (/bin/sh) >>"
    file = b"<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>"
    return page_pdf(catalog=catalog, objects=[launch, file, pdf_stream(b"MZ", b"/Type /EmbeddedFile")])


def content_from_another_file() -> bytes:
    return page_pdf(pdf_stream(b"", b"/F (/etc/passwd) /FFilter /FlateDecode"))


def xfa_form() -> bytes:
    template = (
        b'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
        b'<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform/></template></xdp:xdp>'
    )
    fields = b"<< /Fields [6 0 R] /XFA [(template) 5 0 R] /NeedAppearances true >>"
    field = b"<< /FT /Tx /T (f) /Kids [6 0 R] /Parent 6 0 R >>"
    return page_pdf(catalog=b"/AcroForm " + fields, objects=[pdf_stream(template), field])


def unknown_encryption() -> bytes:
    return page_pdf(objects=[b"<< /Filter /Nobodys /V 9 /R 9 >>"], trailer=b"/Encrypt 5 0 R /ID [<00> <00>]")


def updated_often(times: int = 2000) -> bytes:
    """Each saving adds a table of cross references that leads to the one before."""
    body = bytearray(page_pdf())
    before = int(bytes(body).rpartition(b"startxref\n")[2].split()[0])
    for _ in range(times):
        at = len(body)
        body += b"xref\n0 0\ntrailer << /Size 5 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
            before,
            at,
        )
        before = at
    return bytes(body)


def with_metadata(text: bytes) -> bytes:
    info = b"<< /Title (%b) /Author (%b) >>" % (text, text)
    xmp = pdf_stream(b"<x:xmpmeta>%b</x:xmpmeta>" % text, b"/Type /Metadata /Subtype /XML")
    return page_pdf(catalog=b"/Metadata 6 0 R", objects=[info, xmp], trailer=b"/Info 5 0 R")
