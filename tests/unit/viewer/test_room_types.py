"""The viewer offers the types that the service takes."""

import re

from jobs.api.viewer import FOLDER
from jobs.domain.feedback import ROOM_TYPES


def test_the_viewer_offers_every_room_type() -> None:
    source = (FOLDER / "editor/room_types.js").read_text()
    assert tuple(re.findall(r'"(\w+)"', source)) == ROOM_TYPES
