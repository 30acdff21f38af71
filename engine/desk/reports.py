"""Reports without a log-in: found by their code or by who receives them, read from the vault."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.rights import Relation
from engine.errors import NotAllowed, NotFound
from engine.store.access import note_look
from engine.store.tables import AuthorityRow, PostRow, Report, ReportMessage
from engine.vault import Reference

SOURCE = "SUP-014"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, IN_A_GROUP = 4, 5
"""A code has 20 characters of 32: a hundred bits, too many to be guessed."""
RECEIVED, REGISTERED, NOT_ACCEPTED = "received", "registered", "not_accepted"
RECEIVERS = frozenset({Relation.INTAKE.value})
"""Who reads reports and asks back."""
PROTECTORS = RECEIVERS | {Relation.PROTECTION.value}
"""Who may learn who reported."""


@dataclass(frozen=True, slots=True)
class SaidFile:
    """A file that came with a report; its bytes lie under `digest`."""

    name: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Said:
    """Something said in a report, in clear.

    Attributes:
        by_id: Who asked; None for the reporter.
    """

    id: str
    by_id: str | None
    text: str
    files: tuple[SaidFile, ...]
    said_at: datetime


def new_code() -> str:
    """Return a query code, such as ``7K2MQ-…``, that nobody can guess."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(IN_A_GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def digest_of_code(code: str) -> str:
    """Return what the database keeps of a code, however it was typed."""
    plain = "".join(one for one in code.upper() if one.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def report_by_code(desk: Desk, code: str) -> Report:
    """Return the report of a query code.

    Raises:
        NotFound: There is none.
    """
    row = desk.session.scalar(
        sa.select(Report).where(Report.code_digest == digest_of_code(code)).with_for_update()
    )
    if row is None:
        raise NotFound("report")
    return row


def report_for(desk: Desk, report_id: str, roles: frozenset[str]) -> Report:
    """Return a report of the actor's authority, for who holds one of `roles`.

    Raises:
        NotFound: The authority has none.
        NotAllowed: The actor holds none of the roles (SUP-014).
    """
    row = desk.own(Report, report_id, lock=True)
    must_hold(desk, roles)
    return row


def must_hold(desk: Desk, roles: frozenset[str]) -> None:
    """Check that the actor holds one of `roles` today.

    Raises:
        NotAllowed: The actor holds none.
    """
    if desk.roles_held().isdisjoint(roles):
        raise NotAllowed("report.not_yours", rule=SOURCE)


def receivers(desk: Desk) -> list[tuple[str, str]]:
    """Return id and name of the authorities at which somebody receives reports today."""
    day = desk.now().date()
    received = sa.exists().where(
        PostRow.authority_id == AuthorityRow.id,
        PostRow.role.in_(RECEIVERS),
        PostRow.valid_from <= day,
        sa.or_(PostRow.valid_to.is_(None), PostRow.valid_to >= day),
    )
    rows = desk.session.execute(
        sa.select(AuthorityRow.id, AuthorityRow.name).where(received).order_by(AuthorityRow.name)
    )
    return [(row.id, row.name) for row in rows]


def read_messages(desk: Desk, report: Report) -> list[Said]:
    """Return what was said, in its order; the caller has authorised and notes the look."""
    rows = desk.session.scalars(
        sa.select(ReportMessage)
        .where(ReportMessage.report_id == report.id)
        .order_by(ReportMessage.said_at, ReportMessage.id)
    )
    return [_read(desk, report, row) for row in rows]


def note_reading(desk: Desk, report: Report, what: str, ref: str, reason: str = "") -> None:
    """Put a look at a report on the access record."""
    note_look(
        desk.session,
        authority_id=report.authority_id,
        case_id=report.case_id,
        person_id=desk.actor.person_id,
        what=what,
        ref=ref,
        reason=reason,
        at=desk.now(),
    )


def _read(desk: Desk, report: Report, row: ReportMessage) -> Said:
    kept = desk.office.vault.open(desk.session, cast("Reference", row.said), report.id)
    said = cast("Mapping[str, Any]", kept)
    files = tuple(SaidFile(**one) for one in said["files"])
    return Said(row.id, row.by_id, str(said["text"]), files, row.said_at)
