"""The server of one node: pages and the clock that wakes the engine, stopped together."""

from __future__ import annotations

import signal
import socket
from dataclasses import dataclass
from errno import EADDRINUSE
from typing import TYPE_CHECKING, Any

import structlog
import waitress
from waitress import wasyncore

from engine.commands.anchor_record import STAMP
from engine.commands.batches import KIND as BATCH
from engine.commands.batches import run_batch
from engine.commands.deliver_message import deliver_early, route_message
from engine.commands.depart import JOB as DEPARTURE
from engine.commands.depart import carry_departure
from engine.commands.link_cases import carry_child, carry_standing
from engine.commands.prepare_papers import preview
from engine.desk.linking import OPEN_CHILD, TELL_PARENT
from engine.desk.papers import PREVIEW
from engine.desk.sending import EARLY, ROUTE
from scheduler import Clockwork
from web.app import create_app
from web.frontend import DIST, missing_assets
from web.stamping import stamper

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import FrameType

    from engine.desk import Office
    from scheduler import Worker
    from web.keys import Keys
    from web.settings import Settings

log = structlog.get_logger(__name__)

WORKERS: Mapping[str, Worker] = {
    BATCH: run_batch,
    PREVIEW: preview,
    DEPARTURE: carry_departure,
    ROUTE: route_message,
    EARLY: deliver_early,
    OPEN_CHILD: carry_child,
    TELL_PARENT: carry_standing,
}
"""What carries each kind of job."""


def workers_of(settings: Settings) -> Mapping[str, Worker]:
    """Return what carries jobs here: with a time-stamping authority where one is configured."""
    if not settings.timestamp_server:
        return WORKERS
    return {**WORKERS, STAMP: stamper(settings.timestamp_server)}


class NotServable(Exception):
    """The server cannot start; the text says why and what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Refuse with a sentence in each language."""
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Server:
    """A server that listens; `run` returns once it was told to stop.

    Attributes:
        address: Where it is, such as ``http://127.0.0.1:8440``.
    """

    address: str
    _listener: Any
    _channels: dict[int, Any]
    _clockwork: Clockwork
    _office: Office

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT; requests and ticks that run are finished."""
        before = {one: signal.signal(one, _stop) for one in (signal.SIGTERM, signal.SIGINT)}
        self._clockwork.start()
        log.info("server.started", at=self.address)
        try:
            self._listener.run()  # returns on SystemExit, after the requests that run
        finally:
            self._clockwork.stop()
            wasyncore.close_all(self._channels)  # the listener and whoever is connected
            self._office.database.close()
            for number, handler in before.items():
                signal.signal(number, handler)
            log.info("server.stopped")


def listen(office: Office, settings: Settings, keys: Keys, *, dist: Path = DIST) -> Server:
    """Return a server for one office that listens already.

    Args:
        office: Whose pages are served.
        settings: Address, port, threads.
        keys: What signs cookies.
        dist: Where the built front end is.

    Raises:
        NotServable: The front end is not built, or the port is taken.
    """
    missing = missing_assets(dist)
    if missing:
        raise NotServable(
            f"前端尚未构建，缺少 {'、'.join(missing)}；请先运行 make assets。",
            f"The front end is not built: {', '.join(missing)}. Run make assets first.",
        )
    app = create_app(office, settings, keys)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        opened = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        if error.errno != EADDRINUSE:
            raise
        raise NotServable(
            f"端口 {settings.port} 已被占用；请停止占用它的程序，或以 --port 另选一个。",
            f"The port {settings.port} is taken. Stop what uses it, or choose another by --port.",
        ) from error
    channels: dict[int, Any] = {}
    listener = waitress.create_server(
        app,
        map=channels,
        sockets=[opened],
        threads=settings.threads,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
        ident=None,
    )
    clockwork = Clockwork(office, workers_of(settings), seconds=settings.sweep_seconds)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{opened.getsockname()[1]}"
    return Server(address, listener, channels, clockwork, office)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
