"""Health checks of a service and of its dependencies, answered within a time limit."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from shared import context
from shared.deadline import Deadline

Probe = Callable[[], object]


class HealthProbes:
    """``probes`` by reported name. A probe that raises, returns False or is late is unhealthy.

    A probe that hangs keeps its one thread, and is started again only after it has ended.
    """

    def __init__(self, probes: Mapping[str, Probe], timeout_seconds: float = 0.8) -> None:
        self._probes = dict(probes)
        self._timeout_seconds = timeout_seconds
        self._pool = ThreadPoolExecutor(max_workers=max(1, len(self._probes)), thread_name_prefix="health")
        self._running: dict[str, Future[bool]] = {}
        self._lock = threading.Lock()

    def check(self) -> dict[str, str]:
        """``{"dynamodb": "healthy", …}`` within ``timeout_seconds``."""
        with self._lock:
            for name, probe in self._probes.items():
                if name not in self._running or self._running[name].done():
                    self._running[name] = self._pool.submit(_is_healthy, probe, self._timeout_seconds)
            running = dict(self._running)
        done, _ = wait(running.values(), timeout=self._timeout_seconds)
        return {
            name: "healthy" if run in done and run.result() else "unhealthy" for name, run in running.items()
        }

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _is_healthy(probe: Probe, timeout_seconds: float) -> bool:
    try:
        with context.using(context.RequestContext(deadline=Deadline.after(timeout_seconds))):
            return probe() is not False
    except Exception:  # noqa: BLE001 - whatever a client raises, the answer is "unhealthy"
        return False
