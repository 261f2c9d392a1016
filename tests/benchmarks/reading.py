"""Reading jobs: beside a bare get_item, and under load."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import requests
from figures import Figure, interleaved, median, millis, percentile, seconds_of
from target import ENVIRONMENT, MEBIBYTE, Target, create_job, file_of, session, upload_of

from shared.rate_limits import Limit, RateLimiter
from shared.rate_limits.bucket import Batch

PLAN = "studio_small.png"
UNLOADED_ROUNDS = 400
READERS = 6
WRITERS = 2
READS_EACH = 150
HEALTH_CHECKS = 100
COUNTED = 100_000


def measure(target: Target) -> Iterator[Figure]:
    """Yield the figures of reading."""
    yield _rate_limit_alone()
    yield from _beside_bare_get_item(target)
    yield from _under_load(target)


class _NobodyElse:
    """A table of rate limits in which only this process counts."""

    def add(self, bucket_key: str, batch: Batch, limit: Limit) -> float:
        return batch.full_at


def _rate_limit_alone() -> Figure:
    limiter = RateLimiter(_NobodyElse())
    limit = Limit("key", 60_000, 100)
    seconds = seconds_of(lambda: [limiter.take("a", limit) for _ in range(COUNTED)]) / COUNTED
    return Figure("rate limit, of each request that is counted", f"{seconds * 1e6:.0f} us", "", None)


def _beside_bare_get_item(target: Target) -> Iterator[Figure]:
    job_id = create_job(target.addresses.jobs, PLAN)
    table = target.aws("dynamodb")
    key = {"job_id": {"S": job_id}}
    with session() as caller:
        gets, items = interleaved(
            UNLOADED_ROUNDS,
            _get(caller, f"{target.addresses.jobs}/api/v1/jobs/{job_id}"),
            lambda: table.get_item(TableName=f"{ENVIRONMENT}-jobs", Key=key, ConsistentRead=True),
        )
    ratio, p95 = median(gets) / median(items), percentile(gets, 95)
    measured = f"{ratio:.2f} x ({millis(median(gets))}, get_item {millis(median(items))})"
    yield Figure("get job beside a bare get_item", measured, "2.5 x", ratio <= 2.5)
    yield Figure("get job, unloaded, p95", millis(p95), "5 ms", p95 <= 0.005)


def _under_load(target: Target) -> Iterator[Figure]:
    router = target.addresses.router
    job_id = create_job(router, PLAN)
    stop = threading.Event()
    with ThreadPoolExecutor(WRITERS + READERS + 1) as pool:
        writers = [pool.submit(_keep_uploading, router, stop) for _ in range(WRITERS)]
        reads = [pool.submit(_times, READS_EACH, f"{router}/api/v1/jobs/{job_id}") for _ in range(READERS)]
        health = pool.submit(_times, HEALTH_CHECKS, f"{router}/health")
        gets = [seconds for read in reads for seconds in read.result()]
        checks = health.result()
        stop.set()
        uploads = sum(writer.result() for writer in writers)
    load = f"{READERS} readers, {uploads} uploads of 1 MB meanwhile"
    slow_get, slow_check = percentile(gets, 99), percentile(checks, 99)
    yield Figure(f"get job under load, p99 ({load})", millis(slow_get), "500 ms", slow_get < 0.5)
    yield Figure("health under the same load, p99", millis(slow_check), "1 s", slow_check < 1)


def _keep_uploading(base_url: str, stop: threading.Event) -> int:
    upload = upload_of(file_of(PLAN, MEBIBYTE), PLAN)
    sent = 0
    with session() as caller:
        while not stop.is_set():
            upload.send(caller, base_url)
            sent += 1
    return sent


def _times(count: int, url: str) -> list[float]:
    with session() as caller:
        get = _get(caller, url)
        return [seconds_of(get) for _ in range(count)]


def _get(caller: requests.Session, url: str) -> Callable[[], None]:
    def get() -> None:
        caller.get(url, timeout=30).raise_for_status()

    return get
