"""What GitHub is asked to do: rules that every workflow keeps, and what the scripts decide."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
SCRIPTS = ROOT / ".github" / "scripts"
WORKFLOWS: dict[str, dict[Any, Any]] = {
    path.stem: yaml.safe_load(path.read_text()) for path in (ROOT / ".github" / "workflows").glob("*.yml")
}
JOBS = [(workflow, job) for workflow, content in WORKFLOWS.items() for job in content["jobs"]]
CLUSTER = "location-detection-dev"


def steps(workflow: str, job: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = WORKFLOWS[workflow]["jobs"][job]["steps"]
    return found


def test_actions_are_pinned_by_commit_and_say_their_version() -> None:
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        uses = re.findall(r"uses: (.+)$", path.read_text(), flags=re.MULTILINE)
        assert uses
        assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line) for line in uses)


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_a_job_cannot_run_for_ever_or_keep_the_token(workflow: str, job: str) -> None:
    assert WORKFLOWS[workflow]["jobs"][job]["timeout-minutes"] <= 100
    for step in steps(workflow, job):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_scripts_are_files_that_shellcheck_reads(workflow: str, job: str) -> None:
    """And what a caller could choose, a branch's name say, never becomes part of a command."""
    for step in steps(workflow, job):
        script = step.get("run", "")
        assert len(script.splitlines()) <= 3
        assert "${{" not in script
        for name in re.findall(r"\.github/scripts/\S+", script):
            assert os.access(ROOT / name, os.X_OK if name.endswith(".sh") else os.R_OK)


