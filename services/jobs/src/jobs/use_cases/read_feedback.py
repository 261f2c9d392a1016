"""Read what was said about a job: a page of it for its owner, all of a blueprint's page for preview."""

from collections.abc import Mapping
from dataclasses import dataclass

from jobs.domain.corrected_rooms import RecalledEntry
from jobs.domain.errors import NoSuchPage
from jobs.domain.feedback import MAX_ENTRIES_OF_A_JOB, Computation, Entry, PageRooms
from jobs.domain.feedback_cursor import decode_cursor, encode_cursor
from jobs.domain.outline import Outline
from jobs.domain.ports import FeedbackTable
from jobs.use_cases.job_repository import JobRepository


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """``next_cursor`` is None on the last page."""

    feedback: tuple[Entry, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class ReadFeedback:
    jobs: JobRepository
    feedback: FeedbackTable

    def list(self, job_id: str, owner: str, page: int | None, limit: int, cursor: str | None) -> FeedbackPage:
        """Oldest first. Raises InvalidJobId, JobNotFound, NoSuchPage, and InvalidRequest for a cursor of
        another list.
        """
        after = decode_cursor(cursor, job_id, page) if cursor is not None else None
        job = self.jobs.find(job_id, owner)
        if page is not None and page > job.page_count:
            raise NoSuchPage(page, job.page_count)
        entries, last = self.feedback.page(job_id, page, limit, after)
        return FeedbackPage(tuple(entries), encode_cursor(last, job_id, page) if last else None)

    def recall(self, job_id: str, page: int) -> tuple[RecalledEntry, ...]:
        """All that was said about a page, oldest first. Raises InvalidJobId and JobNotFound."""
        self.jobs.find(job_id, None)
        entries, _ = self.feedback.page(job_id, page, MAX_ENTRIES_OF_A_JOB, None)
        computations = {entry.computation for entry in entries if entry.room_id is not None}
        rooms = {each: self.feedback.rooms(job_id, page, each) for each in computations}
        return tuple(RecalledEntry(entry, _outline(entry, rooms)) for entry in entries)


def _outline(entry: Entry, rooms: Mapping[Computation, PageRooms | None]) -> Outline | None:
    page = rooms.get(entry.computation)
    return page.outline(entry.room_id) if page and entry.room_id else None
