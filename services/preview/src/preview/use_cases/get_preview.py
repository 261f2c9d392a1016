"""One preview for all who ask for the same: from what is stored, or computed once while others wait."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from preview.concurrency.bulkhead import Callers
from preview.concurrency.call_executor import TimeBox, limited_to, seconds_left
from preview.concurrency.compute_slots import Turn, Turns
from preview.domain.cache_entry import CacheEntry, CacheState, Outcome, Refusal
from preview.domain.errors import Busy, UnreadableBlueprint
from preview.domain.job import Job, JobStatus
from preview.domain.ports import Jobs, Parameters, ResultStore
from preview.domain.preview import Preview, Unfinished
from preview.domain.result_keys import cache_key
from preview.use_cases.analyse_page import Findings, Pipeline
from preview.use_cases.erase_results import Eraser
from preview.use_cases.fail_open_cache import SharedCache
from preview.use_cases.job_progress import JobProgress
from preview.use_cases.write_result import Keeper
from shared.errors import DependencyError
from shared.metrics import Metrics

_SHARE_FOR_KEEPING = 0.12  # of the deadline: storing takes 50 to 100 ms, and a slow store is waited for
_SHARE_WORTH_BEGINNING = 0.3  # of the deadline: with less left Textract would be paid and not waited for
_LAST_LOOK_SECONDS = 0.3  # to say in time how the job stands
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 0.25
_STORED_SECONDS = 1.0  # the bucket answers in milliseconds; computing anew is the better use of more


@dataclass(frozen=True, slots=True)
class _Wanted:
    job: Job
    page: int
    key: str
    refresh: bool
    in_background: bool


@dataclass(frozen=True, slots=True)
class CachedPreviews:
    """``wait`` pauses for so many seconds while another computation of the same preview runs."""

    jobs: Jobs
    results: ResultStore
    pipeline: Pipeline
    cache: SharedCache
    keeper: Keeper
    eraser: Eraser
    progress: JobProgress
    parameters: Parameters
    calls: TimeBox
    callers: Callers
    turns: Turns
    metrics: Metrics
    wait: Callable[[float], None]

    def get(self, job: Job, page: int, *, refresh: bool, in_background: bool = False) -> Preview | Unfinished:
        """A preview within the deadline of the work in progress; raises as `PreviewService.preview` does.

        What runs ``in_background`` keeps no caller waiting and takes none of their places. It computes again
        for as long as there is time where detection was late, and stores within all of that time.
        """
        job.refuse_preview_of(page)
        key = cache_key(job.blueprint_hash, job.owner, self.pipeline.model_version, page)
        wanted = _Wanted(job, page, key, refresh, in_background)
        first = self.cache.look(wanted.key)
        hit = None if refresh else _hit(first)
        if hit and hit.job_id == job.job_id:
            self.metrics.count("CacheHits")
            return self._completed(wanted, hit.preview)
        with self.eraser.erasing_again(job):
            known = None if refresh else self._known(wanted, first)
            self.metrics.count("CacheHits" if known else "CacheMisses")
            return known or (self._compute_or_wait if in_background else self._in_a_place)(wanted, first)

    def _known(self, wanted: _Wanted, first: CacheState) -> Preview | None:
        hit = _hit(first)
        stored = self._stored(wanted)
        if stored and not stored.degraded:
            if hit is None:
                self.cache.restore(wanted.key, CacheEntry(stored), first)
            return self._completed(wanted, stored)
        return self._serve(wanted, hit) if hit else None

    def _in_a_place(self, wanted: _Wanted, first: CacheState) -> Preview | Unfinished:
        """A caller for whom there is no place is answered at once."""
        with self.callers.place(wanted.key) as has_place:
            if has_place:
                return self._compute_or_wait(wanted, first)
        if first.leased or self.callers.here_for(wanted.key) or self._has_moved(wanted, first):
            return Unfinished(wanted.job.job_id, wanted.job.status)
        raise Busy

    def _has_moved(self, wanted: _Wanted, first: CacheState) -> bool:
        """Whether somebody computes the same, or has just done so."""
        state = self.cache.look(wanted.key)
        return state.leased or state.edition != first.edition

    def _compute_or_wait(self, wanted: _Wanted, first: CacheState) -> Preview | Unfinished:
        state, others_at_work = first, False
        for pause in _pauses():
            answer = None
            outcome = None if state.edition == first.edition else _worth_having(wanted, state.outcome)
            if outcome is not None:
                answer, first = self._just_stored(wanted, outcome), state
            elif not state.leased and self._worth_beginning():
                answer = self._compute_in_turn(wanted, state, pause)
            if answer:
                return answer
            others_at_work = others_at_work or state.leased
            if seconds_left() <= _LAST_LOOK_SECONDS:
                break
            self.wait(pause)
            state = self.cache.look(wanted.key)
        if not others_at_work:
            raise Busy
        return Unfinished(wanted.job.job_id, self._status_now(wanted.job))

    def _compute_in_turn(self, wanted: _Wanted, seen: CacheState, timeout_seconds: float) -> Preview | None:
        """None when this worker has no turn free, another one took the lease, or it is to be tried again."""
        turn = self.turns.take(timeout_seconds)
        if turn is None:
            return None
        try:
            with limited_to(self.parameters.deadline_seconds()):
                token = self.cache.take_lease(wanted.key, seen, wanted.job.job_id)
            return self._compute(wanted, seen, token, turn) if token else None
        finally:
            turn.give_back()

    def _compute(self, wanted: _Wanted, seen: CacheState, token: str, turn: Turn) -> Preview | None:
        job, deadline = wanted.job, self.parameters.deadline_seconds()
        try:
            job = self.progress.begin(job, wanted.page)
            with limited_to(min(deadline, seconds_left()) - deadline * _SHARE_FOR_KEEPING):
                findings = self.pipeline.run(job, wanted.page, turn)
            self._measure(findings)
            better = self._better(replace(wanted, job=job), seen, findings.preview)
            if better or (wanted.in_background and findings.preview.detection_was_late):
                self.cache.release(wanted.key, token)
                return findings.preview.lacking(*better.degraded) if better else None
            return self.keeper.keep(job, findings, wanted.key, token)
        except UnreadableBlueprint as exc:
            self.progress.fail(job, wanted.page, exc)
            self.cache.finish(wanted.key, token, Refusal(job.job_id, str(exc), exc.reason))
            raise
        except Exception as exc:
            self.progress.fail(job, wanted.page, exc)
            self.cache.release(wanted.key, token)
            raise

    def _better(self, wanted: _Wanted, seen: CacheState, found: Preview) -> Preview | None:
        """What is stored, when ``found`` in its place would only make it worse."""
        known = self._known(wanted, seen) if wanted.refresh and found.degraded else None
        if known or not found.detection_was_late:
            return known
        stored = self._stored(wanted)
        return self._completed(wanted, stored) if stored and not stored.detection_was_late else None

    def _just_stored(self, wanted: _Wanted, outcome: CacheEntry | Refusal) -> Preview | None:
        """Answer a caller who was here before the outcome was, be it degraded."""
        job = self.jobs.get(wanted.job.job_id, wanted.job.owner)
        job.refuse_cancelled()
        if isinstance(outcome, CacheEntry):
            return self._serve(replace(wanted, job=job), outcome)
        error = UnreadableBlueprint(outcome.message, outcome.reason)
        if job.status in (JobStatus.PENDING, JobStatus.PROCESSING):
            self.progress.fail(self.progress.begin(job, wanted.page), wanted.page, error)
        raise error

    def _serve(self, wanted: _Wanted, entry: CacheEntry) -> Preview | None:
        """The entry as this job's own preview; None when its results can no longer be copied to the job."""
        if entry.job_id == wanted.job.job_id:
            return self._completed(wanted, entry.preview)
        lacks = self.keeper.copy(entry, wanted.job)
        return None if lacks is None else self._completed(wanted, entry.preview.lacking(*lacks))

    def _completed(self, wanted: _Wanted, stored: Preview) -> Preview:
        """What is stored, as an answer to this job, which is completed by it."""
        preview = stored.served_to(wanted.job.job_id)
        return preview.lacking(*self.keeper.save_state(wanted.job, preview))

    def _stored(self, wanted: _Wanted) -> Preview | None:
        try:
            return self.calls.within(
                _STORED_SECONDS,
                self.results.preview,
                wanted.job.job_id,
                wanted.page,
                self.pipeline.model_version,
            )
        except DependencyError:
            return None

    def _worth_beginning(self) -> bool:
        return seconds_left() >= self.parameters.deadline_seconds() * _SHARE_WORTH_BEGINNING

    def _status_now(self, job: Job) -> JobStatus:
        try:
            return self.jobs.get(job.job_id, job.owner).status
        except DependencyError:
            return job.status

    def _measure(self, findings: Findings) -> None:
        timing, metadata = findings.preview.timing, findings.analysis.metadata
        self.metrics.record(
            {
                "LoadSeconds": (timing.load_seconds, "Seconds"),
                "RenderSeconds": (timing.render_seconds, "Seconds"),
                "TextractSeconds": (timing.textract_analysis_seconds, "Seconds"),
                "DetectionSeconds": (timing.room_detection_seconds, "Seconds"),
                "TotalSeconds": (timing.total_seconds, "Seconds"),
                "RoomsFound": (len(findings.preview.rooms), "Count"),
                "TextractPages": (metadata.textract_pages, "Count"),
                "TextractEstimatedUsd": (metadata.estimated_usd, "None"),
            }
        )


def _worth_having(wanted: _Wanted, outcome: Outcome | None) -> Outcome | None:
    """What was stored meanwhile, be it degraded; in the background only if it is a result."""
    if wanted.in_background and isinstance(outcome, CacheEntry) and not outcome.preview.is_result:
        return None
    return outcome


def _hit(state: CacheState) -> CacheEntry | None:
    return state.outcome if isinstance(state.outcome, CacheEntry) and state.outcome.is_hit else None


def _pauses() -> Iterator[float]:
    pause = _FIRST_PAUSE_SECONDS
    while True:
        yield pause
        pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)
