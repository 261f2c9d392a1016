"""Stands in front of moto and answers the few calls that it lacks or gets wrong.

Each has its reason in docs/testing.md. What is not named here reaches moto untouched.
"""

import io
import json
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Response

Environ = dict[str, Any]
Message = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

FORGOTTEN_OF_SERVICES = (
    "availabilityZoneRebalancing",
    "deploymentConfiguration",
    "healthCheckGracePeriodSeconds",
    "serviceConnectConfiguration",
)
ATTRIBUTES_OF_QUEUE = "AmazonSQS.GetQueueAttributes"
FORGOTTEN_OF_QUEUES = ("Policy", "RedriveAllowPolicy", "RedrivePolicy")


class Shim:
    """Wraps moto's WSGI application."""

    def __init__(self, moto: WsgiApp) -> None:
        self._moto = moto
        self._tags: dict[str, dict[str, str]] = {}
        self._subscribers: dict[str, list[Message]] = {}
        self._services: dict[str, Message] = {}
        self._queues: dict[str, dict[str, str]] = {}
        self._answered_here: dict[str, Callable[[Message], Message]] = {
            "AnyScaleFrontendService.ListTagsForResource": self._list_tags_of_scalable_target,
            "AWSBudgetServiceGateway.ListTagsForResource": self._list_tags_of_budget,
            "AWSBudgetServiceGateway.DescribeSubscribersForNotification": self._describe_subscribers,
        }
        # Moto answers these, and forgets a part of what it was told.
        self._completed_here: dict[str, Callable[[Message, Message], None]] = {
            "AnyScaleFrontendService.RegisterScalableTarget": self._note_scalable_target,
            "AWSBudgetServiceGateway.CreateBudget": self._note_budget,
            "AWSBudgetServiceGateway.CreateNotification": self._note_notification,
            "AmazonEC2ContainerServiceV20141113.CreateService": self._note_service,
            "AmazonEC2ContainerServiceV20141113.UpdateService": self._note_service,
            "AmazonEC2ContainerServiceV20141113.DescribeServices": self._complete_services,
            "AmazonSQS.CreateQueue": self._note_queue,
            "AmazonSQS.SetQueueAttributes": self._note_queue,
            ATTRIBUTES_OF_QUEUE: self._complete_queue,
        }

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        operation = environ.get("HTTP_X_AMZ_TARGET", "")
        if answer := self._answered_here.get(operation):
            return _say(answer(_request(environ)), start_response)
        if complete := self._completed_here.get(operation):
            request = _request(environ)
            if operation == ATTRIBUTES_OF_QUEUE:  # it refuses to be asked for what it does not know
                _replace_request(environ, {**request, "AttributeNames": ["All"]})
            response = Response.from_app(self._moto, environ)
            if response.status_code != HTTPStatus.OK:
                return response(environ, start_response)
            said: Message = json.loads(response.get_data() or b"{}")
            complete(request, said)
            return _say(said, start_response)
        return self._moto(environ, start_response)

    def _note_scalable_target(self, request: Message, answer: Message) -> None:
        self._tags.setdefault(answer["ScalableTargetARN"], {}).update(request.get("Tags", {}))

    def _list_tags_of_scalable_target(self, request: Message) -> Message:
        return {"Tags": self._tags.get(request["ResourceARN"], {})}

    def _note_budget(self, request: Message, _: Message) -> None:
        name = request["Budget"]["BudgetName"]
        self._tags[name] = {tag["Key"]: tag["Value"] for tag in request.get("ResourceTags", [])}
        for notification in request.get("NotificationsWithSubscribers", []):
            self._note_notification({"BudgetName": name, **notification}, {})

    def _list_tags_of_budget(self, request: Message) -> Message:
        tags = self._tags.get(request["ResourceARN"].rpartition("/")[2], {})
        return {"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def _note_notification(self, request: Message, _: Message) -> None:
        self._subscribers[_notification(request)] = request["Subscribers"]

    def _describe_subscribers(self, request: Message) -> Message:
        return {"Subscribers": self._subscribers.get(_notification(request), [])}

    def _note_service(self, request: Message, answer: Message) -> None:
        told = self._services.setdefault(answer["service"]["serviceArn"], {})
        told.update({name: request[name] for name in FORGOTTEN_OF_SERVICES if name in request})
        told.setdefault("createdAt", time.time())
        self._complete(answer["service"])

    def _complete_services(self, _: Message, answer: Message) -> None:
        for service in answer["services"]:
            self._complete(service)

    def _complete(self, service: Message) -> None:
        told = dict(self._services.get(service["serviceArn"], {}))
        for deployment in service["deployments"]:
            deployment["serviceConnectConfiguration"] = told.get("serviceConnectConfiguration")
        told.pop("serviceConnectConfiguration", None)  # AWS tells it of deployments only
        service.update(told)

    def _note_queue(self, request: Message, answer: Message) -> None:
        told = self._queues.setdefault(request.get("QueueUrl") or answer["QueueUrl"], {})
        told.update({k: v for k, v in request["Attributes"].items() if k in FORGOTTEN_OF_QUEUES})

    def _complete_queue(self, request: Message, answer: Message) -> None:
        told = self._queues.get(request["QueueUrl"], {})
        answer.setdefault("Attributes", {}).update({k: v for k, v in told.items() if v})


def _say(message: Message, start_response: StartResponse) -> Iterable[bytes]:
    said = json.dumps(message).encode()
    headers = [("Content-Type", "application/x-amz-json-1.1"), ("Content-Length", str(len(said)))]
    start_response("200 OK", headers)
    return [said]


def _request(environ: Environ) -> Message:
    """The body, which is left to be read again."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = io.BytesIO(body)
    request: Message = json.loads(body)
    return request


def _replace_request(environ: Environ, request: Message) -> None:
    body = json.dumps(request).encode()
    environ.update({"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})


def _notification(request: Message) -> str:
    """A name for a budget's notification, which has none but its content."""
    said = request["Notification"]
    return f"{request['BudgetName']} {said['NotificationType']} {said['Threshold']:g}"
