"""An office with a small procedure in force: an inquiry, a body's decision, papers, an appeal.

The office is built once a session into a file of SQLite, which each test copies; on
PostgreSQL it is built anew. Today is Monday 9 February 2026, 9 o'clock in the morning.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from docx import Document

from engine.clock import SetClock
from engine.commands.change_calendar import national_days, publish_year
from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.decide import decide, give_opinion, put_motion
from engine.commands.open_case import open_case
from engine.commands.organise import (
    add_authority,
    add_person,
    add_unit,
    give_post,
    open_account,
    relate,
)
from engine.commands.passwords import hash_password
from engine.commands.prepare_papers import prepare_papers
from engine.commands.publish_version import approve_version, draft_version
from engine.desk import Actor, Desk, Office, system_actor
from engine.desk.furnishing import REAL, open_office
from engine.errors import Refusal
from engine.publishing.folders import read_folder
from engine.publishing.manifests import digest_of_manifest, manifest_of
from engine.store.record import verify
from engine.store.tables import (
    Account,
    AuditEntry,
    AuthorityRow,
    CaseRow,
    DeadlineRow,
    DecisionRow,
    DocumentRow,
    Export,
    Motion,
    Notice,
    PersonRow,
    VersionRow,
    WorkItemRow,
)
from engine.vault import Vault
from engine.workflow import VersionLibrary
from scheduler.sweep import sweep
from tests.compiled import sharing

Row = TypeVar("Row", WorkItemRow, DocumentRow, Export)

ZONE = ZoneInfo("Asia/Shanghai")
FOLDER = Path(__file__).parent / "procedures" / "board"
MONDAY = datetime(2026, 2, 9, 1, tzinfo=UTC)
PASSWORD = "rehearse-1234"
KEY = b"k" * 32

CAST = (
    # name, unit, roles
    ("受理员", "机关", ("intake_clerk",)),
    ("承办甲", "机关", ("verifier",)),
    ("承办乙", "机关", ("verifier",)),
    ("承办丙", "二车间", ("verifier",)),  # in the subject's unit
    ("主席", "监事会", ("supervisory_board", "supervisory_chair")),
    ("副主席", "监事会", ("supervisory_chair", "board_of_directors", "appointing_authority")),
    ("监事甲", "监事会", ("supervisory_board",)),
    ("监事乙", "监事会", ("supervisory_board",)),
    ("保护员", "机关", ("protection_officer",)),
    ("陈某", "二车间", ()),
    ("举报人", "机关", ()),
    ("外人", "机关", ()),
    ("管理员", "机关", ("platform_admin",)),
    ("设计员", "机关", ("process_designer",)),
)

INQUIRY: Mapping[str, Any] = {
    "facts_found": "停产五日。",
    "allowed_measures": ["talk_admonish", "cancel_merit", "dismiss"],
}
MOTION: Mapping[str, Any] = {
    "kind": "sanction",
    "tier": "T1",
    "measures": ["talk_admonish", "cancel_merit"],
    "decision_reasons": "推诿扯皮，造成停产。",
    "grounds_cited": "S0篇1§3-4",
    "checks": ["facts_clear", "evidence_solid"],
}


@dataclass
class Boardroom:
    """One office; commands are given by name."""

    office: Office
    clock: SetClock
    authority_id: str
    people: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)

    def actor(self, name: str, *, has_signed: bool = False) -> Actor:
        if name == "system":
            return system_actor(self.authority_id)
        return Actor(
            self.people[name],
            self.authority_id,
            self.accounts.get(name, ""),
            is_admin=name == "管理员",
            has_signed=has_signed,
        )

    def give(self, name: str, command: Any, *args: Any, **kwargs: Any) -> Any:
        return self.office.give(self.actor(name), command, *args, **kwargs)

    def at(self, year: int, month: int, day: int, hour: int = 9) -> None:
        """Move the clock to this civil time; what fell due meanwhile happens then."""
        self.clock.move_to(datetime(year, month, day, hour, tzinfo=ZONE))
        sweep(self.office)

    def open(self, **answers: Any) -> CaseRow:
        given = {"channel": "CA1", "facts": "推诿扯皮", "subject_id": self.people["陈某"]}
        case: CaseRow = self.give("受理员", open_case, "board", {**given, **answers})
        return case

    def item(self, case: CaseRow, element: str) -> WorkItemRow:
        found: WorkItemRow = self.one(
            sa.select(WorkItemRow)
            .where(WorkItemRow.case_id == case.id, WorkItemRow.element == element)
            .order_by(WorkItemRow.opened_at.desc(), WorkItemRow.id.desc())
        )
        return found

    def waits_for(self, case: CaseRow) -> list[str]:
        """Return the elements whose work is open."""
        query = sa.select(WorkItemRow).where(
            WorkItemRow.case_id == case.id, WorkItemRow.state.in_(("open", "claimed"))
        )
        return sorted(row.element for row in self.all(query))

    def claim(self, by: str, case: CaseRow, element: str) -> WorkItemRow:
        item: WorkItemRow = self.give(by, claim_work, self.item(case, element).id)
        return item

    def do(self, by: str, case: CaseRow, element: str, **answers: Any) -> WorkItemRow:
        item: WorkItemRow = self.give(by, complete_work, self.item(case, element).id, answers)
        return item

    def inquired(self, **answers: Any) -> CaseRow:
        """Return a case whose inquiry is done: the board decides next."""
        case = self.open()
        self.do("承办甲", case, "ut_inquire", **{**INQUIRY, **answers})
        return case

    def move(
        self, case: CaseRow, by: str = "主席", element: str = "ut_decide", **changed: Any
    ) -> Motion:
        """Put a motion; what is not changed is the usual one."""
        motion: Motion = self.give(
            by, put_motion, self.item(case, element).id, {**MOTION, **changed}
        )
        return motion

    def vote(self, motion: Motion, **votes: str) -> None:
        for name, vote in votes.items():
            self.give(name, give_opinion, motion.id, vote=vote, reasons="据卷。")

    def decided(self, case: CaseRow | None = None, **changed: Any) -> CaseRow:
        """Return a case that the board has decided, two of three in favour."""
        case = case or self.inquired()
        motion = self.move(case, **changed)
        self.vote(motion, 主席="agree", 监事甲="agree", 监事乙="disagree")
        self.give("主席", decide, motion.id)
        return case

    def drafted(self, case: CaseRow | None = None) -> CaseRow:
        case = case or self.decided()
        self.do("承办甲", case, "ut_draft", letter_reasons="推诿扯皮。")
        return case

    def prepared(self, case: CaseRow | None = None) -> CaseRow:
        case = case or self.drafted()
        prepare_papers(self.office, self.actor("主席"), self.item(case, "ut_issue").id)
        return case

    def issued(self, case: CaseRow | None = None) -> CaseRow:
        case = self.prepared(case)
        chair = self.actor("主席", has_signed=True)
        self.office.give(chair, complete_work, self.item(case, "ut_issue").id, {})
        return case

    def served(self, case: CaseRow | None = None, **answers: Any) -> CaseRow:
        case = case or self.issued()
        today = self.clock.now().astimezone(ZONE).date().isoformat()
        given = {"way": "direct", "received_on": today, "received_by": "陈某", **answers}
        self.do("承办乙", case, "ut_serve", **given)
        return case

    def case(self, case: CaseRow) -> CaseRow:
        found: CaseRow = self.one(sa.select(CaseRow).where(CaseRow.id == case.id))
        return found

    def deadline(self, case: CaseRow, key: str) -> DeadlineRow:
        found: DeadlineRow = self.one(
            sa.select(DeadlineRow)
            .where(DeadlineRow.case_id == case.id, DeadlineRow.key == key)
            .order_by(DeadlineRow.round.desc())
        )
        return found

    def decision(self, case: CaseRow, kind: str = "original") -> DecisionRow:
        found: DecisionRow = self.one(
            sa.select(DecisionRow).where(DecisionRow.case_id == case.id, DecisionRow.kind == kind)
        )
        return found

    def document(self, case: CaseRow, key: str = "letter") -> DocumentRow:
        found: DocumentRow = self.one(
            sa.select(DocumentRow).where(DocumentRow.case_id == case.id, DocumentRow.key == key)
        )
        return found

    def facts(self, case: CaseRow | None = None) -> list[str]:
        """Return the record's facts: of a case, or of the platform, in their order."""
        query = sa.select(AuditEntry).order_by(AuditEntry.recorded_at, AuditEntry.sequence)
        where = AuditEntry.case_id.is_(None) if case is None else AuditEntry.case_id == case.id
        return [entry.fact for entry in self.all(query.where(where))]

    def last(self, case: CaseRow | None, fact: str) -> dict[str, object]:
        """Return the details of the newest entry of this fact."""
        query = sa.select(AuditEntry).where(AuditEntry.fact == fact)
        if case is not None:
            query = query.where(AuditEntry.case_id == case.id)
        newest = query.order_by(AuditEntry.recorded_at.desc(), AuditEntry.sequence.desc())
        details: dict[str, object] = self.one(newest).details
        return details

    def told(self, name: str) -> list[str]:
        """Return the keys of what a person was told, oldest first."""
        query = sa.select(Notice).where(Notice.person_id == self.people[name])
        return [notice.key for notice in self.all(query.order_by(Notice.sent_at, Notice.id))]

    def breaches(self) -> list[Any]:
        with self.office.database.reading() as session:
            return list(verify(session))

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


