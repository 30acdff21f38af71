"""The measurements of an office one after the other; each is kept, so that a run can go on."""

from __future__ import annotations

import os
import platform
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from engine.clock import SystemClock
from engine.publishing.bench import Place, drain, furnish, lateness, rate_of
from engine.publishing.bench.office import CLIENTS, bare, claiming, completing, starting
from engine.publishing.bench.place import server_version
from engine.store.replay import dropped, made
from web.bench.calling import Asking, Calling, connected
from web.bench.nodes import DidNotStart, running
from web.frontend import DIST, missing_assets
from web.keys import keys_in

if TYPE_CHECKING:
    from engine.publishing.bench.office import Job

A_SECOND = 50
PAGES = 60
LONGEST_DRAIN = 120.0
LONGEST_LATE = 20.0
WORKED = 300
ROLES = ("web", "worker", "scheduler")
JOBS: Mapping[str, Job] = {"bare": bare, "completions": completing, "starts": starting}

Found = dict[str, Any]
"""What was measured: by stage, values as JSON has them."""
Tell = Callable[[str], None]


class Unmeasurable(Exception):
    """An office cannot be measured here; the text says why and what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Refuse with a sentence in each language."""
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be measured.

    Attributes:
        cases: How many open cases lie beside those that are worked on.
        worked: How many are worked on.
        seconds: How long each number of clients works.
        timers: How many fall due at once; with `spread`, at most `cases`.
        clients: The numbers of processes.
    """

    cases: int = 100_000
    worked: int = WORKED
    seconds: float = 5.0
    timers: int = 10_000
    clients: tuple[int, ...] = CLIENTS

    def __post_init__(self) -> None:
        needed = self.timers + self.spread
        if self.timers < 1 or needed > self.cases or self.worked < max(self.clients, default=1):
            raise Unmeasurable(
                f"定时器共 {needed} 个，不能多于在办案件；办理的案件不能少于进程数。请改参数。",
                f"There are {needed} timers in all, which cannot outnumber open cases, nor may "
                "processes outnumber the cases that are worked on. Change the options.",
            )

    @property
    def spread(self) -> int:
        """How many timers fall due evenly, beside those that fall due at once."""
        return round(2 * self.seconds * A_SECOND)


def measure(server: str, plan: Plan, kept: Path, *, tell: Tell, dist: Path = DIST) -> Found:
    """Measure on a server of PostgreSQL; a database is made there and removed.

    What an interrupted run of the same plan measured is read from `kept` and not measured
    again. A run that ended leaves `kept` behind; the next one begins anew.

    Args:
        server: The server's address.
        plan: What.
        kept: The file of what was measured so far.
        tell: Is told each stage as it begins.
        dist: Where the built front end is.

    Raises:
        Unmeasurable: The front end is not built, or a node does not start.
    """
    if missing_assets(dist):
        raise Unmeasurable(
            "前端尚未构建，页面节点无法启动；请先运行 make assets。",
            "The front end is not built, so no node of pages starts. Run make assets first.",
        )
    found = _kept(kept, plan)
    try:
        with _furnished(server, plan, tell) as (place, secret):
            for name, stage in _stages(place, secret, plan):
                if name not in found:
                    tell(name)
                    found[name] = stage()
                    kept.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
            found.setdefault("machine", _machine(place, plan))
    except DidNotStart as told:
        raise Unmeasurable(f"节点没有启动：{told}", f"A node did not start: {told}") from told
    found["ended"] = SystemClock().now().date().isoformat()
    found["load_after"] = os.getloadavg()[0]
    kept.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    return found


def _kept(kept: Path, plan: Plan) -> Found:
    """Return what an interrupted run of this plan left, or the beginning of a new one."""
    wanted = orjson.loads(orjson.dumps(asdict(plan)))
    if kept.exists():
        found: Found = orjson.loads(kept.read_bytes())
        if found.get("plan") == wanted and "ended" not in found:
            return found
    kept.parent.mkdir(parents=True, exist_ok=True)
    return {"plan": wanted, "load_before": os.getloadavg()[0]}


@contextmanager
def _furnished(server: str, plan: Plan, tell: Tell) -> Iterator[tuple[Place, str]]:
    with tempfile.TemporaryDirectory(prefix="wenze-bench-") as folder:
        name = f"wenze_bench_office_{secrets.token_hex(4)}"
        address = made(server, name)
        try:
            keys = keys_in(Path(folder))
            place = Place(address, Path(folder), keys.masters[keys.current])
            tell("furnish")
            yield place, furnish(place, cases=plan.cases, worked=plan.worked)
        finally:
            dropped(server, name)


def _stages(place: Place, secret: str, plan: Plan) -> Sequence[tuple[str, Callable[[], Any]]]:
    """Return each stage's name and what it measures, in their order."""
    stages: list[tuple[str, Callable[[], Any]]] = []
    for clients in plan.clients:
        for what, job in JOBS.items():
            stages.append((f"{what} {clients}", _rate(place, what, job, clients, plan)))
    return [
        *stages,
        ("web", lambda: _web(place, secret, plan)),
        ("worker", lambda: _weighed(place, "worker")),
        ("claims", _rate(place, "claims", claiming, 1, plan)),
        ("scheduler", lambda: _timed(place, plan)),
    ]


