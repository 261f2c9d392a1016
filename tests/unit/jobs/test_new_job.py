"""Bodies of a create: base64 that is decoded a slice at a time, forms of which little is in memory."""

import base64
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from jobs.api.new_job import decode_base64, read_new_job
from jobs.staging import StagingFile
from shared.http.errors import InvalidRequest

LARGE = bytes(range(256)) * 8_000  # two slices and a bit, and no multiple of three


def decoded(text: str) -> bytes:
    with StagingFile() as file:
        decode_base64(text, file)
        return file.staged().path.read_bytes()


@given(st.binary(min_size=1, max_size=300))
def test_whatever_was_encoded_comes_back(content: bytes) -> None:
    assert decoded(base64.b64encode(content).decode()) == content


@pytest.mark.parametrize("width", [0, 64, 76, 1_000_003])
def test_slices_join_wherever_lines_are_broken(width: int) -> None:
    text = base64.b64encode(LARGE).decode()
    if width:
        text = "\r\n".join(text[i : i + width] for i in range(0, len(text), width))
    assert decoded(text) == LARGE


def test_padding_ends_the_text_even_at_the_end_of_a_slice() -> None:
    once = base64.b64encode(bytes(786_431)).decode()  # fills the first slice, its padding included
    assert once.endswith("=")
    with pytest.raises(InvalidRequest):
        decoded(once + once)


@pytest.mark.parametrize("breaks", ["\n", "\r\n" * 600_000], ids=["one", "slices of them"])
def test_line_breaks_may_follow_padding_at_the_end_of_a_slice(breaks: str) -> None:
    content = bytes(786_431)
    assert decoded(base64.b64encode(content).decode() + breaks) == content


def test_padding_is_remembered_over_line_breaks() -> None:
    once = base64.b64encode(bytes(786_431)).decode()
    with pytest.raises(InvalidRequest):
        decoded(once + "\n" * len(once) + "AAAA")


@pytest.mark.parametrize("text", ["=", "A", "AA", "AAA", "AA=", "A===", "AAAA====", "AA A", "AA-_", "ÄÄÄÄ"])
def test_what_is_not_base64_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        decoded(text)


PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
FILLER = bytes(8 * 1024 * 1024)
FORMS = {
    "what stands before the first part": FILLER + b"\r\n" + PART + b"\r\nfile\r\n--b--",
    "headers of a part": PART + b"X: " + FILLER + b"\r\n\r\nfile\r\n--b--",
    "what stands after the last part": PART + b"\r\nfile\r\n--b--\r\n" + FILLER,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_that_would_have_to_be_kept_in_memory_is_refused_early(form: bytes) -> None:
    stream = io.BytesIO(form)
    builder = EnvironBuilder(
        method="POST", input_stream=stream, content_type="multipart/form-data; boundary=b"
    )
    builder.content_length = len(form)
    with StagingFile() as file, pytest.raises(InvalidRequest):
        read_new_job(builder.get_request(Request), file)
    assert 0 < stream.tell() < 512 * 1024