def held(room: Boardroom, by: str = "承办甲", **answers: Any) -> WorkItemRow:
    """Return the inquiry of a new case, in the hands of `by`."""
    return room.claim(by, room.open(**answers), "ut_inquire")


def now(room: Boardroom, row: Row) -> Row:
    """Return a row as it stands."""
    table = type(row)
    found: Row = room.one(sa.select(table).where(table.id == row.id))
    return found


def refused(given: Callable[[], Any], message: str, kind: type[Refusal] = Refusal) -> Refusal:
    """Hold that a command is refused with this sentence; return the refusal."""
    with pytest.raises(kind) as refusal:
        given()
    assert refusal.value.message_id == message
    return refusal.value


def office_at(url: str, home: Path, clock: SetClock, birth: str = REAL) -> Office:
    return sharing(open_office(url, home, Vault({"k1": KEY}, "k1"), birth=birth, clock=clock))


def settle(office: Office) -> str:
    """Fill an empty office; return the authority's id."""
    everywhere = system_actor("")
    authority: AuthorityRow = office.give(
        everywhere, add_authority, "group", name="某集团公司", short_name="某集"
    )
    system = system_actor(authority.id)
    office.give(system, publish_year, 2026, national_days(2026), source="国办发明电")
    hashed = hash_password(PASSWORD)
    people = office.give(system, _people, hashed)
    version = draft_of(office, Actor(people["设计员"], authority.id))
    office.give(
        Actor(people["管理员"], authority.id),
        approve_version,
        version.id,
        effective_on=date(2026, 1, 1),
    )
    office.give(system, relate, people["监事乙"], people["举报人"], kind="kin")
    return authority.id


