"""What of a case, a document, a person the search may find; kept in the command's transaction.

Never a confidential value (a reference stands in its place), never a reporter: neither who it
is nor
that there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.store import searching
from engine.store.tables import (
    CaseRow,
    DocumentRow,
    Participant,
    PersonRow,
    PostRow,
    UnitRow,
)
from engine.vault import is_reference

if TYPE_CHECKING:
    from engine.desk.desk import Desk

SUBJECT, REPORTER = "subject", "reporter"
CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]*", re.ASCII)
"""Identifiers, keys of options and digests, which nobody looks for."""


def index_case(desk: Desk, case: CaseRow) -> None:
    """Let a case be found by number, title and the names of its subjects."""
    subjects = [_of_person(desk, person) for person in _parts(desk, case, SUBJECT)]
    searching.keep(
        desk.session,
        searching.CASE,
        case.id,
        authority_id=case.authority_id,
        case_id=case.id,
        words=" ".join((case.number, case.title, *subjects)),
        at=case.opened_at,
    )


def index_document(desk: Desk, case: CaseRow, row: DocumentRow) -> None:
    """Let a document be found by title and number, and by its text where one sees the file.

    The text is what it is rendered from, without confidential values, and without the names of
    the case's reporters wherever they stand.
    """
    body = " ".join(_texts(row.data))
    for person in _parts(desk, case, REPORTER):
        body = body.replace(person.name, "")
    searching.keep(
        desk.session,
        searching.DOCUMENT,
        row.id,
        authority_id=case.authority_id,
        case_id=case.id,
        words=" ".join((row.title, row.number or "", case.number)),
        body=body,
        at=row.drafted_at,
    )


def index_person(desk: Desk, person: PersonRow) -> None:
    """Let somebody of the organisation be found by name, title, unit and posts.

    Who belongs to no unit and holds no post (a reporter from outside, say) is not found, nor
    any more who belonged to one.
    """
    posts = desk.session.scalars(
        sa.select(PostRow.title).where(PostRow.person_id == person.id).order_by(PostRow.id)
    ).all()
    if person.unit_id is None and not posts:
        searching.forget(desk.session, searching.PERSON, person.id)
        return
    searching.keep(
        desk.session,
        searching.PERSON,
        person.id,
        authority_id=person.authority_id,
        words=" ".join((_of_person(desk, person), *posts)),
        at=desk.now(),
    )


def _of_person(desk: Desk, person: PersonRow) -> str:
    unit = desk.session.get(UnitRow, person.unit_id) if person.unit_id else None
    return " ".join(part for part in (person.name, person.title, unit.name if unit else "") if part)


def _parts(desk: Desk, case: CaseRow, role: str) -> list[PersonRow]:
    return list(
        desk.session.scalars(
            sa.select(PersonRow)
            .join(Participant, Participant.person_id == PersonRow.id)
            .where(Participant.case_id == case.id, Participant.role == role)
            .order_by(PersonRow.id)
        )
    )


def _texts(value: object) -> Iterator[str]:
    """Yield every text within a value, confidential ones and identifiers left out."""
    if is_reference(value):
        return
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name != "id" and not str(name).endswith("_id"):
                yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str) and not CODE.fullmatch(value):
        yield value
