"""Authentication: the API keys of owners, and the token with which the two services call each other.

Only SHA-256 digests of keys are stored, and every comparison takes constant time.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from shared.cached_value import CachedValue
from shared.timestamps import iso_millis, parse_iso, utc_now

READ_SCOPE = "jobs:read"
WRITE_SCOPE = "jobs:write"
ERASE_SCOPE = "jobs:erase"
SCOPES = (READ_SCOPE, WRITE_SCOPE, ERASE_SCOPE)

LONGEST_NAME = 128  # far below what a key of an index may hold
PLAIN_NAME = f"1 to {LONGEST_NAME} printable characters"
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Principal:
    """The owner of a valid key, and the scopes of the key."""

    owner: str
    key_id: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One entry of the secret ``…/api/keys``; ``sha256`` is the hex digest of the key itself."""

    id: str
    owner: str
    sha256: str
    scopes: tuple[str, ...]
    expires_at: datetime | None

    def expired(self, now: datetime) -> bool:
        return self.expires_at is not None and now >= self.expires_at


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def parse_keys(secret: str) -> tuple[ApiKey, ...]:
    """Read ``{"keys": [{"id", "owner", "sha256", "scopes", "expires_at"}]}``.

    Raises ValueError, which names the field that is wrong and quotes nothing.
    """
    entries = _document(secret).get("keys")
    if not isinstance(entries, list):
        raise ValueError("keys must be a list")  # noqa: TRY004 - one kind of error for an unusable secret
    return tuple(_parse_key(entry, f"keys[{number}]") for number, entry in enumerate(entries))


def is_plain_name(name: object) -> bool:
    """Whether ``name`` may name an owner or a key: such names are logged and indexed unchanged."""
    return (
        isinstance(name, str) and 1 <= len(name) <= LONGEST_NAME and bool(name.strip()) and name.isprintable()
    )


def dump_keys(keys: tuple[ApiKey, ...]) -> str:
    """The inverse of `parse_keys`."""
    entries = [
        asdict(key) | {"expires_at": iso_millis(key.expires_at) if key.expires_at else None} for key in keys
    ]
    return json.dumps({"keys": entries})


def _parse_key(entry: Any, where: str) -> ApiKey:
    if not isinstance(entry, dict):
        raise ValueError(f"{where} must be an object")  # noqa: TRY004 - as above
    scopes = entry.get("scopes")
    _require(is_plain_name(entry.get("id")), f"{where}.id must be {PLAIN_NAME}")
    _require(is_plain_name(entry.get("owner")), f"{where}.owner must be {PLAIN_NAME}")
    _require(
        isinstance(entry.get("sha256"), str) and _DIGEST.fullmatch(entry["sha256"]) is not None,
        f"{where}.sha256 must be 64 hex digits in lower case",
    )
    _require(
        isinstance(scopes, list) and all(scope in SCOPES for scope in scopes),
        f"{where}.scopes must be a list of {', '.join(SCOPES)}",
    )
    expires_at = _parse_expiry(entry.get("expires_at"), where)
    return ApiKey(entry["id"], entry["owner"], entry["sha256"], tuple(entry["scopes"]), expires_at)


def _parse_expiry(expires_at: Any, where: str) -> datetime | None:
    if expires_at is None:
        return None
    try:
        return parse_iso(expires_at)
    except (ValueError, TypeError):
        raise ValueError(f"{where}.expires_at must be null or a time such as 2026-01-31T00:00:00Z") from None


def _document(secret: str) -> dict[str, Any]:
    try:
        document = json.loads(secret)
    except (ValueError, RecursionError):
        raise ValueError("the secret is not JSON") from None
    if not isinstance(document, dict):
        raise ValueError("the secret is not a JSON object")  # noqa: TRY004 - as above
    return document


def _require(condition: bool, problem: str) -> None:
    if not condition:
        raise ValueError(problem)


class ApiKeys:
    """Authenticates callers; ``keys`` is usually a `cached_secret`.

    An unknown key may just have been issued, so the secret is read again for it. Only the caller with that
    key waits for the read.
    """

    def __init__(self, keys: CachedValue[tuple[ApiKey, ...]], now: Callable[[], datetime] = utc_now) -> None:
        self._keys = keys
        self._now = now

    def authenticate(self, presented: str) -> Principal | None:
        """The principal of a key, or None for one that is unknown or expired. Raises DependencyError."""
        presented_digest = digest(presented)
        return self._find(self._keys.get(), presented_digest) or self._find(
            self._keys.refresh(wait=False), presented_digest
        )

    def _find(self, keys: tuple[ApiKey, ...], presented_digest: str) -> Principal | None:
        match: ApiKey | None = None
        for key in keys:  # all of them, also after a match
            if hmac.compare_digest(key.sha256, presented_digest):
                match = key
        if match is None or match.expired(self._now()):
            return None
        return Principal(match.owner, match.id, frozenset(match.scopes))


@dataclass(frozen=True, slots=True)
class Token:
    """The secret ``…/internal/token``; ``previous`` is accepted too, so that it can be rotated."""

    current: str
    previous: str | None


def parse_token(secret: str) -> Token:
    """Read ``{"current", "previous"}``. Raises ValueError, which names the field and quotes nothing."""
    entry = _document(secret)
    token = Token(entry.get("current"), entry.get("previous") or None)  # type: ignore[arg-type]  # checked next
    for name, value in asdict(token).items():
        _require(
            _fits_a_header(value) or (name == "previous" and value is None),
            f"{name} must be printable ASCII without spaces",
        )
    return token


def _fits_a_header(token: Any) -> bool:
    return isinstance(token, str) and re.fullmatch("[!-~]+", token) is not None


def dump_token(token: Token) -> str:
    """The inverse of `parse_token`."""
    return json.dumps(asdict(token))


class InternalToken:
    """The token between the services. Either side may learn of a rotation first, so each reads the secret
    again before it gives a call up."""

    def __init__(self, token: CachedValue[Token]) -> None:
        self._token = token

    def current(self) -> str:
        """The token to present. Raises DependencyError."""
        return self._token.get().current

    def has_replaced(self, refused: str) -> bool:
        """Whether there is another token to present than the one refused. Raises DependencyError."""
        return self._token.refresh(wait=True).current != refused

    def accepts(self, presented: str) -> bool:
        """Raises DependencyError."""
        return _is_one_of(self._token.get(), presented) or _is_one_of(
            self._token.refresh(wait=True), presented
        )


def _is_one_of(token: Token, presented: str) -> bool:
    by_current = hmac.compare_digest(digest(presented), digest(token.current))
    by_previous = hmac.compare_digest(digest(presented), digest(token.previous or token.current))
    return by_current or by_previous
