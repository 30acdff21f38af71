"""The timing of `wenze bench`.

Three copies of one database are made, each with a case that has twenty completed
tasks. On one, completions are recorded and split. Then each is done again on another, as it
is, and its recording replayed on the third through the raw driver, in turn, so that whatever
else the machine does falls on both alike.
"""

from __future__ import annotations

import secrets
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import bpmn
from engine.clock import SetClock
from engine.commands.complete_work import complete_work
from engine.commands.open_case import open_case
from engine.commands.organise import add_authority, add_person, give_post
from engine.commands.publish_version import approve_version, draft_version
from engine.desk import REHEARSAL, Actor, Office, open_office, system_actor
from engine.publishing.folders import read_folder
from engine.publishing.manifests import digest_of_manifest, manifest_of
from engine.store.replay import STORE, Split, copied, dropped, made, recording, replayed
from engine.store.tables import CaseRow, PersonRow, WorkItemRow
from engine.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOP = Path(__file__).parent / "loop"
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
WARM = 5
NAMES = ("made", "plain", "split", "floor")
ANSWERS = {
    "finding": "经核查，情况属实，建议按程序办理。" * 3,
    "severity": "serious",
    "reasons": "签收簿有本人签字。",
    "seen": ["records", "exhibits"],
    "people": 3,
    "again": True,
}
LANGUAGE, RULES = "language", "rules"
WORKING = ("restore", "start")
TURNS = ("complete", "deliver", "set_variables", "visible")
MILLI = 1_000


@dataclass(frozen=True, slots=True)
class Times:
    """What one task completion costs; milliseconds, medians.

    Attributes:
        total: As it is, without any hook.
        slow: The 95th of a hundred.
        language: Of the diagram's engine.
        rules: Of the case's: rights, forms, deadlines, the record's digests.
        store: Of sessions and the database, commit included.
        floor: Of the same statements through the raw driver.
        statements: How many one completion says.
    """

    backend: str
    total: float
    slow: float
    language: float
    rules: float
    store: float
    floor: float
    statements: int

    @property
    def ratio(self) -> float:
        """How many times its floor a completion takes."""
        return self.total / self.floor


@dataclass(frozen=True, slots=True)
class Growth:
    """What a diagram keeps after a number of completed tasks.

    Attributes:
        tasks: How many were completed.
        held: How many tasks the engine holds, and so visits in a step.
        state: Bytes.
        step: Milliseconds, median.
    """

    tasks: int
    held: int
    state: int
    step: float


def times(url: str = "", *, completed: int = 20, rounds: int = 30) -> Times:
    """Time the completion of a task of a case with `completed` done ones.

    Args:
        url: A PostgreSQL server, on which databases named ``wenze_bench…`` are made and
            removed; an SQLite file in a temporary folder if it is empty.
        completed: How many tasks the case has behind it.
        rounds: How many completions are timed.
    """
    with (
        tempfile.TemporaryDirectory(prefix="wenze-bench-") as folder,
        _databases(url, Path(folder), completed) as (plain, splitting, floor),
    ):
        parts, groups = _split(splitting, Path(folder), rounds)
        durations, floors = _in_turn(plain, floor, Path(folder), groups)
    counted = groups[WARM:]
    spent = {part: sum(one.get(part, 0.0) for one in parts[WARM:]) for part in (LANGUAGE, STORE)}
    whole = sum(sum(one.values()) for one in parts[WARM:])
    shares = {part: seconds / whole for part, seconds in spent.items()}
    total = median(durations[WARM:]) * MILLI
    ordered = sorted(durations[WARM:])
    return Times(
        backend="postgresql" if url else "sqlite",
        total=total,
        slow=ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] * MILLI,
        language=total * shares[LANGUAGE],
        rules=total * (1 - shares[LANGUAGE] - shares[STORE]),
        store=total * shares[STORE],
        floor=median(floors[WARM:]) * MILLI,
        statements=round(median(sum(bool(one.parameters) for one in said) for said in counted)),
    )


def growth(*goals: int, rounds: int = 50) -> list[Growth]:
    """Return what the loop's diagram keeps and costs after each number of completed tasks."""
    files = {"loop/loop.bpmn": (LOOP / "loop.bpmn").read_bytes()}
    definition = bpmn.compile_definition(files, "loop")
    world = bpmn.World(now=lambda: NOW)
    step = bpmn.start(definition, world, {}, message="clue_arrived")
    done, found = 0, []
    for goal in goals:
        for _ in range(goal - done):
            step = _turn(definition, step, world)
        state, held = len(step.state), bpmn.restore(definition, step.state, world).size
        costs = []
        for _ in range(rounds):
            begun = perf_counter()
            step = _turn(definition, step, world)
            costs.append(perf_counter() - begun)
        done = goal + rounds
        found.append(Growth(goal, held, state, median(costs) * MILLI))
    return found


