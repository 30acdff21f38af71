"""The audit record by day and by case, its verification and its heads, for administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.desk.desk import SYSTEM, Desk
from engine.desk.holders import names_of
from engine.desk.views.oversight import must_oversee
from engine.store import record
from engine.store.access import verify_access
from engine.store.anchors import verify_anchors
from engine.store.queries.conditions import on_days
from engine.store.record import Breach
from engine.store.tables import AuditEntry, AuditHead, CaseRow, PersonRow
from engine.vault import has_signed

MOST = 200
LONGEST_NUMBER = 9
"""Digits of an entry's number that are believed."""


@dataclass(frozen=True, slots=True)
class RecordLine:
    """An entry of a chain.

    Attributes:
        by: The actor's name; empty for the platform.
        details: Of platform acts only, persons by name: what a case's entries say belongs to
            its file.
    """

    sequence: int
    recorded_at: datetime
    by: str
    fact: str
    details: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A part of a chain, from its beginning; `after` opens the next part, 0 at its end.

    Attributes:
        count: How many entries the chain has.
        head: The digest of its newest entry; empty for an empty chain.
    """

    lines: tuple[RecordLine, ...]
    count: int
    head: str
    after: int


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Platform acts that were found; `after` opens the next page, "" on the last."""

    lines: tuple[RecordLine, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying every chain gave."""

    streams: int
    entries: int
    breaches: tuple[Breach, ...]


def record_of_day(desk: Desk, day: date, *, after: int = 0, limit: int = 50) -> RecordPage:
    """Return the platform acts of the authority on a day, in order.

    Raises:
        NotAllowed: The actor neither administers the platform nor watches over it.
    """
    must_oversee(desk)
    stream = record.stream_of_authority(desk.actor.authority_id, day)
    return _page(desk, stream, after, limit, open_details=True)


def record_of_case(desk: Desk, number: str, *, after: int = 0, limit: int = 50) -> RecordPage:
    """Return the entries of a case by its number, without what they say of its content.

    An unknown number gives an empty page.

    Raises:
        NotAllowed: As `record_of_day` says.
    """
    must_oversee(desk)
    case_id = desk.session.scalar(
        sa.select(CaseRow.id).where(
            CaseRow.authority_id == desk.actor.authority_id, CaseRow.number == number.strip()
        )
    )
    stream = record.stream_of_case(case_id or "")
    return _page(desk, stream, after, limit, open_details=False)


def search_record(
    desk: Desk,
    *,
    fact: str = "",
    person: str = "",
    since: date | None = None,
    until: date | None = None,
    after: str = "",
    limit: int = 50,
) -> FoundPage:
    """Return the platform acts of the authority that fit, the newest first.

    What cases' own records say belongs to their files and is not searched.

    Args:
        desk: Of an administrator or a supervision officer.
        fact: Only this kind; all without it.
        person: Only what was done by people with this in their name.
        since, until: Civil days, both included; None for no bound.
        after: The `after` of the page before.
        limit: Lines on a page, 1 to 200.

    Raises:
        NotAllowed: As `record_of_day` says.
    """
    must_oversee(desk)
    limit = min(max(limit, 1), MOST)
    query = sa.select(AuditEntry).where(
        AuditEntry.authority_id == desk.actor.authority_id, AuditEntry.case_id.is_(None)
    )
    if fact:
        query = query.where(AuditEntry.fact == fact)
    if person.strip():
        named = sa.select(PersonRow.id).where(
            PersonRow.authority_id == desk.actor.authority_id,
            PersonRow.name.contains(person.strip(), autoescape=True),
        )
        query = query.where(AuditEntry.actor.in_(named))
    query = query.where(*on_days(AuditEntry.recorded_at, since, until, desk.calendar()))
    stream, _sign, sequence = after.partition("|")
    if sequence.isdecimal() and len(sequence) <= LONGEST_NUMBER:
        place = sa.tuple_(AuditEntry.stream, AuditEntry.sequence)
        query = query.where(place < sa.tuple_(sa.literal(stream), sa.literal(int(sequence))))
    newest = (AuditEntry.stream.desc(), AuditEntry.sequence.desc())
    rows = list(desk.session.scalars(query.order_by(*newest).limit(limit + 1)))
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return FoundPage(
        _lines(desk, shown, open_details=True),
        f"{last.stream}|{last.sequence}" if last is not None else "",
    )


def verify_records(desk: Desk) -> Verified:
    """Verify every chain of the platform, the access record too, and say what does not hold.

    A tail that was rewritten whole is only seen against exported heads.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    key = desk.office.record_key
    breaches = (
        *record.verify(desk.session),
        *verify_access(desk.session),
        *verify_anchors(desk.session, has_signed, () if key is None else (key.public,)),
    )
    streams = desk.session.scalar(sa.select(sa.func.count()).select_from(AuditHead))
    entries = desk.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    return Verified(streams or 0, entries or 0, breaches)


def heads(desk: Desk) -> dict[str, tuple[int, str]]:
    """Return count and digest of every stream of the authority, to be kept elsewhere.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    rows = desk.session.scalars(
        sa.select(AuditHead).where(AuditHead.authority_id == desk.actor.authority_id)
    )
    return {row.stream: (row.count, row.digest) for row in rows}


def since(desk: Desk, instant: datetime) -> dict[str, int]:
    """Return how often each kind of fact was recorded by the platform itself after `instant`.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    rows = desk.session.execute(
        sa.select(AuditEntry.fact, sa.func.count())
        .where(
            AuditEntry.authority_id == desk.actor.authority_id,
            AuditEntry.recorded_at > instant,
            AuditEntry.actor == SYSTEM,
        )
        .group_by(AuditEntry.fact)
        .order_by(AuditEntry.fact)
    )
    return {row[0]: row[1] for row in rows}


def _page(desk: Desk, stream: str, after: int, limit: int, *, open_details: bool) -> RecordPage:
    limit = min(max(limit, 1), MOST)
    found = list(
        desk.session.scalars(
            sa.select(AuditEntry)
            .where(AuditEntry.stream == stream, AuditEntry.sequence > after)
            .order_by(AuditEntry.sequence)
            .limit(limit + 1)
        )
    )
    head = desk.session.get(AuditHead, stream)
    shown = found[:limit]
    return RecordPage(
        lines=_lines(desk, shown, open_details=open_details),
        count=head.count if head is not None else 0,
        head=head.digest if head is not None else "",
        after=shown[-1].sequence if len(found) > limit else 0,
    )


def _lines(
    desk: Desk, shown: Sequence[AuditEntry], *, open_details: bool
) -> tuple[RecordLine, ...]:
    named = {str(value) for one in shown for value in one.details.values()}
    names = names_of(desk, {one.actor for one in shown} | (named if open_details else set()))
    return tuple(
        RecordLine(
            one.sequence,
            one.recorded_at,
            names.get(one.actor, ""),
            one.fact,
            {key: names.get(str(value), value) for key, value in one.details.items()}
            if open_details
            else {},
            one.digest,
        )
        for one in shown
    )
