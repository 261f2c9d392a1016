"""The jobs service's internal API as the preview service calls it, on loopback, with one table of jobs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.serving import make_server

from builders_preview import a_job
from preview.domain.job import Job
from shared.timestamps import iso_millis


@dataclass
class JobsPeer:
    """``jobs`` are the documents it answers with; ``errors`` come instead, by path."""

    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    transitions: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    error: tuple[int, str] | None = None
    url: str = ""

    def add(self, job: Job) -> None:
        self.jobs[job.job_id] = job_document(job)

    def app(self) -> Flask:
        app = Flask("jobs-peer")
        app.add_url_rule("/internal/v1/jobs/<job_id>", view_func=self.read)
        app.add_url_rule(
            "/internal/v1/jobs/<job_id>/transitions", view_func=self.transition, methods=["POST"]
        )
        app.add_url_rule("/internal/v1/jobs/<job_id>/pages", view_func=self.report, methods=["POST"])
        app.add_url_rule("/health/live", view_func=lambda: {"status": "healthy"}, endpoint="live")
        return app

    def read(self, job_id: str) -> ResponseReturnValue:
        self.tokens.add(request.headers["Authorization"])
        if self.error:
            return refused(*self.error)
        job = self.jobs.get(job_id)
        if job is None or request.args.get("owner", job["owner"]) != job["owner"]:
            return refused(404, "JOB_NOT_FOUND")
        return success(job)

    def transition(self, job_id: str) -> ResponseReturnValue:
        change = request.get_json()
        self.transitions.append(change)
        if self.error:
            return refused(*self.error)
        job = self.jobs[job_id]
        if job["version"] != change["expected_version"]:
            return refused(409, "CONCURRENT_UPDATE")
        told = {"message", "result_s3_key", "degraded"} & change.keys()
        job.update(version=job["version"] + 1, status=change["to"], **{name: change[name] for name in told})
        return success(job)

    def report(self, job_id: str) -> ResponseReturnValue:
        """Moves the job once all of its pages have ended."""
        report = request.get_json()
        self.reports.append(report)
        job = self.jobs[job_id]
        if report["asked"] == report["done"]:
            status = "failed" if report["failed"] == report["asked"] else "completed"
            job.update(version=job["version"] + 1, status=status, pages={"asked": report["asked"]})
        return success(job)


@contextmanager
def running(peer: JobsPeer) -> Iterator[JobsPeer]:
    server = make_server("127.0.0.1", 0, peer.app(), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    peer.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()


def job_document(job: Job | None = None) -> dict[str, Any]:
    job = job or a_job()
    fields = {name: getattr(job, name) for name in job.__slots__}
    return fields | {"expires_at": iso_millis(job.expires_at)}


def success(data: dict[str, Any]) -> ResponseReturnValue:
    return jsonify({"status": "success", "data": data, "meta": {"request_id": "req_1"}})


def refused(status: int, code: str) -> ResponseReturnValue:
    error = {"code": code, "message": "No.", "details": {}}
    return jsonify({"status": "error", "error": error, "meta": {"request_id": "req_1"}}), status
