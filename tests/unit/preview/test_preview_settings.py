"""What the service is configured with."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from preview.settings import Settings
from shared.settings import SettingsError

FLASKENV = Path(__file__).parents[3] / "services/preview/.flaskenv"


@pytest.fixture
def environ() -> dict[str, str]:
    return {name: value or "" for name, value in dotenv_values(FLASKENV).items()}


def test_the_values_for_flask_run_are_complete(environ: dict[str, str]) -> None:
    settings = Settings.from_env(environ)
    assert settings.preview_cache_table == "location-detection-dev-preview-cache"
    assert (settings.preview_cache_seconds, settings.config_cache_seconds) == (3600, 300)
    assert settings.cors_origins == ("*",)


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env({})
    reported = {problem.partition(":")[0] for problem in raised.value.problems}
    assert {"ENVIRONMENT", "PARAMETERS_PATH", "PREVIEW_CACHE_TABLE", "CACHE_BUCKET", "JOBS_URL"} <= reported


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "LOUD"),
        ("PREVIEW_CACHE_SECONDS", "soon"),
        ("PREVIEW_CACHE_SECONDS", "inf"),
        ("PREVIEW_CACHE_SECONDS", "0"),
        ("PREVIEW_CACHE_SECONDS", "2592001"),
        ("RETRY_ATTEMPTS", "-1"),
        ("PREVIEW_CACHE_TABLE", "a b"),
        ("BLUEPRINTS_BUCKET", "A"),
        ("CACHE_BUCKET", "A"),
        ("JOBS_URL", "jobs:8000"),
        ("AWS_ENDPOINT_URL_TEXTRACT", "127.0.0.1:4567"),
    ],
)
def test_a_bad_value_is_refused(environ: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({**environ, name: value})


def test_prod_needs_its_origins_listed(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="CORS_ORIGINS"):
        Settings.from_env({**environ, "ENVIRONMENT": "prod"})
    listed = Settings.from_env({**environ, "ENVIRONMENT": "prod", "CORS_ORIGINS": "https://plans.example"})
    assert listed.cors_origins == ("https://plans.example",)


def test_prod_gives_a_page_to_no_second_worker_before_the_first_has_had_its_time(
    environ: dict[str, str],
) -> None:
    prod = environ | {"ENVIRONMENT": "prod", "CORS_ORIGINS": "https://plans.example"}
    short = {"WORKER_VISIBILITY_TIMEOUT_SECONDS": "40"}
    with pytest.raises(SettingsError, match="WORKER_VISIBILITY_TIMEOUT_SECONDS: must exceed 40"):
        Settings.from_env(prod | short)
    assert Settings.from_env(environ | short).worker_visibility_timeout_seconds == 40
    assert Settings.from_env(prod).worker_visibility_timeout_seconds == 60
    assert Settings.from_env(prod | {"WORKER_VISIBILITY_TIMEOUT_SECONDS": "41"})
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(prod | {"WORKER_VISIBILITY_TIMEOUT_SECONDS": "soon"})
    assert len(raised.value.problems) == 1
