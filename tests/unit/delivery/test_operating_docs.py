"""What the operators' documents name is there: alarms, targets of make, files and links."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OBSERVABILITY = ROOT / "terraform/modules/observability"
DOCS = ["deploying.md", "operating.md"]
LINKED = [*DOCS, "security.md"]
TEXTS = {name: (ROOT / "docs" / name).read_text() for name in LINKED}

FOLDERS = r"(?:\.github|docker|docs|services|shared|terraform|tests)"
MADE_LATER = {
    "terraform/dev.tfvars",
    "terraform/prod.tfvars",
    "terraform/bootstrap/terraform.tfvars",
    "terraform/bootstrap/terraform.tfstate",
}
"""By the person who follows the document, or by Terraform."""


def alarms() -> set[str]:
    """Their names without the prefix, with {} for what there are several of: ``{}-5xx``."""
    text = (OBSERVABILITY / "alarms.tf").read_text()
    names = re.findall(r'^(?:.* : |\s*)"(\S.*)" =>? \{\n(?:\s+#.*\n)*\s+says ', text, flags=re.MULTILINE)
    return {re.sub(r"\$\{[^}]*\}", "{}", name) for name in names}


def messages() -> set[str]:
    """What is sent to the alarms' topic and is no alarm."""
    texts = [(OBSERVABILITY / name).read_text() for name in ("events.tf", "budget.tf")]
    return {name for text in texts for name in re.findall(r'\n  name += "\$\{var\.prefix\}-(\S+)"', text)}


def rows(heading: str) -> set[str]:
    """The first cells of the table with that heading, names of variables left out."""
    _, table = TEXTS["operating.md"].split(f"| {heading} |", 1)
    lines = table.split("\n\n", 1)[0].splitlines()[2:]
    return {re.sub(r"\{\w+\}", "{}", line.split("`")[1]) for line in lines}


def test_every_alarm_has_its_row_and_every_row_its_alarm() -> None:
    assert len(alarms()) > 10
    assert rows("Alarm") == alarms()


def test_every_other_message_has_its_row() -> None:
    assert len(messages()) > 1
    assert rows("Message") == messages()


def test_parts_of_the_dashboard_are_called_as_it_calls_them() -> None:
    titles = re.findall(r'title += "(.+)"', (OBSERVABILITY / "dashboard.tf").read_text())
    headings = re.findall(r"^## (.+)$", TEXTS["operating.md"], flags=re.MULTILINE)
    prose = re.sub(r"^```.*?^```$", "", TEXTS["operating.md"], flags=re.MULTILINE | re.DOTALL)
    named = re.findall(r'"([A-Z][^"]+)"', prose)
    assert named
    assert [name for name in named if not any(title.startswith(name) for title in titles + headings)] == []


@pytest.mark.parametrize("document", LINKED)
def test_targets_of_make_exist(document: str) -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z][a-z-]+)", TEXTS[document]))
    assert named
    assert named <= targets


@pytest.mark.parametrize("document", LINKED)
def test_paths_exist(document: str) -> None:
    named = set(re.findall(rf"(?<![\w/.:-]){FOLDERS}/[\w./-]*\w", TEXTS[document])) - MADE_LATER
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", LINKED)
def test_links_lead_somewhere(document: str) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", TEXTS[document]):
        file = ROOT / "docs" / (target or document)
        assert file.exists(), target
        headings = re.findall(r"^#+ (.+)$", file.read_text(), flags=re.MULTILINE) if anchor else []
        slugs = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
        assert not anchor or anchor in slugs


@pytest.mark.parametrize("document", DOCS)
def test_commands_are_understood_by_bash(document: str) -> None:
    blocks = re.findall(r"^( *)```sh\n(.*?)^ *```", TEXTS[document], flags=re.MULTILINE | re.DOTALL)
    assert blocks
    for _, block in blocks:
        checked = subprocess.run(["bash", "-n"], input=block, text=True, capture_output=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, ""), block
