"""What a file looks like by its first bytes, as file(1) would say; the bytes decide, not the name."""

from jobs.domain.formats import FORMATS, PDF

SNIFFED_BYTES = 4096
"""How much of a file `sniff_format` wants to see; enough for the names of the first entries of an archive."""

_PDF_HEADER_WITHIN_BYTES = 1024
"""Readers accept a header that begins after other bytes. Source: ISO 32000-1, annex H.3, note 13."""

_AT_START = (
    *((signature, each.name) for each in FORMATS.values() for signature in each.signatures),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"8BPS", "psd"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
    (b"\xff\x0a", "jxl"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"AC10", "dwg"),
    (b"AutoCAD Binary DXF", "dxf"),
    (b"%!PS", "ps"),
    (b"\xc5\xd0\xd3\xc6", "eps"),
    (b"{\\rtf", "rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x1f\x8b", "gz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"MZ", "exe"),
    (b"\x7fELF", "elf"),
)

_FTYP_BRANDS = {b"heic": "heic", b"heix": "heic", b"mif1": "heic", b"msf1": "heic", b"avif": "avif"}
_ARCHIVES = ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"))
_XML_STARTS = (b"<?xml", b"<svg", b"<!doctype", b"<html", b"<head", b"<!--")


def sniff_format(head: bytes) -> str | None:
    """The name of a `BlueprintFormat` for what may be a blueprint, that of another format, or None.

    ``head`` is the first `SNIFFED_BYTES` of the file, or all of a shorter one. A file that begins as one
    format and is another one later on (a polyglot) is the first.
    """
    for start, name in _AT_START:
        if head.startswith(start):
            return name
    if head.startswith(b"PK\x03\x04"):
        return next((name for folder, name in _ARCHIVES if folder in head), "zip")
    return _container(head) or _markup(head) or _late_pdf(head)


def _container(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _FTYP_BRANDS.get(head[8:12], "mp4")
    return None


def _markup(head: bytes) -> str | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not text.startswith(_XML_STARTS):
        return "dxf" if text.startswith(b"0\r\nsection") or text.startswith(b"0\nsection") else None
    if b"<svg" in text:
        return "svg"
    return "html" if b"<html" in text or text.startswith(b"<!doctype html") else "xml"


def _late_pdf(head: bytes) -> str | None:
    [signature] = PDF.signatures
    position = head.find(signature)
    return PDF.name if 0 <= position < _PDF_HEADER_WITHIN_BYTES else None
