"""PDFs whose text is hidden, or lies outside of the page's content: layers, annotations, form fields."""

from collections.abc import Sequence

from blueprint_files import pdf_of, pdf_stream, text_content

HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
_RESOURCES = b"/Resources << /Font << /F1 3 0 R /Helv 3 0 R >> >>"
_FIRST_FREE = 10
"""Number of the first object that a test gives."""


def page_of(
    content: bytes,
    more: Sequence[bytes] = (),
    properties: bytes = b"",
    forms: bytes = b"",
    catalog: bytes = b"",
    page: bytes = b"/MediaBox [0 0 792 612]",
    tree: bytes = b"",
) -> bytes:
    """One page; ``more`` are objects 10, 11 and so on, which the other entries refer to."""
    resources = b"<< /Font << /F1 3 0 R >> /Properties << %b >> /XObject << %b >> >>" % (properties, forms)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %b >>" % catalog,
        b"<< /Type /Pages /Count 1 /Kids [4 0 R] %b >>" % tree,
        HELVETICA,
        b"<< /Type /Page /Parent 2 0 R %b /Contents 5 0 R /Resources %b >>" % (page, resources),
        pdf_stream(content),
    ]
    objects += [b"null"] * (_FIRST_FREE - 1 - len(objects))
    return pdf_of([*objects, *more])


def form(content: bytes, entries: bytes = b"") -> bytes:
    """A form XObject of the size of a page."""
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 792 612] %b %b" % (_RESOURCES, entries)
    return pdf_stream(content, head)


def marked(name: bytes, content: bytes) -> bytes:
    return b"/OC /%b BDC\n%bEMC\n" % (name, content)


def layers(configuration: bytes, groups: int = 1) -> bytes:
    """Entries of a catalog: groups 10, 11 and so on, and their default configuration."""
    references = b" ".join(b"%d 0 R" % (_FIRST_FREE + n) for n in range(groups))
    return b"/OCProperties << /OCGs [%b] /D << %b >> >>" % (references, configuration)


def group(entries: bytes = b"") -> bytes:
    return b"<< /Type /OCG /Name (layer) %b >>" % entries


def annotated(annotations: Sequence[bytes], appearances: Sequence[bytes] = (), **entries: bytes) -> bytes:
    """A page of ``annotations``; ``appearances`` are the objects that follow them."""
    numbers = [_FIRST_FREE + n for n in range(len(annotations))]
    references = b" ".join(b"%d 0 R" % number for number in numbers)
    fields = b" ".join(
        b"%d 0 R" % number for number, entry in zip(numbers, annotations, strict=True) if b"/FT" in entry
    )
    acro_form = b"/AcroForm << /Fields [%b] /DA (/Helv 0 Tf 0 g) /DR << /Font << /Helv 3 0 R >> >> >>"
    page = entries.pop("page", b"/MediaBox [0 0 792 612]") + b" /Annots [%b]" % references
    return page_of(
        entries.pop("content", b""),
        [*annotations, *appearances],
        catalog=acro_form % fields,
        page=page,
        **entries,
    )


def annotation(subtype: bytes, entries: bytes, rect: bytes = b"100 100 300 140") -> bytes:
    return b"<< /Type /Annot /Subtype /%b /Rect [%b] /F 4 %b >>" % (subtype, rect, entries)


def appearance(text: str) -> bytes:
    content = text_content(text, 5, 10)
    return pdf_stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 200 40] " + _RESOURCES)


def page_with_letters(letters: str, content: bytes) -> bytes:
    """``content`` shows codes 65 and up, drawn as A, B and so on, which stand for ``letters``."""
    meanings = b"".join(
        b"<%02X> <%b>\n" % (65 + n, letter.encode("utf-16-be").hex().encode())
        for n, letter in enumerate(letters)
    )
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n%d beginbfchar\n%bendbfchar\n"
        b"endcmap end end" % (len(letters), meanings)
    )
    widths = b" ".join([b"700"] * 60)
    font = (
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /ToUnicode 6 0 R"
        b" /FirstChar 32 /LastChar 91 /Widths [%b] >>" % widths
    )
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            font,
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 792 612] /Contents 5 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>",
            pdf_stream(content),
            pdf_stream(cmap),
        ]
    )
