"""Read what was said about a job: a page of it for its owner, all of a blueprint's page for preview."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.domain.corrected_rooms import EntryWithOutline
from jobs.domain.errors import NoSuchPage
from jobs.domain.feedback import MAX_ENTRIES_OF_A_JOB, Computation, Entry
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

    def for_preview(self, job_id: str, page: int) -> tuple[EntryWithOutline, ...]:
        """All that was said about a page, oldest first. Raises InvalidJobId and JobNotFound."""
        self.jobs.find(job_id, None)
        entries, _ = self.feedback.page(job_id, page, MAX_ENTRIES_OF_A_JOB, None)
        outlines = self._outlines(job_id, page, entries)
        return tuple(
            EntryWithOutline(entry, outlines.get((entry.computation, entry.room_id))) for entry in entries
        )

    def _outlines(
        self, job_id: str, page: int, entries: Sequence[Entry]
    ) -> dict[tuple[Computation, str | None], Outline | None]:
        """Those that are spoken of: all rooms of as many computations as entries would fill the memory."""
        spoken_of: dict[Computation, set[str]] = {}
        for entry in entries:
            if entry.room_id is not None:
                spoken_of.setdefault(entry.computation, set()).add(entry.room_id)
        found: dict[tuple[Computation, str | None], Outline | None] = {}
        for computation, room_ids in spoken_of.items():
            rooms = self.feedback.rooms(job_id, page, computation)
            if rooms is not None:
                found |= {(computation, room_id): rooms.outline(room_id) for room_id in room_ids}
        return found
