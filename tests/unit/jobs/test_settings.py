"""What the service is configured with."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from jobs.settings import from_env
from shared.settings import SettingsError

FLASKENV = Path(__file__).parents[3] / "services/jobs/.flaskenv"


@pytest.fixture
def environ() -> dict[str, str]:
    return {name: value or "" for name, value in dotenv_values(FLASKENV).items()}


def test_the_values_for_flask_run_are_complete(environ: dict[str, str]) -> None:
    settings = from_env(environ)
    assert settings.jobs_table == "location-detection-dev-jobs"
    assert (settings.retention_days, settings.processing_timeout_seconds) == (7, 60.0)
    assert (settings.reconcile_after_seconds, settings.reconcile_most_orphans) == (900.0, 100)
    assert settings.cors_origins == ("*",)


def test_every_problem_is_reported_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        from_env({"RETENTION_DAYS": "0", "RECONCILE_MOST_ORPHANS": "-1", "LOG_LEVEL": "LOUD"})
    reported = {problem.partition(":")[0] for problem in refused.value.problems}
    assert {"ENVIRONMENT", "PARAMETERS_PATH", "JOBS_TABLE", "BLUEPRINTS_BUCKET"} <= reported
    assert {"RETENTION_DAYS", "RECONCILE_MOST_ORPHANS", "LOG_LEVEL"} <= reported


def test_production_names_its_origins(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="CORS_ORIGINS"):
        from_env(environ | {"ENVIRONMENT": "prod"})
    settings = from_env(environ | {"ENVIRONMENT": "prod", "CORS_ORIGINS": "https://plans.example"})
    assert settings.cors_origins == ("https://plans.example",)
