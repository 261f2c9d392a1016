"""How long things of a job last: `Settings` of the service has the numbers that are configured."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class JobRules:
    """``retention``: how long a job is kept; ``processing_timeout``: after it a job's worker counts as dead;
    ``key_lease``: after it a request that holds an idempotency key counts as dead, so that it has to be
    longer than a request can take; ``upload_lifetime``: how long an upload can be sent and used;
    ``upload_retention``: how long its record is kept."""

    retention: timedelta
    processing_timeout: timedelta
    key_lease: timedelta
    upload_lifetime: timedelta = timedelta(minutes=15)
    upload_retention: timedelta = timedelta(days=1)
