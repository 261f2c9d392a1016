"""``flask reconcile``: one run of the reconciler, for a schedule to start."""

import click

from jobs.use_cases.reconcile import Reconcile


def reconcile_command(run: Reconcile) -> click.Command:
    @click.command("reconcile")
    def reconcile() -> None:
        """Bring jobs and files together again, once; exit with 1 if a part of it failed."""
        if run().failures:
            raise click.exceptions.Exit(1)

    return reconcile
