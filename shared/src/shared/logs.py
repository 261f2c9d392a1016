"""JSON lines on stdout, one object an event, with the ids of the request in progress."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import IO, Any, Literal

from shared import context
from shared.timestamps import iso_millis

LEVELS = ("ERROR", "WARN", "INFO", "DEBUG")

# Removed from the texts of exceptions: the SDK quotes the URL of an object it could not reach, and the path
# ends with the caller's file name
_URL_BEYOND_HOST = re.compile(r"""(https?://[^/?#\s"']+)[^\s"']+""")

AuditEvent = Literal["state_changed", "key_refused", "erased"]

_audit = logging.getLogger("audit")


class JsonFormatter(logging.Formatter):
    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        request = context.current()
        fields = dict(getattr(record, "context", {}))
        if record.exc_info:
            fields["exception"] = _URL_BEYOND_HOST.sub(r"\1", self.formatException(record.exc_info))
        line = {
            "timestamp": iso_millis(datetime.fromtimestamp(record.created, UTC)),
            "level": _spelt(record.levelname),
            "service": self._service,
            "message": record.getMessage(),
            "request_id": request.request_id,
            "correlation_id": request.correlation_id,
            "job_id": request.job_id,
            "context": {"logger": record.name, **fields},
        }
        return json.dumps(line, default=str, ensure_ascii=False)


def configure(service: str, level: str, stream: IO[str] | None = None) -> None:
    """Send the whole process's log to ``stream`` (stdout); ``level`` is one of `LEVELS`.

    Libraries are kept at WARN whatever the level: at DEBUG the AWS SDK logs bodies and credentials.
    """
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonFormatter(service))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for ours in (service, "shared", "audit"):
        logging.getLogger(ours).setLevel(_python_level(level))
    _audit.setLevel(logging.INFO)
    logging.captureWarnings(True)


def audit(event: AuditEvent, **fields: Any) -> None:
    """Write a line of the audit trail, whatever the log level.

    It names the API key by its id; without one, another service or the reconciler acted.
    """
    who = {"key_id": context.current().key_id}
    _audit.info(event.replace("_", " "), extra={"context": {"event": event, **who, **fields}})


def _spelt(levelname: str) -> str:
    return {"WARNING": "WARN", "CRITICAL": "ERROR"}.get(levelname, levelname)


def _python_level(level: str) -> int:
    return logging.getLevelNamesMapping()["WARNING" if level == "WARN" else level]
