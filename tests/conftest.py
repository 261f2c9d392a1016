"""How ``pytest -n 2`` shares the tests out between its processes."""

from typing import Any

import pytest

ONE_AFTER_THE_OTHER = ("tests/e2e/", "tests/browser/")
"""Of each folder all run in one process: they share a stack.

They wait more than they compute, and `e2e` has most tests and takes longest: it comes first, beside the rest.
"""


@pytest.hookimpl(optionalhook=True)  # pytest-xdist knows it; one process needs no plugin
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadScopeScheduling

    class FileByFile(LoadScopeScheduling):
        """The unit with most tests comes first. Fixtures of a file are set up once."""

        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return next((folder for folder in ONE_AFTER_THE_OTHER if file.startswith(folder)), file)

    return FileByFile(config, log)
