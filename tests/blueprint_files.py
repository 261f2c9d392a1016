"""Files, honest and hostile, that the tests of pages and headers open; all made here."""

import io
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

LETTER_POINTS = (792, 612)
EXIF_ORIENTATION = 0x0112


def marked_plan(size: tuple[int, int] = (120, 80)) -> Image.Image:
    """White paper with a black quarter at the top left and a gray stripe along the bottom."""
    image = Image.new("L", size, 255)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill=0)
    pen.rectangle((0, size[1] * 7 // 8, size[0] - 1, size[1] - 1), fill=128)
    return image


def two_rooms() -> Image.Image:
    """A plan that is quick to read: there is no text on it."""
    image = Image.new("L", (600, 400), 255)
    pen = ImageDraw.Draw(image)
    pen.rectangle((50, 50, 550, 350), outline=0, width=8)
    pen.line((300, 50, 300, 350), fill=0, width=8)
    return image


def encoded(image: Image.Image, image_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def turned(image: Image.Image, orientation: int, image_format: str = "JPEG") -> bytes:
    """``image`` stored so that its EXIF orientation makes it upright again."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    stored = image if orientation == 1 else image.transpose(undo[orientation])
    return encoded(stored, image_format, exif=exif)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))


def png_bomb(width: int, height: int) -> bytes:
    """A 1-bit PNG of a few kilobytes whose header promises, and whose data is, any number of pixels."""
    header = struct.pack("!IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    data = b"".join(packer.compress(row * 64) for _ in range(height // 64)) + packer.flush()
    chunks = png_chunk(b"IHDR", header), png_chunk(b"IDAT", data), png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def deflated_zeros(megabytes: int) -> bytes:
    """Zeros, packed a thousandth as long; made at once, whatever their number."""
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    first, repeated = (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + repeated * (megabytes - 1) + b"\x03\x00" + _adler32_of_zeros(megabytes << 20)


def _adler32_of_zeros(count: int) -> bytes:
    return struct.pack("!HH", count % 65521, 1)


def raw_pdf(contents: Sequence[bytes], page_entries: str = "/MediaBox [0 0 792 612]") -> bytes:
    """A PDF of one page for each content stream, every page with the entries given."""
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(contents)))
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(contents)} /Kids [{kids}] >>".encode(),
        font.encode(),
    ]
    for index, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R {page_entries} /Contents {5 + 2 * index} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(pdf_stream(zlib.compress(content), b"/Filter /FlateDecode"))
    return pdf_of(objects)


def pdf_stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries, data)


def pdf_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of objects 1, 2 and so on, the first being its catalog."""
    body = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    body += b"trailer << /Size %d /Root 1 0 R %b >>\n" % (len(objects) + 1, trailer)
    body += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(body)


def text_content(text: str, x: float, y: float, size: float = 24, mode: int = 0) -> bytes:
    """A content stream with one line of text, its baseline starting at (x, y) points from the bottom left."""
    return f"BT /F1 {size} Tf {mode} Tr {x} {y} Td ({text}) Tj ET\n".encode()


def plan_pdf(page_entries: str = "/MediaBox [0 0 792 612]", pages: int = 1) -> bytes:
    """Pages with a black rectangle over the top left quarter of a letter sheet, and a word at its middle."""
    content = b"0 g 0 306 396 306 re f\n" + text_content("KITCHEN", 396, 100)
    return raw_pdf([content] * pages, page_entries)


def rooms_pdf(pages: int = 1) -> bytes:
    """Pages with two rooms and a door between them."""
    walls = b"8 w 100 100 600 400 re S 400 100 m 400 250 l S 400 300 m 400 500 l S\n"
    return raw_pdf([walls + text_content("KITCHEN", 200, 300)] * pages)


def million_paths_pdf(paths: int = 1_000_000) -> bytes:
    """Long curves all over the page; a few hundred kilobytes that take PDFium minutes."""
    line = b"0 %d m 200 %d 400 900 792 %d c S\n"
    block = b"".join(line % (n % 612, (n * 7) % 612, (n * 13) % 612) for n in range(1000))
    return raw_pdf([b"0.1 w [3 2] 0 d\n" + block * (paths // 1000)])


def encrypted_pdf(user_password: str = "secret") -> bytes:
    buffer = io.BytesIO()
    locks = StandardEncryption(user_password, ownerPassword="owner", strength=128)
    canvas = Canvas(buffer, pagesize=LETTER_POINTS, encrypt=locks)
    canvas.drawString(100, 100, "LOCKED")
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def self_referring_pdf() -> bytes:
    """A page tree whose only branch is itself."""
    return pdf_of(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1000000 /Kids [2 0 R 2 0 R] >>"]
    )


def unpacking_bomb_pdf(megabytes: int = 4000) -> bytes:
    """A page whose content is one small stream, packed twice, that unpacks to gigabytes."""
    packer = zlib.compressobj(9)
    block = b"q Q " * 250_000
    first, repeated = (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    again = zlib.compress(first + repeated * megabytes, 9)
    stream = pdf_stream(again, b"/Filter [/FlateDecode /FlateDecode]")
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 792 612] /Contents 4 0 R >>"
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, stream])
