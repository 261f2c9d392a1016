"""Drawing sets: two hundred plans and a document of a hundred pages, against the same work done by hand.

The work by hand (`sets_alone.py`) is two processes that draw, read and detect such pages from disk. They are
other pages, since the Textract simulator reads the same pixels only once.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from figures import Figure, millis, percentile, seconds_of
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from target import PLANS, Target, UnexpectedAnswer, expect, session

from dying_workers import dying_workers

ALONE = Path(__file__).with_name("sets_alone.py")
PLANS_OF_SET = ("house_12_rooms.png", "studio_small.png", "flat_furnished.jpg", "bungalow_scan.jpg")
FILES = 200
CLIENTS = 8
PAGES = 100
PROCESSES = 2
A3_POINTS = (1191, 842)

READS_UNLOADED = 200
PAUSE_SECONDS = 0.05
LOOK_SECONDS = 2.0
GIVE_UP_SECONDS = 3600.0

ENDED = ("completed", "failed", "cancelled")


def measure(
    target: Target, files: int = FILES, pages: int = PAGES, *, kill: bool = False
) -> Iterator[Figure]:
    """Yield the figures of sets; with ``kill`` workers die now and then while pages are made."""
    with tempfile.TemporaryDirectory() as folder:
        plans = [_plan(Path(folder) / f"plan {number}.png", number) for number in range(2 * files)]
        yield from _many_files(target, plans[:files], plans[files:], kill=kill)
        documents = [document(Path(folder) / f"set {series}.pdf", series, pages) for series in "AB"]
        yield from _many_pages(target, *documents, pages, kill=kill)


@contextmanager
def _dying(target: Target, *, kill: bool) -> Iterator[list[int]]:
    if not kill:
        yield []
        return
    if target.pid is None:
        raise UnexpectedAnswer("workers are killed of a stack that was started here, not of one that runs")
    with dying_workers(target.pid, target.textract_calls) as killed:
        yield killed


def _plan(path: Path, number: int) -> Path:
    """One of the plans, with its number in dots in a corner: no two are the same picture."""
    with Image.open(PLANS / PLANS_OF_SET[number % len(PLANS_OF_SET)]) as plan:
        picture = plan.convert("L")
    for bit in range(number.bit_length()):
        if number >> bit & 1:
            picture.paste(0, (2 + 4 * bit, 2, 4 + 4 * bit, 4))
    picture.save(path)
    return path


def document(path: Path, series: str, pages: int = PAGES) -> Path:
    """A scanned set: a plan a page, each with its number."""
    canvas = Canvas(str(path), pagesize=A3_POINTS)
    width, height = A3_POINTS
    for number in range(1, pages + 1):
        plan = ImageReader(str(PLANS / PLANS_OF_SET[number % len(PLANS_OF_SET)]))
        canvas.drawImage(plan, 40, 60, width - 80, height - 100, preserveAspectRatio=True)
        canvas.drawString(width - 140, 30, f"SHEET {series}-{number:03}")
        canvas.showPage()
    canvas.save()
    return path


def _many_files(target: Target, plans: list[Path], others: list[Path], *, kill: bool) -> Iterator[Figure]:
    files = len(plans)
    first = _create(target, PLANS / "studio_small.png", "first.png")
    unloaded = percentile(_reads(target, first, READS_UNLOADED), 95)
    busy: list[float] = []
    calls, began = target.textract_calls(), time.perf_counter()
    with _reading_meanwhile(target, first, busy), _dying(target, kill=kill) as killed:
        with ThreadPoolExecutor(CLIENTS) as clients:
            jobs = set(clients.map(lambda plan: _create(target, plan, plan.name, preview="true"), plans))
        created = time.perf_counter() - began
        ended = _wait(lambda: [job for job in _listed(target, files) if job["job_id"] in jobs])
    seconds = time.perf_counter() - began
    if kill:
        yield _deaths(killed, target.textract_calls() - calls, files)
    alone = _alone(target, [(path, 1) for path in others])
    whole = sum(job["status"] == "completed" and not job["degraded"] for job in ended)
    yield Figure(
        f"{files} creates with preview from {CLIENTS} clients: completed, none degraded",
        f"{whole} of {files} after {seconds:.0f} s (created in {created:.0f} s)",
        "all",
        whole == len(plans),
    )
    yield _pace(files, seconds, alone)
    loaded = percentile(busy, 95)
    yield Figure(
        "reading a job meanwhile, p95",
        f"{millis(loaded)}: {loaded / unloaded:.1f} x the {millis(unloaded)} before",
        "4 x",
        loaded <= 4 * unloaded,
    )


def _many_pages(target: Target, document: Path, other: Path, pages: int, *, kill: bool) -> Iterator[Figure]:
    calls = target.textract_calls()
    with _dying(target, kill=kill) as killed:
        seconds, ended = pages_of(target, document)
    if kill:
        yield _deaths(killed, target.textract_calls() - calls, pages)
    alone = _alone(target, [(other, number) for number in range(1, pages + 1)])
    whole = sum(page["status"] == "completed" and not page["degraded"] for page in ended)
    yield Figure(
        f"a document of {len(ended)} pages: completed, none degraded",
        f"{whole} after {seconds:.0f} s",
        "all",
        whole == len(ended),
    )
    yield _pace(len(ended), seconds, alone)
    times = sorted(datetime.fromisoformat(page["updated_at"]).timestamp() for page in ended)
    part = max(1, len(times) // 5)
    early, late = times[part] - times[0], times[-1] - times[-1 - part]
    yield Figure(
        "a page at its end, against one at its beginning",
        f"{late / early:.2f} x",
        "1.2 x",
        late <= 1.2 * early,
    )
    with _dying(target, kill=kill):
        again, _ = pages_of(target, document)
    yield Figure(
        "the same document again, answered from the cache",
        f"{again:.0f} s instead of {seconds:.0f} s",
        "",
        None,
    )


def _deaths(killed: list[int], calls: int, pages: int) -> Figure:
    return Figure(
        f"workers killed while {pages} pages were made",
        f"{len(killed)}; Textract asked {calls} times",
        "",
        None,
    )


def _pace(pages: int, seconds: float, alone: float) -> Figure:
    return Figure(
        f"pages a minute, against {PROCESSES} processes that only draw, read and detect",
        f"{60 * pages / seconds:.0f}: {alone / seconds:.2f} x their {60 * pages / alone:.0f}",
        "0.8 x",
        alone / seconds >= 0.8,
    )


def _create(target: Target, plan: Path, name: str, **fields: str) -> str:
    with session() as caller, plan.open("rb") as file:
        url = f"{target.addresses.router}/api/v1/jobs"
        return str(
            expect(caller.post(url, files={"file": (name, file)}, data=fields, timeout=60), 201)["job_id"]
        )


def pages_of(target: Target, document: Path) -> tuple[float, list[dict[str, Any]]]:
    """How long all pages of a new job take, and how each ended."""
    began = time.perf_counter()
    job_id = _create(target, document, "set.pdf", pages="all")
    _wait(lambda: [_read(target, f"/jobs/{job_id}")])
    seconds = time.perf_counter() - began
    return seconds, _read(target, f"/jobs/{job_id}/previews?limit=500")["previews"]


def _listed(target: Target, count: int) -> list[dict[str, Any]]:
    """The newest jobs, at least so many."""
    jobs: list[dict[str, Any]] = []
    cursor = ""
    while len(jobs) < count:
        listed = _read(target, f"/jobs?limit=100{cursor}")
        jobs += listed["jobs"]
        cursor = f"&cursor={listed['next_cursor']}"
    return jobs


def _read(target: Target, path: str) -> dict[str, Any]:
    with session() as caller:
        return expect(caller.get(f"{target.addresses.router}/api/v1{path}", timeout=60), 200)


def _wait(look: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Jobs once all have ended, or when the time is over."""
    give_up = time.perf_counter() + GIVE_UP_SECONDS
    while True:
        jobs = look()
        if all(job["status"] in ENDED for job in jobs) or time.perf_counter() > give_up:
            return jobs
        time.sleep(LOOK_SECONDS)


def _alone(target: Target, pages: list[tuple[Path, int]]) -> float:
    """How long two processes take for the same pages, each for every second one."""
    command = [sys.executable, str(ALONE), target.addresses.textract]
    began = time.perf_counter()
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    for number, process in enumerate(processes):
        assert process.stdin is not None
        json.dump([(str(path), page) for path, page in pages[number::PROCESSES]], process.stdin)
        process.stdin.close()
    failed = [process for process in processes if process.wait()]
    if failed:
        raise UnexpectedAnswer(f"{len(failed)} of {PROCESSES} processes failed")
    return time.perf_counter() - began


def _reads(target: Target, job_id: str, count: int) -> list[float]:
    url = f"{target.addresses.router}/api/v1/jobs/{job_id}"
    with session() as caller:
        return [seconds_of(lambda: expect(caller.get(url, timeout=60), 200)) for _ in range(count)]


@contextmanager
def _reading_meanwhile(target: Target, job_id: str, times: list[float]) -> Iterator[None]:
    """One caller who reads a job now and then."""
    stop = threading.Event()

    def read() -> None:
        while not stop.wait(PAUSE_SECONDS):
            times.extend(_reads(target, job_id, 1))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield
    finally:
        stop.set()
        reader.join()
