"""An office with one authority, its people, and a tiny procedure in force."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from engine.clock import SetClock
from engine.commands.change_calendar import national_days, publish_year
from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.fire_due import fire_due
from engine.commands.grant_supervision import place_authority
from engine.commands.open_case import open_case
from engine.commands.organise import add_authority, give_post
from engine.desk import Actor, Office, system_actor
from engine.desk.furnishing import open_office
from engine.store.due import due_now
from engine.store.tables import (
    AuthorityRow,
    CalendarDay,
    CalendarYear,
    CaseRow,
    DeadlineRow,
    DueRow,
    PersonRow,
    PostRow,
    ProcedureFile,
    UnitRow,
    VersionRow,
    WorkItemRow,
)
from engine.vault import Vault
from engine.workflow import VersionLibrary
from scheduler.channels import Outgoing, Reach
from tests.compiled import sharing
from tests.engine.boardroom import Boardroom
from tests.engine.commands.superior import Above, person
from tests.listening import HOST
from tests.postgres import fresh_database
from tests.scheduler.channels import receivers
from tests.scheduler.channels.receivers import Kept

ZONE = ZoneInfo("Asia/Shanghai")
TINY = Path(__file__).parent / "tiny"
MONDAY = datetime(2026, 2, 9, 1, tzinfo=UTC)
VAULT = Vault({"k1": b"k" * 32}, "k1")
VERSION_ID = "01900000-0000-7000-8000-000000000001"

# 2026's arrangement (spec/scenarios.md): days off that are no weekend, and made-up days.
OFF = [
    *(date(2026, 1, day) for day in (1, 2)),
    *(date(2026, 2, day) for day in (16, 17, 18, 19, 20, 23)),
    date(2026, 4, 6),
    *(date(2026, 5, day) for day in (1, 4, 5)),
    date(2026, 6, 19),
    date(2026, 9, 25),
    *(date(2026, 10, day) for day in (1, 2, 5, 6, 7)),
]
MADE_UP = [
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
]


@dataclass
class Town:
    """One authority with its people; commands are given by name."""

    office: Office
    clock: SetClock
    authority_id: str
    people: dict[str, str] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return Actor(self.people[name], self.authority_id)

    def give(self, name: str, command: Any, *args: Any, **kwargs: Any) -> Any:
        actor = system_actor(self.authority_id) if name == "system" else self.actor(name)
        return self.office.give(actor, command, *args, **kwargs)

    def at(self, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        """Move the clock; what falls due on the way happens at its instant."""
        target = datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)
        while True:
            with self.office.database.reading() as session:
                due = due_now(session, target, 1)
                at = session.get_one(DueRow, due[0].id).due_at if due else target
            if not due:
                break
            if at > self.clock.now():
                self.clock.move_to(at)
            assert self.give("system", fire_due, due[0].id)
        self.clock.move_to(target)

    def open(self, by: str = "受理甲", **answers: Any) -> CaseRow:
        given = {"channel": "CA1", "facts": "有令不行", "subject_id": self.people["陈某"]}
        case: CaseRow = self.give(by, open_case, "tiny", {**given, **answers})
        return case

    def item(self, case: CaseRow, element: str) -> WorkItemRow:
        """Return the newest work item of an element."""
        item: WorkItemRow = self.one(
            sa.select(WorkItemRow)
            .where(WorkItemRow.case_id == case.id, WorkItemRow.element == element)
            .order_by(WorkItemRow.opened_at.desc(), WorkItemRow.id.desc())
        )
        return item

    def open_elements(self, case: CaseRow) -> list[str]:
        rows = self.all(
            sa.select(WorkItemRow).where(
                WorkItemRow.case_id == case.id, WorkItemRow.state.in_(("open", "claimed"))
            )
        )
        return sorted(row.element for row in rows)

    def do(self, by: str, case: CaseRow, element: str, **answers: Any) -> WorkItemRow:
        item: WorkItemRow = self.give(by, complete_work, self.item(case, element).id, answers)
        return item

    def claim(self, by: str, case: CaseRow, element: str) -> WorkItemRow:
        item: WorkItemRow = self.give(by, claim_work, self.item(case, element).id)
        return item

    def case(self, case: CaseRow) -> CaseRow:
        found: CaseRow = self.one(sa.select(CaseRow).where(CaseRow.id == case.id))
        return found

    def deadline(self, case: CaseRow, key: str) -> DeadlineRow:
        row: DeadlineRow = self.one(
            sa.select(DeadlineRow)
            .where(DeadlineRow.case_id == case.id, DeadlineRow.key == key)
            .order_by(DeadlineRow.round.desc())
        )
        return row

    def one(self, query: Any) -> Any:
        with self.office.database.reading() as session:
            found = session.scalars(query.limit(1)).one()
            session.expunge_all()
            return found

    def all(self, query: Any) -> list[Any]:
        with self.office.database.reading() as session:
            found = list(session.scalars(query))
            session.expunge_all()
            return found


@dataclass(frozen=True)
class Mould:
    """A settled town, kept as bytes: each test gets a copy of its own."""

    content: bytes
    authority_id: str
    people: dict[str, str]
    versions: VersionLibrary


@pytest.fixture(scope="session")
def mould(tmp_path_factory: pytest.TempPathFactory) -> Mould:
    """Settle the town once; migrating and compiling take longer than the tests."""
    home = tmp_path_factory.mktemp("mould")
    clock = SetClock(MONDAY)
    office = sharing(open_office(f"sqlite:///{home}/town.db", home, VAULT, clock=clock))
    authority_id, people = _settle(office, clock)
    with office.database.reading() as session:
        office.versions.get(session, VERSION_ID)
    connection = office.database.engine.raw_connection()
    content = connection.driver_connection.serialize()  # type: ignore[union-attr]
    connection.close()
    office.database.close()
    return Mould(content, authority_id, people, office.versions)


@pytest.fixture
def town(mould: Mould, tmp_path: Path) -> Iterator[Town]:
    """The town on Monday 9 February 2026, 9 o'clock in the morning."""
    clock = SetClock(MONDAY)
    (tmp_path / "town.db").write_bytes(mould.content)
    office = sharing(open_office(f"sqlite:///{tmp_path}/town.db", tmp_path, VAULT, clock=clock))
    office.versions = mould.versions
    yield Town(office, clock, mould.authority_id, dict(mould.people))
    office.database.close()


