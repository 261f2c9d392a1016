"""Which service and which key, and that a key goes nowhere else."""

from pathlib import Path

import pytest

from location_detection.configuration import NotConfigured, Service, configuration_file, configured

URL, KEY = "LOCATION_DETECTION_URL", "LOCATION_DETECTION_KEY"


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv(URL, raising=False)
    monkeypatch.delenv(KEY, raising=False)


def keep(text: str) -> None:
    configuration_file().parent.mkdir()
    configuration_file().write_text(text, encoding="utf-8")


def test_with_nothing_it_is_the_local_stack() -> None:
    assert configured() == Service("http://127.0.0.1:8080", "local-dev-key")


def test_the_file_says_both() -> None:
    keep('url = "https://plans.example.com/"\nkey = "ld_1"')
    assert configured() == Service("https://plans.example.com", "ld_1")


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    keep('url = "https://plans.example.com"\nkey = "ld_1"')
    monkeypatch.setenv(KEY, "ld_2")
    assert configured() == Service("https://plans.example.com", "ld_2")


def test_the_key_of_the_file_is_for_the_url_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    keep('url = "https://plans.example.com"\nkey = "ld_1"')
    monkeypatch.setenv(URL, "https://elsewhere.example.com")
    with pytest.raises(NotConfigured, match=KEY):
        configured()


def test_the_local_key_is_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL, "http://localhost:9000")
    assert configured().key == "local-dev-key"
    monkeypatch.setenv(URL, "https://plans.example.com")
    with pytest.raises(NotConfigured):
        configured()


@pytest.mark.parametrize("text", ["url = 1", "key", 'secret = "x"'])
def test_a_file_that_says_something_else_is_named(text: str) -> None:
    keep(text)
    with pytest.raises(NotConfigured, match=r"config\.toml"):
        configured()


@pytest.mark.parametrize("url", ["plans.example.com", "ftp://plans.example.com", "https://", "http://["])
def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv(URL, url)
    monkeypatch.setenv(KEY, "ld_1")
    with pytest.raises(NotConfigured, match=URL):
        configured()


def test_a_key_is_not_shown() -> None:
    assert "local-dev-key" not in repr(configured())
