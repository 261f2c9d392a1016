"""schemathesis against a running stack: every operation of the public document, and chains of them.

It sends what the schemas allow and what they do not, and holds each answer to the document: no 500, no
status, header or body that is not there; what breaks the schema is refused, and what fits it is not.
"""

import subprocess
import sys
from pathlib import Path

from running_stack import REPOSITORY

DOCUMENT = REPOSITORY / "services/jobs/src/jobs/api/static/openapi.json"
CONFIGURATION = REPOSITORY / "tests/e2e/schemathesis.toml"
KEY = "local-dev-key"


def fuzz_openapi(url: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run ``st run`` with ``options`` in ``folder``; its report is in ``stdout``, 0 means all is well."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION), "run"]
    command += [str(DOCUMENT), "--url", url, "--header", f"Authorization: Bearer {KEY}"]
    command += ["--checks", "all", "--exclude-checks", "use_after_free"]  # DELETE on a job cancels it
    return subprocess.run(
        [*command, "--no-color", *options], cwd=folder, capture_output=True, text=True, check=False
    )
