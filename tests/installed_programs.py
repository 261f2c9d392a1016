"""Programs that some tests drive and pip does not install."""

import os
import shutil

import pytest


def installed_program(name: str, debian_packages: str) -> str:
    """The path of a program. Where there is none the test is skipped, and fails in CI (``CI`` set)."""
    path = shutil.which(name)
    if path is not None:
        return path
    message = f"NOT TESTED: there is no {name} here. On Debian: apt-get install {debian_packages}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
