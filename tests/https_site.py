"""A site with a certificate, on loopback, that a test scripts byte by byte."""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "plans.example.com"
OTHER_HOST = "other.example.com"
PUBLIC_ADDRESS = "93.184.216.34"

Script = Callable[[ssl.SSLSocket], None]


def answer(body: bytes = b"", status: str = "200 OK", **headers: str | None) -> bytes:
    """An HTTP answer; ``Content_Length=None`` leaves that header out."""
    fields = {"Content-Length": str(len(body))} | {n.replace("_", "-"): v for n, v in headers.items()}
    lines = [
        f"HTTP/1.1 {status}",
        *(f"{name}: {value}" for name, value in fields.items() if value is not None),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@dataclass
class Site:
    """``answers`` by path; ``asked`` are the heads of the requests, ``names`` what clients asked for in SNI.

    ``connect`` and ``resolve`` are what a fetcher is given: every public address leads here.
    """

    port: int
    tls: ssl.SSLContext
    answers: dict[str, bytes | Script] = field(default_factory=dict)
    addresses: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def resolve(self, host: str) -> list[str]:
        self.resolved.append(host)
        return self.addresses.get(host, [PUBLIC_ADDRESS])

    def connect(self, address: str, timeout_seconds: float) -> socket.socket:
        self.connected.append(address)
        return socket.create_connection(("127.0.0.1", self.port), timeout_seconds)

    def serve(self, plain: socket.socket, tls: ssl.SSLContext) -> None:
        try:
            with tls.wrap_socket(plain, server_side=True) as connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    if not (read := connection.recv(4096)):
                        return
                    head += read
                self.asked.append(head.decode())
                scripted = self.answers.get(head.decode().split()[1], answer(status="404 Not Found"))
                if isinstance(scripted, bytes):
                    connection.sendall(scripted)
                else:
                    scripted(connection)
        except OSError:
            pass  # the client went away, as many do here


def site_certificates(folder: Path) -> tuple[Path, Path]:
    """A certificate for the two hosts, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "plans")])
    now = datetime.datetime.now(datetime.UTC)
    hosts = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.DNSName(OTHER_HOST)])
    certificate = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(hosts, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths


@contextmanager
def https_site(certificate: Path, key: Path) -> Iterator[Site]:
    """A site that runs until the block ends; ``Site.tls`` is a client's side that trusts it."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        site = Site(listening.getsockname()[1], ssl.create_default_context(cafile=certificate))
        server.sni_callback = lambda _, name, __: site.names.append(name or "")

        def accept() -> None:
            while True:
                plain, _ = listening.accept()
                if site.over.is_set():
                    plain.close()
                    return
                threads.append(threading.Thread(target=site.serve, args=(plain, server)))
                threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        yield site
        site.over.set()
        socket.create_connection(("127.0.0.1", site.port)).close()
        for thread in (accepting, *threads):
            thread.join()
