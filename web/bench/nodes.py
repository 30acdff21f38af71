"""Nodes as an office runs them: started, waited for, weighed, stopped."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.bench import Place

WEB_PROCESSES = 2
LONGEST_START = 60.0
LOOK_EVERY = 0.02
STOP_WITHIN = 30
OK = 200
MEGABYTE = 1_024
"""Kilobytes, in which the system tells memory."""
MANY_CALLS = "1000000"
STARTED = b"node.started"


class DidNotStart(Exception):
    """A node ended, or said nothing in time; the text is the end of what it wrote."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node that runs.

    Attributes:
        seconds: From its start until it served.
        port: Where its pages are; 0 for a node without pages.
    """

    seconds: float
    port: int
    _process: subprocess.Popen[bytes]

    def megabytes(self) -> float | None:
        """Return its memory, all its processes, each shared page counted by its share.

        None where the system does not tell (it is read from `/proc`).
        """
        told = [_share_of(process) for process in _family(self._process.pid)]
        return None if None in told else sum(one for one in told if one is not None) / MEGABYTE


@contextmanager
def running(place: Place, role: str) -> Iterator[Node]:
    """Run a node of this role on the office at `place`; it is stopped afterwards.

    Args:
        place: Where; its home holds the keys.
        role: ``web`` (gunicorn, two processes of four threads), ``worker`` or ``scheduler``.

    Raises:
        DidNotStart: It ended, or did not serve within a minute.
    """
    port = _free_port() if role == "web" else 0
    log = place.home / f"{role}.log"
    begun = perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 -- our own program
            _command(role, port), stdout=out, stderr=out, env=_environment(place)
        )
    try:
        _wait(process, log, port)
        yield Node(perf_counter() - begun, port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _command(role: str, port: int) -> list[str]:
    if role != "web":
        return [sys.executable, "-c", "from web.cli import main; main()", "serve", "--role", role]
    return [
        *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(WEB_PROCESSES), "--threads", "4", "--worker-class", "gthread"),
        "web.wsgi:application()",
    ]


def _environment(place: Place) -> Mapping[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("WENZE_")},
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
        ),
        "WENZE_HOME": str(place.home),
        "WENZE_DATABASE": place.url,
        "WENZE_API_CALLS": MANY_CALLS,
    }


def _wait(process: subprocess.Popen[bytes], log: Path, port: int) -> None:
    until = perf_counter() + LONGEST_START
    pause = threading.Event()
    while not (_answers(port) if port else STARTED in log.read_bytes()):
        if process.poll() is not None or perf_counter() > until:
            raise DidNotStart(log.read_text("utf-8", "replace")[-1_000:])
        pause.wait(LOOK_EVERY)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == OK
    except OSError:
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _family(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def _share_of(pid: int) -> int | None:
    """Return a process' proportional share of memory, in kilobytes."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
