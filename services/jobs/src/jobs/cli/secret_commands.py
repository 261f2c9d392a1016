"""Commands for operators: what goes wrong is said in a sentence, not in a traceback."""

from typing import Any

import click

from shared.errors import DependencyError
from shared.secrets import ConcurrentChange


class SecretCommands(click.Group):
    """A group of commands that read and change a secret."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConcurrentChange as exc:
            raise click.ClickException(
                "Others changed the secret meanwhile; nothing was done. Try again."
            ) from exc
        except ValueError as exc:
            raise click.ClickException(f"The secret cannot be used: {exc}. See docs/operating.md.") from exc
        except DependencyError as exc:
            raise click.ClickException(f"{exc}: {exc.__cause__}") from exc