def test_only_the_report_may_write_and_only_deploy_asks_for_aws() -> None:
    assert WORKFLOWS["ci"]["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in WORKFLOWS["ci"]["jobs"].values())
    assert WORKFLOWS["deploy"]["permissions"] == {}
    granted = {name: job["permissions"] for name, job in WORKFLOWS["deploy"]["jobs"].items()}
    assert [name for name in granted if "id-token" in granted[name]] == ["images", "plan", "deploy"]
    writers = [
        name for name in granted if "write" in {v for k, v in granted[name].items() if k != "id-token"}
    ]
    assert writers == ["report"]


def test_nothing_is_deployed_that_is_not_green_built_and_planned() -> None:
    jobs = WORKFLOWS["deploy"]["jobs"]
    assert jobs["images"]["needs"] == "green"
    assert jobs["plan"]["needs"] == "images"
    assert jobs["deploy"]["needs"] == ["images", "plan"]
    assert "if" not in jobs["deploy"]


def test_dependencies_and_files_are_looked_through_as_by_hand() -> None:
    assert [step["run"] for step in steps("ci", "audit") if "run" in step] == ["make secrets", "make audit"]


def test_no_aws_key_is_stored() -> None:
    text = (ROOT / ".github" / "workflows" / "deploy.yml").read_text()
    assert "aws-access-key-id" not in text
    assert set(re.findall(r"secrets\.(\w+)", text)) == {"SMOKE_API_KEY"}


def test_what_the_pipeline_plans_terraform_knows() -> None:
    known = set(re.findall(r'^variable "(\w+)"', (ROOT / "terraform/variables.tf").read_text(), re.MULTILINE))
    text = (ROOT / ".github" / "workflows" / "deploy.yml").read_text()
    assert set(re.findall(r"TF_VAR_(\w+):", text)) == {"jobs_image", "preview_image"} <= known


class Tools:
    """A folder with stand-ins for command line tools, first in the path of the scripts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, script: str) -> None:
        path = self.folder / name
        path.write_text(f"#!/usr/bin/env bash\n{script}\n")
        path.chmod(0o755)

    def run(self, script: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(SCRIPTS / script), *arguments],
            env={"PATH": f"{self.folder}:{os.environ['PATH']}", "PAUSE_SECONDS": "0", **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    return Tools(tmp_path)


@pytest.mark.parametrize(
    ("verdicts", "passes"),
    [
        ("success", True),
        ("running running success", True),
        ("'' '' running success", True),
        ("failure", False),
        ("running cancelled", False),
        ("''", False),
    ],
)
def test_a_commit_waits_for_its_own_ci(tools: Tools, tmp_path: Path, verdicts: str, passes: bool) -> None:
    """The stand-in gives one verdict a call, and the last for ever."""
    asked = tmp_path / "asked"
    tools.put(
        "gh", f'[[ $* == *"--commit abc"* ]] || exit 9; echo >>{asked}; v=({verdicts}); n=$(wc -l <{asked}); '
        'echo "${v[n - 1]-${v[-1]}}"'
    )  # fmt: skip
    assert (tools.run("await_ci.sh", "abc").returncode == 0) is passes


def running(tools: Tools, jobs: str, preview: str) -> None:
    tools.put(
        "aws",
        f"""case "$2 $*" in
            describe-clusters*) echo {CLUSTER} ;;
            describe-services*) printf 'jobs\\tarn:jobs:7\\npreview\\tarn:preview:9\\n' ;;
            *arn:jobs:7*) echo {jobs} ;;
            *arn:preview:9*) echo {preview} ;;
            wait*) ;;
            *) exit 9 ;;
        esac""",
    )


def test_what_runs_is_told_by_service(tools: Tools) -> None:
    running(tools, "r/jobs@sha256:1", "r/preview@sha256:2")
    told = tools.run("running_images.sh", CLUSTER=CLUSTER)
    assert told.stdout == "jobs=r/jobs@sha256:1\npreview=r/preview@sha256:2\n"


def test_nothing_runs_before_the_first_deployment(tools: Tools) -> None:
    tools.put("aws", '[[ "$2" == describe-clusters ]]')
    told = tools.run("running_images.sh", CLUSTER=CLUSTER)
    assert (told.returncode, told.stdout) == (0, "")


def test_not_being_allowed_to_look_is_not_the_same_as_nothing(tools: Tools) -> None:
    tools.put("aws", "exit 254")
    assert tools.run("running_images.sh", CLUSTER=CLUSTER).returncode != 0


@pytest.mark.parametrize(("wanted", "passes"), [("new", True), ("newer", False)])
def test_a_deployment_that_ecs_took_back_has_failed(tools: Tools, wanted: str, passes: bool) -> None:
    running(tools, "new", "preview")
    assert (tools.run("await_running.sh", wanted, "preview", CLUSTER=CLUSTER).returncode == 0) is passes


def test_images_are_named_by_digest_and_must_have_been_built(tools: Tools) -> None:
    tools.put("aws", f'[[ "$*" == *imageTag=abc* ]] && echo "123456789012 sha256:{"0" * 64}"')
    told = tools.run("image_digests.sh", "abc", AWS_REGION="us-east-1").stdout.splitlines()
    images = dict(line.split("=", maxsplit=1) for line in told)
    assert list(images) == ["jobs", "preview"]
    for service, image in images.items():
        address, _, digest = image.partition("@")
        assert address == f"123456789012.dkr.ecr.us-east-1.amazonaws.com/location-detection-{service}"
        assert digest == f"sha256:{'0' * 64}"
    assert tools.run("image_digests.sh", "never-built", AWS_REGION="us-east-1").returncode != 0


RUN = {
    "ENVIRONMENT": "dev",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "o/r",
    "GITHUB_RUN_ID": "5",
    "GITHUB_SHA": "abc",
    "GITHUB_REF_NAME": "v1.0.0",
}


def test_the_merged_pull_request_hears_of_it(tools: Tools, tmp_path: Path) -> None:
    said = tmp_path / "said"
    tools.put("gh", f'case "$1" in api) echo 12 ;; pr) echo "$@" >{said} ;; *) exit 9 ;; esac')
    assert tools.run("report.sh", "failure", GITHUB_REF_TYPE="branch", **RUN).returncode == 0
    assert "pr comment 12" in said.read_text()
    assert "Not deployed to dev" in said.read_text()


def test_the_release_hears_of_it_and_keeps_its_notes(tools: Tools, tmp_path: Path) -> None:
    said = tmp_path / "said"
    tools.put("gh", f'case "$2" in view) echo "What is new" ;; edit) echo "$@" >{said} ;; *) exit 9 ;; esac')
    assert tools.run("report.sh", "success", GITHUB_REF_TYPE="tag", **RUN).returncode == 0
    assert "release edit v1.0.0" in said.read_text()
    assert "What is new" in said.read_text()
    assert "Deployed to dev: https://github.com/o/r/actions/runs/5" in said.read_text()


def test_the_summary_counts_tests_and_coverage(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(
        '<testsuites><testsuite tests="9" failures="1" errors="0" skipped="2"/></testsuites>'
    )
    (tmp_path / "coverage.json").write_text('{"totals": {"percent_covered": 93.21}}')
    command = ["python3", str(SCRIPTS / "summary.py"), "report.xml", "coverage.json"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "| passed | failures | errors | skipped | coverage |" in shown
    assert "| 6 | 1 | 0 | 2 | 93.2 % |" in shown
