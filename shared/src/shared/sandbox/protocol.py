"""What the pool can ask of its fork server: five bytes, and with a fork the child's end of a channel."""

import struct

ORDER = struct.Struct("!cI")
FORK, KILL = b"F", b"K"
