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


def test_a_total_is_counted_besides() -> None:
    stream = io.StringIO()
    metrics = Metrics("jobs", "test", stream)
    metrics.record({"Requests": (1, "Count"), "Latency": (7.5, "Milliseconds")}, ["Latency"], route="/jobs")
    by_route, total = json.loads(stream.getvalue())["_aws"]["CloudWatchMetrics"]
    assert by_route["Dimensions"] == [["service", "environment", "route"]]
    assert [metric["Name"] for metric in by_route["Metrics"]] == ["Requests", "Latency"]
    assert (total["Dimensions"], total["Metrics"]) == (
        [["service", "environment"]],
        [{"Name": "Latency", "Unit": "Milliseconds"}],
    )


def test_a_line_is_written_in_one_piece() -> None:
    stream = Pieces()
    Metrics("jobs", "test", stream).count("Jobs", status="pending")
    (line,) = stream.written
    assert line.endswith("\n")
    assert json.loads(line)["Jobs"] == 1
