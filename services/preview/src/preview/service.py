"""What can be asked of the preview service; one verb per use case."""

import logging
from dataclasses import dataclass

from preview.concurrency.background import Background
from preview.concurrency.call_executor import TimeBox, granted, limited_to, seconds_left
from preview.domain.analysis import Analysis
from preview.domain.erased import Erased
from preview.domain.errors import (
    BlueprintMissing,
    ConcurrentUpdate,
    JobCancelled,
    JobNotFound,
    NoTimeLeft,
    PreviewNotFound,
    UnreadableBlueprint,
)
from preview.domain.job import Job, JobStatus, check_job_id
from preview.domain.ports import BlueprintSource, Jobs, PageAnalyser, Parameters, ResultStore
from preview.domain.preview import Preview, Unfinished
from preview.use_cases.analyse_page import time_to_draw
from preview.use_cases.download_blueprint import downloaded
from preview.use_cases.draw_picture import Pictures
from preview.use_cases.erase_results import Eraser
from preview.use_cases.get_preview import CachedPreviews
from preview.use_cases.job_progress import JobProgress
from shared import context
from shared.deadline import Deadline

log = logging.getLogger(__name__)

_BACKGROUND_DEADLINES = 6  # from being queued: work that nobody waits for may wait four rounds, and some
_LONGEST_BACKGROUND_SECONDS = 30.0  # after 60 s in processing a job counts as abandoned
_SHARE_FOR_ANSWERING = 0.02  # of the deadline: turning a preview into JSON
_EXPECTED = (JobCancelled, JobNotFound, ConcurrentUpdate, UnreadableBlueprint, BlueprintMissing)


@dataclass(frozen=True, slots=True)
class PreviewService:
    jobs: Jobs
    results: ResultStore
    blueprints: BlueprintSource
    analyser: PageAnalyser
    previews: CachedPreviews
    eraser: Eraser
    progress: JobProgress
    parameters: Parameters
    calls: TimeBox
    pictures: Pictures
    background: Background

    def preview(
        self, job_id: str, owner: str, page: int = 1, *, refresh: bool = False
    ) -> Preview | Unfinished:
        """The rooms of a page: from what is stored unless ``refresh``, or else computed.

        Raises InvalidJobId, JobNotFound, JobCancelled, ConcurrentUpdate, NoSuchPage, UnreadableBlueprint,
        BlueprintMissing, Busy and NoTimeLeft.
        """
        with limited_to(self._seconds()):
            job = self._job(job_id, owner)
            return self.previews.get(job, page, refresh=refresh)

    def start(self, job_id: str) -> Job:
        """Have page 1 previewed in the background; the job is in ``processing`` when this returns.

        A job that is there already, or completed, is only returned. Raises InvalidJobId, JobNotFound,
        JobCancelled, ConcurrentUpdate and Busy.
        """
        context.bind(job_id=job_id)
        with limited_to(self._seconds()):
            job = self._job(job_id, None)
            job.refuse_cancelled()
            if job.status in (JobStatus.PROCESSING, JobStatus.COMPLETED):
                return job
            with self.background.place() as place:
                begun = self.progress.begin(job, 1)
                seconds = min(_BACKGROUND_DEADLINES * self._seconds(), _LONGEST_BACKGROUND_SECONDS)
                ends = Deadline.after(seconds)
                place.use(
                    lambda: self._finish_in_background(begun, ends),
                    give_back=lambda: self._give_back(begun),
                )
        return begun

    def stored(self, job_id: str, owner: str | None, page: int) -> Preview:
        """The last stored preview. Raises InvalidJobId, JobNotFound, NoSuchPage and PreviewNotFound."""
        with limited_to(self._seconds()):
            return self._latest(self._job(job_id, owner), page)

    def analysis(self, job_id: str, owner: str, page: int) -> Analysis:
        """The text and layout of a page. Raises InvalidJobId, JobNotFound, NoSuchPage and PreviewNotFound."""
        with limited_to(self._seconds()):
            job = self._job(job_id, owner)
            job.check_page(page)
            found = self.calls.within(seconds_left(), self.results.analysis, job.job_id, page)
        if found is None:
            raise PreviewNotFound(job_id, page)
        return found

    def picture(self, preview: Preview, owner: str) -> bytes:
        """A PNG of the page with the rooms of a `stored` preview drawn on it, which may be kept from before.

        Raises JobNotFound, BlueprintMissing, UnreadableBlueprint, Busy and NoTimeLeft.
        """
        with limited_to(self._seconds()):
            job = self._job(preview.job_id, owner)
            return self.pictures.get(preview, owner, lambda: self._drawn(job, preview))

    def erase(self, job_id: str) -> Erased:
        """Remove the results of a job that the jobs service has hidden. Raises InvalidJobId."""
        check_job_id(job_id)
        context.bind(job_id=job_id)
        self.pictures.forget(job_id)
        return self.eraser.erase(job_id)

    def _job(self, job_id: str, owner: str | None) -> Job:
        check_job_id(job_id)
        return self.jobs.get(job_id, owner)

    def _drawn(self, job: Job, preview: Preview) -> bytes:
        with downloaded(job, self.blueprints, self.calls) as path, time_to_draw() as seconds:
            page, rooms = preview.page.number, preview.rooms
            return self.analyser.draw(path, job.blueprint_format, page, rooms, seconds)

    def _finish_in_background(self, job: Job, ends: Deadline) -> None:
        with granted(ends.remaining_seconds()):
            try:
                outcome = self.previews.get(job, 1, refresh=False, in_background=True)
                if isinstance(outcome, Unfinished):
                    self._give_back(job)
            except _EXPECTED as exc:
                log.info("background preview ended early", extra={"context": {"why": type(exc).__name__}})
            except Exception as exc:
                log.exception("background preview failed")
                self.progress.fail(job, 1, exc)

    def _give_back(self, job: Job) -> None:
        """Say that the preview was not made for want of time, so that its owner may ask for it again."""
        self.progress.fail(job, 1, NoTimeLeft())

    def _latest(self, job: Job, page: int) -> Preview:
        job.check_page(page)
        found = self.calls.within(seconds_left(), self.results.latest_preview, job.job_id, page)
        if found is None:
            raise PreviewNotFound(job.job_id, page)
        return found.served_to(job.job_id)

    def _seconds(self) -> float:
        return self.parameters.deadline_seconds() * (1 - _SHARE_FOR_ANSWERING)
