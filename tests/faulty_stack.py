"""The whole stack with a `FaultProxy` between each service and everything that it calls."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fault_proxy import Answer, Call, FaultProxy, running_proxy
from local_aws import programs
from local_aws.addresses import Addresses
from local_aws.child import Program
from local_aws.settings import LocalSettings
from local_parts import HOST, free_port, running
from running_stack import OWN_PORTS, RunningStack


class CannedTextract(FaultProxy):
    """Finds nothing on any page, at once: reading takes the cores that the rest is to be seen on."""

    def pass_on(self, call: Call) -> Answer:
        headers = (("Content-Type", "application/x-amz-json-1.1"),)
        return Answer(200, "OK", headers, b'{"AnalyzeDocumentModelVersion": "1.0", "Blocks": []}')


@dataclass(frozen=True, slots=True)
class FaultyStack:
    """The proxies by what is behind them; ``jobs_environ`` is what the jobs service was started with."""

    base_url: str
    aws: FaultProxy
    textract: FaultProxy
    jobs: FaultProxy
    preview: FaultProxy
    jobs_environ: Mapping[str, str]
    jobs_folder: Path
    folder: Path

    @property
    def log(self) -> str:
        """What the two services have said."""
        return "".join((self.folder / f"{name}.log").read_text() for name in ("jobs", "preview"))


@contextmanager
def faulty_stack(folder: Path, environ: Mapping[str, str]) -> Iterator[FaultyStack]:
    """Start everything with ``environ`` added to ours, on state in ``folder``, until the block ends."""
    own = Addresses(*(f"http://{HOST}:{free_port()}" for _ in range(5)))
    settings = LocalSettings.from_env({**OWN_PORTS, "LOCAL_STATE_DIR": str(folder / "state")})
    with ExitStack() as stack:
        aws, jobs, preview = (
            stack.enter_context(running_proxy(url)) for url in (own.aws, own.jobs, own.preview)
        )
        textract = stack.enter_context(running_proxy(own.textract, CannedTextract))
        shared = {"router": own.router, "aws": aws.url, "textract": textract.url}
        everything = {**os.environ, **environ}
        # Each has its own address, and the proxy's for the other one
        jobs_program = programs.jobs(
            settings, Addresses(**shared, jobs=own.jobs, preview=preview.url), everything
        )
        preview_program = programs.preview(
            settings, Addresses(**shared, jobs=jobs.url, preview=own.preview), everything
        )
        for program, url in ((jobs_program, own.jobs), (preview_program, own.preview)):
            stack.enter_context(_started(program, url, folder))
        parts = {
            "LOCAL_AWS_PORT": _port(own.aws),
            "LOCAL_TEXTRACT_PORT": _port(own.textract),
            "LOCAL_JOBS_URL": own.jobs,
            "LOCAL_PREVIEW_URL": own.preview,
        }
        rest = RunningStack.start(folder, {**environ, **parts})
        stack.callback(rest.stop)
        yield FaultyStack(
            rest.addresses.router,
            aws,
            textract,
            jobs,
            preview,
            jobs_program.environment,
            jobs_program.folder,
            folder,
        )


@contextmanager
def _started(program: Program, url: str, folder: Path) -> Iterator[None]:
    with running(
        program.command,
        f"{url}/health/live",
        environ=program.environment,
        folder=program.folder,
        log=folder / f"{program.name}.log",
    ):
        yield


def _port(url: str) -> str:
    return url.rpartition(":")[2]
