"""A preview in the background ends before the jobs service takes its job for abandoned."""

from dataclasses import fields

import jobs.settings
from preview.domain.time_limits import DEFAULT_DEADLINE_SECONDS, MAX_DEADLINE_SECONDS, background_seconds


def test_a_job_is_not_abandoned_while_its_preview_is_computed() -> None:
    [abandoned_after] = [
        field.default
        for field in fields(jobs.settings.Settings)
        if field.name == "processing_timeout_seconds"
    ]
    for deadline in (DEFAULT_DEADLINE_SECONDS, MAX_DEADLINE_SECONDS):
        assert background_seconds(deadline) < abandoned_after
