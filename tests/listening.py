"""Servers on this machine, each on a port of its own, that listen while a test needs them."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import BaseServer

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Asked:
    """What a web server was asked; a GET has no content."""

    path: str
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True)
class Answer:
    """What a web server answers."""

    content: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def running(server: BaseServer) -> Iterator[None]:
    """Let a server serve while the context lasts; a thread left over would keep the run alive."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def answering(
    answer: Callable[[Asked], Answer], context: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Answer GET and POST while the context lasts; give the port.

    Args:
        answer: Called once for each request, one after the other.
        context: What the server shows, if it speaks TLS.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            content = self.rfile.read(length)
            told = answer(Asked(self.path, dict(self.headers), content))
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told.content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            with suppress(ssl.SSLError):
                super().handle()

    server = HTTPServer((HOST, 0), Handler)
    if context is not None:  # the handshake is the handler's, who closes what does not come about
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    with running(server):
        yield server.server_port
