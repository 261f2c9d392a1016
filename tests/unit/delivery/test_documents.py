"""What the documents name exists: links, paths, identifiers, targets of make; and headings for searches."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = [".github", "client", "docker", "docs", "services", "shared", "terraform", "tests"]
PATH = rf"(?<![\w/.:-])(?:{'|'.join(map(re.escape, FOLDERS))})/[\w./*-]*\w"
NOT_OURS = {"__pycache__", "node_modules", ".terraform"}
FILES = sorted(
    file.relative_to(ROOT).as_posix()
    for found in [ROOT.glob("*"), *((ROOT / folder).rglob("*") for folder in FOLDERS)]
    for file in found
    if file.is_file() and NOT_OURS.isdisjoint(file.parts)
)
DOCUMENTS = [name for name in FILES if name.endswith(".md")]
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS}
PRESENT = [name for name in DOCUMENTS if name != "CHANGELOG.md"]
"""Those that speak of the code as it is; the changelog also names what is gone."""

MADE_LATER = {
    "terraform/dev.tfvars",
    "terraform/prod.tfvars",
    "terraform/bootstrap/terraform.tfvars",
    "terraform/bootstrap/terraform.tfstate",
}
"""By the person who follows the document, or by Terraform."""

OF_OTHERS = {"ST_GeomFromText", "r2v_vectors", "train_masks", "train_roboflow", "worker_connections"}
"""What data sets and programs of others call things."""

SEARCHES = [
    "back-?pressure",
    "bulkhead",
    "circuit breaker",
    "idempotency",
    "load shedding",
    "rate limit",
    "single-?flight",
    "slowloris",
    "token bucket",
]


@cache
def words_of_the_source() -> set[str]:
    """Every word in the repository's files but the documents and this test."""
    others = {*DOCUMENTS, Path(__file__).relative_to(ROOT).as_posix()}
    texts = [(ROOT / name).read_bytes() for name in FILES if name not in others]
    return {word for text in texts for word in re.findall(r"\w+", text.decode(errors="replace"))}


def prose(document: str) -> str:
    """The document without its blocks of code."""
    return re.sub(r"^ *```.*?^ *```", "", TEXTS[document], flags=re.MULTILINE | re.DOTALL)


def quoted(document: str) -> set[str]:
    """What stands between backticks, also where a line breaks in it."""
    lines = re.sub(r"(?<!\n)\n(?!\n) *", " ", prose(document)).splitlines()
    return {text for line in lines for text in re.findall(r"`([^`]+)`", line)}


def headings(file: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of ``file``."""
    found = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in found}


@cache
def tree() -> str:
    """Every file and folder, a line each, with a slash in front."""
    folders = {str(parent) for name in FILES for parent in Path(name).parents}
    return "".join(f"/{name}\n" for name in [*FILES, *folders])


def exists(path: str, document: str) -> bool:
    """Whether a file or folder has this path, from the root or beside the document, or one that ends so."""
    pattern = re.escape(f"/{path.rstrip('/')}\n").replace(r"\*", "[^/\n]*")
    return (ROOT / document).parent.joinpath(path).exists() or bool(re.search(pattern, tree()))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    folder = (ROOT / document).parent
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", prose(document)):
        file = folder / target if target else ROOT / document
        assert file.exists(), target
        assert not anchor or anchor in headings(file), f"{target}#{anchor}"


@pytest.mark.parametrize("document", PRESENT)
def test_paths_exist(document: str) -> None:
    named = set(re.findall(PATH, TEXTS[document])) - MADE_LATER
    assert [path for path in sorted(named) if not exists(path, document)] == []


@pytest.mark.parametrize("document", PRESENT)
def test_modules_exist(document: str) -> None:
    endings = r"(?:/|\.(?:py|tf|hcl|toml|sh|ya?ml))"
    named = {name for name in quoted(document) if re.fullmatch(rf"[\w./*-]+{endings}", name)}
    assert [name for name in sorted(named) if not exists(name, document)] == []


@pytest.mark.parametrize("document", PRESENT)
def test_identifiers_are_in_the_source(document: str) -> None:
    named = {name for name in quoted(document) if re.fullmatch(r"\w*(?:[a-z0-9][A-Z]|_)\w*", name)}
    assert [name for name in sorted(named - OF_OTHERS) if name not in words_of_the_source()] == []


@pytest.mark.parametrize("document", ["docs/configuration.md", "docs/operating.md"])
def test_log_messages_are_in_the_source(document: str) -> None:
    named = {text for text in quoted(document) if re.fullmatch(r"[a-z]+(?: [a-zA-Z]+){2,}", text)}
    commands = {text for text in named if text.split()[0] in ("flask", "make", "terraform")}
    assert named - commands
    modules = [ROOT / name for name in FILES if "/src/" in name and name.endswith(".py")]
    sources = [module.read_text(encoding="utf-8") for module in modules]
    assert [text for text in sorted(named - commands) if not any(text in source for source in sources)] == []


@pytest.mark.parametrize("document", PRESENT)
def test_targets_of_make_exist(document: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"(?:`|^\s*)make ([a-z-]+)", TEXTS[document], flags=re.MULTILINE))
    assert named <= targets


def test_the_index_of_decisions_has_every_title() -> None:
    folder = ROOT / "docs/decisions"
    titles = {
        (file.name, number, title)
        for file in folder.glob("[0-9]*.md")
        for number, title in re.findall(r"\A# (\d+)\. (.+)\n", file.read_text(encoding="utf-8"))
    }
    assert len(titles) == len(list(folder.glob("[0-9]*.md")))
    rows = re.findall(
        r"^\| \[(\d+)\]\(([^)]+)\) \| (.+) \|$", TEXTS["docs/decisions/README.md"], flags=re.MULTILINE
    )
    assert {(file, number, title) for number, file, title in rows} == titles
    assert all(file.startswith(f"{int(number):04}-") for file, number, _ in titles)


@pytest.mark.parametrize("term", SEARCHES)
def test_a_heading_has_the_term_that_a_search_uses(term: str) -> None:
    lines = [line for name, text in TEXTS.items() if name.startswith("docs/") for line in text.splitlines()]
    assert [line for line in lines if re.match(rf"#+ .*(?:{term})", line, flags=re.IGNORECASE)]
