"""The timeline of a case: every act, read from its record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import names_of
from engine.desk.rights import Right
from engine.desk.values import day_of
from engine.desk.views.seeing import HIDDEN, hidden_people, seen
from engine.store.tables import AuditEntry

KINDS: dict[str, frozenset[Fact]] = {
    "refused": frozenset({Fact.REFUSED}),
    "card": frozenset({Fact.CARD_GIVEN}),
    "hand": frozenset(
        {
            Fact.WORK_SENT_BACK,
            Fact.WORK_TAKEN_BACK,
            Fact.WORK_JUMPED,
            Fact.WORK_ASSIGNED,
            Fact.WORK_HANDED_ON,
            Fact.WORK_RELEASED,
        }
    ),
    "deadline": frozenset(
        {
            Fact.DEADLINE_STARTED,
            Fact.DEADLINE_MET,
            Fact.DEADLINE_LAPSED,
            Fact.DEADLINE_WITHDRAWN,
            Fact.DEADLINE_RECOUNTED,
            Fact.EXTENSION_REQUESTED,
            Fact.EXTENSION_DECIDED,
            Fact.REMINDED,
            Fact.CARD_GIVEN,
        }
    ),
    "document": frozenset({Fact.DOCUMENT_DRAFTED, Fact.DOCUMENT_ISSUED, Fact.DOCUMENT_SERVED}),
    "decision": frozenset(
        {Fact.PROPOSED, Fact.MOTION_PUT, Fact.OPINION_GIVEN, Fact.ABSENCE_NOTED, Fact.DECIDED}
    ),
    "person": frozenset(
        {
            Fact.PARTICIPANT_NAMED,
            Fact.PARTICIPANT_LEFT,
            Fact.RECUSAL_REQUESTED,
            Fact.RECUSAL_DECIDED,
            Fact.INTEREST_DECLARED,
        }
    ),
}
"""The chips of the timeline's filter; what belongs to none is `act`."""

_PERSONS = ("person", "requested_by", "filed_for", "by")


@dataclass(frozen=True, slots=True)
class ActLine:
    """One entry of a case's record.

    Attributes:
        kind: The chip it belongs to: one of `KINDS`, or ``act``.
        happened_on: The proved day, where the entry has one; else None.
        by: The actor's name; empty for the platform and for somebody hidden.
        is_hidden: The actor is the reporter, whom the reader may not learn of.
        details: As recorded, with the names of persons under ``<key>_name``; a reporter's
            id is masked for whoever may not learn it (SUP-014).
    """

    sequence: int
    kind: str
    fact: Fact
    happened_on: date | None
    recorded_at: datetime
    by: str
    is_hidden: bool
    details: dict[str, Any]


def timeline(
    desk: Desk, case_id: str, *, kind: str = "", before: int = 0, limit: int = 50
) -> list[ActLine]:
    """Return the entries of a case, the newest first.

    Args:
        desk: Of somebody who may see the case, or watches over it.
        case_id: The case.
        kind: One of `KINDS`; all without it.
        before: Only entries with a lower sequence number: the last line of the page before.
        limit: How many at most.

    Raises:
        NotFound, NotAllowed, Recused: As `Desk.case` says.
    """
    case = seen(desk, case_id, (Right.SEE, Right.WATCH))
    query = sa.select(AuditEntry).where(AuditEntry.stream == f"case:{case.id}")
    if kind in KINDS:
        query = query.where(AuditEntry.fact.in_([fact.value for fact in KINDS[kind]]))
    if before:
        query = query.where(AuditEntry.sequence < before)
    entries = list(desk.session.scalars(query.order_by(AuditEntry.sequence.desc()).limit(limit)))
    people = {entry.actor for entry in entries} | {
        str(entry.details[key]) for entry in entries for key in _PERSONS if entry.details.get(key)
    }
    hidden = hidden_people(desk, case)
    names = names_of(desk, people - hidden)
    return [_line(entry, names, hidden) for entry in entries]


def kind_of(fact: Fact) -> str:
    """Return the chip that a fact belongs to."""
    return next((kind for kind, facts in KINDS.items() if fact in facts), "act")


def _line(entry: AuditEntry, names: dict[str, str], hidden: frozenset[str]) -> ActLine:
    fact = Fact(entry.fact)
    details = {key: _masked(value, hidden) for key, value in entry.details.items()}
    for key in _PERSONS:
        if details.get(key) in names:
            details[f"{key}_name"] = names[str(details[key])]
    return ActLine(
        sequence=entry.sequence,
        kind=kind_of(fact),
        fact=fact,
        happened_on=day_of(details.get("happened_on")),
        recorded_at=entry.recorded_at,
        by=names.get(entry.actor, ""),
        is_hidden=entry.actor in hidden,
        details=details,
    )


def _masked(value: Any, hidden: frozenset[str]) -> Any:
    if isinstance(value, str):
        return HIDDEN if value in hidden or value.removeprefix("p:") in hidden else value
    if isinstance(value, list):
        return [_masked(one, hidden) for one in value]
    return value
