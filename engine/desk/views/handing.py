"""Hand-overs as pages show them: signatures on a step, who may receive it, deputies, departures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.handing import ReceiverUnfit, delegation_of, must_be_fit
from engine.desk.holders import names_of, people_behind
from engine.desk.rights import Relation, Right, permits
from engine.desk.signing import AFTER, ASKED, INSTANCE, held_answers, requests_on
from engine.desk.views.inbox import barred_cases
from engine.desk.views.seeing import seen
from engine.errors import EngineError, NotFound
from engine.model.texts import Text
from engine.store.tables import (
    CaseRow,
    Departure,
    DepartureItem,
    HandOver,
    InboxRow,
    PersonRow,
    PostRow,
    SignatureRequest,
    Substitution,
    VersionRow,
    WorkItemRow,
)
from engine.workflow import LoadedVersion

MOST = 100


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A signature asked for, with names.

    Attributes:
        is_mine: The reader was asked and may answer now.
    """

    row: SignatureRequest
    person: str
    asked_by: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class HandingView:
    """What a step's page shows of hand-overs and signatures.

    Attributes:
        is_held: The reader holds the step.
        is_delegated: It was delegated to whoever holds it now.
        is_delegated_by_me: By the reader.
        is_under_way: It was submitted and waits for signatures.
        added: Whom the reader has added to it: work item, name.
        may_report: It is done, and the reader may report that it was outside rights.
        given: What was submitted and waits for signatures, for whoever sees the file.
        receivers: Who may take it over: id and name.
        signers: Who may be asked to sign it: id and name.
    """

    item: WorkItemRow
    case: CaseRow
    signatures: tuple[SignatureLine, ...]
    history: tuple[tuple[HandOver, str, str], ...]
    is_held: bool
    is_delegated: bool
    is_delegated_by_me: bool
    is_under_way: bool
    added: tuple[tuple[str, str], ...]
    version: LoadedVersion
    may_report: bool
    given: Mapping[str, Any]
    receivers: tuple[tuple[str, str], ...]
    signers: tuple[tuple[str, str], ...]

    @property
    def mine(self) -> SignatureLine | None:
        """Return the signature that the reader may give now."""
        return next((one for one in self.signatures if one.is_mine), None)


@dataclass(frozen=True, slots=True)
class DeputyLine:
    """A deputy's time, with names."""

    row: Substitution
    person: str
    deputy: str
    runs: bool


@dataclass(frozen=True, slots=True)
class DeputisedLine:
    """A work item that waits for somebody for whom the reader acts today."""

    work_item_id: str
    name: str
    properties: dict[str, object]
    case_number: str
    case_title: str
    whose: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DepartureLine:
    """A hand-over of all work of somebody, with its counts by result."""

    row: Departure
    person: str
    to: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """Return how many items it has."""
        return sum(self.counts.values())


