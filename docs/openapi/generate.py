"""Write the OpenAPI documents from the code: one a service, and the public one that jobs serves.

python docs/openapi/generate.py
"""

import json
import os
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

import jobs.app
import jobs.settings
import preview.app
import preview.settings
from jobs.domain.formats import TITLES
from preview.domain.budget import DEFAULT_DEADLINE_SECONDS

ROOT = Path(__file__).parents[2]
SERVED = ROOT / "services/jobs/src/jobs/api/static/openapi.json"
DESCRIPTION = (
    f"Upload an architectural blueprint ({TITLES}), get a job, and within "
    f"{DEFAULT_DEADLINE_SECONDS:g} seconds a preview of every room with its box, polygon, "
    "name and confidence. Every JSON answer is an envelope; every error has a code that stays and a message "
    "that says what to do."
)
ENVIRON = {
    name: value or ""
    for service in ("jobs", "preview")
    for name, value in dotenv_values(ROOT / f"services/{service}/.flaskenv").items()
}


def documents() -> dict[Path, dict[str, Any]]:
    """Every document by the path it is checked in at."""
    os.environ.update(ENVIRON)
    apps = {
        "jobs": jobs.app.create_app(jobs.settings.Settings.from_env(ENVIRON)),
        "preview": preview.app.create_app(preview.settings.Settings.from_env(ENVIRON)),
    }
    specs = {name: _spec(app) for name, app in apps.items()}
    for app in apps.values():
        for stop in reversed(app.extensions["on_stop"]):
            stop()
    own = {ROOT / f"docs/openapi/{name}.json": spec for name, spec in specs.items()}
    return own | {SERVED: _combined(specs["jobs"], specs["preview"])}


def _spec(app: Any) -> dict[str, Any]:
    spec: dict[str, Any] = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    return json.loads(json.dumps(spec))


def _combined(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """What users can reach: the public paths of both, the first one's where both have the same."""
    paths = {**second["paths"], **first["paths"]}
    ours, theirs = first["components"]["schemas"], second["components"]["schemas"]
    shared = {name: _merged(name, ours[name], theirs[name]) for name in set(ours) & set(theirs)}
    schemas = {**theirs, **ours, **shared}
    public = {path: item for path, item in sorted(paths.items()) if not path.startswith("/internal/")}
    return {
        **first,
        "info": {"title": "Location Detection", "version": "v1", "description": DESCRIPTION},
        "servers": [{"url": "/", "description": "The installation that serves this document."}],
        "tags": _tags(first["tags"] + second["tags"], public),
        "paths": public,
        "components": {**first["components"], "schemas": _reachable(public, schemas)},
    }


def _merged(name: str, first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """What both services have must be the same, but for the codes that each can answer."""
    if name == "ErrorCode":
        return {**first, "enum": sorted({*first["enum"], *second["enum"]})}
    if first != second:
        raise SystemExit(f"both services have a schema {name}, and they differ: rename one")
    return first


def _tags(tags: list[dict[str, Any]], paths: dict[str, Any]) -> list[dict[str, Any]]:
    """Each tag that a path has, once, with health at the end."""
    used = {tag for item in paths.values() for operation in item.values() for tag in _tags_of(operation)}
    by_name = {tag["name"]: tag for tag in tags if tag["name"] in used}
    return sorted(by_name.values(), key=lambda tag: tag["name"] == "health")


def _tags_of(operation: Any) -> list[str]:
    return operation.get("tags", []) if isinstance(operation, dict) else []


def _reachable(paths: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    waiting = _references(paths)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = schemas[name]
            waiting |= _references(schemas[name])
    return dict(sorted(found.items()))


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"].rpartition("/")[2]} if "schemas/" in str(node.get("$ref", "")) else set()
        return own.union(*(_references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(_references(value) for value in node))
    return set()


if __name__ == "__main__":
    for path, document in documents().items():
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
