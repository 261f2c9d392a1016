"""Previews: repeated, fresh, shared by a hundred callers, and of twelve megapixels."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from figures import Figure, millis, percentile, seconds_of
from target import Target, UnexpectedAnswer, create_job, expect, session

REPEATS = 200
FRESH_PLANS = (
    "house_12_rooms.png",
    "flat_furnished.jpg",
    "office_floor.pdf",
    "cottage_blueprint.jpg",
    "bungalow_scan.jpg",
    "bungalow_scan.pdf",
    "clinic_sheet.pdf",
)
FRESH_ROUNDS = 3
CALLERS = 100


def measure(target: Target) -> Iterator[Figure]:
    """Yield the figures of previewing."""
    yield _repeated(target)
    yield from _fresh(target)
    yield _shared(target)
    yield _twelve_megapixels(target)


def preview(caller: requests.Session, base_url: str, job_id: str) -> dict[str, Any]:
    """Ask until the preview is there, and return it."""
    while True:
        answer = caller.post(f"{base_url}/api/v1/jobs/{job_id}/preview", timeout=60)
        if answer.status_code != requests.codes.accepted:
            return expect(answer, 200)
        time.sleep(float(answer.headers["Retry-After"]))


def _repeated(target: Target) -> Figure:
    job_id = create_job(target.addresses.jobs, "studio_small.png")
    with session() as caller:
        preview(caller, target.addresses.preview, job_id)
        times = [
            seconds_of(lambda: preview(caller, target.addresses.preview, job_id)) for _ in range(REPEATS)
        ]
    p95 = percentile(times, 95)
    return Figure("repeated preview of a completed job, p95", millis(p95), "20 ms", p95 <= 0.02)


def _fresh(target: Target) -> Iterator[Figure]:
    """Textract's own time is what the caller waited for it alone: what detection took beside it stays in."""
    waited, apart = [], []
    degraded: Counter[str] = Counter()
    with session() as caller:
        for plan in FRESH_PLANS * FRESH_ROUNDS:
            job_id = create_job(target.addresses.jobs, plan)
            started = time.perf_counter()
            answer = preview(caller, target.addresses.preview, job_id)
            seconds = time.perf_counter() - started
            degraded.update(answer["degraded"])
            waited.append(seconds)
            apart.append(seconds - _waiting_for_textract(answer["timing_metrics"]))
    notes = f" ({', '.join(f'{count} x {name}' for name, count in degraded.items())})" if degraded else ""
    p95 = percentile(apart, 95)
    yield Figure("fresh preview without Textract's time, p95", millis(p95) + notes, "1 s", p95 <= 1)
    yield Figure(
        "fresh preview as the caller waits, p95", millis(percentile(waited, 95)), "5 s", max(waited) <= 5.5
    )


def _waiting_for_textract(timing: dict[str, float | None]) -> float:
    textract = timing["textract_analysis_seconds"] or 0.0
    return max(0.0, textract - (timing["room_detection_seconds"] or 0.0))


def _shared(target: Target) -> Figure:
    job_id = create_job(target.addresses.router, "house_12_rooms.png")
    before = target.textract_calls()

    def ask(_: int) -> str:
        with session() as caller:
            answer = caller.post(f"{target.addresses.router}/api/v1/jobs/{job_id}/preview", timeout=60)
        degraded = answer.json().get("data", {}).get("degraded")
        return " ".join([str(answer.status_code), *(degraded or [])])

    with ThreadPoolExecutor(CALLERS) as pool:
        answers = Counter(pool.map(ask, range(CALLERS)))
    calls = target.textract_calls() - before
    kinds = ", ".join(f"{count} x {kind}" for kind, count in sorted(answers.items()))
    what = f"Textract calls for {CALLERS} identical concurrent previews"
    return Figure(what, f"{calls} (answers: {kinds})", "1", calls == 1)


def _twelve_megapixels(target: Target) -> Figure:
    job_id = create_job(target.addresses.router, "house_12_megapixels.png")
    with session() as caller:
        started = time.perf_counter()
        answer = preview(caller, target.addresses.router, job_id)
        seconds = time.perf_counter() - started
    rooms = answer["rooms"]
    if not rooms:
        raise UnexpectedAnswer("no rooms on the plan of twelve megapixels")
    named = sum(1 for room in rooms if room.get("name_hint"))
    notes = ", ".join([f"{len(rooms)} rooms, {named} named", *answer["degraded"]])
    return Figure(
        "preview of 12 megapixels with OCR, once", f"{seconds:.2f} s ({notes})", "5 s", seconds <= 5
    )
