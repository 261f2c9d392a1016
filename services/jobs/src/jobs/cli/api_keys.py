"""``flask keys``: issue, list, rotate and revoke API keys in Secrets Manager.

The key itself is printed once and stored nowhere; services notice a change within their cache time.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import click

from jobs.cli.secret_commands import SecretCommands
from shared.auth import PLAIN_NAME, SCOPES, ApiKey, digest, dump_keys, is_plain_name, parse_keys
from shared.ids import new_id
from shared.secrets import StoredValue
from shared.timestamps import iso_millis, utc_now

_KEY_BYTES = 32  # 256 bits: a key is never guessed, so a plain SHA-256 of it may be stored
_DAYS = click.IntRange(1, 3650)  # ten years
_OVERLAP_HOURS = click.IntRange(0, 8760)  # a year


class KeyRing:
    """The keys in the secret ``secret_name``; ``client`` is a Secrets Manager client.

    Each change is one write, and none is lost when others change keys at the same time.
    """

    def __init__(self, client: Any, secret_name: str, now: Callable[[], datetime] = utc_now) -> None:
        self._stored = StoredValue(client, secret_name, parse_keys, dump_keys)
        self.now = now

    def entries(self) -> tuple[ApiKey, ...]:
        """All keys; none where the secret is not there yet."""
        return self._stored.read() or ()

    def issue(self, owner: str, scopes: tuple[str, ...], expires_at: datetime | None) -> tuple[ApiKey, str]:
        """A new entry, and the key itself, which is stored nowhere."""
        secret = _new_secret()
        key = ApiKey(new_id("key", self.now()), owner, digest(secret), scopes, expires_at)
        self._stored.update(lambda keys: _with(keys or (), key))
        return key, secret

    def rotate(self, key_id: str, overlap: timedelta, days: int | None) -> tuple[ApiKey, str, datetime]:
        """A new key like an old one, which ends after the ``overlap``; also when that is.

        The new one lasts ``days``, or for ever: it does not inherit an expiry that may be near.
        """
        secret, made_id, expires_at = _new_secret(), new_id("key", self.now()), self.after(days)
        ends = self.now() + overlap

        def change(keys: tuple[ApiKey, ...] | None) -> tuple[ApiKey, ...]:
            old = _find(keys or (), key_id)
            ending = replace(old, expires_at=min(ends, old.expires_at or ends))
            kept = tuple(ending if key.id == key_id else key for key in keys or ())
            return _with(kept, ApiKey(made_id, old.owner, digest(secret), old.scopes, expires_at))

        keys = self._stored.update(change)
        return _find(keys, made_id), secret, _find(keys, key_id).expires_at or ends

    def after(self, days: int | None) -> datetime | None:
        return self.now() + timedelta(days=days) if days else None

    def revoke(self, key_id: str) -> None:
        _find(self.entries(), key_id)
        self._stored.update(lambda keys: tuple(key for key in keys or () if key.id != key_id))


def _new_secret() -> str:
    return f"ld_{secrets.token_urlsafe(_KEY_BYTES)}"


def _with(keys: tuple[ApiKey, ...], key: ApiKey) -> tuple[ApiKey, ...]:
    return keys if key in keys else (*keys, key)


def _find(keys: tuple[ApiKey, ...], key_id: str) -> ApiKey:
    for key in keys:
        if key.id == key_id:
            return key
    raise click.ClickException(f"There is no key {key_id}. 'flask keys list' shows them all.")


def _owner_name(context: click.Context, option: click.Parameter, name: str) -> str:
    if not is_plain_name(name):
        raise click.BadParameter(f"must be {PLAIN_NAME}")
    return name


@click.command("issue")
@click.option("--owner", required=True, callback=_owner_name, help="Who owns everything made with the key.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), default=SCOPES)
@click.option("--days", type=_DAYS, help="Expire after so many days; otherwise never.")
@click.pass_obj
def _issue(ring: KeyRing, owner: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a new key and print it once."""
    _show(*ring.issue(owner, tuple(scopes), ring.after(days)))


@click.command("list")
@click.pass_obj
def _list(ring: KeyRing) -> None:
    """Print every key's entry, one JSON object a line, without digests."""
    for key in ring.entries():
        click.echo(json.dumps(_listed(key, ring.now())))


@click.command("rotate")
@click.argument("key_id")
@click.option("--overlap-hours", type=_OVERLAP_HOURS, default=24, show_default=True)
@click.option("--days", type=_DAYS, help="Expire after so many days; otherwise never.")
@click.pass_obj
def _rotate(ring: KeyRing, key_id: str, overlap_hours: int, days: int | None) -> None:
    """Make a key like KEY_ID; the old one goes on for the overlap."""
    key, secret, ends = ring.rotate(key_id, timedelta(hours=overlap_hours), days)
    _show(key, secret)
    click.echo(f"The key {key_id} works until {iso_millis(ends)}.")


@click.command("revoke")
@click.argument("key_id")
@click.pass_obj
def _revoke(ring: KeyRing, key_id: str) -> None:
    """Remove KEY_ID at once."""
    ring.revoke(key_id)
    click.echo(f"The key {key_id} is revoked.")


def keys_commands(ring: KeyRing) -> click.Group:
    """The command group ``keys`` over ``ring``."""
    return SecretCommands(
        "keys",
        help="Issue, list, rotate and revoke API keys.",
        commands=[_issue, _list, _rotate, _revoke],
        context_settings={"obj": ring},
    )


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
