"""A rehearsal office with 企业领导干部问责 (P01) in force, its people, and browsers for them.

The office is built once a session into a file of SQLite, which each test copies; the compiled
version is shared, since nothing changes it. Today is Monday 2 March 2026, 9 o'clock, at both
authorities.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import chinese_calendar
import orjson
import sqlalchemy as sa

from engine.clock import SetClock
from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.open_case import open_case
from engine.commands.organise import (
    add_person,
    add_unit,
    give_post,
    open_account,
    relate,
)
from engine.commands.passwords import hash_password
from engine.commands.publish_version import approve_version, draft_version
from engine.desk import Actor, Desk, Office, system_actor
from engine.desk.furnishing import REHEARSAL, open_office
from engine.publishing.folders import Folder, read_folder
from engine.publishing.manifests import digest_of_manifest, manifest_of
from engine.store.tables import (
    Account,
    AuthorityRow,
    CalendarDay,
    CalendarYear,
    CaseRow,
    PersonRow,
    VersionRow,
    WorkItemRow,
)
from engine.store.versions import version_in_force
from engine.vault import Vault
from scheduler.sweep import sweep
from tests.applications import given_back, lent
from tests.compiled import sharing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from engine.workflow import VersionLibrary

ZONE = ZoneInfo("Asia/Shanghai")
PROCESSES = Path(__file__).parents[1] / "processes"
P01 = "corporate-accountability"
PASSWORD = "rehearse-1234"
CLUE = {
    "channel": "CA4",
    "received_on": "2026-03-02",
    "named": "anonymous",
    "object_kind": "enterprise_cadre",
    "domain": "general_duty",
    "grounds": ["g4"],
    "summary": "推诿。",
    "secrecy": "internal",
    "truthful_told": True,
}
"""What the start form of P01 takes, but for the subject."""
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
YEARS = (2025, 2026)

UNITS = ("机关", "一车间", "二车间", "监事会", "董事会")
CAST = (
    # name, title, unit, roles
    ("冯某", "受理岗", "机关", ("intake_clerk",)),
    ("吕某", "审计部主管", "机关", ("verifier", "investigator_pool")),
    ("秦某", "审计部干事", "机关", ("verifier",)),
    ("周某", "审计部副部长", "机关", ("investigator_pool",)),
    ("林某", "设备部主管", "一车间", ("investigator_pool",)),
    ("孙某", "质量部主管", "一车间", ("investigator_pool",)),
    ("何某", "设备主办", "二车间", ("investigator_pool", "verifier")),
    ("郑某", "监事会主席", "监事会", ("supervisory_board", "supervisory_chair")),
    ("韩某", "监事", "监事会", ("supervisory_board",)),
    ("唐某", "监事", "监事会", ("supervisory_board",)),
    ("许某", "人事部部长", "机关", ("appointing_authority",)),
    ("钟某", "董事", "董事会", ("board_of_directors",)),
    ("魏某", "档案员", "机关", ("archivist",)),
    ("苏某", "督办专员", "机关", ("supervision_officer",)),
    ("吴某", "保护专员", "机关", ("protection_officer",)),
    ("陈某", "二车间主任", "二车间", ()),
    ("钱某", "二车间职工", "二车间", ()),
    ("方某", "平台管理员", "机关", ("platform_admin",)),
    ("丁某", "流程设计员", "机关", ("process_designer", "platform_admin")),
)


@dataclass(frozen=True)
class Template:
    """The office as it was built: its file, and what every copy shares."""

    path: Path
    versions: VersionLibrary


@dataclass
class Town:
    """One copy of the office; commands and pages are given by name."""

    office: Office
    clock: SetClock
    app: Flask
    authority_id: str
    other_authority_id: str
    people: dict[str, str] = field(default_factory=dict)

    def leave(self) -> None:
        """Close the office; its application is lent to the next."""
        self.office.database.close()
        given_back(self.app)

    def actor(self, name: str) -> Actor:
        with self.office.database.reading() as session:
            person = session.get_one(PersonRow, self.people[name])
            account = session.scalar(sa.select(Account).where(Account.person_id == person.id))
            assert account is not None
            return Actor(person.id, person.authority_id, account.id, account.is_admin)

    def give(self, name: str, command: Any, *args: Any, **kwargs: Any) -> Any:
        actor = system_actor(self.authority_id) if name == "system" else self.actor(name)
        return self.office.give(actor, command, *args, **kwargs)

    def ask(self, name: str, query: Any, *args: Any, **kwargs: Any) -> Any:
        return self.office.ask(self.actor(name), query, *args, **kwargs)

    def visit(self, name: str) -> FlaskClient:
        """Return a browser in which this person is logged in."""
        client = self.app.test_client()
        with self.office.database.reading() as session:
            account = session.scalar(
                sa.select(Account.id).where(Account.person_id == self.people[name])
            )
        answer = client.post("/login/as", data={"account": account})
        assert answer.status_code == 302, answer.text
        return client

    def at(self, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        """Move the clock to this civil time; what fell due meanwhile happens then."""
        self.clock.move_to(datetime(year, month, day, hour, minute, tzinfo=ZONE))
        sweep(self.office)

    def clue(self, subject: str = "陈某", **answers: Any) -> dict[str, Any]:
        """Return answers that fit the start form of P01."""
        summary = "大修中推诿扯皮，致停产五日。"
        return {**CLUE, "summary": summary, "subject_id": self.people[subject], **answers}

    def open(self, by: str = "冯某", subject: str = "陈某", **answers: Any) -> CaseRow:
        """Register a clue; the answers fit the start form of P01."""
        received_on = self.clock.now().astimezone(ZONE).date().isoformat()
        given = self.clue(subject, **{"received_on": received_on, **answers})
        title = "二车间主任陈某在大修中推诿扯皮的问题"
        case: CaseRow = self.give(by, open_case, P01, given, title=title)
        return case

    def draft(
        self,
        folder: Folder,
        by: str = "丁某",
        *,
        parameters: Mapping[str, Any] | None = None,
        report: Mapping[str, Any] | None = None,
    ) -> VersionRow:
        """Hand in a folder of P01 as a draft that passed its check, or has `report`."""
        manifest = manifest_of(folder, parameters=parameters)
        digest = digest_of_manifest(manifest)
        files = {**folder.files, **folder.scenarios}
        told = {"digest": digest, **(report or {"passed": True})}
        row: VersionRow = self.give(
            by, draft_version, P01, manifest=manifest, digest=digest, files=files, report=told
        )
        return row

    def item(self, case: CaseRow, element: str) -> WorkItemRow:
        """Return the newest work item of an element."""
        found: WorkItemRow = self.one(
            sa.select(WorkItemRow)
            .where(WorkItemRow.case_id == case.id, WorkItemRow.element == element)
            .order_by(WorkItemRow.opened_at.desc(), WorkItemRow.id.desc())
        )
        return found

    def open_elements(self, case: CaseRow) -> list[str]:
        rows = self.all(
            sa.select(WorkItemRow).where(
                WorkItemRow.case_id == case.id, WorkItemRow.state.in_(("open", "claimed"))
            )
        )
        return sorted(row.element for row in rows)

    def claim(self, by: str, case: CaseRow, element: str) -> WorkItemRow:
        item: WorkItemRow = self.give(by, claim_work, self.item(case, element).id)
        return item

    def do(self, by: str, case: CaseRow, element: str, **answers: Any) -> WorkItemRow:
        item: WorkItemRow = self.give(by, complete_work, self.item(case, element).id, answers)
        return item

    def case(self, case: CaseRow) -> CaseRow:
        found: CaseRow = self.one(sa.select(CaseRow).where(CaseRow.id == case.id))
        return found

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


def build_template(home: Path) -> Template:
    """Build the office once; tests work on copies of its file."""
    path = home / "office.db"
    office = _office(f"sqlite:///{path}", home, SetClock(START))
    _settle(office)
    with office.database.begin() as session:
        for authority in session.scalars(sa.select(AuthorityRow)):
            office.versions.get(session, _published(office, authority.id))
    office.database.close()  # the last connection takes the log into the file
    return Template(path, office.versions)


def copy_of(template: Template, home: Path, clock: SetClock | None = None) -> Town:
    """Return a town of its own, on a copy of the built office.

    Args:
        template: What `build_template` gave.
        home: A folder of the test's own.
        clock: What tells the time; a set clock on the first day if none is given.
    """
    path = home / "wenze.db"
    shutil.copyfile(template.path, path)
    told = clock or SetClock(START)
    office = _office(f"sqlite:///{path}", home, told)
    office.versions = template.versions
    with office.database.reading() as session:
        authorities = {row.key: row.id for row in session.scalars(sa.select(AuthorityRow))}
        people = {row.name: row.id for row in session.scalars(sa.select(PersonRow))}
    app = lent(office, home)
    return Town(office, told, app, authorities["group"], authorities["other"], people)


def answers_of(page: TestResponse, key: str = "") -> dict[str, Any]:
    """Return the block of data that a page gives to its form: schema, data, errors, draft."""
    found = re.search(
        rf'<script type="application/json" id="{key or "[a-z0-9-]+"}-data">(.*?)</script>',
        page.text,
        re.DOTALL,
    )
    assert found, page.text
    block: dict[str, Any] = orjson.loads(found[1])
    return block


def _office(url: str, home: Path, clock: SetClock) -> Office:
    vault = Vault({"k1": b"k" * 32}, "k1")
    return sharing(open_office(url, home, vault, birth=REHEARSAL, clock=clock))


def _settle(office: Office) -> None:
    hashed = hash_password(PASSWORD)
    folder = read_folder(PROCESSES / P01)
    manifest = manifest_of(folder)
    digest = digest_of_manifest(manifest)
    files = {**folder.files, **folder.scenarios}
    everywhere = system_actor("")
    for key, name, short in (("group", "某重工集团", "某司"), ("other", "某运输公司", "某运")):
        authority_id: str = office.give(everywhere, _add_authority, key, name, short)
        system = system_actor(authority_id)
        office.give(system, _calendar, authority_id)
        cast: Iterable[Any] = CAST if key == "group" else OTHERS
        people = office.give(system, _people, cast, hashed)
        designer = "丁某" if key == "group" else "邓某"
        version = office.give(
            Actor(people[designer], authority_id),
            draft_version,
            P01,
            manifest=manifest,
            digest=digest,
            files=files,
            report={"digest": digest, "passed": True},
        )
        office.give(system, approve_version, version.id, effective_on=date(2026, 1, 1))
        if key == "group":
            office.give(system, relate, people["陈某"], people["孙某"], kind="superior")


OTHERS = (
    ("蒋某", "受理岗", "机关", ("intake_clerk",)),
    ("邓某", "平台管理员", "机关", ("platform_admin", "process_designer")),
    ("马某", "销售经理", "一车间", ()),
)


def _add_authority(desk: Desk, key: str, name: str, short: str) -> str:
    row = AuthorityRow(key=key, name=name, short_name=short)
    desk.session.add(row)
    desk.session.flush()
    return row.id


def _calendar(desk: Desk, authority_id: str) -> None:
    """Publish the years that chinesecalendar has: what differs from Monday to Friday."""
    for year in YEARS:
        desk.session.add(CalendarYear(authority_id=authority_id, year=year, changed_at=desk.now()))
        day = date(year, 1, 1)
        while day.year == year:
            is_workday = chinese_calendar.is_workday(day)
            if is_workday != (day.weekday() < 5):
                desk.session.add(
                    CalendarDay(authority_id=authority_id, day=day, is_workday=is_workday)
                )
            day += timedelta(days=1)


def _people(desk: Desk, cast: Iterable[Any], hashed: str) -> dict[str, str]:
    units = {name: add_unit(desk, name).id for name in UNITS}
    people: dict[str, str] = {}
    for number, (name, title, unit, roles) in enumerate(cast):
        person = add_person(desk, name, title=title, unit_id=units[unit])
        people[name] = person.id
        for role in roles:
            give_post(desk, person.id, role, valid_from=date(2020, 1, 1), title=title)
        open_account(
            desk,
            person.id,
            f"{desk.actor.authority_id[-6:]}-{number}",
            password_hash=hashed,
            is_admin="platform_admin" in roles,
        )
    return people


def _published(office: Office, authority_id: str) -> str:
    with office.database.reading() as session:
        row = version_in_force(session, authority_id, P01, date(2026, 3, 2))
        assert row is not None
        return row.id
