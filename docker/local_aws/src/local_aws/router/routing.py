"""The load balancer's rules, in one table; Terraform creates the same ones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

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


def target_of(path: str, rules: Sequence[Rule] = RULES) -> Target | None:
    """Where a request for ``path`` (as sent, without the query) goes; None where no rule matches."""
    for rule in sorted(rules, key=lambda rule: rule.priority):
        if rule.matches(path):
            return rule.target
    return None


def _expression(pattern: str) -> re.Pattern[str]:
    escaped = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(escaped, re.DOTALL)
