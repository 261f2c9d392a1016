"""Ten times as many callers as a service has threads for: how quick it stays for those it accepts."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

import aiohttp
from figures import Figure, millis, percentile
from target import HEADERS, Target, Upload, file_of, upload_of

import processes

PLAN = "studio_small.png"
CALLERS = 16
"""As many as the two workers of a service have threads: it is busy, and nobody waits."""

TIMES = 10
SETTLING_SECONDS = 15.0
"""For as long as a burst is waited out (`shared.load_shedding`), and some."""

MEASURED_SECONDS = 10.0
PAUSE_SECONDS = 0.2
"""After a refusal. Callers are told two seconds; these are rude, and keep the load at ten times."""


@dataclass(slots=True)
class Seen:
    """How long accepted and refused requests took, in seconds, and the statuses of any others."""

    accepted: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    others: set[int] = field(default_factory=set)


def measure(target: Target) -> Iterator[Figure]:
    """Yield the figures of overload, for creating jobs straight at the service."""
    url = f"{target.addresses.jobs}/api/v1/jobs"
    upload = upload_of(file_of(PLAN), PLAN)
    once = asyncio.run(_load(url, upload, CALLERS))
    before = _peak_memory(target)
    often = asyncio.run(_load(url, upload, CALLERS * TIMES))
    usual, late = percentile(once.accepted, 95), percentile(often.accepted, 95)
    rates = (
        f"{len(once.accepted) / MEASURED_SECONDS:.0f}/s, then {len(often.accepted) / MEASURED_SECONDS:.0f}/s"
    )
    yield Figure(
        f"create, p95 of those accepted, {CALLERS * TIMES} callers instead of {CALLERS} ({rates})",
        f"{millis(late)} instead of {millis(usual)}: {late / usual:.1f} x",
        "500 ms",
        late < 0.5,
    )
    share = len(often.refused) / (len(often.refused) + len(often.accepted))
    quick = f", in {millis(percentile(often.refused, 95))} (p95)" if often.refused else ""
    unexpected = once.others | often.others
    yield Figure(
        "refused with 503 meanwhile, all else answered",
        f"{share:.0%}{quick}; other statuses: {sorted(unexpected) or 'none'}",
        "",
        not unexpected,
    )
    after = _peak_memory(target)
    if before and after:
        yield Figure(
            "jobs worker's peak memory meanwhile",
            f"{after:.0f} MB (before {before:.0f} MB)",
            "10 MB more",
            after - before <= 10,
        )


async def _load(url: str, upload: Upload, callers: int) -> Seen:
    """Keep so many callers asking, and return what they saw once things had settled."""
    seen = Seen()
    begin = perf_counter() + SETTLING_SECONDS
    connector = aiohttp.TCPConnector(limit=callers)
    headers = {**HEADERS, "Content-Type": upload.content_type}
    async with aiohttp.ClientSession(headers=headers, connector=connector) as session:
        await asyncio.gather(*(_keep_asking(session, url, upload, begin, seen) for _ in range(callers)))
    return seen


async def _keep_asking(
    session: aiohttp.ClientSession, url: str, upload: Upload, begin: float, seen: Seen
) -> None:
    while (started := perf_counter()) < begin + MEASURED_SECONDS:
        async with session.post(url, data=upload.body) as answer:
            await answer.read()
        if started >= begin:
            _note(answer.status, perf_counter() - started, seen)
        if answer.status == 503:
            await asyncio.sleep(PAUSE_SECONDS)


def _note(status: int, seconds: float, seen: Seen) -> None:
    if status == 201:
        seen.accepted.append(seconds)
    elif status == 503:
        seen.refused.append(seconds)
    else:
        seen.others.add(status)


def _peak_memory(target: Target) -> float | None:
    """The largest of the workers since last asked."""
    if target.pid is None:
        return None
    workers = processes.gunicorn_workers(target.pid, "JOBS_TABLE")
    peak = max(worker.peak_memory_mb for worker in workers)
    for worker in workers:
        worker.forget_peak_memory()
    return peak
