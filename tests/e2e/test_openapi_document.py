"""The public document against what the services answer."""

import re
from pathlib import Path

import pytest

from e2e.textract import TextractSimulator
from openapi_fuzzing import fuzz_openapi
from running_stack import RunningStack

EXAMPLES = 10
"""Of each operation, in each phase; with as many, every operation is asked well over a dozen times."""


@pytest.mark.timeout(600)
def test_every_answer_is_as_documented(
    stack: RunningStack, textract: TextractSimulator, tmp_path: Path
) -> None:
    textract.fail("refuse")  # so that previews are quick
    run = fuzz_openapi(
        stack.addresses.router, tmp_path, "--max-examples", str(EXAMPLES), "--generation-deterministic"
    )
    assert run.returncode == 0, run.stdout + run.stderr
    generated = re.search(r"(\d+) generated", run.stdout)
    assert generated is not None
    assert int(generated[1]) > 300, run.stdout
