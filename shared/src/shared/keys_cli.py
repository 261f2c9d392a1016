"""``flask keys``: issue, list, rotate and revoke API keys in Secrets Manager.

The key itself is printed once and stored nowhere; services notice a change within their cache time.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from shared.auth import SCOPES, ApiKey, digest, dump_keys, parse_keys
from shared.clock import iso_millis, utc_now
from shared.ids import new_id

_KEY_BYTES = 32  # 256 bits: a key is never guessed, so a plain SHA-256 of it may be stored
_LONGEST_OWNER = 128  # far below what a key of an index may hold


class KeyRing:
    """The keys in the secret ``secret_name``; ``client`` is a Secrets Manager client."""

    def __init__(self, client: Any, secret_name: str, now: Callable[[], datetime] = utc_now) -> None:
        self._client = client
        self._secret_name = secret_name
        self.now = now

    def entries(self) -> tuple[ApiKey, ...]:
        """All keys; a secret that is not there yet is created."""
        try:
            return parse_keys(self._client.get_secret_value(SecretId=self._secret_name)["SecretString"])
        except self._client.exceptions.ResourceNotFoundException:
            self._client.create_secret(Name=self._secret_name, SecretString=dump_keys(()))
            return ()

    def issue(self, owner: str, scopes: tuple[str, ...], expires_at: datetime | None) -> tuple[ApiKey, str]:
        """A new entry, and the key itself, which is stored nowhere."""
        secret = f"ld_{secrets.token_urlsafe(_KEY_BYTES)}"
        key = ApiKey(new_id("key", self.now()), owner, digest(secret), scopes, expires_at)
        self._save((*self.entries(), key))
        return key, secret

    def rotate(self, key_id: str, overlap: timedelta, days: int | None) -> tuple[ApiKey, str, datetime]:
        """A new key like an old one, which ends after the ``overlap``; also when that is.

        The new one lasts ``days``, or for ever: it does not inherit an expiry that may be near.
        """
        old = self._find(key_id)
        ends = min(self.now() + overlap, old.expires_at or datetime.max.replace(tzinfo=UTC))
        self._save(tuple(replace(k, expires_at=ends) if k.id == key_id else k for k in self.entries()))
        return *self.issue(old.owner, old.scopes, self.after(days)), ends

    def after(self, days: int | None) -> datetime | None:
        return self.now() + timedelta(days=days) if days else None

    def revoke(self, key_id: str) -> None:
        self._find(key_id)
        self._save(tuple(key for key in self.entries() if key.id != key_id))

    def _find(self, key_id: str) -> ApiKey:
        for key in self.entries():
            if key.id == key_id:
                return key
        raise click.ClickException(f"There is no key {key_id}. 'flask keys list' shows them all.")

    def _save(self, keys: tuple[ApiKey, ...]) -> None:
        self._client.put_secret_value(SecretId=self._secret_name, SecretString=dump_keys(keys))


def keys_commands(ring: KeyRing) -> click.Group:
    """The command group ``keys`` over ``ring``."""
    group = click.Group("keys", help="Issue, list, rotate and revoke API keys.")

    @group.command("issue")
    @click.option(
        "--owner", required=True, callback=_owner_name, help="Who owns everything made with the key."
    )
    @click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), default=SCOPES)
    @click.option("--days", type=click.IntRange(min=1), help="Expire after so many days; otherwise never.")
    def issue(owner: str, scopes: tuple[str, ...], days: int | None) -> None:
        """Make a new key and print it once."""
        _show(*ring.issue(owner, tuple(scopes), ring.after(days)))

    @group.command("list")
    def list_keys() -> None:
        """Print every key's entry, one JSON object a line, without digests."""
        for key in ring.entries():
            click.echo(json.dumps(_listed(key, ring.now())))

    @group.command("rotate")
    @click.argument("key_id")
    @click.option("--overlap-hours", type=click.IntRange(min=0), default=24, show_default=True)
    @click.option("--days", type=click.IntRange(min=1), help="Expire after so many days; otherwise never.")
    def rotate(key_id: str, overlap_hours: int, days: int | None) -> None:
        """Make a key like KEY_ID; the old one goes on for the overlap."""
        key, secret, ends = ring.rotate(key_id, timedelta(hours=overlap_hours), days)
        _show(key, secret)
        click.echo(f"The key {key_id} works until {iso_millis(ends)}.")

    @group.command("revoke")
    @click.argument("key_id")
    def revoke(key_id: str) -> None:
        """Remove KEY_ID at once."""
        ring.revoke(key_id)
        click.echo(f"The key {key_id} is revoked.")

    return group


def _owner_name(context: click.Context, option: click.Parameter, name: str) -> str:
    """Names go into logs and indexes as they are; what cannot be printed is reserved there."""
    if not name.strip() or not name.isprintable() or len(name) > _LONGEST_OWNER:
        raise click.BadParameter(f"must be 1 to {_LONGEST_OWNER} printable characters")
    return name


def _show(key: ApiKey, secret: str) -> None:
    click.echo(f"id:  {key.id}\nkey: {secret}\nKeep the key now; it is not shown again.")


def _listed(key: ApiKey, now: datetime) -> dict[str, Any]:
    return {
        "id": key.id,
        "owner": key.owner,
        "scopes": key.scopes,
        "expires_at": iso_millis(key.expires_at) if key.expires_at else None,
        "expired": key.expired(now),
    }
