"""How the views find the use cases of the app they run in."""

from flask import Flask, current_app

from preview.use_cases import UseCases

_NAME = "preview"


def install(app: Flask, use_cases: UseCases) -> None:
    app.extensions[_NAME] = use_cases


def use_cases() -> UseCases:
    found: UseCases = current_app.extensions[_NAME]
    return found
