"""Pages drawn, and rooms detected, in sandboxed children."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from preview.domain.budget import PAGE_SECONDS
from preview.domain.detection import Detection
from preview.domain.errors import DeadlineExceeded, DetectionTimeout, NoSuchPage, UnreadableBlueprint
from preview.domain.page import LoadedPage
from preview.domain.picture import PagePart, PicturedRoom
from preview.domain.ports import Regions
from preview.domain.room import Word
from preview.domain.scale import PageSize
from preview.page import unreadable
from preview.page.limits import MAX_WORDS
from preview.page.messages import DrawRequest, NameRequest, PageAnswer, PageRequest, from_json, to_json
from shared.deadline import Deadline
from shared.sandbox import (
    SandboxAnswer,
    SandboxBusy,
    SandboxCpuExceeded,
    SandboxCrashed,
    SandboxLimits,
    SandboxPool,
    SandboxRefused,
    SandboxTask,
    SandboxTimeout,
)

SANDBOX_MODULE = "preview.page.sandbox_tasks"
"""The module that the pool has its fork server load."""

PAGE_LIMITS = SandboxLimits(memory_bytes=640 << 20, cpu_seconds=round(PAGE_SECONDS))
"""A page of 100 megapixels in colour takes 590 MB while it is decoded, 440 MB in gray during detection
(measured). All children of a task together, and the rest of it, have to fit its memory."""


class SandboxPageTask:
    """One page in one child; `preview.domain.ports.PageTask`."""

    def __init__(self, task: SandboxTask, page_number: int) -> None:
        self._task = task
        self._page_number = page_number

    def page(self, timeout_seconds: float, cpu_seconds: float) -> LoadedPage:
        with _as_domain_errors(self._page_number):
            return _loaded_page(self._task.receive(timeout_seconds, cpu_seconds))

    def regions(self, timeout_seconds: float) -> Regions:
        regions: Regions = _receive(self._task, timeout_seconds)["regions"]
        return regions


class SandboxPageAnalyser:
    """Needs a pool that preloads `SANDBOX_MODULE`; `preview.domain.ports.PageAnalyser`.

    `SandboxBusy`, which is a DependencyUnavailable, is raised by `analyse` and `draw` when no child is free
    in time.
    """

    def __init__(self, pool: SandboxPool) -> None:
        self._pool = pool

    @contextmanager
    def analyse(
        self, path: Path, blueprint_format: str, page_number: int, byte_size: int
    ) -> Iterator[SandboxPageTask]:
        request = PageRequest(str(path), blueprint_format, page_number, byte_size)
        with self._pool.start(f"{SANDBOX_MODULE}:analyse", to_json(request)) as task:
            yield SandboxPageTask(task, page_number)

    def name_rooms(
        self,
        regions: Regions,
        textract: Sequence[Word],
        text_layer: Sequence[Word],
        page: PageSize,
        timeout_seconds: float,
    ) -> Detection:
        deadline = Deadline.after(timeout_seconds)
        words = tuple(textract[:MAX_WORDS]), tuple(text_layer[:MAX_WORDS])
        request = NameRequest(list(regions), *words, page)
        try:
            with self._pool.start(
                f"{SANDBOX_MODULE}:name", to_json(request), wait_seconds=timeout_seconds
            ) as task:
                return from_json(_receive(task, deadline.remaining_seconds()), Detection)
        except SandboxBusy as exc:
            raise DetectionTimeout from exc

    def draw(
        self,
        path: Path,
        blueprint_format: str,
        page_number: int,
        rooms: Sequence[PicturedRoom] | None,
        timeout_seconds: float,
        cpu_seconds: float,
        part: PagePart | None = None,
    ) -> bytes:
        shown = None if rooms is None else tuple(rooms)
        request = DrawRequest(str(path), blueprint_format, page_number, path.stat().st_size, shown, part)
        with (
            self._pool.start(f"{SANDBOX_MODULE}:draw", to_json(request)) as task,
            _as_domain_errors(page_number),
        ):
            return task.receive(timeout_seconds, cpu_seconds).blob


def _receive(task: SandboxTask, timeout_seconds: float) -> dict[str, Any]:
    try:
        return task.receive(timeout_seconds).data
    except SandboxTimeout as exc:
        raise DetectionTimeout from exc
    except SandboxCrashed as exc:
        if exc.cause == "exception":
            raise
        raise unreadable.too_complex() from exc


def _loaded_page(answer: SandboxAnswer) -> LoadedPage:
    drawn = from_json(answer.data, PageAnswer)
    return LoadedPage(drawn.page, drawn.words, None if drawn.as_stored else answer.blob)


@contextmanager
def _as_domain_errors(page_number: int) -> Iterator[None]:
    try:
        yield
    except SandboxRefused as exc:
        if exc.reason == "no_such_page":
            raise NoSuchPage(page_number, int(exc.details["page_count"])) from exc
        raise UnreadableBlueprint(exc.message, exc.reason) from exc
    except SandboxCpuExceeded as exc:
        raise unreadable.too_complex() from exc
    except SandboxTimeout as exc:
        raise DeadlineExceeded from exc
    except SandboxCrashed as exc:
        if exc.cause == "exception":
            raise  # not foreseen, so a fault of ours: what a file can do wrong is refused by name
        raise (unreadable.too_complex() if exc.cause == "memory" else unreadable.crashed_reader()) from exc
