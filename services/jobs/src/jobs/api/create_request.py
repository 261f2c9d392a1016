"""The body of ``POST /jobs``: JSON with base64 or an upload, or a form with the file itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio import multipart

from jobs.api.json_file import MAX_WITHOUT_FILE_BYTES, decode_text, read_document
from jobs.api.schemas.create_job import (
    CreateJobFromUploadSchema,
    CreateJobInlineSchema,
    FormFieldsSchema,
)
from jobs.api.schemas.fields import check_text
from jobs.domain.blueprint_file import MAX_BLUEPRINT_BYTES, Declaration
from jobs.domain.pages import FIRST_PAGE, MAX_PAGES_CHARACTERS
from jobs.staging import StagingFile
from shared.http.errors import InvalidRequest, UnsupportedMediaType

_FORM_OVERHEAD_BYTES = 64 * 1024
BODY_LIMITS = {
    "multipart/form-data": MAX_BLUEPRINT_BYTES + _FORM_OVERHEAD_BYTES,
    "application/json": -(-MAX_BLUEPRINT_BYTES // 3) * 4 + MAX_WITHOUT_FILE_BYTES,
}

_READ_BYTES = 64 * 1024
_PARTS = ("file", *FormFieldsSchema().fields)
_MAX_FIELD_BYTES = MAX_PAGES_CHARACTERS
_MAX_SHOWN_CHARACTERS = 100  # of what a caller wrote, in an answer
_MAX_BETWEEN_PARTS_BYTES = 256 * 1024
"""Headers of a part, and what stands before the first and after the last: the decoder collects each whole."""

_URL = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class CreateJobRequest:
    """What a body asks for; the file is staged unless there is an ``upload_id`` or a ``url``.

    ``pages`` are those to preview as the caller wrote them, or None.
    """

    declared: Declaration
    pages: str | None
    upload_id: str | None = None
    url: str | None = None


def read_create_request(request: Request, file: StagingFile) -> CreateJobRequest:
    """Raises InvalidRequest, FileTooLarge or UnsupportedMediaType."""
    if request.mimetype == "multipart/form-data":
        return _FormReader(file).read(request)
    if request.mimetype == "application/json":
        return _read_json(request, file)
    raise UnsupportedMediaType(request.mimetype, list(BODY_LIMITS))


def _read_json(request: Request, file: StagingFile) -> CreateJobRequest:
    document, staged = read_document(request.stream, file)
    blueprint = document.get("blueprint") if isinstance(document, dict) else None
    from_upload = isinstance(blueprint, dict) and "upload_id" in blueprint and "file" not in blueprint
    loaded = _load(CreateJobFromUploadSchema() if from_upload else CreateJobInlineSchema(), document, "json")
    source, options = loaded["blueprint"], loaded["options"]
    url = source["file"] if _URL.match(source.get("file", "")) else None
    if not from_upload and url is None and not staged:
        decode_text(source["file"], file)
    formats = (source["format"],) if "format" in source else ()
    declared = Declaration(formats, filename=source.get("filename") or None)
    return CreateJobRequest(declared, _pages(options, options["preview"]), source.get("upload_id"), url)


def _load(schema: ma.Schema, document: Any, location: str) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(document)
    except ma.ValidationError as exc:
        problems = {"problems": {location: exc.messages}}
        raise InvalidRequest("The request is not valid; the details say where.", problems) from exc
    return loaded


class _FormReader:
    """Takes a form apart as it arrives; the file goes straight to disk."""

    def __init__(self, file: StagingFile) -> None:
        self._file = file
        self._fields: dict[str, bytearray] = {}
        self._media_type: str | None = None
        self._filename: str | None = None
        self._part = ""

    def read(self, request: Request) -> CreateJobRequest:
        for event in _events(request):
            if isinstance(event, multipart.File | multipart.Field):
                self._begin(event)
            elif isinstance(event, multipart.Data):
                self._receive(event.data)
        if "file" not in self._fields:
            raise _invalid_form("The form has no file. Send it as the part 'file'.", "file")
        return self._create_job_request()

    def _begin(self, event: multipart.File | multipart.Field) -> None:
        name = event.name
        if name not in _PARTS:
            known = ", ".join(_PARTS)
            shown = _shown(name)
            raise _invalid_form(f"There is no part {shown!r}. Those that are known: {known}.", shown)
        if name in self._fields:
            raise _invalid_form(f"The form has more than one part {name!r}. Send one.", name)
        if isinstance(event, multipart.File) and name != "file":
            raise _invalid_form(f"The part {name!r} is a file. Send it as a field, without a filename.", name)
        self._fields[name] = bytearray()
        self._part = name
        if name == "file":
            media_type, _ = parse_options_header(event.headers.get("Content-Type"))
            self._media_type = media_type[:_MAX_SHOWN_CHARACTERS] or None
            self._filename = getattr(event, "filename", None) or None

    def _receive(self, data: bytes) -> None:
        if self._part == "file":
            self._file.write(data)
            return
        field = self._fields[self._part]
        field += data
        if len(field) > _MAX_FIELD_BYTES:
            raise _invalid_form(f"The field {self._part!r} is too long.", self._part)

    def _create_job_request(self) -> CreateJobRequest:
        _load(_FilenameSchema(), {"filename": self._filename}, "form")
        texts = {name: _as_text(value, name) for name, value in self._fields.items() if name != "file"}
        options = _load(FormFieldsSchema(), texts, "form")
        formats = (options["format"],) if options.get("format") else ()
        declared = Declaration(formats, self._media_type, self._filename)
        return CreateJobRequest(declared, _pages(options, options["preview"] == "true"))


def _pages(options: dict[str, Any], preview: bool) -> str | None:
    """The pages to preview; ``preview`` asks for the first, where they are not named."""
    return options.get("pages") or (FIRST_PAGE if preview else None)


class _FilenameSchema(ma.Schema):
    filename = ma.fields.String(allow_none=True, validate=[ma.validate.Length(max=1024), check_text])


def _as_text(value: bytearray, name: str) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as exc:
        raise _invalid_form(f"The field {name!r} is not UTF-8 text.", name) from exc


def _shown(name: str | None) -> str:
    """What a caller called a part, short and printable; a part may have no name."""
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name or "")
    return printable[:_MAX_SHOWN_CHARACTERS]


def _invalid_form(message: str, name: str = "_schema") -> InvalidRequest:
    """``name`` is the part at fault, or as marshmallow has it for the form as a whole."""
    return InvalidRequest(message, {"problems": {"form": {name: [message]}}})


def _events(request: Request) -> Iterator[multipart.Event]:
    """The form's events in order. Raises InvalidRequest when it is not well formed."""
    try:
        boundary = request.mimetype_params["boundary"].encode("ascii")
        decoder = multipart.MultipartDecoder(boundary, max_form_memory_size=_MAX_BETWEEN_PARTS_BYTES)
        finished = False
        while not finished:
            decoder.receive_data(request.stream.read(_READ_BYTES) or None)
            while not isinstance(event := decoder.next_event(), multipart.NeedData):
                yield event
                if finished := isinstance(event, multipart.Epilogue):
                    break
    except (KeyError, ValueError, RequestEntityTooLarge) as exc:
        raise _invalid_form("The form is not well-formed multipart/form-data.") from exc
