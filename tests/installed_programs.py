"""Programs that some tests drive and pip does not install."""

import os
import shutil
from typing import NoReturn

import pytest


def installed_program(name: str, debian_packages: str) -> str:
    """The path of a program; where there is none, `not_tested`."""
    path = shutil.which(name)
    if path is None:
        not_tested(f"there is no {name} here. On Debian: apt-get install {debian_packages}")
    return path


def not_tested(why: str) -> NoReturn:
    """Skip the test, and say so at the end of the run; in CI (``CI`` set) fail it."""
    message = f"NOT TESTED: {why}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
