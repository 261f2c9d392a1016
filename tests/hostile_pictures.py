"""PNG and JPG files made to do harm, and odd ones that are honest."""

import io
import struct
import zlib
from collections.abc import Sequence
from itertools import pairwise

from PIL import Image

from blueprint_files import deflated_zeros, encoded, marked_plan, png_chunk

SIGNATURE = b"\x89PNG\r\n\x1a\n"
ORIENTATION = 0x0112
END = png_chunk(b"IEND", b"")
PLAIN = encoded(marked_plan(), "PNG")
PLAIN_JPG = encoded(marked_plan(), "JPEG")

Chunks = Sequence[tuple[bytes, bytes]]


def png(header: bytes, data: bytes, before: Chunks = (), after: Chunks = ()) -> bytes:
    """A PNG of a header, deflated ``data``, and the other chunks before and after it."""
    chunks = [(b"IHDR", header), *before, (b"IDAT", data), *after]
    return SIGNATURE + b"".join(png_chunk(kind, content) for kind, content in chunks) + END


def png_header(width: int, height: int, depth: int = 8, colour: int = 0, interlaced: int = 0) -> bytes:
    return struct.pack("!IIBBBBB", width, height, depth, colour, 0, 0, interlaced)


def white(height: int, row_bytes: int) -> bytes:
    return zlib.compress((b"\0" + b"\xff" * row_bytes) * height, 9)


def raw_png(  # every field of the header is at fault somewhere
    width: int, height: int, depth: int, colour: int, row_bytes: int, before: Chunks = ()
) -> bytes:
    return png(png_header(width, height, depth, colour), white(height, row_bytes), before)


def interlaced(side: int = 64) -> bytes:
    """Seven pictures that together are one (Adam7)."""
    passes = ((8, 8), (8, 8), (4, 8), (4, 4), (2, 4), (2, 2), (1, 2))
    rows = b"".join((b"\0" + b"\xff" * (side // across)) * (side // down) for across, down in passes)
    return png(png_header(side, side, interlaced=1), zlib.compress(rows))


def with_chunks(*chunks: tuple[bytes, bytes], content: bytes = PLAIN) -> bytes:
    """A good PNG with more chunks after its header."""
    end_of_header = len(SIGNATURE) + 25
    added = b"".join(png_chunk(kind, data) for kind, data in chunks)
    return content[:end_of_header] + added + content[end_of_header:]


def deflated_text(megabytes: int) -> tuple[bytes, bytes]:
    return b"zTXt", b"Comment\0\0" + deflated_zeros(megabytes)


def pixels_that_unpack_to_gigabytes(megabytes: int = 2000) -> bytes:
    """A hundred pixels, and gigabytes after them in the same stream."""
    return png(png_header(10, 10), deflated_zeros(megabytes))


def animated(frames: int, said: int) -> bytes:
    control = struct.pack("!IIIIIHHBB", 0, 120, 80, 0, 0, 1, 1, 0, 0)
    more = b"".join(
        png_chunk(b"fcTL", struct.pack("!I", 2 * n + 1) + control[4:])
        + png_chunk(b"fdAT", struct.pack("!I", 2 * n + 2) + deflated_zeros(1))
        for n in range(frames)
    )
    good = with_chunks((b"acTL", struct.pack("!II", said, 0)), (b"fcTL", control))
    return good.removesuffix(END) + more + END


def in_tiny_pieces() -> bytes:
    """Its pixels in chunks of one byte each."""
    data = white(80, 120)
    pieces = b"".join(png_chunk(b"IDAT", bytes([byte])) for byte in data)
    return SIGNATURE + png_chunk(b"IHDR", png_header(120, 80)) + pieces + END


def png_cuts() -> list[bytes]:
    """A PNG cut off before, in and after each part of each chunk."""
    cuts, at = {0, 4, 8}, 8
    while at < len(PLAIN):
        length = int.from_bytes(PLAIN[at : at + 4], "big")
        cuts |= {
            at + 2,
            at + 4,
            at + 8,
            at + 8 + length // 2,
            at + 8 + length,
            at + 10 + length,
            at + 12 + length,
        }
        at += 12 + length
    return [PLAIN[:cut] for cut in sorted(cuts) if cut < len(PLAIN)]


def jpg_segments(content: bytes) -> list[bytes]:
    """A JPG taken apart before each marker that has a length; the pixels stay with their scan."""
    starts, at = [0], 2
    while content[at] == 0xFF and content[at + 1] != 0xD9:
        starts.append(at)
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        is_scan = content[at + 1] == 0xDA
        at += 2 + length
        while is_scan and not (content[at] == 0xFF and content[at + 1] not in (0, *range(0xD0, 0xD8))):
            at += 1
    return [content[start:end] for start, end in pairwise([*starts, at, len(content)])]


def jpg_cuts() -> list[bytes]:
    """A JPG cut off before, in and after the head of each segment, and in its pixels."""
    cuts, at = set(), 0
    for segment in jpg_segments(PLAIN_JPG):
        cuts |= {at, at + 1, at + 3, at + len(segment) // 2, at + len(segment) - 1}
        at += len(segment)
    return [PLAIN_JPG[:cut] for cut in sorted(cuts)]


def jpg_with(*segments: tuple[int, bytes]) -> bytes:
    """A good JPG with more segments of a marker and content after its start."""
    added = b"".join(
        bytes([0xFF, marker]) + struct.pack("!H", 2 + len(data)) + data for marker, data in segments
    )
    return PLAIN_JPG[:2] + added + PLAIN_JPG[2:]


def jpg_of_size(width: int, height: int) -> bytes:
    """A small JPG whose header claims another size."""
    parts = [
        part[:5] + struct.pack("!HH", height, width) + part[9:] if part[1] == 0xC0 else part
        for part in jpg_segments(PLAIN_JPG)
    ]
    return b"".join(parts)


def jpg_of_many_scans(side: int = 4000, times: int = 10_000) -> bytes:
    """A progressive JPG whose last scan comes again and again, each time over the whole picture."""
    parts = jpg_segments(encoded(Image.new("L", (side, side), 255), "JPEG", progressive=True))
    scans = [part for part in parts if part[1] == 0xDA]
    return b"".join([*parts[:-1], scans[-1] * times, parts[-1]])


def several_pictures() -> bytes:
    """What telephones write: a JPG with further pictures behind it (MPO)."""
    buffer = io.BytesIO()
    marked_plan().convert("RGB").save(buffer, "MPO", save_all=True, append_images=[marked_plan((20, 20))] * 2)
    return buffer.getvalue()


def exif(*entries: tuple[int, int, int, bytes], next_ifd: int = 0) -> bytes:
    """The body of an EXIF segment: entries of tag, type, count and a value or offset of four bytes."""
    rows = b"".join(struct.pack(">HHI", tag, kind, count) + value for tag, kind, count, value in entries)
    return b"Exif\0\0MM\0*" + struct.pack(">IH", 8, len(entries)) + rows + struct.pack(">I", next_ifd)


def orientation(value: int) -> bytes:
    return exif((ORIENTATION, 3, 1, struct.pack(">HH", value, 0)))
