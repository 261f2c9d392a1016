"""Creating jobs: time beside a bare S3 put, memory of the workers, 50 MB through the router."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from figures import Figure, interleaved, median, millis, seconds_of
from target import LARGEST_FILE, MEBIBYTE, Target, expect, file_of, session, upload_of

import processes

PLAN = "studio_small.png"
ROUNDS = {1: 15, 10: 8, 50: 5}
"""How often each size in MiB is sent; larger ones vary less."""

FIXED_SECONDS = 0.02
"""The part of the figure that does not grow with the file."""

CONCURRENT_UPLOADS = 8


def measure(target: Target) -> Iterator[Figure]:
    """Yield the figures of creating."""
    for size in ROUNDS:
        yield _beside_bare_put(target, size)
    yield _worker_memory(target)
    yield _through_the_router(target)


def _beside_bare_put(target: Target, mebibytes: int) -> Figure:
    content = file_of(PLAN, mebibytes * MEBIBYTE)
    upload = upload_of(content, PLAN)
    s3 = target.aws("s3")
    bucket = "location-detection-bench"
    s3.create_bucket(Bucket=bucket)
    with session() as caller:
        creates, puts = interleaved(
            ROUNDS[mebibytes],
            lambda: upload.send(caller, target.addresses.jobs),
            lambda: s3.put_object(Bucket=bucket, Key="bare", Body=content),
        )
    create, put = median(creates), median(puts)
    ratio = (create - FIXED_SECONDS) / put
    measured = f"{ratio:.2f} x put + 20 ms ({millis(create)}, put {millis(put)})"
    return Figure(f"create {mebibytes} MB, straight at jobs", measured, "2.0 x put + 20 ms", ratio <= 2.0)


def _worker_memory(target: Target) -> Figure:
    what, limit = f"jobs worker's peak memory, {CONCURRENT_UPLOADS} uploads of 50 MB", "150 MB"
    if target.pid is None:
        return Figure(what, "not measured: the stack was started elsewhere", limit, None)
    workers = processes.gunicorn_workers(target.pid, "JOBS_TABLE")
    before = max(worker.peak_memory_mb for worker in workers)
    for worker in workers:
        worker.forget_peak_memory()
    _upload_at_once(target)
    peak = max(worker.peak_memory_mb for worker in workers)
    return Figure(what, f"{peak:.0f} MB (up to {before:.0f} MB before)", limit, peak <= 150)


def _upload_at_once(target: Target) -> None:
    upload = upload_of(file_of(PLAN, LARGEST_FILE), PLAN)

    def send(_: int) -> None:
        with session() as caller:
            upload.send(caller, target.addresses.jobs)

    with ThreadPoolExecutor(CONCURRENT_UPLOADS) as pool:
        list(pool.map(send, range(CONCURRENT_UPLOADS)))


def _through_the_router(target: Target) -> Figure:
    upload = upload_of(file_of(PLAN, LARGEST_FILE), PLAN)
    with session() as caller:
        slowest = max(seconds_of(lambda: upload.send(caller, target.addresses.router)) for _ in range(5))
        expect(caller.get(f"{target.addresses.router}/api/v1/jobs", params={"limit": "1"}, timeout=10), 200)
    return Figure("create 50 MB through the router, slowest of 5", f"{slowest:.2f} s", "3 s", slowest < 3)
