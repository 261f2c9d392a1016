"""Secrets Manager values, parsed, cached, and kept while AWS is away."""

from collections.abc import Callable
from typing import Any, TypeVar

from shared.aws import dependency
from shared.last_good import LastGood

T = TypeVar("T")


def secret(client: Any, name: str, parse: Callable[[str], T], fresh_seconds: float) -> LastGood[T]:
    """The secret ``name`` through ``parse``, which raises ValueError for an unusable value."""

    @dependency("Secrets Manager")
    def load() -> T:
        return parse(client.get_secret_value(SecretId=name)["SecretString"])

    return LastGood(name, load, fresh_seconds)
