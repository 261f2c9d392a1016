"""How the seconds of a preview are spent: phases by name, checked to fit, passed as an argument."""

from collections.abc import Callable
from dataclasses import dataclass, replace

DEFAULT_DEADLINE_SECONDS = 5.0
MAX_DEADLINE_SECONDS = 15.0
"""What operators may set."""

RENDER_SECONDS = 3.0
"""Of processor time: a page that takes more to draw is too complex, whoever asks for it."""

TEXTRACT_SECONDS = 2.0
"""Half of what the other phases leave of the default deadline on an idle machine."""

PAGE_SECONDS = 30.0
"""What a worker has for a page from the queue."""

VISIBILITY_TIMEOUT_SECONDS = 2 * PAGE_SECONDS
"""How long the queue gives a message that was received to nobody else, unless a setting says otherwise. Three
quarters of it have to exceed `PAGE_SECONDS`: then another worker takes the page over."""

FILE_SECONDS = 20.0
"""For a file of all pages of a job, or a picture. Source: section 6 of the specification."""

PICTURE_RENDER_SECONDS = FILE_SECONDS / 2
"""Of processor time, for drawing and encoding a picture. Source: twice what 100 megapixels of a noisy scan
in colour take."""

MAX_REQUEST_SECONDS = max(MAX_DEADLINE_SECONDS, FILE_SECONDS)
"""What any request may take; part of the time that a worker has to stop (docker/gunicorn.conf.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The seconds of one preview, counted from ``started_at`` on the clock ``monotonic``.

    The phases in running order: load, render, detect and read text side by side, ``name``, ``write``,
    ``answer``. Those that are fields have at least so many seconds, since what runs before them ends in time
    for them. The others share the rest.

    ``start`` is what has to be left for computing to begin: with less, Textract would be paid for and not
    waited for. Raises ValueError where the phases do not fit.
    """

    monotonic: Callable[[], float]
    started_at: float
    total: float
    name: float
    write: float
    answer: float
    start: float

    def __post_init__(self) -> None:
        if self.name + self.write + self.answer >= self.total:
            raise ValueError(f"the phases of {self} take all of its time")
        if not self.name + self.write < self.start < self.total:
            raise ValueError(f"{self} starts what cannot be ended, or starts nothing")

    @classmethod
    def for_caller(cls, deadline_seconds: float, monotonic: Callable[[], float]) -> "Budget":
        """Of a caller who waits until ``deadline_seconds`` from now."""
        scale = deadline_seconds / DEFAULT_DEADLINE_SECONDS
        return cls(
            monotonic=monotonic,
            started_at=monotonic(),
            total=deadline_seconds,
            name=0.6 * min(1.0, scale),  # three times what a floor of a hundred rooms takes
            write=0.6 * scale,  # it takes 50 to 100 ms, and a slow store is waited for
            answer=0.1 * scale,  # for turning a preview into JSON
            start=1.5 * scale,
        )

    @classmethod
    def for_worker(cls, monotonic: Callable[[], float]) -> "Budget":
        """Of a page from the queue: nobody waits for it, so text has what the phases of callers leave."""
        return replace(cls.for_caller(DEFAULT_DEADLINE_SECONDS, monotonic), total=PAGE_SECONDS, answer=0.0)

    def seconds_left(self) -> float:
        """Until the answer has to be written, never negative."""
        return max(0.0, self.started_at + self.total - self.answer - self.monotonic())

    def seconds_to_compute(self) -> float:
        """Until what was found has to be stored."""
        return max(0.0, self.seconds_left() - self.write)

    def seconds_to_read_text(self) -> float:
        """Until rooms have to be named with the text there is."""
        return max(0.0, self.seconds_to_compute() - self.name)

    def seconds_to_store(self) -> float:
        """For one thing of several that are stored: one that hangs leaves time for the others."""
        return self.seconds_left() / 2

    def at_most(self, seconds: float) -> float:
        """So many seconds, or what is left."""
        return min(seconds, self.seconds_left())

    def may_start(self) -> bool:
        return self.seconds_left() >= self.start
