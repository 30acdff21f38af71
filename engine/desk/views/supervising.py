"""What an authority above is shown of cases below (督办视图): steps and deadlines, no names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.desk.conflicts import bar_conflicts
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import SUBJECT
from engine.desk.rights import Right
from engine.desk.supervising import (
    granted_cases,
    grants_here,
    must_watch,
    reason_given,
)
from engine.desk.views.case import DeadlineView, deadline_views
from engine.desk.views.inbox import barred_cases
from engine.desk.views.seeing import seen
from engine.model.lamps import Lamp
from engine.model.procedure_rules import ProcedureRules
from engine.model.texts import Text
from engine.store.queries.keyset import cursor_of, paged
from engine.store.tables import (
    AuditEntry,
    AuthorityRow,
    CaseRow,
    DeadlineRow,
    Participant,
    PersonRow,
    SupervisionGrant,
    SupervisionNotice,
    WorkItemRow,
)

NEWEST = "newest"
WORST = (Lamp.RED, Lamp.YELLOW, Lamp.NEAR, Lamp.HELD, Lamp.OK)
"""Which deadline of a case stands for it: the one that is worst off, then the earliest."""

SHOWN = frozenset(
    {
        Fact.CASE_OPENED,
        Fact.CASE_CLOSED,
        Fact.STATUS_CHANGED,
        Fact.WORK_OPENED,
        Fact.WORK_COMPLETED,
        Fact.WORK_SENT_BACK,
        Fact.DEADLINE_STARTED,
        Fact.DEADLINE_MET,
        Fact.DEADLINE_LAPSED,
        Fact.DEADLINE_WITHDRAWN,
        Fact.DEADLINE_RECOUNTED,
        Fact.EXTENSION_REQUESTED,
        Fact.EXTENSION_DECIDED,
        Fact.SUSPENSION_DECIDED,
        Fact.CASE_RESUMED,
        Fact.CARD_GIVEN,
        Fact.ESCALATED,
        Fact.DUNNED,
        Fact.SUPERVISION_ASKED,
        Fact.SUPERVISION_ANSWERED,
        Fact.SUPERVISION_UNANSWERED,
    }
)
"""The acts that an authority above is shown; of anything else it learns nothing."""

TOLD = frozenset(
    {
        "after",
        "before",
        "colour",
        "deadline",
        "granted",
        "key",
        "last_day",
        "late",
        "level",
        "name",
        "number",
        "outcome",
        "status",
        "to_name",
    }
)
"""What of their details: titles, days and codes. No reasons, no persons."""


@dataclass(frozen=True, slots=True)
class Below:
    """An authority that lets its cases be watched, and of which procedures.

    Attributes:
        procedures: Titles by id; those under which nothing was ever opened are left out.
        until: The last day of the grant that lasts longest.
    """

    authority_id: str
    name: str
    procedures: Mapping[str, Text]
    until: date


@dataclass(frozen=True, slots=True)
class StepBelow:
    """A step that waits; its properties hold the English name."""

    name: str
    properties: Mapping[str, Any]
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class CaseBelow:
    """A case as an authority above sees it in a list: no title, no names.

    Attributes:
        posts: The posts of those whom it is about.
        steps: What waits to be done.
        deadline: The running deadline that is worst off; None without one.
        unanswered: How many notices from above wait for an answer.
    """

    id: str
    authority: str
    number: str
    procedure: Text
    status: str
    outcome: str | None
    stage: Text | None
    posts: tuple[str, ...]
    steps: tuple[StepBelow, ...]
    deadline: DeadlineView | None
    unanswered: int
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PageBelow:
    """A page of the list; `after` opens the next one, "" on the last."""

    lines: tuple[CaseBelow, ...]
    after: str


@dataclass(frozen=True, slots=True)
class ActBelow:
    """An entry of the case's record; `details` holds titles, days and codes only."""

    sequence: int
    fact: Fact
    recorded_at: datetime
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LookBelow:
    """One case as an authority above sees it.

    Attributes:
        rules: Of its version; for titles.
        deadlines: All, those that run first; nobody's name is in them.
        acts: The newest first.
        notices: What the reader's authority asked, the newest first.
        reason: Why the reader said today to look at it.
    """

    case: CaseBelow
    rules: ProcedureRules
    deadlines: tuple[DeadlineView, ...]
    acts: tuple[ActBelow, ...]
    notices: tuple[SupervisionNotice, ...]
    reason: str


def below(desk: Desk) -> tuple[Below, ...]:
    """Return the authorities that let the actor's watch over their cases, by name.

    Raises:
        NotAllowed: The actor is no supervision officer.
    """
    must_watch(desk)
    found: dict[str, list[SupervisionGrant]] = {}
    for grant in grants_here(desk):
        found.setdefault(grant.authority_id, []).append(grant)
    lines = [
        Below(
            authority_id,
            desk.session.get_one(AuthorityRow, authority_id).name,
            _titles(desk, authority_id, {key for one in grants for key in one.procedures}),
            max(one.valid_to for one in grants),
        )
        for authority_id, grants in found.items()
    ]
    return tuple(sorted(lines, key=lambda one: one.name))


