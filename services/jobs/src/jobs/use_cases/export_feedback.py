"""Write all feedback as an evaluation set into a folder, or bring one up to date that was written before.

A job that expired since stays in the folder; one that was erased, or whose feedback was taken back, leaves it
with its file.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jobs.domain.corrected_rooms import corrected_rooms
from jobs.domain.evaluation_set import (
    Coco,
    EvaluatedPage,
    coco_document,
    file_name,
    is_file_name,
    lasting_job_ids,
)
from jobs.domain.job import Job
from jobs.domain.ports import BlueprintBucket, FeedbackTable, JobTable
from jobs.use_cases.read_feedback import ReadFeedback

ANNOTATIONS = "annotations.json"


@dataclass(frozen=True, slots=True)
class ExportFeedback:
    jobs: JobTable
    feedback: FeedbackTable
    read_feedback: ReadFeedback
    blueprints: BlueprintBucket
    now: Callable[[], datetime]

    def __call__(self, folder: Path) -> Coco:
        """What the folder holds then. Raises DependencyError, and leaves the folder usable."""
        (folder / "files").mkdir(parents=True, exist_ok=True)
        path = folder / ANNOTATIONS
        before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        pages = list(self._pages())
        present = {each.job.job_id for each in pages}
        lasting = lasting_job_ids(before, present, self.now())
        kept = {job_id for job_id in lasting if not self.feedback.is_erased(job_id)}
        for job in {each.job.job_id: each.job for each in pages}.values():
            self._save_file(job, folder / file_name(job))
        document = coco_document(pages, before, kept)
        for file in (folder / "files").iterdir():
            if is_file_name(file.name) and file.stem not in present | kept:
                file.unlink()
        unfinished = path.with_suffix(".part")
        unfinished.write_text(json.dumps(document, indent=1), encoding="utf-8")
        unfinished.replace(path)
        return document

    def _pages(self) -> Iterator[EvaluatedPage]:
        for job_id in sorted(self.feedback.job_ids()):
            job = self.jobs.get(job_id)
            for number in range(1, job.page_count + 1) if job else ():
                page = self._page(job, number) if job else None
                if page is not None:
                    yield page

    def _page(self, job: Job, number: int) -> EvaluatedPage | None:
        """The page by the computation that was spoken of last; None where nothing was said of it."""
        log = self.read_feedback.for_preview(job.job_id, number)
        if not log:
            return None
        last = max((each.entry.computation for each in log), key=lambda each: each.computed_at)
        page = self.feedback.rooms(job.job_id, number, last)
        return EvaluatedPage(job, page, corrected_rooms(page, log)) if page else None

    def _save_file(self, job: Job, path: Path) -> None:
        """The stored file, where it still exists."""
        if path.exists():
            return
        stored = self.blueprints.open(job.blueprint_s3_key)
        if stored is None:
            return
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            for chunk in stored.chunks:
                file.write(chunk)
        unfinished.replace(path)
