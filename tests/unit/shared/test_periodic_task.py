"""One run of a task in the background."""

import logging

import pytest

from shared import context
from shared.errors import DependencyUnavailable
from shared.periodic_task import background_run


def test_each_run_has_an_id_of_its_own_and_the_time_it_was_given() -> None:
    with background_run("one"):
        one = context.current()
    with background_run("two", 60.0):
        two = context.current()
    assert one.correlation_id != two.correlation_id
    assert str(two.correlation_id).startswith("run_")
    assert one.deadline is None
    assert two.deadline is not None
    assert context.current().correlation_id is None


def test_a_dependency_that_fails_ends_the_run_with_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    with background_run("one"):
        raise DependencyUnavailable("DynamoDB")
    [record] = caplog.records
    assert (record.levelno, vars(record)["context"]) == (logging.WARNING, {"task": "one"})


def test_a_mistake_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), background_run("one"):
        raise ZeroDivisionError
