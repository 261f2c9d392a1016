"""What runs: tasks, how they are deployed and scaled, the schedule, logs and alarms."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

import jobs.settings
import preview.settings
from stack.applied import Applied, Container
from stack.enforcing_aws import as_list
from stack.test_storage import BUCKETS

READERS: dict[str, Callable[[Mapping[str, str]], object]] = {
    "jobs": jobs.settings.Settings.from_env,
    "preview": preview.settings.Settings.from_env,
    "preview-worker": preview.settings.Settings.from_env,
    "reconciler": jobs.settings.Settings.from_env,
}


def container(applied: Applied, task: str) -> Container:
    return applied.reconciler() if task == "reconciler" else applied.container(task)


class Noting(dict[str, str]):
    """An environment that notes what is asked of it."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__(variables)
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


@pytest.mark.parametrize("task", READERS)
def test_a_task_is_told_nothing_that_its_code_does_not_read(applied: Applied, task: str) -> None:
    """A variable with a default that is misspelt would go unnoticed otherwise."""
    told = Noting(container(applied, task).environment)
    READERS[task](told)
    assert told.keys() <= told.asked


@pytest.mark.parametrize("task", READERS)
def test_a_container_may_do_little(applied: Applied, task: str) -> None:
    definition = container(applied, task).definition
    assert definition["user"] == "10001"
    assert definition["readonlyRootFilesystem"] is True
    assert definition["linuxParameters"]["capabilities"]["drop"] == ["ALL"]
    assert not definition.get("privileged")
    assert [mount["containerPath"] for mount in definition["mountPoints"]] == ["/tmp"]
    assert "@sha256:" in definition["image"]
    assert not definition.get("secrets"), "they are read at run time, again and again"
    assert definition["stopTimeout"] == {"preview-worker": 60}.get(task, 30)


@pytest.mark.parametrize("task", READERS)
def test_each_task_has_a_role_of_its_own(applied: Applied, task: str) -> None:
    described = container(applied, task)
    assert described.role == f"{applied.prefix}-{task}"
    assert described.task["executionRoleArn"].endswith(f"/{applied.prefix}-execution")
    assert described.task["networkMode"] == "awsvpc"
    iam = applied.client("iam")
    trust = iam.get_role(RoleName=described.role)["Role"]["AssumeRolePolicyDocument"]
    assert [statement["Principal"] for statement in trust["Statement"]] == [
        {"Service": "ecs-tasks.amazonaws.com"}
    ]
    assert iam.list_attached_role_policies(RoleName=described.role)["AttachedPolicies"] == []


def test_no_role_may_do_everything(applied: Applied) -> None:
    iam = applied.client("iam")
    for role in (r["RoleName"] for page in iam.get_paginator("list_roles").paginate() for r in page["Roles"]):
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
            actions = [a for s in document["Statement"] for a in as_list(s["Action"])]
            assert not any("*" in action for action in actions), (role, actions)


@pytest.mark.parametrize("service", ["jobs", "preview", "preview-worker"])
def test_a_service_is_deployed_with_a_way_back(applied: Applied, service: str) -> None:
    found = applied.services[service]
    deployment = found["deploymentConfiguration"]
    assert deployment["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert deployment["minimumHealthyPercent"] == 100
    assert found["launchType"] == "FARGATE"
    assert found["desiredCount"] == {"dev": 1, "prod": 2}[applied.environment]


@pytest.mark.parametrize("service", ["jobs", "preview"])
def test_a_service_grows_with_its_work(applied: Applied, service: str) -> None:
    scaling = applied.client("application-autoscaling")
    resource = f"service/{applied.prefix}/{service}"
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[resource])[
        "ScalableTargets"
    ]
    least = {"dev": 1, "prod": 2}[applied.environment]
    assert target["MinCapacity"] == least < target["MaxCapacity"]
    policies = scaling.describe_scaling_policies(ServiceNamespace="ecs", ResourceId=resource)[
        "ScalingPolicies"
    ]
    metrics = {
        policy["TargetTrackingScalingPolicyConfiguration"]["PredefinedMetricSpecification"][
            "PredefinedMetricType"
        ]
        for policy in policies
    }
    assert metrics == {"ECSServiceAverageCPUUtilization", "ALBRequestCountPerTarget"}


def test_workers_grow_with_the_pages_that_wait_for_each(applied: Applied) -> None:
    scaling = applied.client("application-autoscaling")
    resource = f"service/{applied.prefix}/preview-worker"
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[resource])[
        "ScalableTargets"
    ]
    assert target["MinCapacity"] == {"dev": 1, "prod": 2}[applied.environment] < target["MaxCapacity"]
    policies = scaling.describe_scaling_policies(ServiceNamespace="ecs", ResourceId=resource)
    (policy,) = [found for found in policies["ScalingPolicies"] if found["ResourceId"] == resource]
    said = policy["TargetTrackingScalingPolicyConfiguration"]["CustomizedMetricSpecification"]["Metrics"]
    assert [metric["Expression"] for metric in said if metric.get("ReturnData", True)] == [
        "waiting / running"
    ]
    assert f"{applied.prefix}-preview-pages" in json.dumps(said)


