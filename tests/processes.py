"""Looks at the processes of a running stack through /proc."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """A process as /proc shows it."""

    pid: int
    parent: int
    command: str

    @property
    def peak_memory_mb(self) -> float:
        """Highest resident memory since the start or ``forget_peak_memory``, in MiB (``VmHWM``)."""
        for line in (PROC / str(self.pid) / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        return 0.0

    @property
    def memory_mb(self) -> float:
        """Resident memory now, in MiB (``VmRSS``); 0 once it has ended."""
        with suppress(OSError):
            for line in (PROC / str(self.pid) / "status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return 0.0

    @property
    def pending_signals(self) -> set[int]:
        """Those that were sent to it and not taken yet (proc(5), ``ShdPnd``)."""
        for line in (PROC / str(self.pid) / "status").read_text().splitlines():
            if line.startswith("ShdPnd:"):
                bits = int(line.split()[1], 16)
                return {number for number in range(1, 65) if bits >> (number - 1) & 1}
        return set()

    def forget_peak_memory(self) -> None:
        """Let the peak count from now on (proc(5), clear_refs: 5)."""
        (PROC / str(self.pid) / "clear_refs").write_text("5")

    def open_files(self) -> set[str]:
        """What its descriptors stand for, such as ``socket:[4711]``; nothing once it has ended."""
        found = set()
        with suppress(OSError):
            for descriptor in (PROC / str(self.pid) / "fd").iterdir():
                with suppress(OSError):
                    found.add(str(descriptor.readlink()))
        return found

    @property
    def environment(self) -> dict[str, str]:
        """What it was started with."""
        entries = (PROC / str(self.pid) / "environ").read_text().split("\0")
        return dict(entry.split("=", 1) for entry in entries if "=" in entry)


def descendants(pid: int) -> list[Process]:
    """Return the children of a process, their children and so on, parents first."""
    everything = [process for process in map(_read, PROC.glob("[0-9]*")) if process]
    found: list[Process] = []
    wanted = {pid}
    while new := [p for p in everything if p.parent in wanted and p not in found]:
        found += new
        wanted = {process.pid for process in new}
    return found


def gunicorn_processes(stack_pid: int, service_variable: str) -> list[Process]:
    """Return a service's gunicorn and its workers, known by a variable that only this service has."""
    found = [process for process in descendants(stack_pid) if "gunicorn" in process.command]
    return [process for process in found if service_variable in process.environment]


def gunicorn_workers(stack_pid: int, service_variable: str) -> list[Process]:
    """Return a service's workers: those of its processes whose parent is one of them."""
    processes = gunicorn_processes(stack_pid, service_variable)
    pids = {process.pid for process in processes}
    return [process for process in processes if process.parent in pids]


def queue_workers(stack_pid: int) -> list[Process]:
    """Return preview's workers, which take pages from the queue."""
    return [process for process in descendants(stack_pid) if process.command.endswith("--app wsgi work")]


def caller_on(port: int, among: Iterable[Process]) -> Process | None:
    """Return the process at that end of a connection over 127.0.0.1, if it is one of those given."""
    # proc_net(5): local address, remote address, state (01 is established), five more, inode
    lines = (line.split() for line in (PROC / "net/tcp").read_text().splitlines()[1:])
    sockets = {f"socket:[{f[9]}]" for f in lines if f[1] == f"0100007F:{port:04X}" and f[3] == "01"}
    return next((process for process in among if sockets & process.open_files()), None)


def _read(folder: Path) -> Process | None:
    try:
        status = (folder / "stat").read_text()
        command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return None
    return Process(int(folder.name), int(status.rpartition(")")[2].split()[1]), command.strip())
