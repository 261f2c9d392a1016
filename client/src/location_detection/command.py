"""The command ``location-detection``."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from location_detection import errors
from location_detection.client import Client
from location_detection.configuration import NotConfigured, configured
from location_detection.detection import FORMATS, Options
from location_detection.plans import NoPlans, find_plans
from location_detection.results import FolderInUse
from location_detection.run import INTERRUPTED, Run
from location_detection.scale import GivenScale, InvalidScale, parse_scale
from location_detection.tables import pages_of, print_results, print_rooms, print_rooms_of, print_table
from location_detection.transport import printable

FAILED, WRONG_USE, NO_SERVICE = 1, 2, 3
PATIENCE_SECONDS = 15
"""For the small commands, which a person watches."""


class ExplainedGroup(click.Group):
    """Ends with a sentence and a status where the client raises."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (errors.LocationDetectionError, OSError) as failure:
            tell_failure(failure)
            ctx.exit(exit_status(failure))


def exit_status(failure: Exception) -> int:
    if isinstance(failure, NotConfigured | FolderInUse):
        return WRONG_USE
    return NO_SERVICE if isinstance(failure, errors.SERVICE_FAILURES) else FAILED


def tell_failure(failure: Exception) -> None:
    click.echo(f"Error: {printable(str(failure))}", err=True)
    if isinstance(failure, errors.Unreachable) and configured().is_local:
        click.echo("Is it started? make run", err=True)


class Formats(click.ParamType[tuple[str, ...]]):
    """Names with commas between them."""

    name = "formats"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        wanted = tuple(part.strip().lower() for part in str(value).split(","))
        for name in wanted:
            if name not in FORMATS:
                self.fail(f"{name!r} is none of {', '.join(FORMATS)}.", param, ctx)
        return wanted


class Scale(click.ParamType[GivenScale]):
    name = "scale"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> GivenScale:
        try:
            return parse_scale(str(value))
        except InvalidScale as invalid:
            self.fail(printable(str(invalid)), param, ctx)


@click.group(cls=ExplainedGroup)
@click.version_option(package_name="location-detection")
def main() -> None:
    """Find the rooms on floor plans.

    The service and the key come from LOCATION_DETECTION_URL and LOCATION_DETECTION_KEY, or from url and key
    in ~/.config/location-detection/config.toml. Without them it is the local stack of `make run`.

    Exit status: 0 all succeeded, 1 some failed, 2 wrong use, 3 the service could not be reached or refused
    the key, 130 stopped by Ctrl-C.
    """


