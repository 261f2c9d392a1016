"""Pictures of pages: drawn beside previews and never instead of them, and kept in memory for a while."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from preview.concurrency.bulkhead import Callers
from preview.concurrency.call_executor import seconds_left
from preview.concurrency.compute_slots import Turns
from preview.domain.errors import Busy
from preview.domain.preview import Preview

CALLERS_AT_ONCE = 3
"""Half of the callers of a worker who may wait: the other half is for previews, whoever asks for pictures."""

CALLERS_OF_ONE_OWNER = 2
"""One place is left for the picture of somebody else."""

_DRAWN_AT_ONCE = 1
"""Of two computations of a worker: a picture never takes the last one from previews."""

_KEPT_SECONDS = 300.0  # who shows a picture asks for it again while it is being looked at
_KEPT_BYTES = 8 << 20  # about ten sheets with their rooms, 0.5 to 1 MB each (measured)
_PICTURES = "pictures"

Key = tuple[str, int, str]
"""Job, page, and the version of what is drawn."""


class KeptPictures:
    """The pictures used last, at most ``most_bytes`` of them, each for ``seconds``; for many threads."""

    def __init__(
        self,
        most_bytes: int = _KEPT_BYTES,
        seconds: float = _KEPT_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._monotonic = monotonic
        self._kept: OrderedDict[Key, tuple[bytes, float]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> bytes | None:
        with self._lock:
            self._drop(lambda _, until: until <= self._monotonic())
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Key, png: bytes) -> None:
        with self._lock:
            self._kept[key] = (png, self._monotonic() + self._seconds)
            while sum(len(kept) for kept, _ in self._kept.values()) > self._most_bytes:
                self._kept.popitem(last=False)

    def forget(self, job_id: str) -> None:
        with self._lock:
            self._drop(lambda key, _: key[0] == job_id)

    def _drop(self, unwanted: Callable[[Key, float], bool]) -> None:
        for key in [key for key, (_, until) in self._kept.items() if unwanted(key, until)]:
            del self._kept[key]


class Pictures:
    """``callers`` and ``turns`` are those of previews, of which pictures get a share.

    ``owners`` bounds that share of the callers, in all and for each owner.
    """

    def __init__(self, callers: Callers, owners: Callers, turns: Turns, kept: KeptPictures) -> None:
        self._callers = callers
        self._owners = owners
        self._turns = turns
        self._kept = kept
        self._drawing = Turns(_DRAWN_AT_ONCE)

    def get(self, preview: Preview, owner: str, draw: Callable[[], bytes]) -> bytes:
        """The picture of what ``preview`` shows, by ``draw`` unless it is kept.

        Raises Busy at once where too many wait already, and when it is nobody's turn in time.
        """
        key = (preview.job_id, preview.page.number, preview.version)
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        with self._place(owner), self._drawing.one(seconds_left()):
            picture = self._kept.get(key)  # another caller may have had it drawn meanwhile
            if picture is None:
                with self._turns.one(seconds_left()):
                    picture = draw()
                self._kept.put(key, picture)
            return picture

    def forget(self, job_id: str) -> None:
        """Keep nothing of a job that is erased; what other workers keep is not answered any more either."""
        self._kept.forget(job_id)

    @contextmanager
    def _place(self, owner: str) -> Iterator[None]:
        with self._owners.place(owner) as among_pictures, self._callers.place(_PICTURES) as among_all:
            if not (among_pictures and among_all):
                raise Busy
            yield
