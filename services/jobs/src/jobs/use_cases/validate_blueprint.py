"""Validate a blueprint: its size, what its content is, and whether that is what the caller declared."""

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


def validate_blueprint(
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
