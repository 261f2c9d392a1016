"""Queueing the page of a caller for whom there was no place, or no time, to compute it."""

import logging
from dataclasses import dataclass

from preview.domain.ports import PageQueue, ServiceTimes
from preview.domain.preview import PreviewInProgress
from preview.domain.queued_page import retry_after_seconds
from preview.use_cases.preview_request import PreviewRequest
from preview.use_cases.request_pages import RequestPages
from shared import context
from shared.errors import DependencyError

log = logging.getLogger(__name__)

_QUEUE_SECONDS = 0.5  # writing and sending take some 50 ms
_DEFAULT_RETRY_SECONDS = 5  # where the queue does not say how long it is, or nobody how fast


@dataclass(frozen=True, slots=True)
class QueuePage:
    request_pages: RequestPages
    queue: PageQueue
    service_times: ServiceTimes

    def __call__(self, request: PreviewRequest) -> PreviewInProgress:
        """The page will be done; what is answered says when to look. Raises PageChanged, DependencyError."""
        with context.call_deadline(max(request.budget.seconds_left(), _QUEUE_SECONDS)):
            status = self.request_pages.alone(request.job, request.page, refresh=request.refresh)
            return PreviewInProgress(request.job.job_id, status, self._retry_after())

    def _retry_after(self) -> int:
        try:
            return retry_after_seconds(self.queue.backlog(), self.service_times.mean())
        except DependencyError:
            log.warning("length or pace of the queue could not be read", exc_info=True)
            return _DEFAULT_RETRY_SECONDS