def cases_below(
    desk: Desk,
    *,
    authority_id: str = "",
    procedure: str = "",
    is_closed: bool | None = False,
    late: bool = False,
    after: str = "",
    limit: int = 20,
) -> PageBelow:
    """Return the cases that authorities below let the actor's watch over, the newest first.

    The look is noted by the command `list_below`, which is given with this.

    Args:
        desk: Of a supervision officer.
        authority_id: Only this authority's.
        procedure: Only of this procedure.
        is_closed: Only closed, or only running ones; None for both.
        late: Only those with a deadline that has passed and is not met.
        after: The `after` of the page before.
        limit: Lines on a page, 1 to 200.

    Raises:
        NotAllowed: The actor is no supervision officer.
        ValueError: `after` is no cursor of this list.

    Source: SUP-042, SUP-062.
    """
    must_watch(desk)
    query = sa.select(CaseRow).where(
        granted_cases(grants_here(desk)), CaseRow.id.not_in(barred_cases(desk))
    )
    if authority_id:
        query = query.where(CaseRow.authority_id == authority_id)
    if procedure:
        query = query.where(CaseRow.procedure == procedure)
    if is_closed is not None:
        query = query.where(
            CaseRow.closed_at.is_not(None) if is_closed else CaseRow.closed_at.is_(None)
        )
    if late:
        query = query.where(
            sa.exists().where(
                DeadlineRow.case_id == CaseRow.id,
                DeadlineRow.state == "running",
                DeadlineRow.expires_at <= desk.now(),
            )
        )
    keys = (CaseRow.opened_at, CaseRow.id)
    rows = list(
        desk.session.scalars(
            paged(query, keys, sort=NEWEST, after=after, limit=limit, newest_first=True)
        )
    )
    last = rows[limit - 1] if len(rows) > limit else None
    lines = tuple(_line(desk, row, _deadlines(desk, row)) for row in rows[:limit])
    return PageBelow(lines, cursor_of(NEWEST, last.opened_at, last.id) if last is not None else "")


def case_below(desk: Desk, case_id: str, *, limit: int = 200) -> LookBelow:
    """Return one case of an authority below; the look is noted by the command `look_below`.

    Raises:
        NotFound: There is none, or the authority below does not let it be watched.
        Recused: A recusal or a conflict of interest bars the actor.
        NotAllowed: The actor knows of the case by another part in it, and does not watch.
    """
    case = seen(desk, case_id, (Right.OVERSEE,))
    bar_conflicts(desk, case, desk.actor.person_id)
    deadlines = _deadlines(desk, case)
    entries = desk.session.scalars(
        sa.select(AuditEntry)
        .where(
            AuditEntry.stream == f"case:{case.id}",
            AuditEntry.fact.in_([fact.value for fact in SHOWN]),
        )
        .order_by(AuditEntry.sequence.desc())
        .limit(limit)
    )
    return LookBelow(
        case=_line(desk, case, deadlines),
        rules=desk.version(case).rules,
        deadlines=deadlines,
        acts=tuple(
            ActBelow(
                entry.sequence,
                Fact(entry.fact),
                entry.recorded_at,
                {key: value for key, value in entry.details.items() if key in TOLD},
            )
            for entry in entries
        ),
        notices=tuple(
            desk.session.scalars(
                sa.select(SupervisionNotice)
                .where(
                    SupervisionNotice.case_id == case.id,
                    SupervisionNotice.superior_id == desk.actor.authority_id,
                )
                .order_by(SupervisionNotice.number.desc())
            )
        ),
        reason=reason_given(desk, case.id),
    )


def _line(desk: Desk, case: CaseRow, deadlines: Sequence[DeadlineView]) -> CaseBelow:
    rules = desk.version(case).rules
    items = desk.session.scalars(
        sa.select(WorkItemRow)
        .where(WorkItemRow.case_id == case.id, WorkItemRow.state.in_(("open", "claimed")))
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
    )
    posts = desk.session.scalars(
        sa.select(PersonRow.title)
        .join(Participant, Participant.person_id == PersonRow.id)
        .where(
            Participant.case_id == case.id,
            Participant.role == SUBJECT,
            Participant.until_at.is_(None),
        )
        .order_by(Participant.since_at, Participant.id)
    )
    unanswered = desk.session.scalar(
        sa.select(sa.func.count())
        .select_from(SupervisionNotice)
        .where(SupervisionNotice.case_id == case.id, SupervisionNotice.answered_at.is_(None))
    )
    running = [one for one in deadlines if one.row.state in {"running", "suspended"}]
    return CaseBelow(
        id=case.id,
        authority=desk.session.get_one(AuthorityRow, case.authority_id).name,
        number=case.number,
        procedure=rules.title,
        status=case.status,
        outcome=case.outcome,
        stage=next((one.title for one in rules.stages if one.id == case.stage), None),
        posts=tuple(title for title in posts if title),
        steps=tuple(StepBelow(one.name, dict(one.properties), one.opened_at) for one in items),
        deadline=min(running, key=_how_badly, default=None),
        unanswered=unanswered or 0,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
    )


def _deadlines(desk: Desk, case: CaseRow) -> tuple[DeadlineView, ...]:
    """Return the deadlines of a case; whom a card was given to stays below."""
    return tuple(replace(one, cards=()) for one in deadline_views(desk, case))


def _how_badly(view: DeadlineView) -> tuple[int, datetime]:
    rank = WORST.index(view.lamp) if view.lamp in WORST else len(WORST)
    return (rank, view.row.expires_at)


def _titles(desk: Desk, authority_id: str, procedures: set[str]) -> dict[str, Text]:
    """Return the titles of procedures by their newest case at the authority."""
    titles = {}
    for procedure in sorted(procedures):
        version_id = desk.session.scalar(
            sa.select(CaseRow.version_id)
            .where(CaseRow.authority_id == authority_id, CaseRow.procedure == procedure)
            .order_by(CaseRow.opened_at.desc())
            .limit(1)
        )
        if version_id is not None:
            rules = desk.office.versions.get(desk.session, version_id).rules
            titles[procedure] = rules.title
    return titles
