"""The whole file of a case (案卷) as it is taken out: what the reader may open, and no reporter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.desk.answers import SALT
from engine.desk.desk import Desk
from engine.desk.furnishing import REHEARSAL
from engine.desk.holders import names_of
from engine.desk.rights import Right, permits
from engine.desk.seeing import is_confidential
from engine.desk.views.case import CaseView, case_view
from engine.desk.views.seeing import hidden_people, seen
from engine.model.deadlines import DeadlineState
from engine.store.tables import Answers, AuthorityRow, ServiceRow, WorkItemRow
from engine.vault import is_reference
from engine.workflow.forms import Form

PDF = "application/pdf"
CLOSED = "限阅，不在导出范围"
MASKED = "〔保密〕"
STATES = {
    DeadlineState.RUNNING: "计算中",
    DeadlineState.SUSPENDED: "中止",
    DeadlineState.MET: "已办结",
    DeadlineState.LAPSED: "已届满",
    DeadlineState.WITHDRAWN: "不再计算",
}
ENDED_EARLY = {"withdrawn": "撤案", "merged": "并案"}
"""Closing codes that no procedure declares."""

ID_LENGTH = 36
WORDS = {True: "是", False: "否"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A document or attachment of the file.

    Attributes:
        name: With its ending, as a file is called.
        digest: SHA-256 of its bytes; empty where the reader may not open it.
        note: What the index says below its title.
    """

    title: str
    name: str
    day: date
    media_type: str
    digest: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that is bound or packed, but the bytes.

    Attributes:
        front: What the cover shows.
        course: The steps with their answers, and the deadlines.
        made_at: When, in the authority's civil time.
    """

    front: Mapping[str, Any] = field(repr=False)
    course: Mapping[str, Any] = field(repr=False)
    papers: tuple[Paper, ...]
    name: str
    made_at: datetime


def dossier(desk: Desk, case_id: str) -> Dossier:
    """Return a case's file for taking out, as far as the actor may see it.

    Whoever reported is not named in it, not even to those who may reveal one; confidential
    values are masked, and what the investigation keeps to itself is only named (SUP-014, SUP-016).

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    case = seen(desk, case_id, (Right.SEE_FILE,))
    view = case_view(desk, case.id)
    calendar = desk.calendar(case.authority_id)
    made_at = desk.now().astimezone(calendar.zone)
    authority = desk.session.get_one(AuthorityRow, case.authority_id)
    names = names_of(desk, [desk.actor.person_id])
    rehearsal = desk.office.kind == REHEARSAL or case.is_trial
    about = {"title": f"{case.number} 案卷", "authority": authority.name, "rehearsal": rehearsal}
    papers = _papers(desk, view)
    made = f"{names.get(desk.actor.person_id, '')} {_day(made_at.date())} 导出"
    subjects = [one.name for one in view.parts if one.role == "subject" and one.name]
    outcome = view.version.rules.outcomes.get(case.outcome or "")
    facts = [
        ["案号", case.number],
        ["案由", case.title],
        ["流程", view.version.rules.title.zh],
        ["被问责人", "、".join(subjects) or "—"],
        ["登记日期", _day(calendar.day_of(case.opened_at))],
        ["办结日期", _day(calendar.day_of(case.closed_at)) if case.closed_at else "办理中"],
        [
            "处理结果",
            outcome.zh if outcome is not None else ENDED_EARLY.get(case.outcome or "", "—"),
        ],
        ["材料", f"{len(papers) + 1} 份"],
    ]
    return Dossier(
        front={**about, "facts": facts, "made": made},
        course={**about, "steps": _steps(desk, view), "deadlines": _deadlines(view)},
        papers=papers,
        name=f"{case.number}案卷",
        made_at=made_at,
    )


def _papers(desk: Desk, view: CaseView) -> tuple[Paper, ...]:
    calendar = desk.calendar(view.row.authority_id)
    served = {
        row.document_id: row
        for row in desk.session.scalars(
            sa.select(ServiceRow)
            .where(ServiceRow.case_id == view.row.id)
            .order_by(ServiceRow.recorded_at)
        )
    }
    found = []
    for row in view.documents:
        if not row.pdf:
            continue
        day = row.issued_on or calendar.day_of(row.drafted_at)
        service = served.get(row.id)
        notes = [row.number or "", "" if row.issued_at else "草稿"]
        if service is not None:
            notes.append(f"{_day(service.received_on)} 送达 {service.addressee}")
        note = "；".join(one for one in notes if one)
        found.append(Paper(row.title, f"{row.title}.pdf", day, PDF, row.pdf, note))
    for file in view.attachments:
        is_open = file.id in view.openable
        found.append(
            Paper(
                file.name,
                file.name,
                calendar.day_of(file.added_at),
                file.media_type,
                file.digest if is_open else "",
                "" if is_open else CLOSED,
            )
        )
    return tuple(found)


