"""Metrics in CloudWatch's embedded metric format: one JSON line each on stdout, no call to AWS.

Format: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import sys
import time
from collections.abc import Collection, Mapping
from typing import IO, Any, Literal

Unit = Literal["Count", "Seconds", "Milliseconds", "Bytes", "Percent", "None"]

NAMESPACE = "LocationDetection"


class Metrics:
    """Every line has the dimensions ``service`` and ``environment`` besides its own."""

    def __init__(self, service: str, environment: str, stream: IO[str] | None = None) -> None:
        self._common = {"service": service, "environment": environment}
        self._stream = stream

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        self.observe(name, value, "Count", **dimensions)

    def observe(self, name: str, value: float, unit: Unit, **dimensions: str) -> None:
        self.record({name: (value, unit)}, **dimensions)

    def record(
        self, values: Mapping[str, tuple[float, Unit]], totals: Collection[str] = (), **dimensions: str
    ) -> None:
        """Several metrics that share their dimensions, in one line; ``totals`` also without these."""
        all_dimensions = self._common | dimensions
        directives = [_directive(all_dimensions, values)]
        if totals:
            directives.append(_directive(self._common, {name: values[name] for name in totals}))
        line: dict[str, Any] = {
            "_aws": {
                "Timestamp": int(time.time() * 1000),
                "CloudWatchMetrics": directives,
            },
            **all_dimensions,
            **{name: value for name, (value, _) in values.items()},
        }
        stream = self._stream or sys.stdout
        stream.write(json.dumps(line) + "\n")  # one write, or lines of other threads come between
        stream.flush()


def _directive(dimensions: Mapping[str, str], values: Mapping[str, tuple[float, Unit]]) -> dict[str, Any]:
    return {
        "Namespace": NAMESPACE,
        "Dimensions": [list(dimensions)],
        "Metrics": [{"Name": name, "Unit": unit} for name, (_, unit) in values.items()],
    }
