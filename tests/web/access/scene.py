"""The case that the matrix is about, everything that an address can name, and who asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.commands.add_attachment import add_attachment
from engine.commands.decide import put_motion
from engine.commands.drafts import begin_draft
from engine.commands.file import file
from engine.commands.grant_supervision import grant_supervision, place_authority
from engine.commands.organise import add_authority
from engine.commands.reports import hand_in_report
from engine.desk import Desk, system_actor
from engine.store.tables import (
    Account,
    AuthorityRow,
    CaseRow,
    DeadlineRow,
    Departure,
    Deviation,
    DocumentRow,
    DueRow,
    Escalation,
    ExtensionRequest,
    Incident,
    Interference,
    OutboxJob,
    PersonRow,
    Publication,
    Recusal,
    Report,
    Retirement,
    SettingChange,
    SignatureRequest,
    SupervisionGrant,
    SupervisionNotice,
    Suspension,
    UnitRow,
    VaultField,
    VersionRow,
    WorkItemRow,
)
from tests.office import P01, PROCESSES, Town
from tests.web import walking
from tests.web.access.bodies import MEETING, body_of
from tests.web.access.people import RELATIONS, ROLES, Persona, persona, post_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.web.access.table import Line

MARKED = "举报人郎某"
"""The name that the reporter gave with the clue: it stands in the vault and nowhere else."""
DRAFTED = ("procedure.yaml", f"{P01}.bpmn", "grading.dmn", "documents/start-decision.typ")
PATHS = {"/tables/": DRAFTED[2], "/document/": DRAFTED[3]}
"""What a route of the designer is asked about, where it is not the diagram."""
MISSING = "00000000-0000-7000-8000-000000000000"


class LetIn(Exception):
    """A command came to its end; nothing of it is kept."""


@dataclass
class Stage:
    """A town with the case, its people and the ids that addresses need."""

    town: Town
    case_id: str
    ids: dict[str, str]
    personas: dict[tuple[str, str], Persona] = field(default_factory=dict)
    reached: list[str] = field(default_factory=list)

    def browser(self, account_id: str) -> FlaskClient:
        """Return a browser in which this account is logged in."""
        self.town.office.hook = None
        client = self.town.app.test_client()
        assert client.post("/login/as", data={"account": account_id}).status_code == 302
        self.town.office.hook = self._look_on
        return client

    def ask(self, client: FlaskClient, line: Line, ids: Mapping[str, str]) -> TestResponse:
        """Send a request; whatever command it gives is taken back at its end."""
        method, url = line.method, line.address(ids)
        body = body_of(line.route, ids) if method == "POST" else {}
        self.reached.clear()
        return client.open(url, method=method, **body)

    def lets_in(self, client: FlaskClient, line: Line, whose: Persona | None = None) -> bool:
        """Return whether the visitor was let in: shown the page, or heard out.

        Raises:
            AssertionError: The page failed, or did not understand what it was sent.
        """
        answer = self.ask(client, line, self.ids_for(line, whose))
        if self.reached:
            return True
        assert answer.status_code < 500, (line.route, answer.text)
        assert answer.status_code != 400, (line.route, "what it is sent is not understood")
        if answer.status_code == 302:
            return not answer.headers["Location"].startswith("/login")
        return answer.status_code not in {401, 403, 404}

    def ids_for(self, line: Line, whose: Persona | None = None) -> dict[str, str]:
        """Return what to put into the route's address: what is the visitor's own comes first."""
        ids = {**self.ids, **(whose.own if whose is not None else {})}
        if "/signatures/" in line.rule:
            ids["request_id"] = ids["signature"]
        if line.rule.startswith("/designer/"):
            names = (name for part, name in PATHS.items() if part in line.rule)
            ids |= {"path": next(names, DRAFTED[1]), "key": "start-decision"}
        if line.rule in MEETING:
            ids["item_id"] = ids["meeting"]
        return ids

    def _look_on(self, moment: str, command: str) -> None:
        if moment == "before_commit":
            self.reached.append(command)
            raise LetIn(command)


def build_stage(town: Town) -> Stage:
    """Walk the case until its decision is served, and put everybody and everything beside it."""
    other = walking.to_meeting(town)
    put = town.give("郑某", put_motion, town.item(other, "ut_decide").id, walking.motion(town))
    case = walking.to_service(town, named="named", reporter_contact={"name": MARKED})
    town.give("周某", file, case.id, "crime_found", {"crime_facts": "涉嫌", "offence": "受贿"})
    report = town.item(case, "ut_report").id
    evidence = town.give(
        "周某", add_attachment, case.id, "证词.txt", "证词".encode(), work_item_id=report
    )
    system = system_actor(town.authority_id)
    files = {name: (PROCESSES / P01 / name).read_bytes() for name in DRAFTED}
    draft = town.give("丁某", begin_draft, "new-one", title="新流程", files=files, origin="copy:x")
    code = town.office.give(
        system_actor(town.authority_id),
        hand_in_report,
        "反映的问题",
        contact={"name": MARKED},
        truthful=True,
    )
    meeting = {
        "draft_id": draft.id,
        "code": code,
        "meeting": put.work_item_id,
        "motion": put.id,
        "meeting_case": other.id,
    }
    stage: Stage = town.office.give(system, _furnish, town, case.id, evidence.id, meeting)
    town.office.give(system_actor(town.other_authority_id), _others, stage, "other")
    above = _granted(town)
    town.office.give(system_actor(above), _others, stage, "superior")
    return stage


def _granted(town: Town) -> str:
    """Put an authority above the case's, which lets it watch; return its id."""
    everywhere = system_actor("")
    row: AuthorityRow = town.office.give(
        everywhere, add_authority, "above", name="某上级集团", short_name="上集"
    )
    town.office.give(everywhere, place_authority, "group", above="above")
    days = {"valid_from": town.clock.now().date(), "valid_to": date(2027, 3, 1)}
    town.give("方某", grant_supervision, [P01], **days, reasons="接受上级督办。")
    return row.id


