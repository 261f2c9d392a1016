"""A service for the command, on a port of its own: enough of the API to send plans and fetch results."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

KEY = "a-key"
BAD = b"no plan"
"""A file that the service refuses."""

Answer = tuple[Response, int, dict[str, str]]


def failure(status: int, code: str, **headers: str) -> Answer:
    body = {"status": "error", "error": {"code": code, "message": "What to do.", "details": {}}}
    return jsonify(body | {"meta": {"request_id": "req_1", "api_version": "v1"}}), status, headers


def success(data: Any, status: int = 200, **headers: str) -> Answer:
    return jsonify({"status": "success", "data": data, "meta": {}}), status, headers


class FakeService:
    """Jobs end when they are looked at, unless ``held``; the first ``limited`` creates are 429.

    The pages that are ``queued`` do not. The key of a job that was erased is a tombstone.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.jobs: dict[str, dict[str, Any]] = {}
        self.created: set[str] = set()
        self.requests: list[str] = []
        self.limited = 0
        self.held = False
        self.seen = threading.Event()
        self.failing: set[int] = set()
        self.queued: set[int] = set()
        self.page_count = 1
        self.has_documents = True

    def create(self) -> Answer:
        self.limited -= 1
        if self.limited >= 0:
            return failure(429, "RATE_LIMIT_EXCEEDED", **{"Retry-After": "1"})
        content = request.files["file"].read()
        if content == BAD:
            return failure(400, "INVALID_FILE_FORMAT")
        key = request.headers["Idempotency-Key"]
        job_id = f"job_20240115103000_{hashlib.sha256(key.encode()).hexdigest()[:13]}"
        if job_id in self.created - set(self.jobs):
            return failure(404, "JOB_NOT_FOUND")
        if job_id not in self.jobs:
            self.created.add(job_id)
            self.jobs[job_id] = {"name": request.files["file"].filename, "asked": "pages" in request.form}
        return success(self._job(job_id, "pending"), 201)

    def read(self, job_id: str) -> Answer:
        if job_id not in self.jobs:
            return failure(404, "JOB_NOT_FOUND")
        self.seen.set()
        ended = "failed" if len(self.failing) == self.page_count else "completed"
        return success(self._job(job_id, "processing" if self.held else ended), ETag='"1"')

    def request_pages(self, job_id: str) -> Answer:
        self.jobs[job_id] |= request.get_json() | {"asked": True}
        return success({"job_id": job_id, "pages": self._pages(0)}, 202)

    def pages(self, job_id: str) -> Answer:
        if "format" in request.args and not self.has_documents:
            return failure(400, "INVALID_REQUEST")
        if "format" in request.args:
            return Response(f"all of {job_id}", headers={}), 200, {}
        error = {"code": "UNREADABLE_BLUEPRINT", "message": "This page is damaged."}
        previews = [
            {
                "page": page,
                "status": self._status(page),
                "rooms": None if page in self.failing else 2,
                "degraded": [],
                "error": error if page in self.failing else None,
                "updated_at": "2024-01-15T10:30:00.000Z",
            }
            for page in range(1, self.page_count + 1)
        ]
        return success({"previews": previews, "next_cursor": None})

    def preview(self, job_id: str) -> Answer:
        if request.args.get("format") == "json":
            return success({"job_id": job_id, "page": {"number": int(request.args["page"])}})
        if request.args.get("format") == "dxf":
            return failure(400, "INVALID_REQUEST")
        said = " corrected" if "corrected" in request.args else ""
        return Response(f"{request.args['format']} of page {request.args['page']}{said}"), 200, {}

    def _status(self, page: int) -> str:
        return "queued" if page in self.queued else "failed" if page in self.failing else "completed"

    def _pages(self, done: int) -> dict[str, int]:
        return {"asked": self.page_count, "done": done, "failed": len(self.failing) if done else 0}

    def _job(self, job_id: str, status: str) -> dict[str, Any]:
        texts = ("stage", "message", "result_s3_key", "request_id", "correlation_id")
        error = {"code": "UNREADABLE_BLUEPRINT", "message": "This page is damaged."}
        return dict.fromkeys(texts) | {
            "job_id": job_id,
            "status": status,
            "progress": 0,
            "pages": self._pages(0 if status in ("pending", "processing") else self.page_count),
            "created_at": "2024-01-15T10:30:00.000Z",
            "updated_at": "2024-01-15T10:30:00.000Z",
            "blueprint_s3_key": "",
            "blueprint_format": "png",
            "blueprint_hash": "",
            "blueprint_filename": self.jobs[job_id]["name"],
            "blueprint_size_bytes": 1,
            "page_count": self.page_count,
            "error": error if status == "failed" else None,
            "api_version": "v1",
        }


def application(service: FakeService) -> Flask:
    app = Flask(__name__)
    jobs = "/api/v1/jobs"

    @app.before_request
    def note() -> Answer | None:
        service.requests.append(f"{request.method} {request.path}")
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return failure(401, "UNAUTHORIZED")
        return None

    app.add_url_rule(jobs, "list", lambda: success({"jobs": [], "next_cursor": None}))
    app.add_url_rule(jobs, "create", service.create, methods=["POST"])
    app.add_url_rule(f"{jobs}/<job_id>", "read", service.read)
    app.add_url_rule(f"{jobs}/<job_id>/previews", "request", service.request_pages, methods=["POST"])
    app.add_url_rule(f"{jobs}/<job_id>/previews", "pages", service.pages)
    app.add_url_rule(f"{jobs}/<job_id>/preview", "preview", service.preview)
    app.add_url_rule(f"{jobs}/<job_id>/preview/image", "image", lambda job_id: Response(b"\x89PNG"))
    return app


@contextmanager
def fake_service() -> Iterator[FakeService]:
    service = FakeService("")
    server = make_server("127.0.0.1", 0, application(service), threaded=True)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
