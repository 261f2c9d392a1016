"""Measures the figures that the product promises and prints them; asserts nothing.

``python tests/benchmarks/bench.py [--only creating,reading] [--running]``: starts a stack of its own on free
ports and a fresh state, unless ``--running`` names the one that ``make run`` started.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))  # tests/, for running_stack

import calls
import creating
import detecting
import overload
import previewing
import reading
import sets
from figures import Figure, table
from target import Target

from running_stack import Addresses, RunningStack

GROUPS: dict[str, Callable[[Target], Iterator[Figure]]] = {
    "creating": creating.measure,
    "reading": reading.measure,
    "previewing": previewing.measure,
    "detecting": detecting.measure,
    "overload": overload.measure,
    "sets": sets.measure,
    "calls": calls.measure,
}


@contextmanager
def own_stack() -> Iterator[Target]:
    """Start a stack, and stop it at the end."""
    with tempfile.TemporaryDirectory() as folder:
        stack = RunningStack.start(Path(folder))
        try:
            yield Target(stack.addresses, stack.pid)
        finally:
            stack.stop()


@contextmanager
def running_stack() -> Iterator[Target]:
    """Use what runs; JOBS_URL and PREVIEW_URL name the services' own addresses, which ``make run`` prints."""
    router, aws, textract = (
        f"http://127.0.0.1:{os.environ.get(name, default)}"
        for name, default in (("PORT", "8080"), ("LOCAL_AWS_PORT", "4566"), ("LOCAL_TEXTRACT_PORT", "4567"))
    )
    jobs, preview = (os.environ.get(name, router) for name in ("JOBS_URL", "PREVIEW_URL"))
    yield Target(Addresses(router, jobs, preview, aws, textract), None)


def main() -> None:
    options = _options()
    figures: list[Figure] = []
    of_sets = partial(sets.measure, files=options.files, pages=options.pages, kill=options.kill)
    with running_stack() if options.running else own_stack() as target:
        for name in options.only:
            sys.stderr.write(f"measuring {name} ...\n")
            figures += (of_sets if name == "sets" else GROUPS[name])(target)
    sys.stdout.write(table(figures) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures the figures that the product promises.")
    parser.add_argument("--only", type=_names, default=list(GROUPS), help=f"of {', '.join(GROUPS)}")
    parser.add_argument("--running", action="store_true", help="measure what make run started")
    parser.add_argument("--files", type=int, default=sets.FILES, help="plans of the group sets")
    parser.add_argument("--pages", type=int, default=sets.PAGES, help="pages of its document")
    parser.add_argument("--kill", action="store_true", help="kill workers now and then while it is measured")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(GROUPS):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return names


if __name__ == "__main__":
    main()
