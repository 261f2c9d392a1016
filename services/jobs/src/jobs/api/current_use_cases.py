"""The use cases of the app in which a view runs."""

from flask import Flask, current_app

from jobs.use_cases import UseCases
from shared.deadline import Deadline

_NAME = "jobs.use_cases"


def install(app: Flask, use_cases: UseCases, request_seconds: float) -> None:
    """``request_seconds`` is the time for a request's work, counted from when its body has arrived."""
    app.extensions[_NAME] = use_cases
    app.config["REQUEST_SECONDS"] = request_seconds


def use_cases() -> UseCases:
    found: UseCases = current_app.extensions[_NAME]
    return found


def request_deadline() -> Deadline:
    """Deadline of a request whose body has just arrived."""
    return Deadline.after(current_app.config["REQUEST_SECONDS"])