def _rate(place: Place, what: str, job: Job, clients: int, plan: Plan) -> Callable[[], Any]:
    return lambda: asdict(rate_of(what, job, place, clients=clients, seconds=plan.seconds))


def _web(place: Place, secret: str, plan: Plan) -> Found:
    """Let clients complete over HTTP; weigh the node that served them afterwards."""
    with running(place, "web") as node:
        job = Calling(node.port, secret)
        if not _is_taken(place, job):
            raise Unmeasurable(
                "页面节点没有接受办结任务的请求；请看 /api/v1 的改动。",
                "The node of pages did not take a completion; see what changed in /api/v1.",
            )
        rates, empty = (
            [
                asdict(rate_of(what, of, place, clients=clients, seconds=plan.seconds))
                for clients in plan.clients
            ]
            for what, of in (("http", job), ("empty", Asking(node.port)))
        )
        weight = node.megabytes()
        return {"rates": rates, "empty": empty, "start": node.seconds, "megabytes": weight}


def _is_taken(place: Place, job: Calling) -> bool:
    """Say whether the node takes a completion at all: a rate of nothing would tell nobody why."""
    office = place.open()
    try:
        with closing(connected(job.port)) as connection:
            return job.through(connection, office, 0, 1)()
    finally:
        office.database.close()


def _weighed(place: Place, role: str) -> Found:
    with running(place, role) as node:
        return {"start": node.seconds, "megabytes": node.megabytes()}


def _timed(place: Place, plan: Plan) -> Found:
    """Let timers fall due at once and evenly while one node fires them; weigh it afterwards."""
    office = place.open()
    try:
        with running(place, "scheduler") as node:
            late = lateness(
                office, a_second=A_SECOND, seconds=2 * plan.seconds, longest=LONGEST_LATE
            )
            drained = drain(office, plan.timers, pages=PAGES, longest=LONGEST_DRAIN)
            weight = node.megabytes()
    finally:
        office.database.close()
    return {
        "drain": asdict(drained),
        "lateness": asdict(late),
        "start": node.seconds,
        "megabytes": weight,
    }


def _machine(place: Place, plan: Plan) -> Found:
    names = [
        line.split(":", 1)[1].strip()
        for line in _lines(Path("/proc/cpuinfo"))
        if line.startswith("model name")
    ]
    return {
        "cores": os.cpu_count(),
        "processor": names[0] if names else platform.processor(),
        "python": platform.python_version(),
        "postgresql": server_version(place),
        "worked": plan.worked,
    }


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
