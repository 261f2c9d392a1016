"""flask-smorest with our envelope, our error documentation, and 400 for what does not validate."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import flask
import marshmallow as ma
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask_smorest import Api, Blueprint
from webargs.core import missing
from webargs.flaskparser import FlaskParser

from shared.http import envelope
from shared.http.errors import COMMON_ERRORS, ErrorAnswer
from shared.http.json_body import parse_json

View = TypeVar("View", bound=Callable[..., Any])

_EVERY_ROUTE = (
    ErrorAnswer("INVALID_REQUEST", 400),
    ErrorAnswer("UNAUTHORIZED", 401),
    ErrorAnswer("FORBIDDEN", 403),
    ErrorAnswer("REQUEST_TIMEOUT", 408),
    ErrorAnswer("FILE_TOO_LARGE", 413),
    ErrorAnswer("UNSUPPORTED_MEDIA_TYPE", 415),
    ErrorAnswer("RATE_LIMIT_EXCEEDED", 429),
    ErrorAnswer("INTERNAL_ERROR", 500),
    ErrorAnswer("SERVICE_UNAVAILABLE", 503),
)

_ERROR_CODE = {
    "description": "For a program; each answer lists those that it can have, and later versions may have "
    "more. Paths, versions and methods that are not in this document are `NOT_FOUND` (404), "
    "`UNSUPPORTED_API_VERSION` (404) and `METHOD_NOT_ALLOWED` (405).",
    "example": "INVALID_REQUEST",
}

_UNKNOWN = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": ma.RAISE}


class ArgumentParser(FlaskParser):
    """Unknown fields are errors in the query too, and what does not validate is 400."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION = _UNKNOWN

    def _raw_load_json(self, req: flask.Request) -> Any:
        body = req.get_data(cache=True)
        return parse_json(body) if body else missing


class EnvelopeBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """``errors`` is the service's table from exceptions to answers; views name those they can raise."""

    ARGUMENTS_PARSER = ArgumentParser()

    def __init__(
        self, name: str, import_name: str, *, errors: Mapping[type[Exception], ErrorAnswer], **kwargs: Any
    ) -> None:
        super().__init__(name, import_name, **kwargs)
        self._answers = {**COMMON_ERRORS, **errors}
        self._prepare_doc_cbks.append(self._prepare_errors_doc)

    def raises(self, *exceptions: type[Exception]) -> Callable[[View], View]:
        """Document the errors that a view can give besides those every route can."""
        answers = [self._answers[exception] for exception in exceptions]

        def decorate(view: View) -> View:
            documented = {**getattr(view, "_apidoc", {}), "errors": answers}
            view._apidoc = documented  # type: ignore[attr-defined]  # where flask-smorest keeps its own
            return view

        return decorate

    @staticmethod
    def _prepare_response_content(data: Any) -> Any:
        return envelope.success(data)

    @staticmethod
    def _make_doc_response_schema(schema: ma.Schema | None) -> type[ma.Schema] | None:
        return envelope.envelope_schema(type(schema)) if schema else None

    def _prepare_errors_doc(self, doc: dict[str, Any], doc_info: dict[str, Any], **_: Any) -> dict[str, Any]:
        answers = {(a.status, a.code) for a in (*_EVERY_ROUTE, *doc_info.get("errors", ()))}
        responses = doc.setdefault("responses", {})
        for status in sorted({status for status, _ in answers}):
            for key in (status, str(status)):
                responses.pop(key, None)
            responses[str(status)] = _error_response(sorted(code for s, code in answers if s == status))
        return doc


class _SchemaConverter(OpenAPIConverter):
    """How fields are documented that apispec does not know, or not as what they are."""

    def field2property(self, field: ma.fields.Field[Any]) -> dict[str, Any]:
        if isinstance(field, envelope.ErrorCode):
            return {"$ref": "#/components/schemas/ErrorCode"}
        documented: dict[str, Any] = super().field2property(field)
        if isinstance(field, ma.fields.Constant):
            del documented["default"]  # which would promise nothing about an answer
            documented |= {"type": "string", "const": field.constant}
        return documented


class _SchemaPlugin(MarshmallowPlugin):
    Converter = _SchemaConverter


class EnvelopeApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    """Leaves error handling to `shared.http.errors`."""

    ERROR_SCHEMA = envelope.ErrorEnvelopeSchema
    DEFAULT_ERROR_RESPONSE_NAME = None  # every route names its errors

    def __init__(self, app: flask.Flask, codes: list[str]) -> None:
        super().__init__(app, spec_kwargs={"marshmallow_plugin": _SchemaPlugin()})
        self.spec.components.schema("ErrorCode", {"type": "string", "enum": codes, **_ERROR_CODE})

    def _register_error_handlers(self) -> None:
        pass


def _error_response(codes: Iterable[str]) -> dict[str, Any]:
    return {
        "description": " or ".join(f"`{code}`" for code in codes),
        "content": {"application/json": {"schema": envelope.ErrorEnvelopeSchema}},
    }
