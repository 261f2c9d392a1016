"""Settings from environment variables: declared as fields, validated together, all problems in one error."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Self

import click


class SettingsError(click.ClickException):
    """Every missing or bad variable, one a line; a command of Flask ends with just this text."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The configuration is not valid:\n" + "\n".join(f"  {each}" for each in problems))
        self.problems = problems


def setting(validator: Callable[[str], Any], default: Any = MISSING, *, variable: str = "") -> Any:
    """A field of `EnvironmentSettings`, read from ``variable``: its own name in upper case unless given.

    Without a ``default`` the variable is required; an empty one counts as absent.
    """
    return field(default=default, metadata={"validator": validator, "variable": variable})


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentSettings:
    """Base of all settings; each field of a subclass is a `setting`."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Raises SettingsError, which names every variable that is missing or wrong."""
        values: dict[str, Any] = {}
        problems = []
        for each in fields(cls):
            variable = each.metadata["variable"] or each.name.upper()
            try:
                values[each.name] = _value(each, environ.get(variable, "").strip())
            except ValueError as exc:
                problems.append(f"{variable}: {exc}")
        problems += cls.contradictions(values, environ)
        if problems:
            raise SettingsError(problems)
        return cls(**values)

    @classmethod
    def contradictions(cls, values: Mapping[str, Any], environ: Mapping[str, str]) -> Iterable[str]:
        """Problems beyond single fields: of the valid ``values`` together, or of variables read elsewhere."""
        return ()


def _value(setting_field: Field[Any], raw: str) -> Any:
    if not raw:
        if setting_field.default is MISSING:
            raise ValueError("is required and not set")
        return setting_field.default
    return _validated(setting_field.metadata["validator"], raw)


def _validated(validator: Callable[[str], Any], raw: str) -> Any:
    try:
        return validator(raw)
    except ValueError as exc:
        raise ValueError(f"{exc} (it is {raw!r})") from None


def problems_of(environ: Mapping[str, str], validators: Mapping[str, Callable[[str], Any]]) -> Iterable[str]:
    """Of variables that are read elsewhere, by name; those that are absent or empty are fine."""
    for variable, validator in validators.items():
        raw = environ.get(variable, "").strip()
        try:
            if raw:
                _validated(validator, raw)
        except ValueError as exc:
            yield f"{variable}: {exc}"
