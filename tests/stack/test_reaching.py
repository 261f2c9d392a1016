"""Who reaches whom: networks, the load balancer, its rules and its firewall."""

import json
from dataclasses import replace
from typing import Any

import pytest

from local_aws.router import routing
from local_aws.router.proxy import not_found
from stack.applied import Applied

SERVICE_PORT = 8000
TLS_PORT = 443


def groups(applied: Applied) -> dict[str, dict[str, Any]]:
    """The environment's own security groups, by the end of their names."""
    found = applied.client("ec2").describe_security_groups()["SecurityGroups"]
    return {
        group["GroupName"].removeprefix(f"{applied.prefix}-"): group
        for group in found
        if group["GroupName"].startswith(f"{applied.prefix}-")
    }


def callers(applied: Applied, name: str) -> set[tuple[str, int]]:
    """Who may open a connection to a group, and to which port."""
    names = {group["GroupId"]: own for own, group in groups(applied).items()}
    found = set()
    for permission in groups(applied)[name]["IpPermissions"]:
        assert (permission["IpProtocol"], permission["FromPort"]) == ("tcp", permission["ToPort"])
        assert not permission["PrefixListIds"]
        assert not permission["Ipv6Ranges"]
        sources = [names[pair["GroupId"]] for pair in permission["UserIdGroupPairs"]]
        found |= {
            (s, permission["FromPort"]) for s in sources + [r["CidrIp"] for r in permission["IpRanges"]]
        }
    return found


def test_nobody_reaches_what_they_need_not(applied: Applied) -> None:
    assert {name: callers(applied, name) for name in groups(applied)} == {
        "alb": {("0.0.0.0/0", 80), ("0.0.0.0/0", TLS_PORT)},
        "jobs": {("alb", SERVICE_PORT), ("preview", SERVICE_PORT), ("preview-worker", SERVICE_PORT)},
        "preview": {("alb", SERVICE_PORT), ("jobs", SERVICE_PORT)},
        "preview-worker": set(),
        "reconciler": set(),
        "endpoints": {(task, TLS_PORT) for task in ("jobs", "preview", "preview-worker", "reconciler")},
    }


def test_the_default_group_lets_nobody_in(applied: Applied) -> None:
    vpc = groups(applied)["alb"]["VpcId"]
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    (default,) = applied.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"]
    assert default["IpPermissions"] == []


def test_only_the_load_balancer_is_public(applied: Applied) -> None:
    ec2 = applied.client("ec2")
    public = {zone["SubnetId"] for zone in applied.load_balancer["AvailabilityZones"]}
    tasks = {
        subnet
        for service in applied.services.values()
        for subnet in service["networkConfiguration"]["awsvpcConfiguration"]["subnets"]
    }
    assert not public & tasks
    zones = {subnet["AvailabilityZone"] for subnet in ec2.describe_subnets(SubnetIds=list(tasks))["Subnets"]}
    assert len(zones) == {"dev": 2, "prod": 3}[applied.environment]
    for service in applied.services.values():
        assert service["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "DISABLED"
    for subnet in tasks:
        found = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])
        routes = [route for table in found["RouteTables"] for route in table["Routes"]]
        assert not any(route.get("DestinationCidrBlock") == "0.0.0.0/0" for route in routes)


def test_aws_is_reached_inside_the_network(applied: Applied) -> None:
    vpc = groups(applied)["alb"]["VpcId"]
    found = applied.client("ec2").describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    kinds: dict[str, set[str]] = {"Gateway": set(), "Interface": set()}
    for endpoint in found["VpcEndpoints"]:
        kinds[endpoint["VpcEndpointType"]].add(
            endpoint["ServiceName"].removeprefix("com.amazonaws.us-east-1.")
        )
    assert kinds["Gateway"] == {"s3", "dynamodb"}
    assert kinds["Interface"] == {"textract", "sqs", "ssm", "secretsmanager", "ecr.api", "ecr.dkr", "logs"}