@cache
def _letter() -> bytes:
    """Return the template of the letter; one of a later second has other bytes."""
    file = io.BytesIO()
    document = Document()
    document.add_paragraph("{{ title }}：{{ facts }}")
    document.save(file)
    return file.getvalue()


def draft_of(
    office: Office,
    actor: Actor,
    edit: Callable[[str, str], str] = lambda _path, text: text,
    **parameters: object,
) -> VersionRow:
    """Draft the board's procedure, which has passed its checks.

    `edit` is given the path and text of its diagram and rules, and returns another text.
    """
    folder = read_folder(FOLDER)
    files = {**folder.files, "board/letter.docx": _letter()}
    for path in ("board/board.bpmn", "board/procedure.yaml"):
        files[path] = edit(path, files[path].decode()).encode()
    manifest = manifest_of(type(folder)("board", files, {}), parameters=parameters)
    digest = digest_of_manifest(manifest)
    version: VersionRow = office.give(
        actor,
        draft_version,
        "board",
        manifest=manifest,
        digest=digest,
        files=files,
        report={"digest": digest, "passed": True},
    )
    return version


def published(
    room: Boardroom, edit: Callable[[str, str], str], on: date = date(2026, 1, 1)
) -> VersionRow:
    """Put another text of the board's procedure in force."""
    version = draft_of(room.office, room.actor("设计员"), edit)
    row: VersionRow = room.give("管理员", approve_version, version.id, effective_on=on)
    return row


def _people(desk: Desk, hashed: str) -> dict[str, str]:
    units = {name: add_unit(desk, name).id for name in ("机关", "二车间", "监事会")}
    people: dict[str, str] = {}
    for number, (name, unit, roles) in enumerate(CAST):
        person = add_person(desk, name, unit_id=units[unit])
        people[name] = person.id
        for role in roles:
            give_post(desk, person.id, role, valid_from=date(2020, 1, 1))
        open_account(
            desk, person.id, f"u{number}", password_hash=hashed, is_admin="platform_admin" in roles
        )
    return people


def boardroom_in(
    office: Office, clock: SetClock, versions: VersionLibrary | None = None
) -> Boardroom:
    """Return the boardroom of a settled office."""
    if versions is not None:
        office.versions = versions
    with office.database.reading() as session:
        authority = session.scalars(sa.select(AuthorityRow.id)).one()
        people = {row.name: row.id for row in session.scalars(sa.select(PersonRow))}
        accounts = {row.person_id: row.id for row in session.scalars(sa.select(Account))}
    named = {name: accounts[person] for name, person in people.items()}
    return Boardroom(office, clock, authority, people, named)


__all__ = [
    "CAST",
    "MONDAY",
    "MOTION",
    "PASSWORD",
    "Boardroom",
    "boardroom_in",
    "draft_of",
    "office_at",
    "settle",
]
