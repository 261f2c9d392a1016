"""Who may call: API keys of owners, and the token of the two services among themselves.

Only SHA-256 digests are kept, and every comparison takes the same time whatever it compares.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from shared.clock import iso_millis, parse_iso, utc_now
from shared.last_good import LastGood

SCOPES = ("jobs:read", "jobs:write", "jobs:erase")


@dataclass(frozen=True, slots=True)
class Principal:
    """The owner behind a valid key, and what the key may do."""

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
    """Read ``{"keys": [{"id", "owner", "sha256", "scopes", "expires_at"}]}``. Raises ValueError."""
    try:
        return tuple(_parse_key(entry) for entry in json.loads(secret)["keys"])
    except (KeyError, TypeError, AttributeError) as exc:
        raise ValueError("the secret does not hold API keys") from exc


def dump_keys(keys: tuple[ApiKey, ...]) -> str:
    """The inverse of `parse_keys`."""
    entries = [
        asdict(key) | {"expires_at": iso_millis(key.expires_at) if key.expires_at else None} for key in keys
    ]
    return json.dumps({"keys": entries})


def _parse_key(entry: dict[str, Any]) -> ApiKey:
    expires_at = entry.get("expires_at")
    return ApiKey(
        id=entry["id"],
        owner=entry["owner"],
        sha256=entry["sha256"],
        scopes=tuple(entry["scopes"]),
        expires_at=parse_iso(expires_at) if expires_at else None,
    )


class ApiKeys:
    """``keys`` is usually a `secret`; `authenticate` looks at every entry, also after a match."""

    def __init__(self, keys: LastGood[tuple[ApiKey, ...]], now: Callable[[], datetime] = utc_now) -> None:
        self._keys = keys
        self._now = now

    def authenticate(self, presented: str) -> Principal | None:
        """The principal of a key, or None for one that is unknown or expired. Raises DependencyError."""
        presented_digest = digest(presented)
        match: ApiKey | None = None
        for key in self._keys.get():
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
    """Read ``{"current", "previous"}``. Raises ValueError."""
    try:
        entry = json.loads(secret)
        token = Token(entry["current"], entry.get("previous") or None)
    except (KeyError, TypeError, AttributeError) as exc:
        raise ValueError("the secret does not hold a token") from exc
    if not token.current:
        raise ValueError("the token is empty")
    return token


def dump_token(token: Token) -> str:
    """The inverse of `parse_token`."""
    return json.dumps(asdict(token))


class InternalToken:
    """Each side looks at the secret again before it gives a call up, so that a rotation interrupts nothing:
    a caller may know the new token earlier or later than the one who is called."""

    def __init__(self, token: LastGood[Token]) -> None:
        self._token = token

    def current(self) -> str:
        """The token to present. Raises DependencyError."""
        return self._token.get().current

    def has_replaced(self, refused: str) -> bool:
        """Whether there is another token to present than the one refused. Raises DependencyError."""
        return self._token.look_again().current != refused

    def accepts(self, presented: str) -> bool:
        """Raises DependencyError."""
        return _is_one_of(self._token.get(), presented) or _is_one_of(self._token.look_again(), presented)


def _is_one_of(token: Token, presented: str) -> bool:
    by_current = hmac.compare_digest(digest(presented), digest(token.current))
    by_previous = hmac.compare_digest(digest(presented), digest(token.previous or token.current))
    return by_current or by_previous
