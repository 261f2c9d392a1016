"""``flask work``: a worker, until it is told to stop."""

import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from preview.worker import Worker, WorkerStuck

log = logging.getLogger(__name__)

Callback = Callable[[], None]


def work_command(
    make_worker: Callable[[Callback], Worker], on_start: Sequence[Callback], on_stop: Sequence[Callback]
) -> click.Command:
    """``make_worker`` is given what reports that the worker is alive; ``on_stop`` is called last first."""

    @click.command("work")
    @click.option(
        "--heartbeat-file",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Touched again and again while the worker is well; a health check looks at its age.",
    )
    def work(heartbeat_file: Path | None) -> None:
        """Preview the pages that wait in the queue, one at a time, until SIGTERM or Ctrl-C."""
        worker = make_worker(heartbeat_file.touch if heartbeat_file else lambda: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        with ExitStack() as stack:
            for stop in on_stop:
                stack.callback(stop)
            for start in on_start:
                start()
            log.info("worker started")
            try:
                worker.run()
            except WorkerStuck:
                raise click.exceptions.Exit(1) from None
            log.info("worker stopped")

    return work
