"""Secrets Manager values: cached, stale-on-error, and changed by compare-and-swap."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Generic, TypeVar

from botocore.exceptions import ClientError

from shared.aws import dependency
from shared.cached_value import CachedValue
from shared.retry import Backoff, call_with_retries

T = TypeVar("T")

_CURRENT, _PENDING = "AWSCURRENT", "AWSPENDING"
_BETWEEN_CHANGES = Backoff(retries=8, base_seconds=0.05)  # 13 s at most, for a handful of people at once


def cached_secret(client: Any, name: str, parse: Callable[[str], T], fresh_seconds: float) -> CachedValue[T]:
    """The secret ``name`` through ``parse``.

    ``parse`` raises ValueError for an unusable value, without quoting it.
    """

    @dependency("Secrets Manager")
    def load() -> T:
        return parse(_text(client.get_secret_value(SecretId=name, VersionStage=_CURRENT)))

    return CachedValue(name, load, fresh_seconds)


class ConcurrentChange(Exception):
    """Each attempt met a concurrent change between reading and writing; nothing was written."""


class StoredValue(Generic[T]):
    """The value of the secret ``name``, for the commands that change it."""

    def __init__(
        self,
        client: Any,
        name: str,
        parse: Callable[[str], T],
        dump: Callable[[T], str],
        backoff: Backoff = _BETWEEN_CHANGES,
    ) -> None:
        self._client = client
        self._name = name
        self._parse = parse
        self._dump = dump
        self._backoff = backoff

    @dependency("Secrets Manager")
    def read(self) -> T | None:
        """The value, or None where there is no such secret. Raises ValueError, DependencyError."""
        found = self._fetch()
        return None if found is None else self._parse(_text(found))

    @dependency("Secrets Manager")
    def update(self, change: Callable[[T | None], T]) -> T:
        """Replace the value by what ``change`` makes of it, and return that; a missing secret is created.

        ``change`` may be called again, also with a value that holds its change already.
        Raises ConcurrentChange, ValueError, DependencyError.
        """
        return call_with_retries(
            lambda: self._compare_and_swap(change),
            backoff=self._backoff,
            is_transient=lambda exc: isinstance(exc, ConcurrentChange),
        )

    def _compare_and_swap(self, change: Callable[[T | None], T]) -> T:
        found = self._fetch()
        before = None if found is None else self._parse(_text(found))
        after = change(before)
        if found is None:
            self._create(self._dump(after))
        elif after != before:
            pending = self._client.put_secret_value(
                SecretId=self._name, SecretString=self._dump(after), VersionStages=[_PENDING]
            )
            self._make_current(pending["VersionId"], instead_of=found["VersionId"])
        return after

    def _create(self, text: str) -> None:
        try:
            self._client.create_secret(Name=self._name, SecretString=text)
        except self._client.exceptions.ResourceExistsException as exc:
            raise ConcurrentChange from exc

    def _make_current(self, version: str, *, instead_of: str) -> None:
        """AWS moves the label only from where it is, and in one step.

        See RemoveFromVersionId in
        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
        """
        try:
            self._client.update_secret_version_stage(
                SecretId=self._name,
                VersionStage=_CURRENT,
                RemoveFromVersionId=instead_of,
                MoveToVersionId=version,
            )
        except ClientError as exc:
            found = self._fetch()
            if found is not None and found["VersionId"] != instead_of:
                raise ConcurrentChange from exc
            raise

    def _fetch(self) -> Any:
        with suppress(self._client.exceptions.ResourceNotFoundException):
            return self._client.get_secret_value(SecretId=self._name, VersionStage=_CURRENT)
        return None


def _text(found: Any) -> str:
    text = found.get("SecretString")
    if not isinstance(text, str):
        raise ValueError("the secret holds no text")  # noqa: TRY004 - one kind of error for an unusable secret
    return text
