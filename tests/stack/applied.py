"""What stands in an environment, as the AWS API tells it and not as Terraform says it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from local_aws.router.routing import Rule
from stack.rehearsal import BUCKET_SUFFIXES, Rehearsal

PROJECT = "location-detection"


@dataclass(frozen=True, slots=True)
class Container:
    """A container as its task definition describes it, and the task around it."""

    definition: dict[str, Any]
    task: dict[str, Any]

    @property
    def environment(self) -> dict[str, str]:
        return {variable["name"]: variable["value"] for variable in self.definition["environment"]}

    @property
    def command(self) -> list[str]:
        """Empty where the image says it."""
        command: list[str] = self.definition.get("command", [])
        return command

    @property
    def role(self) -> str:
        return str(self.task["taskRoleArn"].rpartition("/")[2])

    def port(self, name: str) -> int:
        return next(
            int(mapping["containerPort"])
            for mapping in self.definition["portMappings"]
            if mapping["name"] == name
        )


class Applied:
    """One environment of a rehearsal."""

    def __init__(self, rehearsal: Rehearsal, environment: str) -> None:
        self._rehearsal = rehearsal
        self.environment = environment
        self.prefix = f"{PROJECT}-{environment}"

    def bucket(self, role: str) -> str:
        """Its name, of which all of AWS has only one."""
        return f"{self.prefix}-{role}-{BUCKET_SUFFIXES[self.environment]}".removesuffix("-")

    def client(self, service: str) -> Any:
        return self._rehearsal.client(service)

    @cached_property
    def services(self) -> dict[str, dict[str, Any]]:
        """The ECS services, by name."""
        ecs = self.client("ecs")
        names = ecs.list_services(cluster=self.prefix)["serviceArns"]
        found = ecs.describe_services(cluster=self.prefix, services=names)["services"]
        return {service["serviceName"]: service for service in found}

    @property
    def balanced_services(self) -> list[str]:
        """Those that the load balancer sends requests to."""
        return [name for name, service in self.services.items() if service["loadBalancers"]]

    def container(self, service: str) -> Container:
        return self._container(self.services[service]["taskDefinition"])

    @cached_property
    def schedule(self) -> dict[str, Any]:
        schedule: dict[str, Any] = self.client("scheduler").get_schedule(Name=f"{self.prefix}-reconciler")
        return schedule

    def reconciler(self) -> Container:
        """What the schedule starts."""
        return self._container(self.schedule["Target"]["EcsParameters"]["TaskDefinitionArn"])

    def _container(self, task_definition: str) -> Container:
        task = self.client("ecs").describe_task_definition(taskDefinition=task_definition)["taskDefinition"]
        (container,) = task["containerDefinitions"]
        return Container(container, task)

    @cached_property
    def load_balancer(self) -> dict[str, Any]:
        (found,) = self.client("elbv2").describe_load_balancers(Names=[self.prefix])["LoadBalancers"]
        return dict(found)

    def listener(self, port: int) -> dict[str, Any]:
        arn = self.load_balancer["LoadBalancerArn"]
        listeners = self.client("elbv2").describe_listeners(LoadBalancerArn=arn)["Listeners"]
        return next(listener for listener in listeners if listener["Port"] == port)

    def target_group(self, service: str) -> dict[str, Any]:
        (attached,) = self.services[service]["loadBalancers"]
        arn = attached["targetGroupArn"]
        (found,) = self.client("elbv2").describe_target_groups(TargetGroupArns=[arn])["TargetGroups"]
        return dict(found)

    def rules(self) -> tuple[Rule, ...]:
        """The HTTPS listener's rules in their order, targets by the service that is attached to them."""
        arn = self.listener(443)["ListenerArn"]
        services = {self.target_group(name)["TargetGroupArn"]: name for name in self.balanced_services}
        rules = []
        for rule in self.client("elbv2").describe_rules(ListenerArn=arn)["Rules"]:
            if rule["IsDefault"]:
                continue
            (condition,), (action,) = rule["Conditions"], rule["Actions"]
            assert (condition["Field"], action["Type"]) == ("path-pattern", "forward")
            patterns = tuple(sorted(condition["PathPatternConfig"]["Values"]))  # a set, to AWS
            rules.append(Rule(int(rule["Priority"]), patterns, services[action["TargetGroupArn"]]))
        return tuple(sorted(rules, key=lambda rule: rule.priority))

    def reached_by(self, url: str) -> str:
        """The service that answers at ``url`` inside Service Connect, which must be its container's port.

        Raises
        ------
        LookupError
            If nobody does.
        """
        for name, service in self.services.items():
            for offered in service["deployments"][0]["serviceConnectConfiguration"].get("services", ()):
                for alias in offered["clientAliases"]:
                    if url == f"http://{alias['dnsName']}:{alias['port']}":
                        assert (
                            self.container(name).port(offered["portName"]) == self.target_group(name)["Port"]
                        )
                        return name
        raise LookupError(f"no service answers at {url}")
