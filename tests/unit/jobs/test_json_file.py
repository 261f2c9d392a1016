"""JSON with a file in it: the file is decoded as it arrives, and nothing large is ever parsed."""

import base64
import io
import itertools
import json
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.api.json_file import MAX_WITHOUT_FILE_BYTES, decode_text, read_document
from jobs.staging import StagingFile
from shared.http.errors import InvalidRequest

LARGE = bytes(range(256)) * 2_000  # some pieces, and no multiple of three
TEXT = base64.b64encode(LARGE).decode()


class Trickle(io.RawIOBase):
    """A body that arrives ``size`` bytes at a time."""

    def __init__(self, body: bytes, size: int) -> None:
        self._rest = io.BytesIO(body)
        self._size = size

    def read(self, size: int = -1) -> bytes:
        return self._rest.read(min(size, self._size))


def read(body: bytes, size: int = 1 << 20) -> tuple[Any, bytes]:
    """The document and what was staged of it, asked for as a view does."""
    with StagingFile() as file:
        document, staged = read_document(Trickle(body, size), file)  # type: ignore[arg-type]  # it only reads
        if not staged:
            decode_text(document["blueprint"]["file"], file)
        return document, file.staged().path.read_bytes()


def body_with(file: str, before: str = "", behind: str = "") -> bytes:
    """``file`` is a JSON string's inside, as it is to be sent."""
    return f'{{{before}"blueprint": {{"format": "png", "file": "{file}"}}{behind}}}'.encode()


@given(st.binary(min_size=1, max_size=300))
def test_whatever_was_encoded_comes_back(content: bytes) -> None:
    assert read(body_with(base64.b64encode(content).decode()))[1] == content


@pytest.mark.parametrize("size", [1_009, 65_536, 262_143])
@pytest.mark.parametrize("line_break", ["", r"\n", r"\r\n", r"\u000D\u000a"])
@pytest.mark.parametrize("width", [76, 1_003])
def test_a_large_file_comes_back_however_it_is_written_and_arrives(
    size: int, line_break: str, width: int
) -> None:
    escaped = TEXT.replace("/", r"\/").replace("+", r"\u002b")
    lines = [TEXT[i : i + width] for i in range(0, len(TEXT), width)] if line_break else [escaped]
    document, content = read(body_with(line_break.join(lines), behind=', "options": {}'), size)
    assert content == LARGE
    assert document["options"] == {}
    assert document["blueprint"]["format"] == "png"


@pytest.mark.parametrize("largest", [MAX_WITHOUT_FILE_BYTES, 3 * MAX_WITHOUT_FILE_BYTES, 700_000])
def test_bodies_on_either_side_of_a_limit_are_read_alike(largest: int) -> None:
    for size in range(largest - 40, largest + 40):
        content = LARGE[: size // 4 * 3]
        spaces = " " * (largest % 7)
        assert read(body_with(base64.b64encode(content).decode(), spaces, spaces))[1] == content


def test_line_breaks_may_follow_padding() -> None:
    for breaks in (r"\n", r"\r\n" * 300_000):
        assert read(body_with(TEXT + breaks))[1] == LARGE


MALFORMED = {
    "it ends in the file": body_with(TEXT)[:300_000],
    "it ends in an escape": body_with(TEXT)[:300_000] + b"\\u00",
    "it ends behind the file": body_with(TEXT)[:-2],
    "something follows it": body_with(TEXT) + b"}",
    "a line break is not escaped": body_with(TEXT[:300_000] + "\n" + TEXT[300_000:]),
    "a quotation mark in the file": body_with(TEXT[:300_000] + r"\"" + TEXT[300_000:]),
    "an escape there is not": body_with(TEXT[:300_000] + r"\q" + TEXT[300_000:]),
    "padding in the middle": body_with(TEXT + TEXT),
    "padding before line breaks": body_with(TEXT + r"\n" * 300_000 + "AAAA"),
    "no UTF-8": body_with(TEXT[:300_000])[:-3] + b"\xff" + body_with(TEXT[300_000:])[-400:],
    "no ASCII": body_with(TEXT[:300_000] + "ÄÄÄÄ" + TEXT[300_000:]),
    "half a surrogate": body_with(TEXT[:300_000] + r"\ud800" + TEXT[300_000:]),
    "UTF-16": body_with(TEXT).decode().encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + body_with(TEXT),
    "the file twice": body_with(TEXT, behind=', "blueprint": {"format": "png", "file": "AAAA"}'),
    "the file elsewhere": f'{{"blueprint": {{"format": "png", "filename": "{TEXT}"}}}}'.encode(),
    "the file as a name": f'{{"{TEXT}": 1}}'.encode(),
    "the file alone": f'"{TEXT}"'.encode(),
    "two files": body_with(TEXT, behind=f', "more": "{TEXT}"'),
    "much before it": body_with(TEXT, before=" " * MAX_WITHOUT_FILE_BYTES),
    "much behind it": body_with(TEXT, behind=" " * MAX_WITHOUT_FILE_BYTES),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_document_with_one_file_is_refused(body: bytes) -> None:
    for size in (1_009, 1 << 20):
        with pytest.raises(InvalidRequest):
            read(body, size)


@pytest.mark.parametrize(
    "text", ["=", "A", "AA", "AAA", "AA=", "A===", "AAAA====", "AA A", "AA-_", "ÄÄÄÄ", "\ud800"]
)
def test_what_is_not_base64_is_refused(text: str) -> None:
    with StagingFile() as file, pytest.raises(InvalidRequest):
        decode_text(text, file)
    with pytest.raises(InvalidRequest):
        read(body_with(TEXT[:300_000] + json.dumps(text)[1:-1]))


def repeated(begin: bytes, part: bytes, end: bytes) -> Iterator[bytes]:
    """66 MB, a piece at a time."""
    piece = part * (65_536 // len(part))
    return itertools.chain([begin], itertools.repeat(piece, 66_000_000 // len(piece)), [end])


LARGEST = {
    "a file": repeated(b'{"blueprint": {"format": "png", "file": "', b"/+09" * 16, b'"}}'),
    "a file all in escapes": repeated(b'{"blueprint": {"file": "', rb"\/\/\/\/\u002b\u002bAA", b'"}}'),
    "a file with line breaks": repeated(b'{"blueprint": {"file": "', b"AAAA" * 19 + rb"\r\n", b'"}}'),
    "a file that is no base64": repeated(b'{"blueprint": {"file": "', b"\xc3\xa4" * 8, b'"}}'),
    "lists": repeated(b"[", b"[],", b"1]"),
    "nested lists": repeated(b"", b"[", b""),
    "numbers": repeated(b"[", b"0," * 8, b"1]"),
    "one number": repeated(b"", b"1" * 64, b""),
    "strings": repeated(b"[", b'"a",' * 8, b'"a"]'),
    "escaped quotation marks": repeated(b'{"blueprint": {"file": "', rb"\"" * 8, b'"}}'),
    "spaces": repeated(b'{"blueprint": {"file": "AAAA"', b" " * 64, b"}}"),
}


class Chain(io.RawIOBase):
    """A body that is made as it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        self._rest = self._rest or next(self._pieces, b"")
        data, self._rest = self._rest[:size], self._rest[size:]
        return data


@pytest.mark.parametrize("pieces", LARGEST.values(), ids=LARGEST)
def test_the_largest_body_takes_eight_megabytes(pieces: Iterator[bytes]) -> None:
    tracemalloc.start()
    try:
        with StagingFile() as file, suppress(InvalidRequest):
            read_document(Chain(pieces), file)  # type: ignore[arg-type]  # it only reads
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 8_000_000
