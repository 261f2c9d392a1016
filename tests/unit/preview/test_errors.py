"""What an exception is for a caller and for a job stands in one row."""

import inspect

import pytest

from builders_preview import JOB_ID
from preview.api.errors import ERROR_TABLE, ERRORS, job_error
from preview.domain import errors
from shared.errors import DependencyFailed, DependencyUnavailable
from shared.sandbox import SandboxBusy

INSIDE = {errors.DetectionTimeout}
"""Only degrade a preview: no caller and no job meets them."""

DOMAIN_ERRORS = {cls for _, cls in inspect.getmembers(errors, inspect.isclass)}
DOMAIN_ERRORS -= INSIDE | {errors.UnusableBlueprint}  # which is raised as one of its kinds


@pytest.mark.parametrize(
    ("exc", "code"),
    [
        (errors.UnreadableBlueprint("It is damaged.", "corrupt"), "UNREADABLE_BLUEPRINT"),
        (errors.NoSuchPage(2, 1), "UNREADABLE_BLUEPRINT"),
        (errors.BlueprintMissing(JOB_ID), "BLUEPRINT_MISSING"),
        (errors.TooBusy(), "SERVICE_UNAVAILABLE"),
        (errors.DeadlineExceeded(), "SERVICE_UNAVAILABLE"),
        (DependencyUnavailable("S3"), "SERVICE_UNAVAILABLE"),
        (SandboxBusy(), "SERVICE_UNAVAILABLE"),
        (DependencyFailed("S3"), "INTERNAL_ERROR"),
        (ZeroDivisionError("a secret"), "INTERNAL_ERROR"),
    ],
)
def test_a_job_fails_with_its_own_code(exc: Exception, code: str) -> None:
    error = job_error(exc)
    assert error is not None
    assert error.code == code
    assert "secret" not in error.message


def test_what_is_wrong_with_a_file_is_said_on_the_job() -> None:
    error = job_error(errors.UnreadableBlueprint("It is damaged.", "corrupt"))
    assert error is not None
    assert error.message == "It is damaged."


@pytest.mark.parametrize(
    "exc", [errors.JobCancelled(JOB_ID), errors.JobNotFound(JOB_ID), errors.ConcurrentUpdate(JOB_ID)]
)
def test_a_job_that_somebody_else_moved_is_left_alone(exc: Exception) -> None:
    assert job_error(exc) is None


def test_every_error_of_the_domain_has_a_row() -> None:
    assert set(ERRORS) == DOMAIN_ERRORS
    assert set(ERROR_TABLE) >= DOMAIN_ERRORS
