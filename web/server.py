"""What one node runs: pages, the clock that wakes the engine, workers; stopped together."""

from __future__ import annotations

import signal
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from errno import EADDRINUSE
from typing import TYPE_CHECKING, Any, Protocol

import structlog
import waitress
from waitress import wasyncore

from engine.commands.anchor_record import STAMP
from engine.commands.batches import KIND as BATCH
from engine.commands.batches import run_batch
from engine.commands.deliver_message import deliver_early, route_message
from engine.commands.deliver_notices import deliver_notices, send_proof, try_address
from engine.commands.depart import JOB as DEPARTURE
from engine.commands.depart import carry_departure
from engine.commands.exports import END as EXPORT_END
from engine.commands.exports import KIND as EXPORT
from engine.commands.exports import forget_export
from engine.commands.let_papers_go import END as PAPERS_END
from engine.commands.let_papers_go import KIND as PAPERS
from engine.commands.let_papers_go import end_papers, let_papers_go
from engine.commands.link_cases import carry_child, carry_standing
from engine.commands.merge_clues import KIND as MERGE
from engine.commands.merge_clues import carry_merger
from engine.commands.prepare_papers import preview
from engine.commands.retire import KIND as RETIRE
from engine.commands.retire import run_retirement
from engine.desk.linking import OPEN_CHILD, TELL_PARENT
from engine.desk.outgoing import DELIVER, PROVE, TRY
from engine.desk.papers import PREVIEW
from engine.desk.sending import EARLY, ROUTE
from engine.store.nodes import AlreadyServed, hold_serving
from scheduler import Clockwork
from scheduler.queue_worker import QueueWorker
from scheduler.queueing import rouse
from web.app import create_app
from web.frontend import DIST, missing_assets
from web.ledger.wording import make_export
from web.stamping import stamper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import FrameType

    from engine.desk import Office
    from engine.store.nodes import Hold
    from scheduler import Worker
    from web.keys import Keys
    from web.settings import Settings

log = structlog.get_logger(__name__)

WORKERS: Mapping[str, Worker] = {
    BATCH: run_batch,
    EXPORT: make_export,
    EXPORT_END: forget_export,
    MERGE: carry_merger,
    PREVIEW: preview,
    DEPARTURE: carry_departure,
    RETIRE: run_retirement,
    PAPERS: let_papers_go,
    PAPERS_END: end_papers,
    ROUTE: route_message,
    EARLY: deliver_early,
    OPEN_CHILD: carry_child,
    TELL_PARENT: carry_standing,
    DELIVER: deliver_notices,
    TRY: try_address,
    PROVE: send_proof,
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


class Role(StrEnum):
    """What a node does; anything but all of it needs PostgreSQL."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"
    SCHEDULER = "scheduler"


class Part(Protocol):
    """What runs beside the pages of a node."""

    def start(self) -> None:
        """Begin."""
        ...

    def stop(self) -> None:
        """Finish what is being done, and end."""
        ...


def parts_of(office: Office, settings: Settings, role: Role) -> Sequence[Part]:
    """Return what a node of this role runs beside pages.

    Raises:
        NotServable: The role is one of several nodes, and the database is the embedded one.
    """
    if role is not Role.ALL and not settings.has_queue:
        raise NotServable(
            f"内嵌数据库只供一个进程使用，不能只启动 {role}；请把设置 database 改为 PostgreSQL，"
            "或不加 --role 启动。",
            f"The embedded database serves one process and cannot run {role} alone. "
            "Set database to PostgreSQL, or start without --role.",
        )
    workers = workers_of(settings)
    clockwork = Clockwork(
        office,
        workers,
        seconds=settings.sweep_seconds,
        rouse=rouse if settings.has_queue else None,
    )
    parts: list[Part] = []
    if role in {Role.ALL, Role.SCHEDULER}:
        parts.append(clockwork)
    if settings.has_queue and role in {Role.ALL, Role.WORKER}:
        parts.append(QueueWorker(office, workers, threads=settings.worker_threads))
    return parts


def serving(office: Office) -> Hold:
    """Say that this process serves the office's database, as long as the hold is kept.

    Raises:
        NotServable: Another process serves the embedded database, or the keys of the one on
            PostgreSQL are being changed.
    """
    try:
        return hold_serving(office.database)
    except AlreadyServed as error:
        if not office.database.is_sqlite:
            raise NotServable(
                "正在更换主密钥（wenze rotate-keys），节点不能启动；请等它结束再启动。",
                "The master key is being changed (wenze rotate-keys) and no node can start. Wait "
                "until it has ended.",
            ) from error
        raise NotServable(
            "另一进程正在使用这个内嵌数据库，它只供一个进程使用；请先停止那个进程，"
            "或把设置 database 改为 PostgreSQL，再启动多个节点。",
            "Another process serves this embedded database, which serves one only. Stop that "
            "process, or set database to PostgreSQL to run several nodes.",
        ) from error


@dataclass(frozen=True, slots=True)
class Node:
    """A node without pages: it works until it is told to stop."""

    _parts: Sequence[Part]
    _office: Office
    _hold: Hold

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; what is being done is finished."""
        told = threading.Event()
        with _signals():
            try:
                with _running(self._parts):
                    log.info("node.started")
                    told.wait()  # a signal raises SystemExit here
            except SystemExit:
                log.info("node.stopped")
            finally:
                self._office.database.close()
                self._hold.release()


@dataclass(frozen=True, slots=True)
class Server:
    """A server that listens; `run` returns once it was told to stop.

    Attributes:
        address: Where it is, such as ``http://127.0.0.1:8440``.
    """

    address: str
    _listener: Any
    _channels: dict[int, Any]
    _parts: Sequence[Part]
    _office: Office
    _hold: Hold

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT; requests, ticks and jobs that run are finished."""
        with _signals():
            try:
                with _running(self._parts):
                    log.info("server.started", at=self.address)
                    self._listener.run()  # returns on SystemExit, after the requests that run
            finally:
                wasyncore.close_all(self._channels)  # the listener and whoever is connected
                self._office.database.close()
                self._hold.release()
                log.info("server.stopped")


def listen(
    office: Office,
    settings: Settings,
    keys: Keys,
    *,
    dist: Path = DIST,
    role: Role = Role.ALL,
) -> Server:
    """Return a server for one office that listens already.

    Args:
        office: Whose pages are served.
        settings: Address, port, threads.
        keys: What signs cookies.
        dist: Where the built front end is.
        role: What runs beside the pages: all of it, or nothing (``web``).

    Raises:
        NotServable: The front end is not built, the port is taken, another process
            serves the embedded database, or the keys are being changed.
    """
    parts = parts_of(office, settings, role)
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
    try:
        hold = serving(office)
    except NotServable:
        opened.close()
        raise
    channels: dict[int, Any] = {}
    listener = waitress.create_server(
        app,
        map=channels,
        sockets=[opened],
        threads=settings.threads,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
        ident=None,
    )
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{opened.getsockname()[1]}"
    return Server(address, listener, channels, parts, office, hold)


@contextmanager
def _running(parts: Sequence[Part]) -> Iterator[None]:
    """Let parts run meanwhile; each that began is stopped, the last first."""
    begun: list[Part] = []
    try:
        for part in parts:
            part.start()
            begun.append(part)
        yield
    finally:
        for part in reversed(begun):
            part.stop()


@contextmanager
def _signals() -> Iterator[None]:
    """Turn SIGTERM and SIGINT into SystemExit meanwhile."""
    before = {one: signal.signal(one, _stop) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
