"""Bounds on error answers: how much of a request they repeat, and how many problems they list."""

from typing import Any

_MOST_PROBLEMS = 20
_MOST_NAME_CHARACTERS = 100
_MOST_TEXT_CHARACTERS = 500


def truncate_details(details: dict[str, Any]) -> dict[str, Any]:
    """``details`` with texts cut, and of ``problems`` the first twenty, beside a ``problem_count`` of all."""
    if "problems" in details:
        problems, count = _first(details["problems"], 0)
        details = details | {"problems": problems, "problem_count": count}
    return {name: _cut(value) for name, value in details.items()}


def truncate_text(text: str, most_characters: int = _MOST_TEXT_CHARACTERS) -> str:
    return text if len(text) <= most_characters else text[: most_characters - 1] + "…"


def _first(problems: Any, before: int) -> tuple[Any, int]:
    """The part of ``problems`` that is shown, ``before`` having come already, and how many there are then."""
    if isinstance(problems, dict):
        named = {}
        for name, inner in problems.items():
            first, after = _first(inner, before)
            if before < _MOST_PROBLEMS:
                named[truncate_text(str(name), _MOST_NAME_CHARACTERS)] = first
            before = after
        return named, before
    if isinstance(problems, list):
        return problems[: max(_MOST_PROBLEMS - before, 0)], before + len(problems)
    return problems, before + 1


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return truncate_text(value)
    if isinstance(value, dict):
        return {name: _cut(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cut(inner) for inner in value]
    return value