@main.command()
@click.argument(
    "plans", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PLAN..."
)
@click.option("--pages", default="all", show_default=True, help="Pages of each PDF: all, or as in 1-3,7.")
@click.option(
    "--format",
    "formats",
    type=Formats(),
    multiple=True,
    default=["csv"],
    metavar="FORMAT,...",
    help=f"What to write, csv unless given: {', '.join(FORMATS)}.",
)
@click.option(
    "-o",
    "out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("rooms"),
    show_default=True,
    metavar="OUT",
    help="The folder for the results and the state of the run.",
)
@click.option(
    "--scale",
    type=Scale(),
    help='The scale of all pages: 1:100, for PDF only, or {"from": [x, y], "to": [x, y], "metres": 5.2} with '
    "points from 0 to 1000 along each side of the page.",
)
@click.option("--corrected", is_flag=True, help="The rooms as people corrected them.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=3600,
    show_default=True,
    help="Seconds to wait for a plan.",
)
@click.option("--rooms", "with_rooms", is_flag=True, help="Print the rooms of each plan too.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_context
def detect(
    ctx: click.Context,
    /,
    plans: tuple[Path, ...],
    formats: tuple[tuple[str, ...], ...],
    out: Path,
    with_rooms: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Find the rooms on PLANs: files, and folders of png, jpg and pdf files.

    Writes OUT/NAME.FORMAT for each plan (schedule: OUT/NAME.schedule.xlsx; svg, dxf and png:
    OUT/NAME.pN.FORMAT for each page) and OUT/summary.json. The same command with the same OUT goes on where
    it was stopped, sends nothing twice, and tries again what failed.
    """
    wanted = Options(formats=tuple(dict.fromkeys(sum(formats, ()))), **options)
    try:
        found = find_plans(plans, out)
    except NoPlans as nothing:
        raise click.UsageError(printable(str(nothing))) from nothing
    run = Run(found, out, wanted)
    run.go()
    if as_json:
        click.echo(json.dumps(run.summary(), indent=2))
    else:
        print_results(run.results, out)
        if with_rooms and run.failure is None:
            print_rooms_of(run.results, corrected=wanted.corrected)
    if run.failure is not None:
        tell_failure(run.failure)
        click.echo("The same command goes on from here.", err=True)
        ctx.exit(exit_status(run.failure))
    if run.interrupted:
        click.echo("Stopped. The same command goes on from here.", err=True)
        ctx.exit(INTERRUPTED)
    ctx.exit(0 if all(result.succeeded for result in run.results) else FAILED)


@main.command(name="list")
@click.option("--status", help="Only jobs that are pending, processing, completed, failed or cancelled.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def list_jobs(status: str | None, limit: int, as_json: bool) -> None:
    """List your jobs, newest first."""
    with Client(retry_seconds=PATIENCE_SECONDS) as client:
        jobs = list(client.jobs(status=status, limit=limit))
    if as_json:
        click.echo(json.dumps([asdict(job) for job in jobs], indent=2))
        return
    rows = [
        [job.job_id, job.status, job.blueprint_filename or "-", pages_of(job), job.created_at] for job in jobs
    ]
    print_table(["job", "status", "file", "pages", "created"], rows)


@main.command()
@click.argument("job_id", metavar="JOB")
@click.option("--page", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--corrected", is_flag=True, help="The rooms as people corrected them.")
@click.option("--json", "as_json", is_flag=True)
def show(job_id: str, page: int, corrected: bool, as_json: bool) -> None:
    """Show a job and the rooms of one of its pages."""
    with Client(retry_seconds=PATIENCE_SECONDS) as client:
        job = client.job(job_id)
        try:
            preview = client.preview(job_id, page, corrected=corrected)
        except errors.PreviewNotFound:
            preview = None
    if as_json:
        click.echo(
            json.dumps({"job": asdict(job), "preview": asdict(preview) if preview else None}, indent=2)
        )
        return
    why = job.error.message if job.error else job.message or ""
    print_table(
        ["job", "status", "file", "pages", ""],
        [[job.job_id, job.status, job.blueprint_filename or "-", pages_of(job), why]],
    )
    if preview is None:
        click.echo(f"Page {page} has no preview.")
        return
    print_rooms(preview)


@main.command()
@click.argument("job_ids", nargs=-1, required=True, metavar="JOB...")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(job_ids: tuple[str, ...], yes: bool) -> None:
    """Erase jobs with their files, results and feedback, for good."""
    if not yes:
        click.confirm(f"Erase {len(job_ids)} job(s) and everything made of them?", abort=True)
    with Client(retry_seconds=PATIENCE_SECONDS) as client:
        for job_id in job_ids:
            client.erase(job_id)
            click.echo(f"{job_id} is erased.")


@main.command()
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    metavar="FOLDER...",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
def mcp(folders: tuple[Path, ...]) -> None:
    """Serve tools for agents over the Model Context Protocol, on standard input and output.

    They read and write files below the FOLDERs only.
    """
    try:
        from location_detection.mcp_server import server  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as missing:
        raise click.UsageError(
            "It needs an extra: pip install './client[mcp]' in the repository."
        ) from missing
    with Client(retry_seconds=PATIENCE_SECONDS) as client:
        server(client, folders).run("stdio")


if __name__ == "__main__":
    sys.exit(main())
