"""``python -m local_aws``: the whole product on this machine, until Ctrl-C."""

import asyncio
import logging
import os
import signal
import sys

from local_aws.addresses import Addresses, choose_addresses
from local_aws.readiness import NotReady
from local_aws.settings import LocalSettings, StartError
from local_aws.stack import Stack
from local_aws.state_lock import state_lock
from shared.settings import SettingsError


def main() -> int:
    """0 after an orderly stop, 1 if it could not start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s local_aws %(message)s", stream=sys.stdout)
    try:
        settings = LocalSettings.from_env(os.environ)
        addresses = choose_addresses(settings)
        with state_lock(settings.state_dir, addresses.router):
            return asyncio.run(_run(settings, addresses))
    except (SettingsError, StartError) as error:
        print(error, file=sys.stderr)
        return 1


async def _run(settings: LocalSettings, addresses: Addresses) -> int:
    stop_asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop_asked.set)
    stack = Stack(settings, addresses, os.environ)
    try:
        await _start_unless_stopped(stack, stop_asked)
        if not stop_asked.is_set():
            print(stack.banner())
            print(f"ready: {addresses.router}", flush=True)
        await stop_asked.wait()
    except NotReady as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        print("stopping", flush=True)
        await stack.stop()
    return 0


async def _start_unless_stopped(stack: Stack, stop_asked: asyncio.Event) -> None:
    """Start the stack; Ctrl-C while it starts ends the wait."""
    starting = asyncio.create_task(stack.start())
    stopping = asyncio.create_task(stop_asked.wait())
    await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if starting.done():
        starting.result()
    else:
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)


if __name__ == "__main__":
    sys.exit(main())
