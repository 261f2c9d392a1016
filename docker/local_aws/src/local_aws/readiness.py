"""Readiness: waits until a part of the stack answers."""

import asyncio

from aiohttp import ClientError, ClientSession, ClientTimeout

_PAUSE_SECONDS = 0.05
_PROBE_TIMEOUT_SECONDS = 5.0


class NotReady(Exception):
    """Names what did not answer in time."""


async def wait_until_ready(name: str, url: str, within_seconds: float) -> None:
    """Return once ``url`` answers with a status below 400.

    Raises
    ------
    NotReady
        With the last thing it said.
    """
    last = "nothing"
    timeout = ClientTimeout(total=_PROBE_TIMEOUT_SECONDS)
    try:
        async with asyncio.timeout(within_seconds), ClientSession(timeout=timeout) as session:
            while True:
                try:
                    async with session.get(url) as answer:
                        if answer.status < 400:
                            return
                        last = f"{answer.status} {(await answer.text())[:300]}"
                except (ClientError, OSError) as error:
                    last = repr(error)
                await asyncio.sleep(_PAUSE_SECONDS)
    except TimeoutError as error:
        raise NotReady(f"{name} did not answer at {url} within {within_seconds:.0f} s: {last}") from error
