"""Distributed rate limits, counted over all workers of both services.

`bucket` has the rules, `limiter` counts in a worker and syncs in the background with the `table` that all
workers share, `limits` says which requests share a bucket. `shared.http.request_guard` enforces them. `daily`
counts what an owner asks for in a day.
"""

from shared.rate_limits.bucket import Limit, Verdict
from shared.rate_limits.daily import PAGES_PER_DAY, DailyPageQuota, QuotaExceeded
from shared.rate_limits.limiter import RateLimiter
from shared.rate_limits.limits import PARAMETERS, PER_MINUTE, RateLimits
from shared.rate_limits.table import DynamoBuckets

__all__ = [
    "PAGES_PER_DAY",
    "PARAMETERS",
    "PER_MINUTE",
    "DailyPageQuota",
    "DynamoBuckets",
    "Limit",
    "QuotaExceeded",
    "RateLimiter",
    "RateLimits",
    "Verdict",
]
