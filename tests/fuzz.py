"""More of the fuzzing that ``make test`` does in small: ``make fuzz ARGS="--seed 7 --minutes 10"``."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from e2e.textract import TextractSimulator
from file_readers import FileReaders
from mutations import mutants
from openapi_fuzzing import fuzz_openapi
from running_stack import RunningStack
from shared.sandbox import SandboxCrashed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="repeats an earlier run")
    parser.add_argument("--mutants", type=int, default=5000, help="how many changed files the readers open")
    parser.add_argument("--minutes", type=float, default=5, help="how long requests are sent to the stack")
    parser.add_argument("--examples", type=int, default=100, help="requests of an operation in each phase")
    wanted = parser.parse_args(arguments)
    print(f"seed {wanted.seed}", flush=True)
    unforeseen = fuzz_readers(wanted.mutants, wanted.seed)
    undocumented = fuzz_api(wanted.minutes, wanted.examples, wanted.seed)
    return 1 if unforeseen or undocumented else 0


def fuzz_readers(count: int, seed: int) -> int:
    """Have the readers open ``count`` changed files; keep those whose end nobody foresaw, and count them."""
    kept = Path(tempfile.mkdtemp(prefix="fuzz-"))
    fates: Counter[str] = Counter()
    with FileReaders(kept) as readers:
        for number, content in enumerate(mutants(count, seed)):
            try:
                fates[readers.fate_of(content).name] += 1
            except SandboxCrashed as exc:
                found = kept / f"mutant-{seed}-{number}"
                found.write_bytes(content)
                print(f"{exc}: see {found}", flush=True)
                fates["UNFORESEEN"] += 1
    print(f"{count} changed files: {dict(fates)}")
    return fates["UNFORESEEN"]


def fuzz_api(minutes: float, examples: int, seed: int) -> int:
    """Send requests to a stack of its own, show schemathesis's report and return its status."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    limits = ["--seed", seed, "--max-time", round(minutes * 60), "--max-examples", examples]
    stack = RunningStack.start(folder)
    try:
        TextractSimulator(stack.addresses.textract).fail("refuse")  # so that previews are quick
        run = fuzz_openapi(stack.addresses.router, folder, *map(str, limits))
    finally:
        stack.stop()
    print(run.stdout + run.stderr)
    print(f"the log of the stack is {folder / 'stack.log'}")
    return run.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