def handing_view(desk: Desk, work_item_id: str, *, with_people: bool = False) -> HandingView:
    """Return what is to be shown of a step's hand-overs and signatures.

    Args:
        desk: Of a query.
        work_item_id: The step.
        with_people: Look for everybody who may receive or sign it, too.

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    item = desk.session.get(WorkItemRow, work_item_id)
    if item is None:
        raise NotFound(work_item_id)
    case = seen(desk, item.case_id, (Right.SEE,))
    me = desk.actor.person_id
    waits = item.state in {"open", "claimed"}
    held = held_answers(desk, item)
    is_given = held is not None
    sees = held is not None and permits(Right.SEE_FILE, desk.standing(case).relations)
    rows = requests_on(desk, item)
    delegation = delegation_of(desk, item)
    history = list(
        desk.session.scalars(
            sa.select(HandOver)
            .where(HandOver.work_item_id == item.id)
            .order_by(HandOver.handed_at, HandOver.id)
        )
    )
    added = _added(desk, item)
    is_held = item.state == "claimed" and item.claimed_by == me
    known = {one.person_id for one in (*rows, *added)} | {one.asked_by for one in rows}
    known |= {person for one in history for person in (one.from_id, one.to_id)}
    names = names_of(desk, known)
    people = _people(desk, case, item) if with_people and is_held else []
    return HandingView(
        item=item,
        case=case,
        signatures=tuple(
            SignatureLine(
                one,
                names.get(one.person_id, ""),
                names.get(one.asked_by, ""),
                waits
                and one.person_id == me
                and one.state == ASKED
                and (one.place != AFTER or is_given),
            )
            for one in rows
        ),
        history=tuple(
            (one, names.get(one.from_id, ""), names.get(one.to_id, "")) for one in history
        ),
        is_held=is_held,
        is_delegated=delegation is not None,
        is_delegated_by_me=delegation is not None and delegation.from_id == me,
        is_under_way=is_given,
        added=tuple((one.work_item_id, names.get(one.person_id, "")) for one in added),
        version=desk.version(case),
        may_report=item.state == "done" and Relation.SUPERVISION in desk.standing(case).relations,
        given=held.data if held is not None and sees else {},
        receivers=_fit(desk, case, item, people, signs=False),
        signers=_fit(desk, case, item, people, signs=True),
    )


def substitutions(desk: Desk, *, of_all: bool = False) -> tuple[DeputyLine, ...]:
    """Return the deputies of and for the reader, or of the authority; the newest first.

    Raises:
        NotAllowed: All are asked for by who is no administrator.
    """
    me = desk.actor.person_id
    query = sa.select(Substitution).where(Substitution.authority_id == desk.actor.authority_id)
    if of_all:
        desk.require_admin()
    else:
        query = query.where(sa.or_(Substitution.person_id == me, Substitution.deputy_id == me))
    rows = list(desk.session.scalars(query.order_by(Substitution.made_at.desc()).limit(MOST)))
    names = names_of(desk, {person for row in rows for person in (row.person_id, row.deputy_id)})
    today = desk.today()
    return tuple(
        DeputyLine(
            row,
            names.get(row.person_id, ""),
            names.get(row.deputy_id, ""),
            row.ended_at is None and row.valid_to >= today,
        )
        for row in rows
    )


def deputised_work(desk: Desk) -> tuple[DeputisedLine, ...]:
    """Return what waits for those for whom the reader acts today, by due date; at most 100."""
    today = desk.today()
    rules = list(
        desk.session.scalars(
            sa.select(Substitution).where(
                Substitution.deputy_id == desk.actor.person_id,
                Substitution.valid_from <= today,
                Substitution.valid_to >= today,
                Substitution.ended_at.is_(None),
            )
        )
    )
    names = names_of(desk, {rule.person_id for rule in rules})
    barred = barred_cases(desk)
    found: dict[str, DeputisedLine] = {}
    for rule in rules:
        query = (
            sa.select(InboxRow.due_at, WorkItemRow, CaseRow.number, CaseRow.title)
            .join(WorkItemRow, WorkItemRow.id == InboxRow.work_item_id)
            .join(CaseRow, CaseRow.id == WorkItemRow.case_id)
            .where(
                InboxRow.principal == f"p:{rule.person_id}",
                sa.or_(WorkItemRow.claimed_by == rule.person_id, WorkItemRow.claimed_by.is_(None)),
                CaseRow.id.not_in(barred),
            )
            .order_by(InboxRow.due_at, WorkItemRow.id)
            .limit(MOST)
        )
        if rule.procedure:
            query = query.where(CaseRow.procedure == rule.procedure)
        for due_at, item, number, title in desk.session.execute(query):
            if not rule.role or rule.role in item.role.split(","):
                found[item.id] = DeputisedLine(
                    item.id,
                    item.name,
                    dict(item.properties),
                    number,
                    title,
                    names.get(rule.person_id, ""),
                    due_at,
                )
    return tuple(sorted(found.values(), key=lambda one: (one.due_at, one.work_item_id))[:MOST])


def colleagues(desk: Desk) -> list[tuple[str, str]]:
    """Return id and name of who holds a post at the reader's authority today, by name."""
    today = desk.today()
    rows = desk.session.execute(
        sa.select(PersonRow.id, PersonRow.name, PersonRow.title)
        .join(PostRow, PostRow.person_id == PersonRow.id)
        .where(
            PersonRow.authority_id == desk.actor.authority_id,
            PostRow.valid_from <= today,
            sa.or_(PostRow.valid_to.is_(None), PostRow.valid_to >= today),
        )
        .distinct()
        .order_by(PersonRow.name, PersonRow.id)
    )
    return [(row.id, f"{row.name} {row.title}".strip()) for row in rows]


