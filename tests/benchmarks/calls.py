"""What a page of a set costs in calls: to tables, buckets and queues, to the jobs service and to Textract."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import sets
from figures import Figure
from target import Target

from fault_proxy import Answer, Call, PassOn, running_proxy
from local_parts import free_port
from running_stack import RunningStack

QUEUE_CALLS = ("ReceiveMessage", "SendMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueue")


def measure(_: Target) -> Iterator[Figure]:
    """Yield a figure a kind of call, on a stack of its own whose calls to AWS are counted on their way."""
    calls: Counter[str] = Counter()

    def count(call: Call, pass_on: PassOn) -> Answer:
        calls[_kind(call)] += 1
        return pass_on()

    port = free_port()
    with tempfile.TemporaryDirectory() as folder, running_proxy(f"http://127.0.0.1:{port}") as proxy:
        places = {"LOCAL_AWS_PORT": str(port), "SERVICES_AWS_ENDPOINT_URL": proxy.url}
        stack = RunningStack.start(Path(folder), places)
        try:
            target = Target(stack.addresses, stack.pid)
            document = sets.document(Path(folder) / "set.pdf", "C", pages=sets.PAGES // 5)
            analysed = target.textract_calls()
            with proxy.meddling(count):
                _, pages = sets.pages_of(target, document)
            calls["Textract"] = target.textract_calls() - analysed
            calls["jobs"] = _internal_requests(stack.log)
        finally:
            stack.stop()
    for kind, number in sorted(calls.items()):
        yield Figure(f"calls a page: {kind}", f"{number / len(pages):.1f}", "", None)


def _kind(call: Call) -> str:
    """Reads and writes of DynamoDB apart, since they are paid and limited apart."""
    action = call.name.partition(" ")[0]
    if action in ("GetItem", "BatchGetItem", "Query", "Scan"):
        return "DynamoDB, reading"
    if action in ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"):
        return "DynamoDB, writing"
    if action.startswith(QUEUE_CALLS):
        return "SQS"
    return "S3" if action.isupper() else "SSM and Secrets Manager"


def _internal_requests(log: str) -> int:
    """How often preview asked jobs, by the lines that jobs logs."""
    count = 0
    for line in log.splitlines():
        try:
            logged = json.loads(line[line.index("{") :])
        except ValueError:
            continue
        context = logged.get("context") or {}
        count += logged.get("service") == "jobs" and str(context.get("route", "")).startswith("/internal")
    return count
