"""JPG files that end too early, as every viewer shows them.

Programs that write a picture in pieces leave its end marker out, and phones put other data behind it: the
picture is whole all the same. Of what was cut off, only the last rows may be missing.
"""

from mmap import ACCESS_READ, mmap
from pathlib import Path

from PIL.Image import Image, new
from PIL.JpegImagePlugin import JpegImageFile

_UNDECODED = 77
"""Level of samples before they are decoded: as none of paper or ink, no page has it across a whole row."""

_MAX_MISSING = 0.02
"""Share of the rows that may be missing. Source: one row of blocks, 16 px, of a picture of a megapixel."""

_END_OF_IMAGE = b"\xff\xd9"
_START_OF_SCAN = b"\xff\xda"
_LONGEST_SCAN_HEADER = 16  # of four components
_LAST_COEFFICIENT = 63


def load_jpg(image: JpegImageFile) -> bool:
    """Decode a JPG that was opened; False when it has no end marker, though its picture is there.

    Raises
    ------
    OSError
        The file is damaged, or cut off before its last rows.
    """
    image.im = new(image.mode, image.size, (_UNDECODED,) * len(image.getbands())).im
    ended, has_last_scan = _parts(image)
    if "progressive" in image.info and not ended and has_last_scan:
        _end_where_file_ends(image)
    try:
        image.load()
    except OSError:
        image.tile = []  # nothing more is to be decoded
        if not _completed(image):
            raise
        return False
    return ended


def _parts(image: JpegImageFile) -> tuple[bool, bool]:
    """Whether an end marker follows the last scan of the file, and whether that scan refines the last
    coefficients by their last bit, which nothing but the end can follow."""
    with Path(str(image.filename)).open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        start = content.rfind(_START_OF_SCAN)
        header = content[start : start + _LONGEST_SCAN_HEADER]
        ended = content.rfind(_END_OF_IMAGE) > start
    components = int.from_bytes(header[4:5])
    _, last, bits = header[5 + 2 * components :][:3].ljust(3, b"\xff")
    return ended, last == _LAST_COEFFICIENT and bits & 0x0F == 0


def _end_where_file_ends(image: JpegImageFile) -> None:
    """Have the decoder find an end marker there: of a progressive picture it gives no row before it."""

    def read(size: int) -> bytes:
        return (image.fp.read(size) if image.fp else b"") or _END_OF_IMAGE

    image.load_read = read  # type: ignore[method-assign,assignment]  # Pillow's own hook


def _completed(image: Image) -> bool:
    """Fill the rows that are missing with the last that there is; False when too many are missing."""
    least = image.height - int(image.height * _MAX_MISSING)
    found = image.height
    while found >= least and _is_undecoded(image.crop((0, found - 1, image.width, found))):
        found -= 1
    if found < max(least, 1):
        return False
    last = image.crop((0, found - 1, image.width, found))
    for row in range(found, image.height):
        image.paste(last, (0, row))
    return True


def _is_undecoded(row: Image) -> bool:
    return all(row.getchannel(band).getextrema() == (_UNDECODED, _UNDECODED) for band in row.getbands())
