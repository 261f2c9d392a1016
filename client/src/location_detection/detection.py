"""What is done with one plan: send it once, wait, fetch the results; go on where an earlier run was."""

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from location_detection.client import Client
from location_detection.errors import ApiError, InvalidRequest, JobNotFound, NotTheService, WaitTimeout
from location_detection.models import Job, PageStatus, field_of
from location_detection.plans import Plan
from location_detection.results import FailedPage, Progress, Result, ResultFolder
from location_detection.scale import KEPT, GivenScale, check_file
from location_detection.transport import sendable

BY_DOCUMENT = ("csv", "xlsx", "schedule", "json", "geojson", "coco")
BY_PAGE = ("svg", "dxf", "png")
FORMATS = BY_DOCUMENT + BY_PAGE
EXTENSIONS = {"schedule": "schedule.xlsx"}
"""Of the files written; where nothing is said, the format is the extension."""

MAX_ERASURES = 20
"""Of jobs of one plan within a day; after so many its next is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is wanted of every plan."""

    pages: str = "all"
    formats: tuple[str, ...] = ("csv",)
    scale: GivenScale | None = None
    corrected: bool = False
    timeout: float = 3600


@dataclass(frozen=True, slots=True)
class Detection:
    """Has plans previewed by ``client`` and keeps the results in ``out``."""

    client: Client
    out: ResultFolder
    options: Options

    def detect(self, plan: Plan, on_change: Callable[[Job], None] = lambda job: None) -> Result:
        """Bring one plan to its end; what the service says of it alone is in the result."""
        progress = self.out.progress(plan.name, self._key(plan))
        if progress.result and self._nothing_left(progress):
            return self._with_outputs(progress.result, progress)
        try:
            job_id = self._job(plan, progress)
            job, pages = self._wait(job_id, on_change)
            result = _result(plan, job, pages)
            progress.result = replace(result, outputs=[])
            self._fetch(plan, job, pages, progress)
        except WaitTimeout as failure:
            return Result(file=_shown(plan), status="pending", job_id=progress.job_id, error=str(failure))
        self.out.keep(plan.name, progress)
        return self._with_outputs(result, progress)

    def _key(self, plan: Plan) -> str:
        """The same for the same run, content and options: the service makes one job of it."""
        with plan.path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        said = json.dumps([self.out.run, content, self.options.pages, self.options.scale])
        return hashlib.sha256(said.encode()).hexdigest()

    def _nothing_left(self, progress: Progress) -> bool:
        files = [progress.outputs.get(wanted) for wanted in self.options.formats]
        whole = all(names is not None and self.out.has(names) for names in files)
        asked_anew = self.options.corrected or progress.corrected
        return bool(progress.result and progress.result.succeeded and whole and not asked_anew)

    def _job(self, plan: Plan, progress: Progress) -> str:
        """Find the job of an earlier run, or create it; give the scale, and ask again for what failed."""
        retried = progress.result is not None and not progress.result.succeeded
        if progress.job_id and not self._exists(progress.job_id):
            progress.job_id, progress.result, retried = None, None, False
        if progress.job_id is None:
            if self.options.scale is not None:
                check_file(plan.path, self.options.scale)
            progress.job_id = self._create(plan, progress.key).job_id
            self.out.keep(plan.name, progress)
        if self.options.scale is not None or retried:
            scale = KEPT if self.options.scale is None else self.options.scale
            self.client.request_pages(progress.job_id, self.options.pages, scale=scale)
        return progress.job_id

    def _create(self, plan: Plan, key: str, erased: int = 0) -> Job:
        """Create a job; the key of one that was erased is used up for a day, and another follows from it."""
        try:
            return self.client.create(plan.path, pages=self.options.pages, idempotency_key=key)
        except JobNotFound:
            if erased == MAX_ERASURES:
                raise
            return self._create(plan, hashlib.sha256(key.encode()).hexdigest(), erased + 1)

    def _exists(self, job_id: str) -> bool:
        try:
            self.client.job(job_id)
        except JobNotFound:
            return False
        return True

    def _wait(self, job_id: str, on_change: Callable[[Job], None]) -> tuple[Job, list[PageStatus]]:
        """Wait for the job, and for pages that go on when it has ended: asked for again, or alone."""
        give_up = time.monotonic() + self.options.timeout
        while (left := give_up - time.monotonic()) > 0:
            job = self.client.wait(job_id, timeout=left, on_change=on_change)
            pages = list(self.client.pages(job_id))
            if all(page.ended for page in pages):
                return job, pages
            self.client.pause(min(1, left))
        raise WaitTimeout(f"Pages of {job_id} wait on after {self.options.timeout:.0f} s.")

    def _fetch(self, plan: Plan, job: Job, pages: list[PageStatus], progress: Progress) -> None:
        completed = [page.page for page in pages if page.status == "completed"]
        progress.corrected = self.options.corrected
        progress.outputs = {}
        for wanted in self.options.formats if completed else ():
            files = self._files(plan, job, wanted, completed)
            progress.outputs[wanted] = [self.out.write(name, content) for name, content in files]

    def _files(self, plan: Plan, job: Job, wanted: str, completed: list[int]) -> Iterator[tuple[str, bytes]]:
        """Yield one file, or one a page: also where the service has no such file of a whole document."""
        extension = EXTENSIONS.get(wanted, wanted)
        if wanted in BY_DOCUMENT:
            with contextlib.suppress(InvalidRequest):
                yield f"{plan.name}.{extension}", self._document(job, wanted, completed)
                return
        for page in completed:
            yield f"{plan.name}.p{page}.{extension}", self._page(job.job_id, wanted, page)

    def _page(self, job_id: str, wanted: str, page: int) -> bytes:
        corrected = self.options.corrected
        if wanted == "png":
            return self.client.image(job_id, page, corrected=corrected)
        return self.client.export(job_id, wanted, page=page, corrected=corrected).content

    def _document(self, job: Job, wanted: str, completed: list[int]) -> bytes:
        if wanted == "json":
            previews = [self._preview(job.job_id, page) for page in completed]
            return json.dumps({"previews": previews}, ensure_ascii=False, indent=1).encode() + b"\n"
        if job.page_count == 1:
            return self._page(job.job_id, wanted, 1)
        return self.client.export(job.job_id, wanted, corrected=self.options.corrected).content

    def _preview(self, job_id: str, page: int) -> Any:
        """The preview of a page with all its fields, those too that this version does not know."""
        try:
            return field_of(json.loads(self._page(job_id, "json", page)), "data")
        except (ValueError, RecursionError):
            raise NotTheService(f"The answer holds no preview of page {page} of {job_id}.") from None

    def _with_outputs(self, result: Result, progress: Progress) -> Result:
        names = [name for wanted in self.options.formats for name in progress.outputs.get(wanted, [])]
        return replace(result, outputs=[sendable(name) for name in names])


def failed(plan: Plan, failure: ApiError | Exception) -> Result:
    """The result of a plan that the service refused, or that cannot be read."""
    return Result(file=_shown(plan), status="failed", error=str(failure))


def _result(plan: Plan, job: Job, pages: list[PageStatus]) -> Result:
    broken = [
        FailedPage(page=page.page, code=page.error.code, message=page.error.message)
        for page in pages
        if page.status == "failed" and page.error
    ]
    completed = [page for page in pages if page.status == "completed"]
    error: Any = job.error
    return Result(
        file=_shown(plan),
        status="completed" if completed else "failed",
        job_id=job.job_id,
        pages=len([page for page in pages if page.status != "cancelled"]),
        pages_failed=len([page for page in pages if page.status == "failed"]),
        rooms=sum(page.rooms or 0 for page in completed),
        degraded=sorted({lack for page in completed for lack in page.degraded}),
        error=None
        if completed
        else f"{error.code}: {error.message}"
        if error
        else f"The job is {job.status}.",
        failed_pages=broken,
    )


def _shown(plan: Plan) -> str:
    return sendable(str(plan.path))
