"""The processor time of another process."""

import os
import time
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class ProcessorClock:
    """What process ``pid`` and the children it has waited for have used of the processors.

    Where the system does not tell (macOS), the time since the clock was made counts instead.
    """

    def __init__(self, pid: int) -> None:
        self._stat = Path(f"/proc/{pid}/stat")
        self._began = time.monotonic()

    def seconds(self) -> float:
        """In steps of a hundredth, rounded down."""
        try:
            fields = self._stat.read_text().rpartition(")")[2].split()
        except OSError:
            return time.monotonic() - self._began
        return sum(map(int, fields[11:15])) / _TICKS_PER_SECOND  # utime to cstime of proc_pid_stat(5)
