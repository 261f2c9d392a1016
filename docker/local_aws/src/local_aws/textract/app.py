"""The simulator as a WSGI application."""

import json
import select
import socket
import threading
from typing import Any
from uuid import uuid4

from flask import Flask, Response, jsonify, request

from local_aws.textract.blocks import analyze_document_response
from local_aws.textract.errors import DocumentTooLarge, Serialization, TextractError, UnknownOperation
from local_aws.textract.faults import BadFault, CallCounter, Fault, Faults
from local_aws.textract.reading import DocumentReader
from local_aws.textract.requests import ObjectStore, parse_analyze_document

CLIENT_CLOSED_REQUEST = 499
"""nginx's code. Nobody sees it: no page is read for a caller who gave up while others were served."""

TARGET = "Textract.AnalyzeDocument"
CONTENT_TYPE = "application/x-amz-json-1.1"

MAX_BODY_BYTES = 16 * 1024 * 1024
"""10 MB in base64 is 13.4 MB; a body above this is refused unread, a document above 10 MB after decoding."""


def create_app(reader: DocumentReader, store: ObjectStore, faults: Faults | None = None) -> Flask:
    """``POST /`` speaks AWS JSON 1.1; ``/_simulator`` is for tests and for ``make run``."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    faults, counter = faults or Faults(), CallCounter()
    _add_textract(app, reader, store, faults, counter)
    _add_simulator_routes(app, faults, counter)
    return app


def _add_textract(
    app: Flask, reader: DocumentReader, store: ObjectStore, faults: Faults, counter: CallCounter
) -> None:
    reading = threading.Lock()  # one page at a time is quicker for all than sharing two cores

    @app.post("/")
    def call() -> Response:
        request_id = str(uuid4())
        try:
            operation = _operation()
            counter.count(operation)
            faults.strike(_caller_is_gone)
            analysis = parse_analyze_document(_json_body(), store)
            with reading:
                if _caller_is_gone():
                    return Response(status=CLIENT_CLOSED_REQUEST)
                lines = reader.read(analysis.document)
            return _answer(200, analyze_document_response(lines, analysis.features), request_id)
        except TextractError as error:
            return _answer(error.status, {"__type": error.code, "message": str(error)}, request_id)


def _add_simulator_routes(app: Flask, faults: Faults, counter: CallCounter) -> None:
    @app.get("/_simulator/calls")
    def calls() -> Response:
        return jsonify(counter.as_json())

    @app.get("/_simulator/faults")
    def fault() -> Response:
        return jsonify(faults.current.as_json())

    @app.put("/_simulator/faults")
    def set_fault() -> tuple[Response, int]:
        try:
            faults.set(Fault.parse(request.get_json(force=True, silent=True)))
        except BadFault as error:
            return jsonify({"message": str(error)}), 400
        return jsonify(faults.current.as_json()), 200


def _operation() -> str:
    """The operation's name; only one is known."""
    target = request.headers.get("X-Amz-Target", "")
    if target != TARGET:
        raise UnknownOperation(
            f"This simulator knows {TARGET} only, not {target or 'a call without a target'}"
        )
    return target.rpartition(".")[2]


def _json_body() -> Any:
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise DocumentTooLarge("Document is larger than 10 MB, the limit of synchronous operations")
    try:
        return json.loads(request.get_data(cache=False))
    except ValueError as error:
        raise Serialization("The request body is not valid JSON") from error


def _answer(status: int, body: dict[str, Any], request_id: str) -> Response:
    headers = {"x-amzn-RequestId": request_id}
    if "__type" in body:
        headers["x-amzn-ErrorType"] = body["__type"]
    return Response(json.dumps(body), status, headers, content_type=CONTENT_TYPE)


def _caller_is_gone() -> bool:
    """Whether the client has closed the connection of this request (known under gunicorn only)."""
    connection: socket.socket | None = request.environ.get("gunicorn.socket")
    if connection is None:
        return False
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable) and not connection.recv(1, socket.MSG_PEEK)