def _turn(definition: bpmn.Definition, step: bpmn.Step, world: bpmn.World) -> bpmn.Step:
    """Complete the task that waits, and come to the next."""
    instance = bpmn.restore(definition, step.state, world)
    return instance.complete(instance.items[0].id, ANSWERS)


@contextmanager
def _databases(url: str, folder: Path, completed: int) -> Iterator[list[str]]:
    """Give three copies of a database in which a case has its completed tasks."""
    run = secrets.token_hex(4)  # another run on the server has databases of its own
    first, *others = (f"wenze_bench_{run}_{name}" for name in NAMES)
    template = made(url, first) if url else f"sqlite:///{folder}/{first}.db"
    office = _open(template, folder)
    settle(office)
    for _ in range(completed):
        _complete(office, *_next(office))
    office.database.close()
    try:
        yield [copied(template, name) for name in others]
    finally:
        for name in (first, *others) if url else ():
            dropped(url, name)


def _open(url: str, folder: Path) -> Office:
    vault = Vault({"k1": b"k" * 32}, "k1")
    return open_office(url, folder, vault, birth=REHEARSAL, clock=SetClock(NOW))


def settle(office: Office) -> None:
    """Set up an authority with one clerk, publish the loop, open a case."""
    folder = read_folder(LOOP)
    manifest = manifest_of(folder)
    digest = digest_of_manifest(manifest)
    authority = office.give(
        system_actor(""), add_authority, "bench", name="计时机关", short_name="计"
    )
    platform = system_actor(authority.id)
    people = [office.give(platform, add_person, name).id for name in ("办理", "批准", "相关")]
    for person, role in zip(people, ("clerk", "platform_admin"), strict=False):
        office.give(platform, give_post, person, role, valid_from=date(2020, 1, 1))
    version = office.give(
        platform,
        draft_version,
        folder.procedure,
        manifest=manifest,
        digest=digest,
        files=folder.files,
        report={"digest": digest, "passed": True},
    )
    office.give(
        Actor(people[1], authority.id), approve_version, version.id, effective_on=date(2020, 1, 1)
    )
    office.give(
        Actor(people[0], authority.id),
        open_case,
        folder.procedure,
        {"summary": "计时"},
        subject_id=people[2],
    )


def _next(office: Office) -> tuple[Actor, str]:
    """Return the clerk and the item that waits."""
    with office.database.reading() as session:
        clerk = session.scalars(sa.select(PersonRow).where(PersonRow.name == "办理")).one()
        item = session.scalars(
            sa.select(WorkItemRow)
            .join(CaseRow, CaseRow.id == WorkItemRow.case_id)
            .where(WorkItemRow.state == "open")
        ).one()
        return Actor(clerk.id, clerk.authority_id), item.id


def _complete(office: Office, actor: Actor, item_id: str) -> None:
    office.give(actor, complete_work, item_id, ANSWERS)


def _in_turn(
    plain: str, floor: str, folder: Path, groups: list[list[Any]]
) -> tuple[list[float], list[float]]:
    """Return how long each completion took as it is, and its statements through the driver."""
    office, bare = _open(plain, folder), _open(floor, folder)
    durations, floors = [], []
    for said in groups:
        actor, item = _next(office)
        begun = perf_counter()
        _complete(office, actor, item)
        durations.append(perf_counter() - begun)
        floors.append(replayed(bare.database, said))
    office.database.close()
    bare.database.close()
    return durations, floors


def _split(url: str, folder: Path, rounds: int) -> tuple[list[dict[str, float]], list[list[Any]]]:
    """Return for each completion how long each part took, and what was said."""
    office = _open(url, folder)
    parts, groups = [], []
    for _ in range(WARM + rounds):
        actor, item = _next(office)
        split = Split()
        with recording(office.database, split) as said, _language(split), split.of(RULES):
            _complete(office, actor, item)
        parts.append(split.spent)
        groups.append(said)
    office.database.close()
    return parts, groups


@contextmanager
def _language(split: Split) -> Iterator[None]:
    """Let the time of the diagram's engine count for the language."""
    module: Any = bpmn
    owners = [(module, name) for name in WORKING] + [(bpmn.Instance, name) for name in TURNS]
    kept = [(owner, name, owner.__dict__[name]) for owner, name in owners]
    for owner, name, function in kept:
        setattr(owner, name, split.timed(LANGUAGE, function))
    try:
        yield
    finally:
        for owner, name, function in kept:
            setattr(owner, name, function)
