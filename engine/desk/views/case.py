"""A case as an officer sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.holders import names_of
from engine.desk.rights import Right, permits
from engine.desk.rounds import loaded, newest_round
from engine.desk.seeing import right_to_open
from engine.desk.sending import is_switched_on, takes_early
from engine.desk.standing import Standing
from engine.desk.views.seeing import REPORTER, hidden_people, seen
from engine.model.day_strips import Cell, day_strip
from engine.model.deadlines import Deadline, DeadlineState, Remaining
from engine.model.lamps import Lamp
from engine.model.procedure_rules import FilingRule
from engine.store.tables import (
    Attachment,
    Card,
    CaseRow,
    DeadlineRow,
    DecisionRow,
    DocumentRow,
    Incident,
    Participant,
    Recusal,
    SanctionRow,
    WorkItemRow,
)
from engine.workflow import LoadedVersion

SERVED = "served"


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A deadline with everything its clock shows.

    Attributes:
        row: As kept; its `history` has every shift.
        deadline: The rule, the count, what was skipped and made up.
        lamp: Now; a colour of a card only where the card was given.
        remaining: Now.
        strip: One cell for each counted day.
        cards: Given for it.
        warn_at: When it turns near.
    """

    row: DeadlineRow
    deadline: Deadline
    lamp: Lamp
    remaining: Remaining
    strip: tuple[Cell, ...]
    cards: tuple[Card, ...]
    warn_at: datetime


@dataclass(frozen=True, slots=True)
class PartView:
    """A person's part in a case.

    Attributes:
        person_id: Empty where the person is hidden from the reader.
        name: Likewise.
        recusal: ``pending``, ``granted``, ``rejected`` or "".
        is_hidden: The reporter, from everybody else; `reveal` names one (SUP-014).
    """

    role: str
    person_id: str
    name: str
    since_at: datetime
    until_at: datetime | None
    recusal: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with what its page shows; confidential values are references.

    Attributes:
        variables: The process scope; empty for whoever may not see the file.
        attachments: The list of evidence, for whoever sees the file.
        openable: The ids of those that the reader may open, too.
        items: Open and claimed first, then what was done, each in the order of time.
        names: Of every person named by id in items, documents, decisions, recusals.
        done, now: Elements of the diagram, as ``process:element``.
        filings: What the reader may file here now, for oneself or on paper.
    """

    row: CaseRow
    version: LoadedVersion
    standing: Standing
    sees_file: bool
    variables: Mapping[str, Any]
    items: tuple[WorkItemRow, ...]
    deadlines: tuple[DeadlineView, ...]
    parts: tuple[PartView, ...]
    documents: tuple[DocumentRow, ...]
    attachments: tuple[Attachment, ...]
    openable: frozenset[str]
    decisions: tuple[DecisionRow, ...]
    sanctions: tuple[SanctionRow, ...]
    recusals: tuple[Recusal, ...]
    incidents: tuple[Incident, ...]
    filings: tuple[FilingRule, ...]
    done: frozenset[str]
    now: frozenset[str]
    names: Mapping[str, str]


def case_view(desk: Desk, case_id: str) -> CaseView:
    """Return a case for its page.

    The file (answers, variables, list of attachments, documents in draft) is shown only to
    whoever works on the case; other officers and supervision see what was served, the trace
    and the deadlines. What the investigation gathered is opened by its members alone (SUP-016).

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    case = seen(desk, case_id, (Right.SEE, Right.WATCH))
    standing = desk.standing(case)
    version = desk.version(case)
    relations = standing.relations
    sees_file = permits(Right.SEE_FILE, relations)
    items = _items(desk, case)
    documents = tuple(
        one
        for one in _rows(desk, DocumentRow, case, DocumentRow.drafted_at)
        if sees_file or one.state == SERVED
    )
    decisions = _rows(desk, DecisionRow, case, DecisionRow.made_at)
    recusals = _rows(desk, Recusal, case, Recusal.requested_at)
    people = {
        person
        for item in items
        for person in (item.claimed_by, item.completed_by)
        if person is not None
    }
    people |= {row.drafted_by for row in documents} | {row.opened_by for row in (case,)}
    people |= {row.person_id for row in recusals} | {row.requested_by for row in recusals}
    deadlines = deadline_views(desk, case)
    people |= {str(one.approved_by) for view in deadlines for one in view.deadline.extensions}
    attachments = _rows(desk, Attachment, case, Attachment.added_at) if sees_file else ()
    people |= {row.added_by for row in attachments}
    people |= {row.issued_by for row in documents if row.issued_by}
    return CaseView(
        row=case,
        version=version,
        standing=standing,
        sees_file=sees_file,
        variables=case.variables if sees_file else {},
        items=items,
        deadlines=deadlines,
        parts=_parts(desk, case, recusals),
        documents=documents,
        attachments=attachments,
        openable=frozenset(
            one.id for one in attachments if permits(right_to_open(desk, case, one), relations)
        ),
        decisions=decisions,
        sanctions=_rows(desk, SanctionRow, case, SanctionRow.effective_on),
        recusals=recusals,
        incidents=tuple(
            one
            for one in _rows(desk, Incident, case, Incident.happened_at)
            if one.resolved_at is None
        ),
        filings=filings_of(desk, case),
        done=frozenset(f"{one.process}:{one.element}" for one in items if one.state == "done"),
        now=frozenset(
            f"{one.process}:{one.element}" for one in items if one.state in {"open", "claimed"}
        )
        | frozenset(
            f"{version.definition.process_id}:{one.callers[0]}"
            for one in items
            if one.state in {"open", "claimed"} and one.callers
        ),
        names=names_of(desk, people - hidden_people(desk, case)),
    )


