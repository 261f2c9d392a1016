"""How many pages an owner may have previewed in a day of UTC, counted over all workers of both services."""

import logging
import math
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from shared.aws import ConditionFailed, conditional, dependency
from shared.errors import DependencyError
from shared.parameter_store import Parameter, ParameterStore
from shared.validators import WholeNumber

log = logging.getLogger(__name__)

PAGES_PER_DAY = Parameter(
    "api/pages_per_day",
    WholeNumber(1, 100_000_000),
    20_000,
    "pages that an owner may have previewed in a day, of those asked for by `pages`; days are UTC's",
)


class QuotaExceeded(Exception):
    """The next day begins in ``retry_after_seconds``."""

    def __init__(self, per_day: int, retry_after_seconds: int) -> None:
        super().__init__(f"No more than {per_day} pages can be asked for in a day. Go on after midnight UTC.")
        self.retry_after_seconds = retry_after_seconds
        self.details = {"per_day": per_day, "retry_after_seconds": retry_after_seconds}


class DailyPageQuota:
    """One item for each owner and day in the table of rate limits; ``parameters`` has `PAGES_PER_DAY`."""

    def __init__(
        self, client: Any, table: str, parameters: ParameterStore, now: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._table = table
        self._parameters = parameters
        self._now = now

    def take(self, owner: str, pages: int) -> None:
        """Count ``pages``. Raises QuotaExceeded, having counted nothing.

        While the table is away everything is allowed: it bounds costs, and is no reason to refuse work.
        """
        limit = self._parameters.get(PAGES_PER_DAY.name, int)
        now = self._now()
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        try:
            counted = pages <= limit and self._count(owner, pages, limit, midnight)
        except DependencyError:
            log.warning("quota not counted", exc_info=True)
            return
        if not counted:
            raise QuotaExceeded(limit, max(1, math.ceil((midnight - now).total_seconds())))

    @dependency("DynamoDB")
    def _count(self, owner: str, pages: int, limit: int, midnight: datetime) -> bool:
        day = (midnight - timedelta(days=1)).date().isoformat()
        try:
            with conditional():
                self._client.update_item(
                    TableName=self._table,
                    Key={"bucket_key": {"S": f"{PAGES_PER_DAY.name}/{day}/{owner}"}},
                    UpdateExpression="ADD taken :pages SET expires_at = :expires",
                    ConditionExpression="attribute_not_exists(taken) OR taken <= :room",
                    ExpressionAttributeValues={
                        ":pages": {"N": str(pages)},
                        ":room": {"N": str(limit - pages)},
                        ":expires": {"N": str(int((midnight + timedelta(days=1)).timestamp()))},
                    },
                )
        except ConditionFailed:
            return False
        return True
