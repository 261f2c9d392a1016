"""How the views find the service of the app they run in."""

from flask import Flask, current_app

from preview.service import PreviewService

_NAME = "preview"


def install(app: Flask, service: PreviewService) -> None:
    app.extensions[_NAME] = service


def preview_service() -> PreviewService:
    found: PreviewService = current_app.extensions[_NAME]
    return found