def procedures_in_use(desk: Desk) -> dict[str, Text]:
    """Return the titles of the authority's published procedures, by key."""
    versions = desk.session.scalars(
        sa.select(VersionRow.id)
        .where(VersionRow.authority_id == desk.actor.authority_id, VersionRow.state == "published")
        .order_by(VersionRow.procedure, VersionRow.number)
    )
    found: dict[str, Text] = {}
    for version_id in list(versions):
        try:
            rules = desk.office.versions.get(desk.session, version_id).rules
        except EngineError:
            continue  # a version that no longer loads has no title; its page says why
        found[str(rules.key)] = rules.title
    return found


def departures(desk: Desk) -> tuple[DepartureLine, ...]:
    """Return the newest hand-overs of all work at the authority, with their progress.

    Raises:
        NotAllowed: The reader is no administrator.
    """
    desk.require_admin()
    rows = desk.session.scalars(
        sa.select(Departure)
        .where(Departure.authority_id == desk.actor.authority_id)
        .order_by(Departure.started_at.desc(), Departure.id.desc())
        .limit(MOST)
    )
    return tuple(_departure(desk, row) for row in list(rows))


def departure_view(
    desk: Desk, departure_id: str
) -> tuple[DepartureLine, tuple[tuple[DepartureItem, str, str], ...]]:
    """Return a hand-over of all work with each item: its name and its case's number.

    Raises:
        NotAllowed: The reader is no administrator.
        NotFound: The authority has none.
    """
    desk.require_admin()
    row = desk.session.get(Departure, departure_id)
    if row is None or row.authority_id != desk.actor.authority_id:
        raise NotFound(departure_id)
    lines = desk.session.execute(
        sa.select(DepartureItem, WorkItemRow.name, CaseRow.number)
        .join(WorkItemRow, WorkItemRow.id == DepartureItem.work_item_id)
        .join(CaseRow, CaseRow.id == DepartureItem.case_id)
        .where(DepartureItem.departure_id == departure_id)
        .order_by(DepartureItem.result.desc(), CaseRow.number, DepartureItem.work_item_id)
        .limit(10 * MOST)
    )
    return _departure(desk, row), tuple((one[0], one[1], one[2]) for one in lines)


def _departure(desk: Desk, row: Departure) -> DepartureLine:
    names = names_of(desk, {row.person_id, row.to_id})
    counted = desk.session.execute(
        sa.select(DepartureItem.result, sa.func.count())
        .where(DepartureItem.departure_id == row.id)
        .group_by(DepartureItem.result)
    )
    return DepartureLine(
        row,
        names.get(row.person_id, ""),
        names.get(row.to_id, ""),
        {row[0]: row[1] for row in counted},
    )


def _added(desk: Desk, item: WorkItemRow) -> list[SignatureRequest]:
    """Return the reader's added signers of a step whose instances still wait."""
    return list(
        desk.session.scalars(
            sa.select(SignatureRequest)
            .join(WorkItemRow, WorkItemRow.id == SignatureRequest.work_item_id)
            .where(
                SignatureRequest.case_id == item.case_id,
                SignatureRequest.place == INSTANCE,
                SignatureRequest.asked_by == desk.actor.person_id,
                SignatureRequest.state == ASKED,
                WorkItemRow.element == item.element,
                WorkItemRow.state.in_(("open", "claimed")),
            )
        )
    )


def _people(desk: Desk, case: CaseRow, item: WorkItemRow) -> list[tuple[str, str]]:
    """Return everybody with a post at the authority, and who is offered the step."""
    found = dict(colleagues(desk))
    offered = [one for one in people_behind(desk, case, item.candidates) if one not in found]
    found |= names_of(desk, offered)
    found.pop(desk.actor.person_id, None)
    return sorted(found.items(), key=lambda one: one[1])


def _fit(
    desk: Desk, case: CaseRow, item: WorkItemRow, people: list[tuple[str, str]], *, signs: bool
) -> tuple[tuple[str, str], ...]:
    """Return those of `people` who may receive the step, or sign it, today."""
    fit = []
    for person, name in people:
        try:
            must_be_fit(desk, case, item, person, signs=signs)
        except ReceiverUnfit:
            continue
        fit.append((person, name))
    return tuple(fit)
