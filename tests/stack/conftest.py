"""Both environments applied to moto once, and what ``dev`` needs of AWS where IAM is enforced."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from stack.applied import Applied
from stack.deployment import Deployment, TerraformMissing, missing
from stack.enforcing_aws import Credentials, EnforcingAws, enforcing_aws
from stack.rehearsal import BOOTSTRAP_VARIABLES, Rehearsal, moto, rehearsal, variables_of
from stack.running_services import RunningServices, running_services

SECONDS = 900
"""The first test waits for everything to be applied."""

STORAGE_AND_ROLES = ("tables", "queue", "buckets", "parameters", "task_role")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture(scope="session")
def enforcing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnforcingAws]:
    with enforcing_aws(tmp_path_factory.mktemp("enforcing")) as aws:
        yield aws


@pytest.fixture(scope="session")
def background() -> Iterator[ThreadPoolExecutor]:
    """Applies what can be applied meanwhile: most of an apply is waiting."""
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.fixture(scope="session")
def applying(
    background: ThreadPoolExecutor, enforcing: EnforcingAws, tmp_path_factory: pytest.TempPathFactory
) -> "Future[None]":
    """Tables, buckets, parameters and roles of ``dev``, on their way to where they are enforced."""
    folder = tmp_path_factory.mktemp("storage") / "terraform"

    def apply() -> None:
        deployment = Deployment.prepare(folder, enforcing.url, enforcing.certificate)
        certificate = "arn:aws:acm:us-east-1:123456789012:certificate/not-needed-here"
        targets = [f"-target=module.{module}" for module in STORAGE_AND_ROLES]
        deployment.apply("dev", variables_of("dev", certificate), *targets)

    return background.submit(apply)


@pytest.fixture(scope="session")
def preparing(
    background: ThreadPoolExecutor, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Future[Deployment]"]:
    """What an account is prepared with, on its way to an emulator of its own."""
    folder = tmp_path_factory.mktemp("bootstrap")

    def apply(url: str) -> Deployment:
        deployment = Deployment.prepare(folder / "terraform", url, part="bootstrap")
        deployment.apply("default", BOOTSTRAP_VARIABLES)
        return deployment

    with moto(folder) as url:
        yield background.submit(apply, url)


@pytest.fixture(scope="session")
def rehearsed(
    applying: "Future[None]", preparing: "Future[Deployment]", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rehearsal]:
    try:
        with rehearsal(tmp_path_factory.mktemp("rehearsal"), print) as done:
            yield done
    except TerraformMissing as error:
        if missing(error):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def dev(rehearsed: Rehearsal) -> Applied:
    return Applied(rehearsed, "dev")


@pytest.fixture(scope="session")
def prod(rehearsed: Rehearsal) -> Applied:
    return Applied(rehearsed, "prod")


@pytest.fixture(scope="session", params=["dev", "prod"])
def applied(rehearsed: Rehearsal, request: pytest.FixtureRequest) -> Applied:
    """Each of the two."""
    return Applied(rehearsed, request.param)


@pytest.fixture(scope="session")
def account(rehearsed: Rehearsal, preparing: "Future[Deployment]") -> Deployment:
    """What was prepared."""
    return preparing.result()


@pytest.fixture(scope="session")
def aws(rehearsed: Rehearsal, enforcing: EnforcingAws, applying: "Future[None]") -> EnforcingAws:
    """What Terraform applied for ``dev``, with IAM enforced."""
    applying.result()
    return enforcing


@pytest.fixture(scope="session")
def credentials(dev: Applied, aws: EnforcingAws) -> dict[str, Credentials]:
    """Of each task: what its role may do and nothing else."""
    containers = {
        "jobs": dev.container("jobs"),
        "preview": dev.container("preview"),
        "preview-worker": dev.container("preview-worker"),
        "reconciler": dev.reconciler(),
    }
    return {task: aws.as_task(container.role) for task, container in containers.items()}


@pytest.fixture(scope="session")
def services(
    dev: Applied,
    aws: EnforcingAws,
    credentials: dict[str, Credentials],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningServices]:
    with running_services(tmp_path_factory.mktemp("services"), dev, aws, credentials) as running:
        yield running
