"""Typed reading of environment variables that reports every problem at once."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import click

from shared.validators import Validator, base_url, decimal_number, whole_number

T = TypeVar("T")


class SettingsError(click.ClickException):
    """Every missing or bad variable, one a line; a command of Flask ends with just this text."""

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

    def text(self, name: str, form: Validator, default: str | None = None) -> str:
        return self._read(name, form, default, "")

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        def parse(raw: str) -> str:
            if raw not in allowed:
                raise ValueError(f"must be one of {', '.join(allowed)}")
            return raw

        return self._read(name, parse, default, allowed[0])

    def integer(self, name: str, default: int | None = None, *, minimum: int, maximum: int) -> int:
        return self._read(name, lambda raw: whole_number(raw, minimum, maximum), default, minimum)

    def number(self, name: str, default: float | None = None, *, minimum: float, maximum: float) -> float:
        return self._read(name, lambda raw: decimal_number(raw, minimum, maximum), default, minimum)

    def items(self, name: str, form: Validator, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list separated by commas, of at least one."""

        def parse(raw: str) -> tuple[str, ...]:
            items = tuple(item.strip() for item in raw.split(",") if item.strip())
            if not items:
                raise ValueError("must name at least one")
            return tuple(form(item) for item in items)

        return self._read(name, parse, default, ())

    def check_urls(self, name: str) -> None:
        """Of ``name`` and of all that begin with it and ``_``: the libraries that use them would only log."""
        for variable in sorted(self._environ):
            if variable == name or variable.startswith(f"{name}_"):
                self._read(variable, base_url, "", "")

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
