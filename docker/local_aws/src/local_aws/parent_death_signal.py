"""Parent-death signal: ``python parent_death_signal.py PARENT_PID COMMAND…`` runs a command that must not
outlive its parent.

On Linux the kernel sends SIGTERM when the parent dies, even by SIGKILL; elsewhere nothing does. A program
of its own, because the promise is made by the child and survives ``exec``, while code run between fork and
exec in a parent with threads can deadlock.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h

if __name__ == "__main__":
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("The parent died before its child began.")
    os.execvp(command[0], command)  # noqa: S606 - our own program, no shell
