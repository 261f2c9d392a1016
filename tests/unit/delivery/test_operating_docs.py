"""What the operators' documents name is there: alarms, messages, dashboard; and bash reads the commands."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OBSERVABILITY = ROOT / "terraform/modules/observability"
DOCS = ["deploying.md", "operating.md"]
TEXTS = {name: (ROOT / "docs" / name).read_text() for name in DOCS}


def alarms() -> set[str]:
    """Their names without the prefix, with {} for what there are several of: ``{}-5xx``."""
    text = (OBSERVABILITY / "alarms.tf").read_text()
    head = r'^(?:.* : |\s*)"(\S.*)" =>? \{\n(?:\s+#.*\n)*\s+description '
    names = re.findall(head, text, flags=re.MULTILINE)
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


@pytest.mark.parametrize("document", DOCS)
def test_commands_are_understood_by_bash(document: str) -> None:
    blocks = re.findall(r"^( *)```sh\n(.*?)^ *```", TEXTS[document], flags=re.MULTILINE | re.DOTALL)
    assert blocks
    for _, block in blocks:
        checked = subprocess.run(["bash", "-n"], input=block, text=True, capture_output=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, ""), block
