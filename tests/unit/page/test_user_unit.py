"""Units of PDF pages that are larger than points."""

import zlib
from pathlib import Path

import pytest

from preview.page.pdf_file import open_pdf
from preview.page.user_unit import user_unit


def pdf(*pages: bytes, in_stream: bool = False) -> bytes:
    """A file of 400 by 300 units a page, each with more in its dictionary."""
    kids = b" ".join(b"%d 0 R" % (3 + number) for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % len(pages),
        *(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] " + page + b" >>" for page in pages),
    ]
    if in_stream:
        packed = zlib.compress(b" ".join(objects))
        return b"%PDF-1.7\n9 0 obj\n<< /Type /ObjStm /N 3 >>\nstream\n" + packed + b"\nendstream\nendobj\n"
    content, offsets = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n" % number + text + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % count
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (count, len(content))
    return content + head + table + tail


@pytest.fixture
def stored(tmp_path: Path):
    def store(content: bytes) -> Path:
        path = tmp_path / "plan.pdf"
        path.write_bytes(content)
        return path

    return store


@pytest.mark.parametrize("in_stream", [False, True])
@pytest.mark.parametrize(
    ("pages", "unit"),
    [
        ([b""], 1.0),
        ([b"/UserUnit 2.5"], 2.5),
        ([b"/UserUnit 10"], 10.0),
        ([b"/UserUnit 2", b"/UserUnit 2"], 2.0),
        ([b"/UserUnit 2", b""], None),
        ([b"/UserUnit 2", b"/UserUnit 3"], None),
        ([b"/UserUnit 0"], None),
    ],
)
def test_the_unit_is_that_of_all_pages(
    stored, pages: list[bytes], unit: float | None, in_stream: bool
) -> None:
    assert user_unit(stored(pdf(*pages, in_stream=in_stream)), len(pages)) == unit


def test_a_stream_that_cannot_be_unpacked_tells_nothing(stored) -> None:
    assert user_unit(stored(b"%PDF-1.7 << /Type /ObjStm >>\nstream\nnothing"), 1) == 1.0


@pytest.mark.parametrize(
    ("page", "size_mm"),
    [
        (b"", (141.1, 105.8)),
        (b"/UserUnit 2", (282.2, 211.7)),
        (b"/Rotate 90", (105.8, 141.1)),
        (b"/CropBox [100 100 300 200]", (70.6, 35.3)),
        (b"/UserUnit 999999", None),
    ],
)
def test_the_sheet_is_as_large_as_it_is_seen(
    stored, page: bytes, size_mm: tuple[float, float] | None
) -> None:
    with open_pdf(stored(pdf(page)), 1) as opened:
        assert opened.size_mm == size_mm
