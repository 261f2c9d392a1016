"""How ``pytest -n 2`` shares the tests out between its processes."""

from typing import Any

import pytest

ONE_AFTER_THE_OTHER = ("tests/e2e/", "tests/browser/")
"""All of these run in one process: they share stacks, and a browser's event loop runs on until the end.

They wait more than they compute, and take the longest: so they come first, beside everything else.
"""


@pytest.hookimpl(optionalhook=True)  # pytest-xdist knows it; one process needs no plugin
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadScopeScheduling

    class FileByFile(LoadScopeScheduling):
        """The unit with most tests comes first. Fixtures of a file are set up once."""

        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "stacks" if file.startswith(ONE_AFTER_THE_OTHER) else file

    return FileByFile(config, log)
