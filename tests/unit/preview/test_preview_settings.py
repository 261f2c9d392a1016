from dataclasses import asdict

import pytest

from preview.settings import from_env
from shared.settings import SettingsError

ENVIRON = {
    "ENVIRONMENT": "dev",
    "AWS_REGION": "us-east-1",
    "API_KEYS_SECRET": "location-detection/dev/api/keys",
    "INTERNAL_TOKEN_SECRET": "location-detection/dev/internal/token",
    "PARAMETERS_PATH": "/location-detection/dev",
    "PREVIEW_CACHE_TABLE": "location-detection-dev-preview-cache",
    "BLUEPRINTS_BUCKET": "location-detection-dev-blueprints",
    "CACHE_BUCKET": "location-detection-dev-cache",
    "JOBS_URL": "http://127.0.0.1:5001",
}


def test_defaults_serve_where_nothing_is_said() -> None:
    settings = from_env(ENVIRON)
    assert (settings.preview_cache_seconds, settings.config_cache_seconds) == (3600, 300)
    assert settings.cors_origins == ("*",)


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        from_env({})
    assert all(name in str(raised.value) for name in ENVIRON)


@pytest.mark.parametrize(
    ("name", "value"),
    [("LOG_LEVEL", "LOUD"), ("PREVIEW_CACHE_SECONDS", "soon"), ("RETRY_ATTEMPTS", "-1")],
)
def test_a_bad_value_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        from_env({**ENVIRON, name: value})


def test_prod_needs_its_origins_listed() -> None:
    with pytest.raises(SettingsError, match="CORS_ORIGINS"):
        from_env({**ENVIRON, "ENVIRONMENT": "prod"})
    listed = from_env({**ENVIRON, "ENVIRONMENT": "prod", "CORS_ORIGINS": "https://plans.example"})
    assert asdict(listed)["cors_origins"] == ("https://plans.example",)
