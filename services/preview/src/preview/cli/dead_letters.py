"""``flask dead-letters``: pages that were taken from the queue too often, for operators."""

import json
from typing import Any

import click

from preview.domain.ports import DeadLetters
from shared.errors import DependencyError
from shared.timestamps import iso_millis


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DependencyError as exc:
            raise click.ClickException(f"{exc}: {exc.__cause__}") from exc


@click.command("list")
@click.pass_obj
def _list(letters: DeadLetters) -> None:
    """Print every dead letter, one JSON object a line, oldest first; they stay where they are."""
    for letter in sorted(letters.read(), key=lambda letter: letter.sent_at):
        page = letter.queued
        named = {"job_id": page.job_id, "page": page.page} if page else {"job_id": None, "page": None}
        click.echo(json.dumps({**named, "sent_at": iso_millis(letter.sent_at)}))


@click.command("redrive")
@click.pass_obj
def _redrive(letters: DeadLetters) -> None:
    """Send every dead letter back to the queue of pages; may be repeated."""
    click.echo(f"{letters.redrive()} sent back.")


def dead_letters_commands(letters: DeadLetters) -> click.Group:
    """The command group ``dead-letters`` over ``letters``."""
    return _Commands(
        "dead-letters",
        help="List dead letters of the queue of pages, and send them back.",
        commands=[_list, _redrive],
        context_settings={"obj": letters},
    )