def test_the_rules_are_those_of_the_local_router(applied: Applied) -> None:
    assert applied.rules() == tuple(
        replace(rule, patterns=tuple(sorted(rule.patterns))) for rule in routing.RULES
    )


def test_rules_stay_inside_the_quotas_of_aws(applied: Applied) -> None:
    for rule in applied.rules():
        assert len(rule.patterns) <= routing.MAX_VALUES_PER_RULE
        wildcards = sum(pattern.count("*") + pattern.count("?") for pattern in rule.patterns)
        assert wildcards <= routing.MAX_WILDCARDS_PER_RULE


def test_anything_else_is_answered_404_as_the_product_does(applied: Applied) -> None:
    (action,) = applied.listener(TLS_PORT)["DefaultActions"]
    fixed = action["FixedResponseConfig"]
    assert (fixed["StatusCode"], fixed["ContentType"]) == ("404", "application/json")
    assert json.loads(fixed["MessageBody"]) == not_found()


def test_the_outside_is_tls(applied: Applied) -> None:
    https, http = applied.listener(TLS_PORT), applied.listener(80)
    assert https["Protocol"] == "HTTPS"
    assert https["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2")
    assert len(https["Certificates"]) == 1
    (redirect,) = http["DefaultActions"]
    assert (redirect["RedirectConfig"]["Protocol"], redirect["RedirectConfig"]["StatusCode"]) == (
        "HTTPS",
        "HTTP_301",
    )


@pytest.mark.parametrize("service", ["jobs", "preview"])
def test_health_is_asked_of_what_asks_nobody(applied: Applied, service: str) -> None:
    group = applied.target_group(service)
    assert (group["HealthCheckPath"], group["Matcher"]) == ("/health/live", {"HttpCode": "200"})
    assert (group["Port"], group["TargetType"]) == (SERVICE_PORT, "ip")
    assert applied.container(service).port("http") == SERVICE_PORT


def test_the_load_balancer_logs_and_is_in_step_with_gunicorn(applied: Applied) -> None:
    arn = applied.load_balancer["LoadBalancerArn"]
    found = applied.client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    attributes = {attribute["Key"]: attribute["Value"] for attribute in found}
    assert applied.load_balancer.get("Scheme") != "internal"
    assert attributes["access_logs.s3.enabled"] == "true"
    assert attributes["access_logs.s3.bucket"] == applied.bucket("access-logs")
    assert attributes["deletion_protection.enabled"] == str(applied.environment == "prod").lower()
    assert int(attributes["idle_timeout.timeout_seconds"]) < 75, "gunicorn's keepalive"
    for service in applied.balanced_services:
        arn = applied.target_group(service)["TargetGroupArn"]
        found = applied.client("elbv2").describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
        delay = next(a["Value"] for a in found if a["Key"] == "deregistration_delay.timeout_seconds")
        stop_timeout = applied.container(service).definition["stopTimeout"]
        assert int(delay) >= stop_timeout > 25, "gunicorn's graceful_timeout"


def test_the_firewall_stops_floods_and_lets_blueprints_pass(applied: Applied) -> None:
    waf, arn = applied.client("wafv2"), applied.load_balancer["LoadBalancerArn"]
    attached = waf.get_web_acl_for_resource(ResourceArn=arn)["WebACL"]
    acl = waf.get_web_acl(Name=attached["Name"], Scope="REGIONAL", Id=attached["Id"])["WebACL"]
    statements = {rule["Name"]: rule["Statement"] for rule in acl["Rules"]}
    assert statements["rate-per-ip"]["RateBasedStatement"]["AggregateKeyType"] == "IP"
    common = statements["common"]["ManagedRuleGroupStatement"]
    assert (common["VendorName"], common["Name"]) == ("AWS", "AWSManagedRulesCommonRuleSet")
    counted = {o["Name"] for o in common["RuleActionOverrides"] if "Count" in o["ActionToUse"]}
    assert "SizeRestrictions_BODY" in counted, "it would refuse bodies over 8 KB"
