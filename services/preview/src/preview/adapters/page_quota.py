"""How many pages an owner may have previewed in a day."""

from preview.domain.errors import TooManyPages
from shared.rate_limits import DailyQuota, QuotaExceeded


class DailyPageQuota:
    """Counts in the table that both services share, under the same key as jobs."""

    def __init__(self, quota: DailyQuota) -> None:
        self._quota = quota

    def take(self, owner: str, pages: int) -> None:
        try:
            self._quota.take(owner, pages)
        except QuotaExceeded as exc:
            raise TooManyPages(exc.limit, exc.retry_after_seconds) from exc
