"""What the views of this service find on the app that they run in."""

from dataclasses import dataclass

from flask import Flask, current_app

from jobs.use_cases.erase_job import Erasing
from jobs.use_cases.service import JobService

_NAME = "jobs"


@dataclass(frozen=True, slots=True)
class Wiring:
    """``request_seconds`` is the time for a request's work, counted from when its body has arrived."""

    service: JobService
    erasing: Erasing
    request_seconds: float


def install(app: Flask, wiring: Wiring) -> None:
    app.extensions[_NAME] = wiring


def wiring() -> Wiring:
    found: Wiring = current_app.extensions[_NAME]
    return found


def job_service() -> JobService:
    return wiring().service
