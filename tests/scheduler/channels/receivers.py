"""Receivers on this machine that keep what they are sent and answer as they are told."""

from __future__ import annotations

import email
import email.policy
import re
import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.listening import HOST, Answer, Asked, answering, running

ANSWERS = {
    "EHLO": "250-here\r\n250-AUTH PLAIN\r\n250 STARTTLS",
    "STARTTLS": "220 go on",
    "AUTH": "235 welcome",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}


@dataclass
class Kept:
    """What a receiver was sent.

    Attributes:
        port: Where it listens.
        said: Lines of SMTP, or paths of HTTP, in their order.
    """

    port: int = 0
    said: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"


@contextmanager
def web(
    status: int = 200,
    answer: bytes = b'{"errcode":0}',
    *,
    location: str = "",
    context: ssl.SSLContext | None = None,
) -> Iterator[Kept]:
    """Receive HTTP posts."""
    kept = Kept()

    def take(asked: Asked) -> Answer:
        kept.said.append(asked.path)
        kept.headers.append(dict(asked.headers))
        kept.bodies.append(asked.content)
        return Answer(answer, status, {"Location": location} if location else {})

    with answering(take, context) as kept.port:
        yield kept


@contextmanager
def mail(  # noqa: C901 -- a small server in one piece
    *, refuses: str = "", context: ssl.SSLContext | None = None
) -> Iterator[Kept]:
    """Receive mail; STARTTLS where there is a certificate; `refuses` is a command answered 451."""
    kept = Kept()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._answer("220 here")
            while line := self.rfile.readline().decode().strip():
                kept.said.append(line)
                verb = line.split(":")[0].split(" ")[0].upper()
                self._answer("451 not now" if verb == refuses else ANSWERS.get(verb, "250 well"))
                if verb == "STARTTLS" and context is not None:
                    with context.wrap_socket(self.connection, server_side=True) as secure:
                        self.rfile = secure.makefile("rb")
                        self.wfile = secure.makefile("wb", buffering=0)  # type: ignore[assignment]
                        self._go_on()
                    return
                self._take(verb)

        def _go_on(self) -> None:
            while line := self.rfile.readline().decode().strip():
                kept.said.append(line)
                verb = line.split(":")[0].split(" ")[0].upper()
                self._answer(ANSWERS.get(verb, "250 well"))
                self._take(verb)
            self.rfile.close()

        def _take(self, verb: str) -> None:
            if verb == "DATA" and verb != refuses:
                self._read()
                self._answer("250 kept")

        def _read(self) -> None:
            content = b""
            while (line := self.rfile.readline()) != b".\r\n":
                content += line
            kept.bodies.append(content)

        def _answer(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    server = socketserver.TCPServer((HOST, 0), Handler)
    kept.port = server.server_address[1]
    with running(server):
        yield kept


def certificates(home: Path, name: str = "localhost") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what a server of this name shows, and what a client trusts it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    born = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(born)
        .not_valid_after(born + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = home / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(path)
    trusting = ssl.create_default_context(cafile=str(path))
    return serving, trusting


def code_in(kept: Kept) -> str:
    """Return the code that the newest mail asks to be entered."""
    message = email.message_from_bytes(kept.bodies[-1], policy=email.policy.default)
    body = message.get_body(("plain",))
    found = re.search(r"[:：] ?(\d{8})", str(body.get_content())) if body is not None else None
    assert found is not None, kept.bodies[-1]
    return found[1]
