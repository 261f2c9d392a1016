"""Prints what a job's summary says of its tests: ``python summary.py report.xml [coverage.json]``."""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree as ET


def counts(report: Path) -> dict[str, int]:
    """Return how many tests there were, and how many of them did not pass, by reason."""
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 - pytest wrote it a moment ago
    found = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        found = {name: number + int(suite.get(name, 0)) for name, number in found.items()}
    return found


def summary(report: Path, coverage: Path | None) -> str:
    """Return a short table in Markdown."""
    found = counts(report)
    found["passed"] = 2 * found["tests"] - sum(found.values())
    row = {name: str(found[name]) for name in ("passed", "failures", "errors", "skipped")}
    if coverage:
        row["coverage"] = f"{json.loads(coverage.read_text())['totals']['percent_covered']:.1f} %"
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (row.keys(), ["---:"] * len(row), row.values()))


def main() -> int:
    report, *coverage = map(Path, sys.argv[1:])
    if not report.exists():
        sys.stdout.write("No test ran.\n")
        return 0
    sys.stdout.write(summary(report, coverage[0] if coverage and coverage[0].exists() else None) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
