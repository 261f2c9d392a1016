"""One program that the supervisor keeps running."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PARENT_DEATH_SIGNAL = Path(__file__).with_name("parent_death_signal.py")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Program:
    """``stop_seconds`` is how long it may take to stop by itself."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    stop_seconds: float


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds to wait before a restart; a program that ran ``steady_seconds`` starts afresh."""

    first_seconds: float = 0.2
    factor: float = 2.0
    longest_seconds: float = 10.0
    steady_seconds: float = 30.0


async def run_to_end(program: Program) -> int:
    """Run a program that ends by itself; its exit code."""
    process = await _spawn(program)
    return await process.wait()


async def _spawn(program: Program) -> asyncio.subprocess.Process:
    # Its own session: Ctrl-C at the terminal must reach us alone, so that we can stop things in order.
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-S", "-E", str(_PARENT_DEATH_SIGNAL), str(os.getpid())),
        *program.command,
        env=dict(program.environment),
        cwd=program.folder,
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )


@dataclass(slots=True)
class Child:
    """Starts a program and starts it again whenever it dies, followed by ``after_restart``."""

    program: Program
    after_restart: Callable[[], Awaitable[None]] | None = None
    backoff: Backoff = field(default_factory=Backoff)
    _process: asyncio.subprocess.Process | None = None
    _keeper: "asyncio.Task[None] | None" = None

    async def start(self) -> None:
        self._process = await _spawn(self.program)
        self._keeper = asyncio.create_task(self._keep_running())

    async def _keep_running(self) -> None:
        loop = asyncio.get_running_loop()
        wait_seconds = self.backoff.first_seconds
        while self._process:
            started = loop.time()
            code = await self._process.wait()
            if loop.time() - started >= self.backoff.steady_seconds:
                wait_seconds = self.backoff.first_seconds
            name = self.program.name
            log.error("%s ended (%s) and is started again in %.1f s", name, _ending(code), wait_seconds)
            _signal_session(self._process.pid, signal.SIGTERM)  # workers that outlived their master
            await asyncio.sleep(wait_seconds)
            wait_seconds = min(wait_seconds * self.backoff.factor, self.backoff.longest_seconds)
            self._process = await _spawn(self.program)
            if self.after_restart:
                await self.after_restart()

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL to the whole session once ``stop_seconds`` are over."""
        if self._keeper:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(self.program.stop_seconds):
                await process.wait()
        except TimeoutError:
            log.warning("%s did not stop in %.0f s: killed", self.program.name, self.program.stop_seconds)
            _signal_session(process.pid, signal.SIGKILL)
            await process.wait()


def _signal_session(leader_pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader_pid, number)


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
