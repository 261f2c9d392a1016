"""An emulated AWS that enforces IAM and speaks TLS."""

import datetime
import ipaddress
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from local_aws.aws.provision import CREDENTIALS
from local_aws.aws.resources import REGION
from local_aws.programs import EMULATOR_PYTHON
from local_parts import HOST, free_port, running

ACCOUNT = "123456789012"
"""Moto's, so that the ARNs in policies that were applied there hold here too."""

UNNAMED_ACTION = "ssm:GetParameters"
UNNAMED = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": UNNAMED_ACTION, "Resource": "*"}],
}
"""This emulator does not look which parameters are asked for, and asks about all; see docs/testing.md."""

BATCHED = {"sqs:SendMessage": "sqs:SendMessageBatch"}
"""AWS has one permission for both, and the emulator two.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
"""

Credentials = dict[str, str]
"""The environment variables that carry them."""


@dataclass(frozen=True, slots=True)
class EnforcingAws:
    """``certificate`` is what a client must trust; ``CREDENTIALS`` are the account's root."""

    url: str
    certificate: Path

    def client(self, service: str, credentials: Credentials = CREDENTIALS) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            verify=str(self.certificate),
            config=Config(retries={"total_max_attempts": 1}),
            **{name.lower(): value for name, value in credentials.items()},
        )

    def would_allow(self, role: str, action: str, resource: str) -> bool:
        """What the policy simulator says."""
        (result,) = self.client("iam").simulate_custom_policy(
            PolicyInputList=[self.policy(role)], ActionNames=[action], ResourceArns=[resource]
        )["EvaluationResults"]
        return bool(result["EvalDecision"] == "allowed")

    def policy(self, role: str) -> str:
        """What the role may do; all of it is one inline policy."""
        iam = self.client("iam")
        assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
        (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
        return json.dumps(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])

    def as_task(self, role: str) -> Credentials:
        """Keys of a new user who may do what the role may, and nothing else.

        A user, because the role trusts tasks of ECS alone, and this emulator has none.
        """
        iam, user, policy = self.client("iam"), f"{role}-task", self.policy(role)
        iam.create_user(UserName=user)
        iam.put_user_policy(UserName=user, PolicyName="task", PolicyDocument=_with_batches(policy))
        if UNNAMED_ACTION in policy:
            iam.put_user_policy(UserName=user, PolicyName="unnamed", PolicyDocument=json.dumps(UNNAMED))
        key = iam.create_access_key(UserName=user)["AccessKey"]
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def as_list(value: Any) -> list[str]:
    """A policy may hold one value instead of a list of one."""
    return value if isinstance(value, list) else [value]


def _with_batches(policy: str) -> str:
    """The same, with what the emulator calls the batch of an allowed action, on the same resources."""
    document = json.loads(policy)
    for statement in document["Statement"]:
        actions = as_list(statement["Action"])
        statement["Action"] = [*actions, *(BATCHED[action] for action in actions if action in BATCHED)]
    return json.dumps(document)


@contextmanager
def enforcing_aws(folder: Path) -> Iterator[EnforcingAws]:
    """Run it with its state in ``folder`` until the block ends."""
    certificate, key = _certificate(folder)
    port = free_port()
    url = f"https://{HOST}:{port}"
    environ = {
        **os.environ,
        **CREDENTIALS,
        "AUTH": "true",
        "USE_SSL": "1",
        "MINISTACK_SSL_CERT": str(certificate),
        "MINISTACK_SSL_KEY": str(key),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "SERVICES": "s3,dynamodb,sqs,ssm,secretsmanager,sts,iam",
        "STATE_DIR": str(folder / "state"),
        "S3_DATA_DIR": str(folder / "s3"),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
        "LOG_LEVEL": "WARNING",
    }
    command = [EMULATOR_PYTHON, "-m", "ministack"]
    probe = f"{url}/_ministack/health"
    # Killed, because it would wait for every client to hang up; nobody needs its state.
    with running(command, probe, environ=environ, trust=certificate, stop=signal.SIGKILL):
        yield EnforcingAws(url, certificate)


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine's loopback, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "emulated AWS")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths
