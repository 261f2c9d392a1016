"""``flask feedback``: what people said about rooms, for operators."""

from pathlib import Path

import click

from jobs.use_cases.export_feedback import ExportFeedback
from shared.errors import DependencyError


def feedback_commands(export_feedback: ExportFeedback) -> click.Group:
    group = click.Group("feedback", help="What people said about rooms.")

    @group.command("export")
    @click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
    def export(folder: Path) -> None:
        """Write corrected pages into FOLDER as an evaluation set: COCO JSON and the stored files.

        Run again into the same folder, it adds what was said and removes what was erased since.
        """
        try:
            document = export_feedback(folder)
        except DependencyError as exc:
            raise click.ClickException(f"{exc}: {exc.__cause__}") from exc
        images, annotations = document["images"], document["annotations"]
        click.echo(f"{len(images)} pages with {len(annotations)} rooms in {folder}")

    return group
