"""The small things everything stands on: ids, times, deadlines, context, settings, logs."""

import json
import logging
import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO

import pytest
from botocore.exceptions import ReadTimeoutError

from shared import context, validators
from shared.context import RequestContext
from shared.deadline import Deadline
from shared.errors import DependencyUnavailable
from shared.ids import new_id
from shared.logs import JsonFormatter, configure
from shared.settings import EnvironmentSettings, SettingsError, setting
from shared.timestamps import iso_millis, parse_iso, utc_now


def test_ids_have_the_documented_form_and_differ() -> None:
    now = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
    ids = {new_id("job", now) for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"job_20240115103000_[0-9a-hjkmnp-tv-z]{13}", made) for made in ids)


def test_times_are_utc_with_milliseconds_and_z() -> None:
    moment = datetime(2024, 1, 15, 12, 30, 0, 123456, timezone(timedelta(hours=2)))
    assert iso_millis(moment) == "2024-01-15T10:30:00.123Z"
    assert parse_iso("2024-01-15T10:30:00.123Z") == moment.replace(microsecond=123000)
    assert utc_now().tzinfo is UTC


@pytest.mark.parametrize("text", ["2024-01-15T10:30:00", "yesterday", ""])
def test_a_time_without_zone_or_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"zone|Invalid"):
        parse_iso(text)


def test_a_call_deadline_replaces_the_one_around_it_and_ends_with_its_block() -> None:
    with context.using(RequestContext(deadline=Deadline.after(0), request_id="r")) as around:
        with context.call_deadline(60):
            deadline = context.current().deadline
            assert deadline is not None
            assert 59 < deadline.remaining_seconds() <= 60
            assert context.current().request_id == "r"
        assert context.current() == around


def test_a_deadline_counts_down_and_never_below_zero() -> None:
    assert 9 < Deadline.after(10).remaining_seconds() <= 10
    past = Deadline.after(-1)
    assert (past.remaining_seconds(), past.expired) == (0.0, True)


def test_context_goes_along_into_threads_only_when_carried() -> None:
    before = context.current()
    seen: list[str | None] = []

    def look() -> None:
        seen.append(context.current().request_id)

    with context.using(RequestContext(request_id="req_1")):
        context.bind(job_id="job_1")
        assert context.current().job_id == "job_1"
        for target in (look, context.carry(look)):
            thread = threading.Thread(target=target)
            thread.start()
            thread.join()
    assert seen == [None, "req_1"]
    assert context.current() == before


@dataclass(frozen=True, slots=True, kw_only=True)
class SomeSettings(EnvironmentSettings):
    name: str = setting(validators.table)
    empty: str = setting(validators.table)
    seconds: float = setting(validators.DecimalNumber(0, 1))
    level: str = setting(validators.OneOf(("INFO", "WARN")), "INFO", variable="LOG_LEVEL")
    count: int = setting(validators.WholeNumber(0, 5), 5)
    many: tuple[str, ...] = setting(validators.ListOf(str), ("*",))


def test_settings_report_every_problem_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        SomeSettings.from_env(
            {"SECONDS": "soon", "LOG_LEVEL": "LOUD", "COUNT": "-1", "MANY": ",", "EMPTY": " "}
        )
    assert caught.value.problems == [
        "NAME: is required and not set",
        "EMPTY: is required and not set",
        "SECONDS: must be a number from 0 to 1 (it is 'soon')",
        "LOG_LEVEL: must be one of INFO, WARN (it is 'LOUD')",
        "COUNT: must be a whole number from 0 to 5 (it is '-1')",
        "MANY: must name at least one (it is ',')",
    ]


def test_settings_read_each_type_and_fall_back_to_defaults() -> None:
    required = {"NAME": "jobs", "EMPTY": "jobs", "SECONDS": "0.5"}
    read = SomeSettings.from_env(required | {"LOG_LEVEL": "WARN", "COUNT": "3", "MANY": "a, b,,c"})
    assert (read.seconds, read.level, read.count, read.many) == (0.5, "WARN", 3, ("a", "b", "c"))
    fallen_back = SomeSettings.from_env(required | {"COUNT": ""})
    assert (fallen_back.level, fallen_back.count, fallen_back.many) == ("INFO", 5, ("*",))


def test_a_log_line_has_the_documented_fields() -> None:
    record = logging.LogRecord("jobs.service", logging.WARNING, "f", 1, "upload %s", ("late",), None)
    record.context = {"size_bytes": 3}
    ids = RequestContext(request_id="req_1", correlation_id="c", job_id="job_1")
    with context.using(ids):
        line = json.loads(JsonFormatter("jobs").format(record))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("timestamp"))
    assert line == {
        "level": "WARN",
        "service": "jobs",
        "message": "upload late",
        "request_id": "req_1",
        "correlation_id": "c",
        "job_id": "job_1",
        "context": {"logger": "jobs.service", "size_bytes": 3},
    }


def test_of_the_urls_in_an_exception_only_the_host_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(JsonFormatter("jobs"))
    unreached = ReadTimeoutError(
        endpoint_url="https://s3.test:444/bucket/blueprints/job_1/plan_of_ada.pdf?x=y"
    )
    failed = DependencyUnavailable("S3")
    failed.__cause__ = unreached
    logging.getLogger("jobs.service").error("request failed", exc_info=failed)
    told = json.loads(caplog.text)["context"]["exception"]
    assert 'Read timeout on endpoint URL: "https://s3.test:444"' in told
    assert "DependencyUnavailable" in told
    assert "ada" not in told


def test_logging_obeys_its_level_and_keeps_libraries_quiet() -> None:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = StringIO()
    try:
        configure("jobs", "DEBUG", stream)
        logging.getLogger("jobs.service").debug("ours")
        logging.getLogger("botocore.endpoint").info("theirs, with credentials")
        configure("jobs", "ERROR", stream)
        logging.getLogger("jobs.service").warning("not asked for")
    finally:
        root.handlers = handlers
        root.setLevel(level)
        logging.captureWarnings(False)
        for name in ("jobs", "shared", "audit"):
            logging.getLogger(name).setLevel(logging.NOTSET)
    assert [json.loads(line)["message"] for line in stream.getvalue().splitlines()] == ["ours"]
