"""The load balancer's rules, in one table; Terraform creates the same ones."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Target = Literal["jobs", "preview"]

MAX_VALUES_PER_RULE = 5
MAX_WILDCARDS_PER_RULE = 6
"""AWS's quotas: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html"""


@dataclass(frozen=True, slots=True)
class Rule:
    """Requests whose path matches one of ``patterns`` go to ``target``; a lower ``priority`` wins.

    ``*`` stands for any run of characters, slashes too, and ``?`` for exactly one. Case counts.
    """

    priority: int
    patterns: tuple[str, ...]
    target: Target

    def matches(self, path: str) -> bool:
        return any(_expression(pattern).fullmatch(path) for pattern in self.patterns)


RULES = (
    Rule(10, ("/api/*/jobs/*/preview*", "/api/jobs/*/preview*"), "preview"),
    Rule(20, ("/api/*/jobs/*/textract-results*", "/api/jobs/*/textract-results*"), "preview"),
    Rule(30, ("/api/*", "/health*", "/static/*", "/"), "jobs"),
)
"""Anything else is 404, ``/internal/*`` above all."""


def rules_from(path: Path) -> tuple[Rule, ...]:
    """Other rules than ours, such as those a load balancer was found to have.

    The file holds a JSON list of objects with a rule's three fields.
    """
    rules = tuple(
        Rule(int(said["priority"]), tuple(said["patterns"]), said["target"])
        for said in json.loads(path.read_text(encoding="utf-8"))
    )
    if unknown := {rule.target for rule in rules} - set(get_args(Target)):
        raise ValueError(f"{path} has rules for unknown targets: {sorted(unknown)}")
    return rules


def target_of(path: str, rules: Sequence[Rule] = RULES) -> Target | None:
    """Where a request for ``path`` (as sent, without the query) goes; None where no rule matches."""
    for rule in sorted(rules, key=lambda rule: rule.priority):
        if rule.matches(path):
            return rule.target
    return None


def _expression(pattern: str) -> re.Pattern[str]:
    escaped = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(escaped, re.DOTALL)