def _deadlines(view: CaseView) -> list[dict[str, str]]:
    return [
        {
            "title": view.version.rules.deadlines[one.deadline.rule.key].title.zh,
            "last_day": _day(one.row.last_day),
            "state": STATES.get(DeadlineState(one.row.state), one.row.state),
        }
        for one in view.deadlines
    ]


def _steps(desk: Desk, view: CaseView) -> list[dict[str, Any]]:
    """Return what was registered, done and filed, in the order of time."""
    hidden = hidden_people(desk, view.row)
    rows = list(
        desk.session.scalars(
            sa.select(Answers)
            .where(Answers.case_id == view.row.id)
            .order_by(Answers.recorded_at, Answers.id)
        )
    )
    people = {one for row in rows for one in _texts(row.data) if len(one) == ID_LENGTH}
    names = {**names_of(desk, people - hidden), **dict.fromkeys(hidden, MASKED)}
    reading = _Reading(desk, view, names)
    answered = {row.work_item_id: row.data for row in rows if row.work_item_id}
    done = [one for one in view.items if one.state == "done"]
    steps = [reading.given(row) for row in rows if not row.work_item_id]
    steps += [reading.step(item, answered.get(item.id, {})) for item in done]
    return [step for _, step in sorted(steps, key=lambda one: one[0])]


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads answers for one reader; `names` has those of persons who may be named."""

    desk: Desk
    view: CaseView
    names: Mapping[str, str]

    def step(self, item: WorkItemRow, data: Mapping[str, Any]) -> tuple[datetime, dict[str, Any]]:
        """Return a step that was done."""
        at = item.completed_at or item.opened_at
        form = self.view.version.form(item.process, item.form) if item.form else None
        answers = _rows(form, data, self.names) if form is not None else []
        if not _may_read(self.desk, self.view, item):
            answers = [["内容", "限调查组查看"]]
        return at, self._shown(
            item.name, self.view.names.get(item.completed_by or "", ""), at, answers
        )

    def given(self, row: Answers) -> tuple[datetime, dict[str, Any]]:
        """Return what was registered at the start, or filed since."""
        rules, version = self.view.version.rules, self.view.version
        rule = rules.filings.get(row.filing)
        named = rule.form if rule is not None else rules.start.form if rules.start else ""
        form = version.form(version.definition.process_id, named) if named else None
        answers = _rows(form, row.data, self.names) if form is not None else []
        if rule is not None and not permits(Right.SEE_DEFENCE, self.view.standing.relations):
            answers = [["内容", "限办理人员查看"]]
        title = rule.title.zh if rule is not None else "登记"
        return row.recorded_at, self._shown(title, "", row.recorded_at, answers)

    def _shown(self, name: str, by: str, at: datetime, answers: list[list[str]]) -> dict[str, Any]:
        here = at.astimezone(self.desk.calendar(self.view.row.authority_id).zone)
        said = f"{_day(here.date())} {here:%H:%M}"
        return {"name": name, "by": by, "at": said, "answers": answers}


def _may_read(desk: Desk, view: CaseView, item: WorkItemRow) -> bool:
    if not is_confidential(item) or item.completed_by == desk.actor.person_id:
        return True
    return permits(Right.SEE_INVESTIGATION, view.standing.relations)


def _rows(form: Form, data: Mapping[str, Any], names: Mapping[str, str]) -> list[list[str]]:
    """Return the answers that a form's fields took, each under its label."""
    fields = {str(one["key"]).rsplit(".", maxsplit=1)[-1]: one for one in form.fields()}
    rows: list[list[str]] = []
    for key, value in _flat(data):
        field_of = fields.get(key)
        if field_of is None or value in (None, "", [], {}):
            continue
        label = str(field_of.get("label") or field_of.get("dateLabel") or key)
        options = {
            str(one.get("value")): str(one.get("label")) for one in field_of.get("values") or ()
        }
        rows.append([label, _said(value, {**names, **options})])
    return rows


def _flat(data: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return every answer under the last part of its key; rows of lists one after the other."""
    found: list[tuple[str, Any]] = []
    for key, value in data.items():
        if key == SALT:
            continue
        if isinstance(value, Mapping) and not is_reference(value):
            found.extend(_flat(value))
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            for one in value:
                found.extend(_flat(one) if isinstance(one, Mapping) else [(key, one)])
        else:
            found.append((key, value))
    return found


def _said(value: Any, words: Mapping[str, str]) -> str:
    if is_reference(value):
        return MASKED
    if isinstance(value, bool):
        return WORDS[value]
    if isinstance(value, list):
        return "、".join(_said(one, words) for one in value)
    return words.get(str(value), str(value))


def _texts(value: Any) -> set[str]:
    """Return every text anywhere in an answer; persons are among them, by id."""
    if isinstance(value, Mapping):
        return {text for one in value.values() for text in _texts(one)}
    if isinstance(value, list):
        return {text for one in value for text in _texts(one)}
    return {value} if isinstance(value, str) else set()


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
