"""Runs the simulator under gunicorn: ``python -m local_aws.textract.server HOST PORT AWS_ENDPOINT_URL``.

It answers once the models are loaded and have read a page, so that the first caller waits no longer than
the others.
"""

import sys
from typing import Any

import numpy as np
from flask import Flask
from gunicorn.app.base import BaseApplication

from local_aws.aws.provision import client
from local_aws.textract.app import create_app
from local_aws.textract.object_store import S3ObjectStore
from local_aws.textract.ocr import OcrReader
from local_aws.textract.reading import DocumentReader, ReadOnce

THREADS = 128
"""Calls that hang by a scripted fault hold a thread each; threads are made only when needed."""

GRACEFUL_SECONDS = 2
"""The services have stopped before, so no reading is waited for."""


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn without a configuration file; ``load`` runs in the worker, where the models belong."""

    def __init__(self, bind: str, aws_endpoint_url: str) -> None:
        self._bind = bind
        self._aws_endpoint_url = aws_endpoint_url
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": self._bind,
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 60,
            "graceful_timeout": GRACEFUL_SECONDS,
            "keepalive": 75,
            "control_socket_disable": True,
            "loglevel": "warning",
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return warm_app(self._aws_endpoint_url)


def warm_app(aws_endpoint_url: str) -> Flask:
    """The application with its models loaded and used once."""
    pixels = OcrReader()
    pixels.read(_page_with_a_mark())
    return create_app(DocumentReader(ReadOnce(pixels)), S3ObjectStore(client("s3", aws_endpoint_url)))


def _page_with_a_mark() -> np.ndarray[Any, np.dtype[np.uint8]]:
    page = np.full((736, 736), 255, dtype=np.uint8)
    page[300:330, 300:420:8] = 0
    return page


def main(arguments: list[str]) -> None:
    host, port, aws_endpoint_url = arguments
    _Server(f"{host}:{port}", aws_endpoint_url).run()


if __name__ == "__main__":
    main(sys.argv[1:])
