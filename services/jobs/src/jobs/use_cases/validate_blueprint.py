"""Whether a file is taken in: its size, what it really is, and whether that is what it was called."""

from jobs.domain.blueprint_file import (
    BlueprintFacts,
    Declaration,
    StagedBlueprint,
    check_agreement,
    check_size,
    received_format,
)
from jobs.domain.errors import InvalidFileFormat, NotABlueprint
from jobs.domain.ports import BlueprintReader


def accepted(
    blueprint: StagedBlueprint, declared: Declaration, owner: str, reader: BlueprintReader
) -> BlueprintFacts:
    """What the file is. Raises InvalidRequest, FileTooLarge, InvalidFileFormat or UnreadableBlueprint."""
    check_size(blueprint)
    try:
        facts = reader.read(blueprint.path, owner)
    except NotABlueprint as exc:
        raise InvalidFileFormat(received_format(declared), exc.found_format) from exc
    check_agreement(declared, facts.format)
    return facts
