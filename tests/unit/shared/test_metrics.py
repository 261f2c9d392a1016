"""Metric lines stay whole."""

import io
import json

from shared.metrics import Metrics


class Pieces(io.StringIO):
    """Remembers what was written at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def write(self, text: str) -> int:
        self.written.append(text)
        return len(text)


def test_a_line_is_written_in_one_piece() -> None:
    stream = Pieces()
    Metrics("jobs", "test", stream).count("Jobs", status="pending")
    (line,) = stream.written
    assert line.endswith("\n")
    assert json.loads(line)["Jobs"] == 1
