"""What the service is configured with."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values

from jobs.settings import LONGEST_RETENTION_DAYS, Settings
from local_aws.aws.resources import BUCKETS
from shared.settings import SettingsError

ROOT = Path(__file__).parents[3]
FLASKENV = ROOT / "services/jobs/.flaskenv"


@pytest.fixture
def environ() -> dict[str, str]:
    return {name: value or "" for name, value in dotenv_values(FLASKENV).items()}


def test_the_values_for_flask_run_are_complete(environ: dict[str, str]) -> None:
    settings = Settings.from_env(environ)
    assert settings.jobs_table == "location-detection-dev-jobs"
    assert (settings.retention_days, settings.processing_timeout_seconds) == (7, 60.0)
    assert (settings.reconcile_after_seconds, settings.reconcile_most_orphans) == (900.0, 100)
    assert settings.cors_origins == ("*",)


def test_every_problem_is_reported_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"RETENTION_DAYS": "0", "RECONCILE_MOST_ORPHANS": "-1", "LOG_LEVEL": "LOUD"})
    reported = {problem.partition(":")[0] for problem in refused.value.problems}
    assert {"ENVIRONMENT", "PARAMETERS_PATH", "JOBS_TABLE", "BLUEPRINTS_BUCKET"} <= reported
    assert {"RETENTION_DAYS", "RECONCILE_MOST_ORPHANS", "LOG_LEVEL"} <= reported


def test_production_names_its_origins(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="CORS_ORIGINS"):
        Settings.from_env(environ | {"ENVIRONMENT": "prod"})
    settings = Settings.from_env(environ | {"ENVIRONMENT": "prod", "CORS_ORIGINS": "https://plans.example"})
    assert settings.cors_origins == ("https://plans.example",)


NAMES = [
    "API_KEYS_SECRET", "INTERNAL_TOKEN_SECRET", "PARAMETERS_PATH", "RATE_LIMITS_TABLE", "JOBS_TABLE",
    "UPLOADS_TABLE", "IDEMPOTENCY_TABLE", "FEEDBACK_TABLE", "BLUEPRINTS_BUCKET", "ENVIRONMENT", "AWS_REGION",
    "PREVIEW_URL", "LOG_LEVEL", "CORS_ORIGINS", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_TEXTRACT",
    "AWS_ENDPOINT_URL_S3",
]  # fmt: skip
BOUNDS = {
    "CONFIG_CACHE_SECONDS": ("0.1", "3600"),
    "RETRY_ATTEMPTS": ("3", "5"),
    "RETRY_BASE_SECONDS": ("0", "10"),
    "RETENTION_DAYS": ("1", "30"),
    "PROCESSING_TIMEOUT_SECONDS": ("1", "3600"),
    "RECONCILE_AFTER_SECONDS": ("0", "86400"),
    "RECONCILE_MOST_ORPHANS": ("0", "1000000"),
    "REQUEST_SECONDS": ("1", "20"),
}


def test_every_bad_value_is_named_at_once(environ: dict[str, str]) -> None:
    bad = dict.fromkeys(NAMES, "(not a/ name)?") | dict.fromkeys(BOUNDS, "inf")
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(environ | bad)
    assert {problem.partition(":")[0] for problem in refused.value.problems} == set(bad)


@pytest.mark.parametrize("name", BOUNDS)
def test_every_number_is_bounded(environ: dict[str, str], name: str) -> None:
    for allowed in BOUNDS[name]:
        Settings.from_env(environ | {name: allowed})
    lowest, highest = BOUNDS[name]
    for refused in (f"-{lowest}1", f"{highest}1", "nan", "-inf", "1_0", "3000000000"):
        with pytest.raises(SettingsError, match=name):
            Settings.from_env(environ | {name: refused})


def test_no_job_is_kept_longer_than_the_buckets_keep_its_files(environ: dict[str, str]) -> None:
    text = (ROOT / "terraform/modules/buckets/main.tf").read_text()
    applied = {int(days) for days in re.findall(r"\bobject_expiry_days = (\d+)", text)}
    local = {expiry.days for bucket in BUCKETS for expiry in bucket.expiries if not expiry.prefix}
    assert applied == local == {LONGEST_RETENTION_DAYS}


@pytest.mark.parametrize(
    "origins", ["*,https://plans.example", "https://a.example,*", ",", "https://*.example"]
)
def test_origins_are_exact_or_a_star_alone(environ: dict[str, str], origins: str) -> None:
    with pytest.raises(SettingsError, match="CORS_ORIGINS"):
        Settings.from_env(environ | {"CORS_ORIGINS": origins})


def test_a_command_says_what_is_wrong_and_shows_no_traceback(environ: dict[str, str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "reconcile"],
        cwd=FLASKENV.parent,
        env=os.environ | environ | {"RETENTION_DAYS": "3000000", "JOBS_TABLE": "", "FLASK_SKIP_DOTENV": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 1
    assert "RETENTION_DAYS: must be a whole number from 1 to 30 (it is '3000000')" in run.stderr
    assert "JOBS_TABLE: is required" in run.stderr
    assert "Traceback" not in run.stderr
