"""``flask token``: change the token that the services use among themselves, in Secrets Manager.

Nobody needs to see it, so it is never printed.
"""

import secrets
from typing import Any

import click

from shared.auth import Token, dump_token, parse_token

_TOKEN_BYTES = 32  # 256 bits, as an API key has


class TokenSecret:
    """The token in the secret ``secret_name``; ``client`` is a Secrets Manager client."""

    def __init__(self, client: Any, secret_name: str) -> None:
        self._client = client
        self._secret_name = secret_name

    def rotate(self) -> None:
        """A new token; the one it replaces is still accepted. A secret that is not there is created."""
        new = secrets.token_urlsafe(_TOKEN_BYTES)
        try:
            before = self._read()
        except self._client.exceptions.ResourceNotFoundException:
            self._client.create_secret(Name=self._secret_name, SecretString=dump_token(Token(new, None)))
        else:
            self._save(Token(new, before.current))

    def finish(self) -> None:
        """Accept the current token only."""
        self._save(Token(self._read().current, None))

    def _read(self) -> Token:
        return parse_token(self._client.get_secret_value(SecretId=self._secret_name)["SecretString"])

    def _save(self, token: Token) -> None:
        self._client.put_secret_value(SecretId=self._secret_name, SecretString=dump_token(token))


def token_commands(token: TokenSecret) -> click.Group:
    """The command group ``token`` over ``token``."""
    group = click.Group("token", help="Change the token that the services use among themselves.")

    @group.command("rotate")
    def rotate() -> None:
        """Make a new token; the one before goes on until 'flask token finish'."""
        token.rotate()
        click.echo("The token is rotated. Once both services work with it: flask token finish")

    @group.command("finish")
    def finish() -> None:
        """End a rotation: the token before is not accepted any more."""
        token.finish()
        click.echo("Only the current token is accepted now.")

    return group
