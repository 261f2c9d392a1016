"""What a file is taken for by its first bytes."""

import pytest

from jobs.domain.file_signatures import sniff_format

PDF = b"%PDF-1.7\n"


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"\xff\xd8\xff\xe0..", "jpg"),
        (PDF, "pdf"),
        (b"\x1b%-12345X@PJL\r\n" + PDF, "pdf"),
        (b" " * 1019 + PDF, "pdf"),
        (b" " * 1023 + PDF, "pdf"),
        (b" " * 1024 + PDF, None),
        (b"GIF89a" + PDF, "gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"II*\x00", "tiff"),
        (b"MM\x00*", "tiff"),
        (b"BM\x36\x00", "bmp"),
        (b"PK\x03\x04\x14\x00 [Content_Types].xml PK word/document.xml", "docx"),
        (b"PK\x03\x04\x14\x00 plan.png" + PDF, "zip"),
        (b"<!DOCTYPE html><title>%PDF-1.4", "html"),
        (b"\xef\xbb\xbf  <HTML>", "html"),
        (b'<?xml version="1.0"?><!-- drawn --><svg xmlns="http://www.w3.org/2000/svg">', "svg"),
        (b"<?xml version='1.0'?><plan/>", "xml"),
        (b"\x00\x00\x00\x18ftypheic", "heic"),
        (b"\x00\x00\x00\x18ftypavif", "avif"),
        (b"\x00\x00\x00\x18ftypisom", "mp4"),
        (b"AC1032\x00\x00", "dwg"),
        (b"  0\r\nSECTION\r\n  2\r\nHEADER", "dxf"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
        (b"MZ\x90\x00", "exe"),
        (b"\x89PNG", None),
        (b"hello", None),
        (b"", None),
    ],
)
def test_leading_bytes_are_recognised(head: bytes, found: str | None) -> None:
    assert sniff_format(head) == found
