"""Good files changed at random, the same way each time for the same seed."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

import hostile_pdfs as pdf
import hostile_pictures as picture
from blueprint_files import encoded, encrypted_pdf, marked_plan, png_chunk

_MOST_EDITS = 6
_NUMBERS = (0, 1, 2, 127, 128, 255, 256, 32_767, 32_768, 65_535, 2**31 - 1, 2**31, 2**32 - 1)
_TOKENS = (
    *(b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"acTL", b"fdAT", b"iCCP", b"zTXt", b"eXIf", b"IEND"),
    *(b"\xff\xc0", b"\xff\xc2", b"\xff\xc4", b"\xff\xda", b"\xff\xdb", b"\xff\xdd", b"\xff\xe1", b"\xff\xd9"),
    *(b" obj\n", b"endobj", b"stream\n", b"endstream", b"xref", b"trailer", b"startxref", b"<<", b">>", b"["),
    *(b"/Kids", b"/Parent", b"/Length", b"/Filter", b"/FlateDecode", b"/DCTDecode", b"/Contents"),
    *(b"/MediaBox", b"/ObjStm", b"/Encrypt", b"/Rotate", b"/XObject", b"/Resources", b" 0 R", b"1e39", b"-1"),
)  # fmt: skip

Edit = Callable[[random.Random, bytearray], None]


def seeds() -> list[bytes]:
    """Small good files that use as much of their formats as possible."""
    pngs = [
        picture.PLAIN,
        picture.interlaced(),
        picture.animated(2, 3),
        picture.raw_png(120, 80, 1, 3, 15, [(b"PLTE", b"\0\0\0\xff\xff\xff"), (b"tRNS", b"\0")]),
        picture.raw_png(120, 80, 16, 6, 960),
        picture.with_chunks(
            (b"tEXt", b"a\0b"), (b"gAMA", b"\0\0\xb1\x8f"), (b"eXIf", picture.orientation(6)[6:])
        ),
    ]
    jpgs = [
        picture.PLAIN_JPG,
        encoded(marked_plan().convert("RGB"), "JPEG", progressive=True),
        encoded(marked_plan().convert("CMYK"), "JPEG"),
        picture.jpg_with((0xE1, picture.orientation(6))),
        picture.several_pictures(),
    ]
    pdfs = [
        pdf.page_pdf(),
        pdf.modern_pdf(),
        pdf.text_pdf(b"BT /F 9 Tf 20 100 Td (KITCHEN) Tj ET"),
        pdf.image_pdf(b"/Width 9 /Height 9 /ColorSpace /DeviceGray /BitsPerComponent 8", bytes(81)),
        pdf.forms_in_each_other(),
        pdf.pattern_in_itself(),
        pdf.glyph_in_itself(),
        pdf.damaged_font(),
        pdf.sampled_function(),
        pdf.xfa_form(),
        encrypted_pdf(""),
    ]
    return [*pngs, *jpgs, *pdfs]


def mutants(count: int, seed: int) -> Iterator[bytes]:
    """``count`` files, the same ones for the same ``seed``."""
    chance = random.Random(seed)
    good = seeds()
    for _ in range(count):
        content = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, _MOST_EDITS)):
            chance.choice(_EDITS)(chance, content)
        yield _with_checksums(bytes(content)) if chance.random() < 0.8 else bytes(content)


def _flip_a_bit(chance: random.Random, content: bytearray) -> None:
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _write_a_number(chance: random.Random, content: bytearray) -> None:
    size = chance.choice((1, 2, 4))
    at = chance.randrange(len(content))
    number = chance.choice(_NUMBERS) % (1 << (8 * size))
    content[at : at + size] = number.to_bytes(size, chance.choice(("big", "little")))


def _change_a_written_number(chance: random.Random, content: bytearray) -> None:
    written = [match.span() for match in re.finditer(rb"\d+", content)]
    if written:
        start, end = chance.choice(written)
        content[start:end] = b"%d" % chance.choice(_NUMBERS)


def _write_a_token(chance: random.Random, content: bytearray) -> None:
    at, token = chance.randrange(len(content)), chance.choice(_TOKENS)
    content[at : at + chance.choice((0, len(token)))] = token


def _drop(chance: random.Random, content: bytearray) -> None:
    start, end = _range(chance, content)
    del content[start:end]
    content[len(content) :] = b"\n" * (not content)


def _repeat(chance: random.Random, content: bytearray) -> None:
    start, end = _range(chance, content)
    content[end:end] = content[start:end] * chance.choice((1, 1, 2, 50))


def _move(chance: random.Random, content: bytearray) -> None:
    start, end = _range(chance, content)
    at = chance.randrange(len(content))
    content[at:at] = content[start:end]


_EDITS: Sequence[Edit] = (
    _flip_a_bit, _write_a_number, _change_a_written_number, _write_a_token, _drop, _repeat, _move
)  # fmt: skip


def _range(chance: random.Random, content: bytearray) -> tuple[int, int]:
    start = chance.randrange(len(content))
    return start, min(len(content), start + chance.choice((1, 4, 16, 64, 256)))


def _with_checksums(content: bytes) -> bytes:
    """A PNG whose chunks are whole again, so that what was changed in them is looked at."""
    if not content.startswith(picture.SIGNATURE):
        return content
    parts, at = [picture.SIGNATURE], len(picture.SIGNATURE)
    while at + 12 <= len(content):
        end = min(at + 8 + int.from_bytes(content[at : at + 4], "big"), len(content) - 4)
        parts.append(png_chunk(content[at + 4 : at + 8], content[at + 8 : end]))
        at = end + 4
    return b"".join(parts)
