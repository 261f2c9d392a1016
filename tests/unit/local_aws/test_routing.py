import json
from dataclasses import asdict
from pathlib import Path

import pytest

from local_aws.router.routing import (
    MAX_VALUES_PER_RULE,
    MAX_WILDCARDS_PER_RULE,
    RULES,
    Rule,
    rules_from,
    target_of,
)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", "jobs"),
        ("/health", "jobs"),
        ("/health/ready", "jobs"),
        ("/healthy", "jobs"),
        ("/static/viewer.js", "jobs"),
        ("/api/v1/jobs", "jobs"),
        ("/api/jobs", "jobs"),
        ("/api/v1/jobs/job_1", "jobs"),
        ("/api/v1/jobs/job_1/data", "jobs"),
        ("/api/v1/docs", "jobs"),
        ("/api/v9/anything", "jobs"),
        ("/api/v1/jobs/job_1/preview", "preview"),
        ("/api/v1/jobs/job_1/preview/image", "preview"),
        ("/api/v1/jobs/job_1/previews", "preview"),
        ("/api/jobs/job_1/preview", "preview"),
        ("/api/v9/jobs/job_1/preview", "preview"),
        ("/api/v1/jobs/a/b/preview", "preview"),
        ("/api/v1/jobs/job_1/textract-results", "preview"),
        ("/api/jobs/job_1/textract-results", "preview"),
        ("/api", None),
        ("/API/v1/jobs", None),
        ("//", None),
        ("/internal/v1/jobs/job_1", None),
        ("/internal/v1/previews", None),
        ("/favicon.ico", None),
        ("*", None),
        ("http://127.0.0.1/api/v1/jobs", None),
        ("/api/v1/jobs/\n/preview", "preview"),
    ],
)
def test_paths_go_where_the_load_balancer_sends_them(path: str, target: str | None) -> None:
    assert target_of(path) == target


def test_wildcards_mean_what_the_load_balancer_means() -> None:
    rule = Rule(1, ("/a?c/*.png",), "jobs")
    assert rule.matches("/abc/x/y.png")
    assert rule.matches("/a/c/.png")
    assert not rule.matches("/ac/x.png")
    assert not rule.matches("/abc/xpng")


def test_the_lower_priority_number_wins() -> None:
    rules = (Rule(2, ("/*",), "jobs"), Rule(1, ("/a",), "preview"))
    assert target_of("/a", rules) == "preview"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.priority))
def test_rules_stay_inside_the_quotas_of_aws(rule: Rule) -> None:
    assert len(rule.patterns) <= MAX_VALUES_PER_RULE
    assert sum(pattern.count("*") + pattern.count("?") for pattern in rule.patterns) <= MAX_WILDCARDS_PER_RULE


def test_rules_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps([asdict(rule) for rule in RULES]))
    assert rules_from(file) == RULES


def test_a_rule_for_an_unknown_target_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text('[{"priority": 1, "patterns": ["/*"], "target": "elsewhere"}]')
    with pytest.raises(ValueError, match="elsewhere"):
        rules_from(file)
