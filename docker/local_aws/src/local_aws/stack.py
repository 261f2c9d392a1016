"""Starts the whole stack in order, says where it is, and stops it in the reverse order."""

import asyncio
import logging
from collections.abc import Mapping

from local_aws import programs
from local_aws.addresses import Addresses
from local_aws.child import Child, run_to_end
from local_aws.dotenv_file import DotenvFile
from local_aws.readiness import NotReady, wait_until_ready
from local_aws.settings import LocalSettings

READY_SECONDS = 60.0
"""Far more than it takes (3 s); only a broken service reaches it."""

log = logging.getLogger(__name__)


class Stack:
    """The emulator, the Textract simulator, the two services, preview's workers and the router."""

    def __init__(self, settings: LocalSettings, addresses: Addresses, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._addresses = addresses
        parts = (settings, addresses, environ)
        self._emulator = Child(programs.emulator(*parts), after_restart=self._provision_again)
        self._provisioner = programs.provisioner(*parts)
        self._simulators = [Child(programs.textract(*parts)), Child(programs.router(*parts))]
        self._services = [
            Child(program(*parts))
            for program, url in ((programs.jobs, settings.jobs_url), (programs.preview, settings.preview_url))
            if url is None
        ]
        self._workers = [
            Child(programs.worker(*parts)) for _ in range(0 if settings.preview_url else settings.workers)
        ]
        self._dotenv = DotenvFile(settings.dotenv) if settings.dotenv else None

    async def start(self) -> None:
        """Return when everything answers.

        Raises
        ------
        NotReady
            If a part does not come up.
        """
        for child in (self._emulator, *self._simulators):
            await child.start()
        await self._provision()
        for child in self._services:
            await child.start()
        if self._dotenv and not self._dotenv.write(self._addresses):
            log.warning(
                "There is a .env of your own, which is left alone: flask run will not find this stack"
            )
        await asyncio.gather(
            wait_until_ready("Textract", f"{self._addresses.textract}/_simulator/calls", READY_SECONDS),
            wait_until_ready("preview", f"{self._addresses.preview}/health/ready", READY_SECONDS),
            wait_until_ready("jobs", f"{self._addresses.jobs}/health/ready", READY_SECONDS),
        )
        await wait_until_ready("the router", f"{self._addresses.router}/health/ready", READY_SECONDS)
        for child in self._workers:  # they hold nobody up, so nobody waits for them
            await child.start()

    async def _provision(self) -> None:
        await wait_until_ready("AWS", f"{self._addresses.aws}/_ministack/health", READY_SECONDS)
        # A process of its own, because boto3 reads the environment, and a person's may name an AWS account.
        if await run_to_end(self._provisioner) != 0:
            raise NotReady("Tables and buckets could not be created; the reason is above.")

    async def _provision_again(self) -> None:
        """After a kill the emulator has forgotten its empty buckets and their rules."""
        try:
            await self._provision()
        except NotReady:
            log.exception("The emulator came back without everything that the services need")

    async def stop(self) -> None:
        """Each part before those it needs to finish what it has begun: workers first, the emulator last."""
        if self._dotenv:
            self._dotenv.remove()
        await asyncio.gather(*(child.stop() for child in self._workers))
        await asyncio.gather(*(child.stop() for child in self._services))
        await asyncio.gather(*(child.stop() for child in self._simulators))
        await self._emulator.stop()

    def banner(self) -> str:
        """What a person needs to start: addresses, keys, a first command."""
        at = self._addresses
        return "\n".join(
            (
                "",
                f"  page       {at.router}/#key=local-dev-key",
                f"  API        {at.router}/api/v1   (documentation: {at.router}/api/v1/docs)",
                "  key        local-dev-key   (also local-other-key, local-read-key, local-expired-key)",
                f"  jobs       {at.jobs}",
                f"  preview    {at.preview}",
                f"  Textract   {at.textract}",
                f"  AWS        {at.aws}   (state in {self._settings.state_dir})",
                "",
                "  Try:",
                f"    curl -H 'X-API-Key: local-dev-key' -F file=@plan.png {at.router}/api/v1/jobs",
                "",
            )
        )