def test_nobody_calls_a_worker(applied: Applied) -> None:
    worker = applied.services["preview-worker"]
    assert worker["loadBalancers"] == []
    assert not worker["deployments"][0]["serviceConnectConfiguration"].get("services")
    assert applied.container("preview-worker").command[:4] == ["flask", "--app", "wsgi", "work"]
    assert applied.reached_by(applied.container("preview-worker").environment["JOBS_URL"]) == "jobs"


@pytest.mark.parametrize("service", ["jobs", "preview"])
def test_services_reach_each_other_by_name(applied: Applied, service: str) -> None:
    other, variable = {"jobs": ("preview", "PREVIEW_URL"), "preview": ("jobs", "JOBS_URL")}[service]
    assert applied.reached_by(applied.container(service).environment[variable]) == other


def test_each_service_is_deployed_once_the_other_is_there(applied: Applied) -> None:
    """Or it would not find the other: Service Connect tells a task what was there at the deployment."""
    both_there = max(service["createdAt"] for service in applied.services.values())
    for service in applied.services.values():
        assert service["deployments"][0]["createdAt"] > both_there


def test_no_job_outlives_its_file(applied: Applied) -> None:
    days = int(applied.container("jobs").environment.get("RETENTION_DAYS", "7"))
    assert days == {"dev": 7, "prod": 30}[applied.environment]
    assert BUCKETS["blueprints"][""] == jobs.settings.LONGEST_RETENTION_DAYS
    assert applied.reconciler().environment.get("RETENTION_DAYS", "7") == str(days)


def test_the_reconciler_runs_every_five_minutes(applied: Applied) -> None:
    schedule, target = applied.schedule, applied.schedule["Target"]
    assert (schedule["State"], schedule["ScheduleExpression"]) == ("ENABLED", "rate(5 minutes)")
    assert target["Arn"].endswith(f":cluster/{applied.prefix}")
    assert applied.reconciler().command == ["flask", "--app", "wsgi", "reconcile"]
    network = target["EcsParameters"]["NetworkConfiguration"]["awsvpcConfiguration"]
    assert network["AssignPublicIp"] == "DISABLED"


def test_the_schedule_may_start_the_reconciler_and_nothing_else(applied: Applied) -> None:
    iam, role = applied.client("iam"), applied.schedule["Target"]["RoleArn"].rpartition("/")[2]
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    may = {action: as_list(s["Resource"]) for s in document["Statement"] for action in as_list(s["Action"])}
    task = applied.reconciler().task
    assert may.keys() == {"ecs:RunTask", "iam:PassRole"} | (may.keys() & {"ecs:TagResource"})
    family = task["taskDefinitionArn"].rpartition(":")[0]
    assert all(arn.startswith(family) for arn in may["ecs:RunTask"])
    assert set(may["iam:PassRole"]) == {task["taskRoleArn"], task["executionRoleArn"]}


@pytest.mark.parametrize("task", READERS)
def test_logs_are_kept_for_a_time(applied: Applied, task: str) -> None:
    options = container(applied, task).definition["logConfiguration"]["options"]
    name = options["awslogs-group"]
    groups = applied.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    (group,) = [found for found in groups if found["logGroupName"] == name]
    assert group["retentionInDays"] == {"dev": 14, "prod": 90}[applied.environment]


def test_somebody_is_told_of_everything_that_fails(applied: Applied) -> None:
    pages = (
        applied.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=applied.prefix)
    )
    alarms = {
        alarm["AlarmName"].removeprefix(f"{applied.prefix}-"): alarm
        for page in pages
        for alarm in page["MetricAlarms"]
    }
    # Autoscaling's own alarms tell nobody.
    told = {name: alarm for name, alarm in alarms.items() if not name.startswith("TargetTracking")}
    assert {alarm["AlarmActions"][0].rpartition(":")[2] for alarm in told.values()} == {
        f"{applied.prefix}-alarms"
    }
    for subject in ("availability", "5xx", "slow", "unhealthy", "throttled", "jobs-failing", "textract"):
        assert any(subject in name for name in told), subject
    for alarm in told.values():
        assert alarm["AlarmDescription"]


def test_alarms_reach_the_operator(applied: Applied) -> None:
    sns = applied.client("sns")
    subscriptions = sns.list_subscriptions()["Subscriptions"]
    assert ("email", "operator@example.com") in {
        (s["Protocol"], s["Endpoint"])
        for s in subscriptions
        if s["TopicArn"].endswith(f"{applied.prefix}-alarms")
    }


def test_the_dashboard_shows_what_the_services_measure(applied: Applied) -> None:
    body = applied.client("cloudwatch").get_dashboard(DashboardName=applied.prefix)["DashboardBody"]
    assert json.loads(body)["widgets"]
    assert "LocationDetection" in body
    assert f'"{applied.environment}"' in body


def test_textract_has_a_budget(applied: Applied) -> None:
    (budget,) = [
        budget
        for budget in applied.client("budgets").describe_budgets(AccountId="123456789012")["Budgets"]
        if budget["BudgetName"].startswith(applied.prefix)
    ]
    assert budget["CostFilters"] == {"Service": ["Amazon Textract"]}
