"""A matter as its subject or reporter sees it: plain, and only what is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.rights import Right
from engine.desk.views.case import filings_of
from engine.desk.views.seeing import seen
from engine.errors import NotFound
from engine.model.procedure_rules import FilingRule
from engine.model.texts import Text
from engine.store.tables import (
    Answers,
    Attachment,
    CaseRow,
    DeadlineRow,
    DocumentRow,
    Notice,
    Participant,
    ServiceRow,
    WorkItemRow,
)

OUTSIDE = ("subject", "reporter")


@dataclass(frozen=True, slots=True)
class OwnFiling:
    """Something that may be filed now.

    Attributes:
        last_day: Until when, where a deadline runs; else None.
        provisional: The last day is not final yet (暂定).
    """

    rule: FilingRule
    last_day: date | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case for its subject or reporter.

    Attributes:
        role: ``subject`` or ``reporter``.
        stage: In plain words; None before the first stage.
        documents: Served on the reader, with the day received.
        filed: What the reader has filed, or had filed on paper.
        items: Steps that wait for the reader in person.
    """

    row: CaseRow
    role: str
    stage: Text | None
    notices: tuple[Notice, ...]
    documents: tuple[tuple[DocumentRow, ServiceRow], ...]
    filings: tuple[OwnFiling, ...]
    filed: tuple[Answers, ...]
    attachments: tuple[Attachment, ...]
    items: tuple[WorkItemRow, ...]


def own_cases(desk: Desk) -> list[tuple[str, str, str, datetime]]:
    """Return id, number, role and opening of the cases of the actor, the newest first.

    A subject learns of a case by the first notice or document, not before: during a
    confidential investigation there is no line here (S0篇1§7-2, SUP-016).
    """
    told = sa.exists().where(Notice.case_id == CaseRow.id, Notice.person_id == desk.actor.person_id)
    rows = desk.session.execute(
        sa.select(CaseRow.id, CaseRow.number, Participant.role, CaseRow.opened_at)
        .join(Participant, Participant.case_id == CaseRow.id)
        .where(
            Participant.person_id == desk.actor.person_id,
            Participant.role.in_(OUTSIDE),
            Participant.until_at.is_(None),
            sa.or_(Participant.role == "reporter", told),
        )
        .order_by(CaseRow.opened_at.desc())
    )
    return [(row.id, row.number, row.role, row.opened_at) for row in rows]


def has_own_matter(desk: Desk, case_id: str) -> bool:
    """Return whether a case is the actor's own as its reporter."""
    found = sa.select(Participant.id).where(
        Participant.case_id == case_id,
        Participant.person_id == desk.actor.person_id,
        Participant.role == OUTSIDE[1],
        Participant.until_at.is_(None),
    )
    return desk.session.scalar(found) is not None


def own_case(desk: Desk, case_id: str) -> OwnCase:
    """Return a case for the page of its subject or reporter.

    Raises:
        NotFound: There is none; or the subject has not been told of it yet (SUP-016).
        Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    case = seen(desk, case_id, (Right.SEE_OWN,))
    person = desk.actor.person_id
    standing = desk.standing(case)
    role = next(one for one in OUTSIDE if one in standing.roles)
    stages = {stage.id: stage.title for stage in desk.version(case).rules.stages}
    mine = sa.or_(Answers.given_by == person, Answers.filed_for == person)
    session = desk.session
    served = session.execute(
        sa.select(DocumentRow, ServiceRow)
        .join(ServiceRow, ServiceRow.document_id == DocumentRow.id)
        .where(ServiceRow.case_id == case.id, ServiceRow.person_id == person)
        .order_by(ServiceRow.received_on)
    )
    documents = tuple((row.DocumentRow, row.ServiceRow) for row in served)
    notices = tuple(
        session.scalars(
            sa.select(Notice)
            .where(Notice.case_id == case.id, Notice.person_id == person)
            .order_by(Notice.sent_at.desc())
        )
    )
    items = _own_items(desk, case)
    if role == OUTSIDE[0] and not (notices or documents or items):
        raise NotFound(case_id)
    return OwnCase(
        row=case,
        role=role,
        stage=stages.get(case.stage),
        notices=notices,
        documents=documents,
        filings=tuple(_filing(desk, case, rule) for rule in filings_of(desk, case, person)),
        filed=tuple(
            session.scalars(
                sa.select(Answers)
                .where(Answers.case_id == case.id, Answers.filing != "", mine)
                .order_by(Answers.recorded_at)
            )
        ),
        attachments=tuple(
            session.scalars(
                sa.select(Attachment).where(
                    Attachment.case_id == case.id, Attachment.added_by == person
                )
            )
        ),
        items=items,
    )


def _own_items(desk: Desk, case: CaseRow) -> tuple[WorkItemRow, ...]:
    rows = desk.session.scalars(
        sa.select(WorkItemRow).where(
            WorkItemRow.case_id == case.id, WorkItemRow.state.in_(("open", "claimed"))
        )
    )
    return tuple(one for one in rows if f"p:{desk.actor.person_id}" in one.candidates)


def _filing(desk: Desk, case: CaseRow, rule: FilingRule) -> OwnFiling:
    row = None
    if rule.deadline:
        row = desk.session.scalar(
            sa.select(DeadlineRow)
            .where(
                DeadlineRow.case_id == case.id,
                DeadlineRow.key == str(rule.deadline),
                DeadlineRow.state == "running",
            )
            .order_by(DeadlineRow.round.desc())
            .limit(1)
        )
    return OwnFiling(rule, row.last_day if row is not None else None, bool(row and row.provisional))