def deadline_views(desk: Desk, case: CaseRow) -> tuple[DeadlineView, ...]:
    """Return the deadlines of a case, those that run first, by last day."""
    views = _viewed(desk, case, _rows(desk, DeadlineRow, case, DeadlineRow.expires_at))
    return tuple(sorted(views, key=lambda one: one.row.state not in {"running", "suspended"}))


def _viewed(desk: Desk, case: CaseRow, rows: Iterable[DeadlineRow]) -> Iterator[DeadlineView]:
    calendar = desk.calendar(case.authority_id)
    now = desk.now()
    cards: dict[str, list[Card]] = {}
    for card in desk.session.scalars(sa.select(Card).where(Card.case_id == case.id)):
        cards.setdefault(card.deadline_id, []).append(card)
    for row in rows:
        deadline = loaded(desk, case, row)
        yield DeadlineView(
            row=row,
            deadline=deadline,
            lamp=deadline.lamp(now, calendar),
            remaining=deadline.remaining(now, calendar),
            strip=day_strip(deadline, now, calendar),
            cards=tuple(sorted(cards.get(row.id, ()), key=lambda one: one.given_at)),
            warn_at=row.warn_at,
        )


def filings_of(desk: Desk, case: CaseRow, person_id: str = "") -> tuple[FilingRule, ...]:
    """Return what the case takes now from a person; for an officer, also what comes on paper.

    On paper is filed for those who stand outside of the office: subjects and reporters.
    """
    standing = desk.standing(case, person_id)
    rules = desk.version(case).rules
    outside = {str(key) for key, role in rules.roles.items() if role.outside}
    for_others = permits(Right.FILE_FOR, standing.relations) and not person_id
    whose = standing.roles | (outside if for_others else set())
    return tuple(
        rule
        for rule in rules.filings.values()
        if {str(role) for role in rule.by} & whose and takes_filing(desk, case, rule)
    )


def takes_filing(desk: Desk, case: CaseRow, rule: FilingRule) -> bool:
    """Return whether the case takes a filing now: in time, or late with reasons.

    The way for late claims stands open from the beginning of some diagrams; it counts
    only once the period has run out without a filing.
    """
    if not is_switched_on(desk, case, rule):
        return False
    if rule.message in case.awaited:
        return True
    row = _round_of(desk, case, rule)
    if row is None:
        return False
    is_over = loaded(desk, case, row).is_over(desk.now())
    runs = row.state == DeadlineState.RUNNING and not is_over
    if runs and takes_early(desk, case, rule.message):
        return True
    if not rule.late_message or rule.late_message not in case.awaited:
        return False
    return row.state == DeadlineState.LAPSED or is_over


def clock_of_filing(desk: Desk, case: CaseRow, rule: FilingRule) -> DeadlineView | None:
    """Return the deadline of a filing, its latest round, or None where it has none."""
    row = _round_of(desk, case, rule)
    return None if row is None else next(_viewed(desk, case, [row]))


def _round_of(desk: Desk, case: CaseRow, rule: FilingRule) -> DeadlineRow | None:
    return newest_round(desk, case, str(rule.deadline)) if rule.deadline else None


def _items(desk: Desk, case: CaseRow) -> tuple[WorkItemRow, ...]:
    rows = _rows(desk, WorkItemRow, case, WorkItemRow.opened_at)
    return tuple(sorted(rows, key=lambda one: one.state not in {"open", "claimed"}))


def _rows(desk: Desk, table: Any, case: CaseRow, order: Any) -> tuple[Any, ...]:
    query = sa.select(table).where(table.case_id == case.id).order_by(order)
    return tuple(desk.session.scalars(query))


def _parts(desk: Desk, case: CaseRow, recusals: tuple[Recusal, ...]) -> tuple[PartView, ...]:
    rows = _rows(desk, Participant, case, Participant.since_at)
    names = names_of(desk, [row.person_id for row in rows])
    masked = hidden_people(desk, case)
    states = {row.person_id: row.state for row in recusals}
    parts = []
    for row in rows:
        hidden = row.role == REPORTER and row.person_id in masked
        parts.append(
            PartView(
                role=row.role,
                person_id="" if hidden else row.person_id,
                name="" if hidden else names.get(row.person_id, ""),
                since_at=row.since_at,
                until_at=row.until_at,
                recusal="" if hidden else states.get(row.person_id, ""),
                is_hidden=hidden,
            )
        )
    return tuple(parts)
