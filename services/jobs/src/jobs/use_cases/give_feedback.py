"""Say what is right or wrong about rooms, or correct them: all that one request says, or nothing.

The job is not locked meanwhile. One that is erased while its feedback is stored takes it along: the job is
looked for again after the write, and what was written is deleted where it is gone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial

from jobs.domain.errors import JobNotFound, NoSuchPage, PreviewNotFound
from jobs.domain.feedback import (
    ADDED_ROOM,
    MAX_ENTRIES_OF_A_JOB,
    Entry,
    PageRooms,
    Submission,
    Verdict,
    added_room_id,
    check_count,
    check_each,
    check_room_id,
    entry_ids,
    rounded,
)
from jobs.domain.job import Job
from jobs.domain.ports import FeedbackTable, PreviewService
from jobs.use_cases.job_repository import JobRepository
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    jobs: JobRepository
    feedback: FeedbackTable
    preview: PreviewService
    now: Callable[[], datetime]

    def __call__(
        self, job_id: str, owner: str, key_id: str, submissions: Sequence[Submission], *, several: bool
    ) -> list[Entry]:
        """The entries as stored, in the order of ``submissions``; ``several`` were sent as a list.

        Raises InvalidJobId, JobNotFound, InvalidFeedback, NoSuchPage and PreviewNotFound.
        """
        submissions = [_rounded(submission) for submission in submissions]
        check_count(submissions)
        check_each(submissions, Submission.check, several=several)
        job = self.jobs.find(job_id, owner)
        pages = self._pages_of(job, submissions)
        drawn_rooms = cache(partial(self._drawn_rooms, job_id))
        check_each(submissions, lambda each: _check_room(each, pages, drawn_rooms), several=several)
        for each in submissions:
            _check_page(job, each.page, pages)
        entries = self._entries(job, key_id, submissions, pages)
        self.feedback.add(entries, list(pages.values()))
        self._check_still_there(job)
        return entries

    def _pages_of(self, job: Job, submissions: Sequence[Submission]) -> dict[int, PageRooms]:
        """The rooms of each page that has a preview."""
        numbers = sorted({each.page for each in submissions if each.page <= job.page_count})
        found = {number: self.preview.read_rooms(job.job_id, number) for number in numbers}
        return {number: page for number, page in found.items() if page is not None}

    def _drawn_rooms(self, job_id: str, page: int) -> set[str]:
        """Reads all that was said of the page."""
        entries, _ = self.feedback.page(job_id, page, MAX_ENTRIES_OF_A_JOB, None)
        return {entry.drawn_room_id for entry in entries if entry.drawn_room_id}

    def _entries(
        self, job: Job, key_id: str, submissions: Sequence[Submission], pages: Mapping[int, PageRooms]
    ) -> list[Entry]:
        now = self.now()
        ids = entry_ids(new_id("fb", now), now, len(submissions))
        return [
            Entry(
                feedback_id=feedback_id,
                job_id=job.job_id,
                created_at=now,
                expires_at=job.expires_at,
                author_key_id=key_id,
                verdict=Verdict(each.verdict),
                page=each.page,
                model_version=pages[each.page].computation.model_version,
                computed_at=pages[each.page].computation.computed_at,
                room_id=added_room_id(feedback_id) if each.verdict == Verdict.MISSING else each.room_id,
                correction=each.correction,
                comment=each.comment,
            )
            for feedback_id, each in zip(ids, submissions, strict=True)
        ]

    def _check_still_there(self, job: Job) -> None:
        if self.jobs.table.get(job.job_id) is None:
            self.feedback.delete_all(job.job_id)
            raise JobNotFound(job.job_id)


def _rounded(submission: Submission) -> Submission:
    return (
        replace(submission, correction=rounded(submission.correction))
        if submission.correction
        else submission
    )


def _check_room(
    submission: Submission, pages: Mapping[int, PageRooms], drawn_rooms: Callable[[int], set[str]]
) -> None:
    page = pages.get(submission.page)
    if page is None or submission.room_id is None:
        return
    is_added = submission.room_id.startswith(ADDED_ROOM)
    check_room_id(submission, drawn_rooms(submission.page) if is_added else page.room_ids)


def _check_page(job: Job, page: int, pages: Mapping[int, PageRooms]) -> None:
    if page > job.page_count:
        raise NoSuchPage(page, job.page_count)
    if page not in pages:
        raise PreviewNotFound(job.job_id, page)
