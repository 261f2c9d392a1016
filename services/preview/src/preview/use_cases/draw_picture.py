"""A picture of a page and its rooms: drawn beside previews and never instead of them."""

from dataclasses import dataclass, field

from preview.bulkheads import BulkheadShare, ComputeSlots
from preview.call_executor import CallExecutor
from preview.domain.budget import FILE_SECONDS, PICTURE_RENDER_SECONDS
from preview.domain.job import Job, check_job_id
from preview.domain.picture import WITH_ROOMS, PictureView, pictured_rooms
from preview.domain.ports import BlueprintSource, Jobs, PageAnalyser
from preview.domain.preview import Preview
from preview.use_cases.download_blueprint import download_blueprint
from preview.use_cases.picture_cache import PictureCache, PictureKey
from shared import context
from shared.deadline import Deadline

_DRAWN_AT_ONCE = 1
"""Of two computations of a worker: a picture never takes the last one from previews."""


@dataclass(frozen=True, slots=True)
class DrawPicture:
    """``slots`` are those of previews, beside which pictures are drawn."""

    jobs: Jobs
    blueprints: BlueprintSource
    analyser: PageAnalyser
    calls: CallExecutor
    callers: BulkheadShare
    slots: ComputeSlots
    pictures: PictureCache
    seconds: float = FILE_SECONDS
    _drawing: ComputeSlots = field(default_factory=lambda: ComputeSlots(_DRAWN_AT_ONCE))

    def __call__(self, preview: Preview, owner: str, view: PictureView = WITH_ROOMS) -> bytes:
        """A PNG of the page, with the rooms of a stored ``preview`` on it; it may come from the cache.

        Raises PictureTooLarge, JobNotFound, BlueprintMissing, UnreadableBlueprint and DeadlineExceeded;
        TooBusy at once where too many wait already, and when no slot gets free in time.
        """
        check_job_id(preview.job_id)
        view.part_of(preview.page.size)  # refuses what is too large before anything is asked
        key = preview.job_id, preview.page.number, f"{preview.version} {view}"
        deadline = Deadline.after(self.seconds)
        with context.call_deadline(self.seconds):
            job = self.jobs.get(preview.job_id, owner)
            return self.pictures.get(key) or self._draw_in_turn(job, preview, view, key, deadline)

    def _draw_in_turn(
        self, job: Job, preview: Preview, view: PictureView, key: PictureKey, deadline: Deadline
    ) -> bytes:
        with self.callers.permit(job.owner), self._drawing.hold(deadline.remaining_seconds()):
            picture = self.pictures.get(key)  # another caller may have drawn it while this one waited
            if picture is None:
                with self.slots.hold(deadline.remaining_seconds()):
                    picture = self._draw(job, preview, view, deadline)
                self.pictures.put(key, picture)
            return picture

    def _draw(self, job: Job, preview: Preview, view: PictureView, deadline: Deadline) -> bytes:
        rooms, page = pictured_rooms(preview) if view.rooms else None, preview.page
        download = download_blueprint(job, self.blueprints, self.calls, deadline.remaining_seconds())
        with download as path:
            part, seconds = view.part_of(page.size), deadline.remaining_seconds()
            return self.analyser.draw(
                path, job.blueprint_format, page.number, rooms, seconds, PICTURE_RENDER_SECONDS, part
            )
