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

from shared.auth import SCOPES, ApiKey, digest, dump_keys, parse_keys
from shared.clock import iso_millis, utc_now
from shared.ids import new_id

_KEY_BYTES = 32  # 256 bits: a key is never guessed, so a plain SHA-256 of it may be stored


def keys_commands(client: Any, secret_name: str, now: Callable[[], datetime] = utc_now) -> click.Group:
    """The command group over the secret ``secret_name``; ``client`` is a Secrets Manager client."""
    group = click.Group("keys", help="Issue, list, rotate and revoke API keys.")

    def load() -> tuple[ApiKey, ...]:
        try:
            return parse_keys(client.get_secret_value(SecretId=secret_name)["SecretString"])
        except client.exceptions.ResourceNotFoundException:
            client.create_secret(Name=secret_name, SecretString=dump_keys(()))
            return ()

    def save(keys: tuple[ApiKey, ...]) -> None:
        client.put_secret_value(SecretId=secret_name, SecretString=dump_keys(keys))

    def find(key_id: str) -> ApiKey:
        for key in load():
            if key.id == key_id:
                return key
        raise click.ClickException(f"There is no key {key_id}. 'flask keys list' shows them all.")

    def add(owner: str, scopes: tuple[str, ...], expires_at: datetime | None) -> None:
        secret = f"ld_{secrets.token_urlsafe(_KEY_BYTES)}"
        key = ApiKey(new_id("key", now()), owner, digest(secret), scopes, expires_at)
        save((*load(), key))
        click.echo(f"id:  {key.id}\nkey: {secret}\nKeep the key now; it is not shown again.")

    @group.command("issue")
    @click.option("--owner", required=True, help="Who owns everything made with the key.")
    @click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), default=SCOPES)
    @click.option("--days", type=click.IntRange(min=1), help="Expire after so many days; otherwise never.")
    def issue(owner: str, scopes: tuple[str, ...], days: int | None) -> None:
        """Make a new key and print it once."""
        add(owner, tuple(scopes), now() + timedelta(days=days) if days else None)

    @group.command("list")
    def list_keys() -> None:
        """Print every key's entry, one JSON object a line, without digests."""
        for key in load():
            entry = {
                "id": key.id,
                "owner": key.owner,
                "scopes": key.scopes,
                "expires_at": iso_millis(key.expires_at) if key.expires_at else None,
                "expired": key.expired(now()),
            }
            click.echo(json.dumps(entry))

    @group.command("rotate")
    @click.argument("key_id")
    @click.option("--overlap-hours", type=click.IntRange(min=0), default=24, show_default=True)
    def rotate(key_id: str, overlap_hours: int) -> None:
        """Make a key like KEY_ID; the old one goes on for the overlap."""
        old = find(key_id)
        ends = now() + timedelta(hours=overlap_hours)
        shortened = replace(old, expires_at=min(ends, old.expires_at or ends))
        save(tuple(shortened if key.id == key_id else key for key in load()))
        add(old.owner, old.scopes, old.expires_at)
        click.echo(f"The key {key_id} works until {iso_millis(shortened.expires_at or ends)}.")

    @group.command("revoke")
    @click.argument("key_id")
    def revoke(key_id: str) -> None:
        """Remove KEY_ID at once."""
        find(key_id)
        save(tuple(key for key in load() if key.id != key_id))
        click.echo(f"The key {key_id} is revoked.")

    return group
