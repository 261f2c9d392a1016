"""What the jobs service does: one module a use case, named by its verb; `jobs.app` wires them."""

from dataclasses import dataclass

from jobs.use_cases.cancel_job import CancelJob
from jobs.use_cases.count_pages import CountPages
from jobs.use_cases.create_job import CreateJob
from jobs.use_cases.erase_job import EraseJob
from jobs.use_cases.export_feedback import ExportFeedback
from jobs.use_cases.fail_timed_out import FailTimedOut
from jobs.use_cases.finish_erasures import FinishErasures
from jobs.use_cases.give_feedback import GiveFeedback
from jobs.use_cases.hand_over_pages import HandOverPages
from jobs.use_cases.open_upload import OpenUpload
from jobs.use_cases.read_feedback import ReadFeedback
from jobs.use_cases.read_jobs import ReadJobs
from jobs.use_cases.reconcile import Reconcile
from jobs.use_cases.take_back_feedback import TakeBackFeedback
from jobs.use_cases.transition_job import TransitionJob
from jobs.use_cases.watch_jobs import WatchJobs


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Each that takes an ``owner`` acts on that owner's things only; another's are not found."""

    create_job: CreateJob
    read_jobs: ReadJobs
    watch_jobs: WatchJobs
    cancel_job: CancelJob
    transition_job: TransitionJob
    count_pages: CountPages
    hand_over_pages: HandOverPages
    fail_timed_out: FailTimedOut
    erase_job: EraseJob
    finish_erasures: FinishErasures
    open_upload: OpenUpload
    give_feedback: GiveFeedback
    read_feedback: ReadFeedback
    take_back_feedback: TakeBackFeedback
    export_feedback: ExportFeedback
    reconcile: Reconcile
