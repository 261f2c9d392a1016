"""How large a unit of a PDF's page is: PDFium takes all for points, and tells nothing of ``UserUnit``."""

import mmap
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

_ENTRY = re.compile(rb"/UserUnit\s+(\d{1,6}(?:\.\d{0,6})?|\.\d{1,6})(?![\d.])")
_OBJECT_STREAM = re.compile(rb"/ObjStm\b.{0,300}?stream\r?\n", re.DOTALL)
"""Page dictionaries stand in the file itself, or compressed in such streams (ISO 32000-1, 7.5.7)."""
_MOST_STREAMS = 200
_MOST_BYTES = 1 << 20
"""Of one stream; a stream of 200 objects, as writers make them, has a tenth of that."""


def user_unit(path: Path, page_count: int) -> float | None:
    """Points in a unit of every page; None where pages differ, so that nobody knows it for one of them."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = [float(value) for text in _texts(data) for value in _ENTRY.findall(text)]
    if not found:
        return 1.0
    alike = len(found) >= page_count and len(set(found)) == 1
    return found[0] if alike and found[0] > 0 else None


def _texts(data: mmap.mmap) -> Iterator[mmap.mmap | bytes]:
    if data.find(b"/UserUnit") >= 0:
        yield data
    for count, stream in enumerate(_OBJECT_STREAM.finditer(data)):
        if count == _MOST_STREAMS:
            return
        try:
            yield zlib.decompressobj().decompress(
                data[stream.end() : stream.end() + _MOST_BYTES], _MOST_BYTES
            )
        except zlib.error:  # encrypted, or packed otherwise
            continue
