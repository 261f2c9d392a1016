"""The house rules about who may import whom, read from the source."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = {
    "shared": ROOT / "shared/src/shared",
    "jobs": ROOT / "services/jobs/src/jobs",
    "preview": ROOT / "services/preview/src/preview",
    "location_detection": ROOT / "client/src/location_detection",
}
WEB = {"flask", "flask_smorest", "marshmallow", "webargs", "werkzeug"}
OUTSIDE = {"boto3", "botocore", "requests"}
PIXELS = {"numpy", "cv2", "PIL", "pypdfium2"}


def modules(package: str) -> list[Path]:
    return sorted(SOURCES[package].rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Dotted names of everything a module imports, at any depth."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def roots(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


def use_case_classes(package: str) -> set[str]:
    """The fields of ``UseCases``, which are named after the classes that do the work."""
    [init] = [path for path in modules(package) if path.parts[-2:] == ("use_cases", "__init__.py")]
    return {
        node.annotation.id
        for node in ast.walk(ast.parse(init.read_text()))
        if isinstance(node, ast.AnnAssign) and isinstance(node.annotation, ast.Name)
    }


def within(path: Path, package: str, *folders: str) -> bool:
    return path.relative_to(SOURCES[package]).parts[0] in folders


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("shared", {"jobs", "preview", "location_detection", "local_aws"}),
        ("jobs", {"preview", "location_detection", "local_aws"}),
        ("preview", {"jobs", "location_detection", "local_aws"}),
        ("location_detection", {"shared", "jobs", "preview", "local_aws"}),
    ],
)
def test_packages_do_not_know_each_other(package: str, forbidden: set[str]) -> None:
    for path in modules(package):
        assert not roots(path) & forbidden, path


@pytest.mark.parametrize("package", ["jobs", "preview"])
def test_only_the_composition_root_knows_concrete_adapters(package: str) -> None:
    for path in modules(package):
        if path.name != "app.py" and not within(path, package, "adapters"):
            assert not {n for n in imports(path) if n.startswith(f"{package}.adapters")}, path


@pytest.mark.parametrize("package", ["jobs", "preview"])
def test_domain_imports_only_the_standard_library_and_itself(package: str) -> None:
    for path in modules(package):
        if within(path, package, "domain"):
            outside = {
                n for n in imports(path) if n.startswith(package) and not n.startswith(f"{package}.domain")
            }
            assert not outside, path
            assert not roots(path) & ({"shared"} | WEB | OUTSIDE | PIXELS), path


@pytest.mark.parametrize("package", ["jobs", "preview"])
def test_web_frameworks_stay_at_the_web_edge(package: str) -> None:
    for path in modules(package):
        if path.name != "app.py" and not within(path, package, "api"):
            assert not roots(path) & WEB, path
            assert not {n for n in imports(path) if n.startswith("shared.http")}, path


@pytest.mark.parametrize("package", ["jobs", "preview"])
def test_sdks_stay_in_adapters(package: str) -> None:
    for path in modules(package):
        if not within(path, package, "adapters"):
            assert not roots(path) & OUTSIDE, path


@pytest.mark.parametrize("package", ["jobs", "preview"])
def test_use_cases_know_neither_web_nor_sdk_nor_wiring(package: str) -> None:
    edges = (*(f"{package}.{name}" for name in ("adapters", "api", "app", "settings")), "shared.aws")
    for path in modules(package):
        if within(path, package, "use_cases", "single_flight.py", "bulkheads.py", "call_executor.py"):
            assert not {n for n in imports(path) if n.startswith(edges)}, path
            assert not roots(path) & (WEB | OUTSIDE | {"cattrs"}), path


@pytest.mark.parametrize("package", ["jobs", "preview"])
def test_only_the_composition_root_imports_the_classes_of_use_cases(package: str) -> None:
    """Views take values from them (a command, a result), and what they call from the app."""
    for path in modules(package):
        if path.name != "app.py" and not within(path, package, "use_cases"):
            called = {
                node.func.id
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            assert not called & use_case_classes(package), path


def test_shared_keeps_the_web_framework_in_http() -> None:
    for path in modules("shared"):
        if not within(path, "shared", "http"):
            assert not roots(path) & WEB, path


def test_room_detection_and_measures_are_pure() -> None:
    for path in modules("preview"):
        if within(path, "preview", "rooms", "measures"):
            assert not roots(path) & (WEB | OUTSIDE | {"shared", "os", "socket", "subprocess"}), path