@pytest.fixture
def town_on_postgresql(tmp_path: Path) -> Iterator[Town]:
    """The same town on a PostgreSQL database of its own."""
    with fresh_database() as url:
        clock = SetClock(MONDAY)
        office = open_office(url, tmp_path, VAULT, clock=clock)
        authority_id, people = _settle(office, clock)
        yield Town(office, clock, authority_id, people)
        office.database.close()


def _settle(office: Office, clock: SetClock) -> tuple[str, dict[str, str]]:
    with office.database.begin() as session:
        authority = AuthorityRow(key="group", name="某集团公司", short_name="某集")
        session.add(authority)
        session.flush()
        session.add(CalendarYear(authority_id=authority.id, year=2026, changed_at=clock.now()))
        session.add_all(
            CalendarDay(authority_id=authority.id, day=day, is_workday=False) for day in OFF
        )
        session.add_all(
            CalendarDay(authority_id=authority.id, day=day, is_workday=True) for day in MADE_UP
        )
        units = {
            name: UnitRow(authority_id=authority.id, name=name)
            for name in ("机关", "一车间", "监事会")
        }
        session.add_all(units.values())
        session.flush()
        units["一车间"].parent_id = units["机关"].id
        people: dict[str, str] = {}
        for name, unit, role in CAST:
            person = PersonRow(
                authority_id=authority.id, name=name, unit_id=units[unit].id if unit else None
            )
            session.add(person)
            session.flush()
            people[name] = person.id
            if role:
                session.add(
                    PostRow(
                        authority_id=authority.id,
                        unit_id=units[unit].id if unit else None,
                        person_id=person.id,
                        role=role,
                        valid_from=date(2020, 1, 1),
                    )
                )
        _publish(session, authority.id, clock)
        return authority.id, people


CAST = (
    ("受理甲", "机关", "intake_clerk"),
    ("初核甲", "机关", "verifier"),
    ("初核乙", "机关", "verifier"),
    ("初核丙", "一车间", "verifier"),
    ("监事甲", "监事会", "supervisory_board"),
    ("监事乙", "监事会", "supervisory_board"),
    ("车间主任", "一车间", "manager"),
    ("总经理", "机关", "chief"),
    ("陈某", "一车间", ""),
    ("举报人", "机关", ""),
    ("外人", "", ""),
)


def _publish(session: Any, authority_id: str, clock: SetClock) -> None:
    files = {
        f"tiny/{path.relative_to(TINY).as_posix()}": path.read_bytes()
        for path in sorted(TINY.rglob("*"))
        if path.is_file()
    }
    manifest: dict[str, object] = {"files": {}, "parameters": {}, "switches": {}}
    for path, content in files.items():
        digest = hashlib.sha256(content).hexdigest()
        manifest["files"][path] = digest  # type: ignore[index]
        session.merge(ProcedureFile(digest=digest, content=content))
    session.add(
        VersionRow(
            id=VERSION_ID,
            authority_id=authority_id,
            procedure="tiny",
            number=1,
            state="published",
            manifest=manifest,
            digest="0" * 64,
            drafted_at=clock.now(),
        )
    )


@pytest.fixture
def kept(room: Boardroom) -> Iterator[Kept]:
    """A receiver; the boardroom sends to this machine, and mail nowhere."""
    with receivers.web() as found:
        room.office.channels = Outgoing(reach=Reach((HOST,), private=True))
        yield found


@pytest.fixture
def above(room: Boardroom) -> Above:
    """An authority above that has been granted nothing yet; the one below has an officer, too."""
    everywhere = system_actor("")
    row: AuthorityRow = room.office.give(
        everywhere, add_authority, "above", name="上级集团", short_name="上集"
    )
    system = system_actor(row.id)
    room.office.give(system, publish_year, 2026, national_days(2026), source="国办发明电")
    room.office.give(everywhere, place_authority, "group", above="above")
    room.give(
        "管理员", give_post, room.people["外人"], "supervision_officer", valid_from=date(2026, 1, 1)
    )
    return Above(
        room,
        row.id,
        room.office.give(system, person, "上督", "supervision_officer"),
        room.office.give(system, person, "上办", "intake_clerk"),
    )
