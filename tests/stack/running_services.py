"""Both services and the router as processes that are told exactly what was applied."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from local_aws.aws.provision import CREDENTIALS
from local_parts import HOST, free_port, running
from running_stack import REPOSITORY
from stack.applied import Applied, Container
from stack.enforcing_aws import Credentials, EnforcingAws

IMAGE_ENVIRONMENT = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}
IMAGE_COMMAND = ["gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
"""As docker/Dockerfile has them."""

SERVICES = ("jobs", "preview")


@dataclass(frozen=True, slots=True)
class RunningServices:
    """``logs`` holds what each part prints."""

    applied: Applied
    aws: EnforcingAws
    addresses: Mapping[str, str]
    folder: Path

    @property
    def router(self) -> str:
        return self.addresses["router"]

    def environment(self, container: Container, credentials: Credentials) -> dict[str, str]:
        """What the container is told, and the little that is different on one machine."""
        told = dict(container.environment)
        for name, value in told.items():
            if value.startswith("http://"):  # a name of Service Connect
                told[name] = self.addresses[self.applied.reached_by(value)]
        return {
            **IMAGE_ENVIRONMENT,
            **told,
            **credentials,
            "AWS_ENDPOINT_URL": self.aws.url,
            "AWS_ENDPOINT_URL_TEXTRACT": self.addresses["textract"],
            "AWS_CA_BUNDLE": str(self.aws.certificate),
        }

    def run(self, command: list[str], container: Container, credentials: Credentials) -> str:
        """What a command in the image of ``jobs`` prints; it must succeed."""
        done = subprocess.run(
            command,
            cwd=_image_folder(self.folder, "jobs"),
            env=self.environment(container, credentials),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def issue_key(self, owner: str) -> str:
        """An API key, made by an operator's command in the secret that was applied."""
        command = ["flask", "--app", "wsgi", "keys", "issue", "--owner", owner]
        said = self.run(command, self.applied.container("jobs"), CREDENTIALS)
        return next(line.removeprefix("key: ") for line in said.splitlines() if line.startswith("key: "))

    def log(self, part: str) -> str:
        return (self.folder / f"{part}.log").read_text()


@contextmanager
def running_services(
    folder: Path, applied: Applied, aws: EnforcingAws, credentials: Mapping[str, Credentials]
) -> Iterator[RunningServices]:
    """Begins once both services answer that they and all they need are well."""
    parts = (*SERVICES, "textract", "router")
    addresses = {part: f"http://{HOST}:{free_port()}" for part in parts}
    services = RunningServices(applied, aws, addresses, folder)
    trusting = {**os.environ, "AWS_CA_BUNDLE": str(aws.certificate)}
    with ExitStack() as stack:

        def start(part: str, command: list[str], path: str, environ: Mapping[str, str], cwd: Path) -> None:
            log = folder / f"{part}.log"
            try:
                stack.enter_context(
                    running(command, addresses[part] + path, environ=environ, folder=cwd, log=log)
                )
            except AssertionError as error:
                raise AssertionError(f"{part}: {error}\n{log.read_text()[-3000:]}") from error

        start(
            "textract",
            [sys.executable, "-m", "local_aws.textract.server", HOST, _port(addresses["textract"]), aws.url],
            "/_simulator/calls",
            trusting,
            folder,
        )
        for service in SERVICES:
            container = applied.container(service)
            environ = services.environment(container, credentials[service])
            environ["BIND"] = f"{HOST}:{_port(addresses[service])}"
            command = container.command or IMAGE_COMMAND
            start(service, command, "/health/live", environ, _image_folder(folder, service))
        stack.enter_context(_running_worker(services, credentials["preview-worker"]))
        rules = folder / "rules.json"
        rules.write_text(json.dumps([asdict(rule) for rule in applied.rules()]))
        router = [sys.executable, "-m", "local_aws.router", HOST, _port(addresses["router"])]
        targets = [addresses[service] for service in SERVICES]
        start("router", [*router, *targets, str(rules)], "/health/live", os.environ, folder)
        yield services


@contextmanager
def _running_worker(services: RunningServices, credentials: Credentials) -> Iterator[None]:
    container = services.applied.container("preview-worker")
    environ = services.environment(container, credentials)
    with (services.folder / "preview-worker.log").open("ab") as log:
        process = subprocess.Popen(
            container.command,
            env=environ,
            cwd=_image_folder(services.folder, "preview"),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.terminate()
        assert process.wait(container.definition["stopTimeout"]) == 0


def _image_folder(folder: Path, service: str) -> Path:
    """What docker/Dockerfile puts into a service's image besides the packages."""
    app = folder / f"{service}-image"
    app.mkdir(parents=True, exist_ok=True)
    shutil.copy(REPOSITORY / "docker/gunicorn.conf.py", app)
    shutil.copy(REPOSITORY / "services" / service / "wsgi.py", app)
    return app


def _port(url: str) -> str:
    return url.rpartition(":")[2]