def _furnish(
    desk: Desk, town: Town, case_id: str, evidence_id: str, meeting: Mapping[str, str]
) -> Stage:
    case = desk.session.get_one(CaseRow, case_id)
    served = desk.session.scalars(
        sa.select(DocumentRow).where(DocumentRow.case_id == case_id, DocumentRow.state == "served")
    ).first()
    assert served is not None
    stage = Stage(town, case_id, _things(desk, case, town))
    stage.ids |= {"case_id": case_id, "document_id": served.id, "attachment_id": evidence_id}
    stage.ids |= meeting
    cases = [case, desk.session.get_one(CaseRow, meeting["meeting_case"])]
    for role in ROLES:
        for relation in RELATIONS[:-2]:
            stage.personas[role, relation] = persona(desk, role, relation, cases, served.id)
    return stage


def _others(desk: Desk, stage: Stage, relation: str) -> None:
    case = desk.session.get_one(CaseRow, stage.case_id)
    for role in ROLES:
        stage.personas[role, relation] = persona(
            desk, role, relation, [case], stage.ids["document_id"]
        )


def _things(desk: Desk, case: CaseRow, town: Town) -> dict[str, str]:
    """Return an id of the case's authority for every name that a route asks for."""
    here: dict[str, Any] = {"authority_id": case.authority_id, "case_id": case.id}
    now, by = desk.now(), town.people["周某"]
    session = desk.session
    item = session.scalars(
        sa.select(WorkItemRow).where(WorkItemRow.case_id == case.id, WorkItemRow.state == "open")
    ).first()
    assert item is not None
    done = session.scalars(
        sa.select(WorkItemRow).where(
            WorkItemRow.case_id == case.id, WorkItemRow.element == "ut_verify"
        )
    ).one()
    deadline = session.scalars(
        sa.select(DeadlineRow).where(DeadlineRow.case_id == case.id, DeadlineRow.key == "DL-CA-3")
    ).first()
    assert deadline is not None
    reporter = session.scalars(sa.select(VaultField).where(VaultField.case_id == case.id)).first()
    assert reporter is not None
    account = session.scalars(sa.select(Account).where(Account.person_id == by)).first()
    assert account is not None
    version = session.scalars(
        sa.select(VersionRow).where(VersionRow.authority_id == case.authority_id)
    ).first()
    assert version is not None
    received = session.scalars(sa.select(Report)).one()
    subject = session.get_one(PersonRow, town.people["陈某"])
    asked: dict[str, Any] = {"reasons": "情况复杂", "requested_by": by, "requested_at": now}
    rows: dict[str, Any] = {
        "recusal_id": Recusal(**here, person_id=by, kind="applied", state="rejected", **asked),
        "request_id": ExtensionRequest(**here, deadline_id=deadline.id, **asked),
        "suspension_id": Suspension(**here, **asked),
        "escalation_id": Escalation(
            **here, deadline_id=deadline.id, level=1, role="supervision_officer", raised_at=now
        ),
        "incident_id": Incident(
            **here, element="ut_x", kind="step", reason={"zh": "停", "en": "x"}, happened_at=now
        ),
        "due_id": DueRow(**here, kind="timer", ref="x", due_at=now, failures=1),
        "deviation_id": Deviation(
            **here,
            person_id=by,
            kind="attempt",
            command="x",
            message="case.not_allowed",
            params={"case": case.number, "right": "see"},
            first_at=now,
            last_at=now,
        ),
        "interference_id": Interference(
            authority_id=case.authority_id,
            who="甲",
            whom="乙",
            what="说情",
            happened_on=date(2026, 3, 2),
            recorded_by=by,
            recorded_at=now,
        ),
        "departure_id": Departure(
            authority_id=case.authority_id,
            person_id=by,
            to_id=by,
            reasons="离职",
            started_by=by,
            started_at=now,
        ),
        "job_id": OutboxJob(
            kind="tell_parent",
            key="dead",
            payload={"authority_id": case.authority_id},
            state="dead",
            not_before=now,
        ),
        "publication_id": Publication(
            **here,
            procedure=case.procedure,
            scope="society",
            state="published",
            title="通报",
            published_by=by,
            published_at=now,
        ),
        "grant_id": SupervisionGrant(
            authority_id=case.authority_id,
            superior_id=town.other_authority_id,
            procedures=[P01],
            valid_from=date(2027, 1, 1),
            valid_to=date(2027, 1, 2),
            reasons="督办",
            made_by=by,
            made_at=now,
        ),
        "notice_id": SupervisionNotice(
            **here,
            superior_id=town.other_authority_id,
            number=1,
            text="请说明进展。",
            answer_by=date(2027, 1, 1),
            sent_by=by,
            sent_at=now,
        ),
        "change_id": SettingChange(
            authority_id=case.authority_id,
            area="parameter",
            key="repeat.threshold",
            scope=P01,
            number=1,
            old={"value": 1},
            new={"value": 2},
            reasons="试行",
            effective_on=date(2026, 3, 2),
            version_id=version.id,
            changed_by=by,
            changed_at=now,
        ),
        "unit_id": UnitRow(authority_id=case.authority_id, name="五车间"),
        "retirement_id": Retirement(
            authority_id=case.authority_id,
            total=1,
            reasons="期满",
            proposed_by=by,
            proposed_at=now,
        ),
        "signature": SignatureRequest(
            **here,
            work_item_id=item.id,
            place="beside",
            person_id=by,
            reasons="会签",
            asked_by=by,
            asked_at=now,
        ),
    }
    session.add_all(rows.values())
    session.flush()
    return {
        **{name: row.id for name, row in rows.items()},
        "item_id": item.id,
        "reference": reporter.id,
        "person_id": subject.id,
        "post_id": post_of(desk, subject.id),
        "version_id": version.id,
        "name": account.name,
        "account": account.id,
        "colleague": town.people["秦某"],
        "done": done.id,
        "procedure": P01,
        "process": P01,
        "setting_key": "reminder.hours",
        "area": "parameter",
        "value_key": "repeat.threshold",
        "path": f"{P01}/{P01}.bpmn",
        "kind": "pdf",
        "key": "appeal",
        "language": "en",
        "channel": "mail",
        "event": "assigned",
        "digest": "0" * 64,
        "report_id": received.id,
        "filename": "wenze.css",
    }
