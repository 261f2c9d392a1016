"""What apply, a second plan and the state show; destroy is the end of the fixture."""

import json

import pytest

from stack.applied import Applied
from stack.rehearsal import ENVIRONMENTS, Rehearsal, differences_of_moto


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_second_plan_is_empty(rehearsed: Rehearsal, environment: str) -> None:
    """But for what moto forgets, and that to the attribute."""
    expected = differences_of_moto(rehearsed.resources[environment])
    assert set(rehearsed.differences[environment]) == expected


def test_no_secret_is_in_the_state(rehearsed: Rehearsal, applied: Applied) -> None:
    name = applied.container("jobs").environment["INTERNAL_TOKEN_SECRET"]
    secret = applied.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
    token = json.loads(secret)["current"]
    assert len(token) >= 32
    assert token not in rehearsed.deployment.state(applied.environment)


def test_environments_share_no_secret(dev: Applied, prod: Applied) -> None:
    secrets = [
        environment.client("secretsmanager").get_secret_value(
            SecretId=environment.container("jobs").environment["INTERNAL_TOKEN_SECRET"]
        )["SecretString"]
        for environment in (dev, prod)
    ]
    assert secrets[0] != secrets[1]
