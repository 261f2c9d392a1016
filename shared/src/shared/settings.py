"""Typed reading of environment variables that reports every problem at once."""

from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")


class SettingsError(Exception):
    """Every missing or bad variable, one a line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("Configuration is incomplete:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.problems = problems


class Reader:
    """Reads one mapping; call `finish` after the last variable.

    A value that is absent or bad is noted and a harmless stand-in returned, so that the next one is
    still looked at. A variable without a default is required; an empty one counts as absent.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._problems: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        return self._read(name, str, default, "")

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        def parse(raw: str) -> str:
            if raw not in allowed:
                raise ValueError(f"must be one of {', '.join(allowed)}")
            return raw

        return self._read(name, parse, default, allowed[0])

    def integer(
        self, name: str, default: int | None = None, *, minimum: int = 0, maximum: int | None = None
    ) -> int:
        def parse(raw: str) -> int:
            value = _at_least(int, minimum, "a whole number")(raw)
            if maximum is not None and value > maximum:
                raise ValueError(f"must be at most {maximum}")
            return value

        return self._read(name, parse, default, minimum)

    def number(self, name: str, default: float | None = None, *, minimum: float = 0.0) -> float:
        return self._read(name, _at_least(float, minimum, "a number"), default, minimum)

    def items(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list separated by commas."""
        return self._read(
            name, lambda raw: tuple(i.strip() for i in raw.split(",") if i.strip()), default, ()
        )

    def refuse(self, name: str, problem: str) -> None:
        """Note a problem that only shows when several values are seen together."""
        self._problems.append(f"{name}: {problem}")

    def finish(self) -> None:
        """Raises SettingsError when anything was wrong."""
        if self._problems:
            raise SettingsError(self._problems)

    def _read(self, name: str, parse: Callable[[str], T], default: T | None, stand_in: T) -> T:
        raw = self._environ.get(name, "").strip()
        if not raw:
            if default is None:
                self.refuse(name, "is required and not set")
                return stand_in
            return default
        try:
            return parse(raw)
        except ValueError as exc:
            self.refuse(name, f"{exc} (it is {raw!r})")
            return stand_in


N = TypeVar("N", int, float)


def _at_least(kind: Callable[[str], N], minimum: N, noun: str) -> Callable[[str], N]:
    def parse(raw: str) -> N:
        try:
            value = kind(raw)
        except ValueError:
            raise ValueError(f"must be {noun}") from None
        if not value >= minimum:
            raise ValueError(f"must be {noun} of at least {minimum}")
        return value

    return parse
