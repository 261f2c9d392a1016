"""Workers that have had their requests restart one at a time."""

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path

from gunicorn_server import CONFIGURATION, get, serving

SHORT_LIVED = f"""
import runpy

globals().update(runpy.run_path({str(CONFIGURATION)!r}))
max_requests, max_requests_jitter = 40, 0
"""

WSGI_TELLING = """
def tell(event):
    with open("events", "a") as events:
        events.write(event + "\\n")


class App:
    extensions = {
        "on_drain": [lambda: tell("draining")],
        "on_start": [lambda: tell("ready")],
        "on_stop": [lambda: tell("stopped")],
    }

    def __call__(self, environ, start_response):
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

app = App()
"""

WORKERS = 2
RESTARTS = 6


def test_no_worker_restarts_before_the_last_one_is_ready_again(tmp_path: Path) -> None:
    configuration = tmp_path / "short_lived.py"
    configuration.write_text(SHORT_LIVED)
    with serving(tmp_path, WSGI_TELLING, configuration, WEB_CONCURRENCY=str(WORKERS)) as (_, port):
        while events(tmp_path).count("ready") < WORKERS:
            get(port, "/health/live")

        def call_until_restarted(_: int) -> set[bytes]:
            answers = set()
            while events(tmp_path).count("ready") < WORKERS + RESTARTS:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
                    answers.add(answer.read())
            return answers

        with ThreadPoolExecutor(4) as callers:
            answers = set().union(*callers.map(call_until_restarted, range(4)))
        told = events(tmp_path)
    assert answers == {b"ok"}
    changes = {"ready": 1, "draining": 0, "stopped": -1}
    running = accumulate((changes[event] for event in told[WORKERS:]), initial=WORKERS)
    assert min(running) >= WORKERS - 1, told
    assert told.count("draining") >= told.count("stopped") > 0


def events(folder: Path) -> list[str]:
    written = folder / "events"
    return written.read_text().split() if written.exists() else []
