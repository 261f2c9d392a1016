"""``flask token``: change the token that the services use among themselves, in Secrets Manager.

Nobody needs to see it, so it is never printed.
"""

import secrets
from typing import Any

import click

from jobs.cli.secret_commands import SecretCommands
from shared.auth import Token, dump_token, parse_token
from shared.secrets import StoredValue

_TOKEN_BYTES = 32  # 256 bits, as an API key has


class TokenSecret:
    """The token in the secret ``secret_name``; ``client`` is a Secrets Manager client."""

    def __init__(self, client: Any, secret_name: str) -> None:
        self._stored = StoredValue(client, secret_name, parse_token, dump_token)

    def rotate(self) -> None:
        """A new token; the one it replaces is still accepted. A secret that is not there is created."""
        new = secrets.token_urlsafe(_TOKEN_BYTES)

        def change(token: Token | None) -> Token:
            if token is None:
                return Token(new, None)
            return token if token.current == new else Token(new, token.current)

        self._stored.update(change)

    def finish(self) -> None:
        """Accept the current token only."""

        def change(token: Token | None) -> Token:
            if token is None:
                raise click.ClickException("There is no token yet. 'flask token rotate' makes one.")
            return Token(token.current, None)

        self._stored.update(change)


def token_commands(token: TokenSecret) -> click.Group:
    """The command group ``token`` over ``token``."""
    group = SecretCommands("token", help="Change the token that the services use among themselves.")

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
