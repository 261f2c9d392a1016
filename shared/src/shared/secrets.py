"""Secrets Manager values: cached, and kept while AWS is away."""

from collections.abc import Callable
from typing import Any, TypeVar

from shared.aws import dependency
from shared.last_good import LastGood

T = TypeVar("T")

_CURRENT = "AWSCURRENT"


def secret(client: Any, name: str, parse: Callable[[str], T], fresh_seconds: float) -> LastGood[T]:
    """The secret ``name`` through ``parse``.

    ``parse`` raises ValueError for an unusable value, without quoting it.
    """

    @dependency("Secrets Manager")
    def load() -> T:
        return parse(_text(client.get_secret_value(SecretId=name, VersionStage=_CURRENT)))

    return LastGood(name, load, fresh_seconds)


def _text(found: Any) -> str:
    text = found.get("SecretString")
    if not isinstance(text, str):
        raise ValueError("the secret holds no text")  # noqa: TRY004 - one kind of error for an unusable secret
    return text
