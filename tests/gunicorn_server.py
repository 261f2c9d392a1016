"""gunicorn as it is configured for both services, serving an app of the test."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONFIGURATION = Path(__file__).parents[1] / "docker" / "gunicorn.conf.py"


@contextmanager
def serving(
    folder: Path, app: str, configuration: Path = CONFIGURATION, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    (folder / "wsgi.py").write_text(app)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", str(configuration), "--chdir", str(folder), "wsgi:app"],
        env={**os.environ, "BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process, port
    finally:
        process.kill()
        process.communicate()


def get(port: int, path: str = "/") -> bytes:
    deadline = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
                return bytes(answer.read())
        except urllib.error.URLError:
            assert time.monotonic() < deadline, "gunicorn does not answer"
