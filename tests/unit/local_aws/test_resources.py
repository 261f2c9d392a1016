import hashlib

import pytest

from local_aws.aws import resources


def test_names_are_those_that_terraform_will_give() -> None:
    assert {table.name for table in resources.TABLES} == {
        f"location-detection-dev-{role}"
        for role in ("jobs", "feedback", "idempotency", "uploads", "rate-limits")
    } | {"location-detection-dev-preview-cache", "location-detection-dev-preview-pages"}
    assert {bucket.name for bucket in resources.BUCKETS} == {
        "location-detection-dev-blueprints",
        "location-detection-dev-cache",
    }
    assert resources.API_KEYS_SECRET == "location-detection/dev/api/keys"
    assert resources.INTERNAL_TOKEN_SECRET == "location-detection/dev/internal/token"


def test_keys_are_stored_as_digests() -> None:
    entries = {key.key: key.entry() for key in resources.LOCAL_KEYS}
    assert set(entries) == {"local-dev-key", "local-other-key", "local-read-key", "local-expired-key"}
    for key, entry in entries.items():
        assert entry["sha256"] == hashlib.sha256(key.encode()).hexdigest()
    assert entries["local-other-key"]["owner"] == "other"
    assert entries["local-read-key"]["scopes"] == ["jobs:read"]
    assert entries["local-expired-key"]["expires_at"] is not None


def values(**environ: str) -> dict[str, str]:
    return {parameter.name: parameter.value for parameter in resources.parameters(environ)}


def test_parameters_by_default() -> None:
    assert values() == {
        "api/pages_per_day": "20000",
        "api/rate_limit_per_minute": "60000",
        "api/service_rate_limit_per_minute": "60000",
        "jobs/url_input_enabled": "false",
        "preview/deadline_seconds": "5",
        "preview/textract_features": "LAYOUT",
    }


@pytest.mark.parametrize(("said", "meant"), [("on", "true"), ("ON", "true"), ("off", "false"), ("", "false")])
def test_url_input_is_switched_on_by_on(said: str, meant: str) -> None:
    assert values(URL_INPUT=said)["jobs/url_input_enabled"] == meant


def test_rate_limit_is_overridden() -> None:
    assert values(RATE_LIMIT_PER_MINUTE="7")["api/rate_limit_per_minute"] == "7"
