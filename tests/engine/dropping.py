"""A wire to PostgreSQL that is cut at a chosen word of the client: before it is sent, or after."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import sqlalchemy as sa

CHUNK = 65_536


@dataclass
class Wire:
    """What stands between a client and the server.

    Attributes:
        address: Where the client connects.
        cut_at: The word at which the wire is cut, once; empty for never.
        is_sent: Whether the server still gets it: then only the answer is lost.
        cuts: How often it was cut.
    """

    address: str
    server: tuple[str, int]
    cut_at: bytes = b""
    is_sent: bool = False
    cuts: int = 0
    answered: threading.Event = field(default_factory=threading.Event)

    def cut(self, word: str, *, is_sent: bool) -> None:
        """Cut at the next `word` that the client says."""
        self.cut_at, self.is_sent, self.cuts = word.encode(), is_sent, 0
        self.answered.clear()

    def carry(self, client: socket.socket) -> None:
        """Carry one connection in both directions until either ends or it is cut."""
        with client, socket.create_connection(self.server) as server:
            back = threading.Thread(target=self._back, args=(server, client))
            back.start()
            with suppress(OSError):
                while said := client.recv(CHUNK):
                    if self.cut_at and self.cut_at in said:
                        self.cut_at = b""
                        self.cuts += 1
                        if self.is_sent:
                            client.shutdown(socket.SHUT_RDWR)  # the answer finds nobody
                            server.sendall(said)
                            self.answered.wait(10)
                        break
                    server.sendall(said)
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            back.join()

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while answer := server.recv(CHUNK):
                if self.cuts:
                    self.answered.set()
                client.sendall(answer)


@contextmanager
def wire_to(url: str) -> Iterator[Wire]:
    """Give a wire to the database at `url`."""
    parsed = sa.make_url(url)
    assert parsed.host is not None
    assert parsed.port is not None
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    address = parsed.set(host="127.0.0.1", port=port, query={"sslmode": "disable"})
    wire = Wire(address.render_as_string(hide_password=False), (parsed.host, parsed.port))
    threads: list[threading.Thread] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                thread = threading.Thread(target=wire.carry, args=(client,))
                thread.start()
                threads.append(thread)

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield wire
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for thread in threads:
            thread.join()
