"""The fork server's commands: five bytes each, and with FORK the child's end of a channel."""

import struct

COMMAND = struct.Struct("!cI")
FORK, KILL = b"F", b"K"
