"""Forms of a create, of which little is in memory."""

import io

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from jobs.api.create_request import read_create_request
from jobs.staging import StagingFile
from shared.http.errors import InvalidRequest

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
        read_create_request(builder.get_request(Request), file)
    assert 0 < stream.tell() < 512 * 1024
