"""Fuzzing without a limit of minutes: ``make fuzz``, ``make fuzz ARGS="--mutants 20000 --seed 7"``.

The same, in small, is part of ``make test``.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from file_readers import FileReaders
from mutations import mutants
from shared.sandbox import SandboxCrashed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="repeats an earlier run")
    parser.add_argument("--mutants", type=int, default=5000, help="how many changed files the readers open")
    wanted = parser.parse_args(arguments)
    print(f"seed {wanted.seed}", flush=True)
    return 1 if fuzz_readers(wanted.mutants, wanted.seed) else 0


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
