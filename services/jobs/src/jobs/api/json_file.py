"""A JSON body with a file of any size in it: the file goes to disk as it arrives, the rest is small.

A document may take 25 times the memory of its text. So only what is small is parsed: a body up to
`_HEAD_BYTES`, or what is left of a larger one without its one long string, which can only be the file.
"""

import base64
import binascii
import json
import re
import secrets
from collections.abc import Iterable, Iterator
from typing import IO, Any

from jobs.staging import StagingFile
from shared.http.errors import InvalidRequest
from shared.http.json_body import parse_json

MAX_WITHOUT_FILE_BYTES = 64 * 1024
_HEAD_BYTES = 2 * MAX_WITHOUT_FILE_BYTES  # a string that begins in its first half and does not end is long
_READ_BYTES = 256 * 1024
_LONGEST_ESCAPE_BYTES = len(r"\u002b")

_WHOLE_STRINGS = re.compile(rb'(?:[^"]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)


def read_document(stream: IO[bytes], file: StagingFile) -> tuple[Any, bool]:
    """The document, and whether its ``blueprint.file`` was long and is in ``file`` already.

    Raises InvalidRequest, and what ``file`` raises.
    """
    head = _read_exactly(stream, _HEAD_BYTES)
    if len(head) < _HEAD_BYTES:
        return parse_json(head), False
    begin = _end_of_whole_strings(head)
    if begin > MAX_WITHOUT_FILE_BYTES:
        raise _too_much_besides_file()
    long_string = _LongString(head[begin + 1 :], stream)
    decode_base64(long_string, file)
    tail = long_string.behind + _read_exactly(stream, MAX_WITHOUT_FILE_BYTES + 1)
    if begin + len(tail) > MAX_WITHOUT_FILE_BYTES:
        raise _too_much_besides_file()
    stand_in = secrets.token_hex()  # nobody can have written it elsewhere
    document = parse_json(head[:begin] + json.dumps(stand_in).encode() + tail)
    if _file_in(document) != stand_in:
        raise _invalid(f"Nothing but blueprint.file may have more than {MAX_WITHOUT_FILE_BYTES} bytes.")
    return document, True


class _LongString:
    """Iterates over the text of a string in pieces; ``behind`` then is what was read beyond its end."""

    behind = b""

    def __init__(self, begun: bytes, stream: IO[bytes]) -> None:
        self._begun = begun
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        held, data = b"", self._begun
        while b'"' not in data:  # an escaped one is no base64: what was cut off there is refused
            piece, held = _without_open_escape(held + data)
            yield _unescaped(piece)
            data = self._stream.read(_READ_BYTES)
            if not data:
                raise _invalid("The body is not valid JSON: it ends within a string.")
        last, _, self.behind = data.partition(b'"')
        yield _unescaped(held + last)


def _without_open_escape(data: bytes) -> tuple[bytes, bytes]:
    """``data`` up to an escape that may go on behind it, and that escape."""
    begin = data.rfind(b"\\", -_LONGEST_ESCAPE_BYTES)
    return (data, b"") if begin < 0 else (data[:begin], data[begin:])


def _unescaped(piece: bytes) -> bytes:
    if b"\\" not in piece:
        return piece
    try:
        text: str = json.loads(b'"%b"' % piece)
    except ValueError as exc:
        raise _not_base64() from exc
    return _without_line_breaks(text)


def decode_text(text: str, file: StagingFile) -> None:
    """As `decode_base64`, for ``text`` in which lines may be broken."""
    decode_base64([_without_line_breaks(text)], file)


def decode_base64(pieces: Iterable[bytes], file: StagingFile) -> None:
    """Write what ``pieces`` encode together into ``file``.

    Raises InvalidRequest for what is not base64, and what ``file`` raises.
    """
    rest, padded = b"", False
    for piece in pieces:
        part = rest + piece
        whole = len(part) // 4 * 4
        part, rest = part[:whole], part[whole:]
        if padded and part:
            raise _not_base64()
        padded = padded or b"=" in part
        file.write(_decoded(part))
    if rest:
        raise _not_base64()


def _decoded(part: bytes) -> bytes:
    if part.endswith(b"==="):  # which Python takes after a whole group
        raise _not_base64()
    try:
        return base64.b64decode(part, validate=True)
    except binascii.Error as exc:
        raise _not_base64() from exc


def _without_line_breaks(text: str) -> bytes:
    return text.encode(errors="replace").translate(None, b"\r\n")


def _end_of_whole_strings(head: bytes) -> int:
    found = _WHOLE_STRINGS.match(head)
    return found.end() if found else 0


def _read_exactly(stream: IO[bytes], size: int) -> bytes:
    """``size`` bytes, or fewer where the stream ends."""
    read = bytearray()
    while len(read) < size and (data := stream.read(size - len(read))):
        read += data
    return bytes(read)


def _file_in(document: Any) -> Any:
    blueprint = document.get("blueprint") if isinstance(document, dict) else None
    return blueprint.get("file") if isinstance(blueprint, dict) else None


def _not_base64() -> InvalidRequest:
    return _invalid("The file is not valid base64. Encode its bytes with padding.", at_file=True)


def _too_much_besides_file() -> InvalidRequest:
    return _invalid(f"Besides blueprint.file the body may have {MAX_WITHOUT_FILE_BYTES} bytes.")


def _invalid(message: str, *, at_file: bool = False) -> InvalidRequest:
    problem = {"blueprint": {"file": [message]}} if at_file else {"_schema": [message]}
    return InvalidRequest(message, {"problems": {"json": problem}})
