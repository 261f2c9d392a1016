"""Real processes on free ports."""

from collections.abc import Iterator

import pytest

from local_parts import HOST, free_port, running_emulator, running_module


@pytest.fixture(scope="session")
def aws_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    with running_emulator(tmp_path_factory.mktemp("aws"), port):
        yield f"http://{HOST}:{port}"


@pytest.fixture(scope="session")
def textract_endpoint(aws_endpoint: str) -> Iterator[str]:
    port = free_port()
    url = f"http://{HOST}:{port}"
    arguments = ("local_aws.textract.server", HOST, str(port), aws_endpoint)
    with running_module(*arguments, probe=f"{url}/_simulator/calls"):
        yield url
