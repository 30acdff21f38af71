"""Open a case because a message or signal came that a procedure begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.commands.open_case import (
    REPORTER,
    describe,
    give_number,
    in_force,
    title_of,
    variables_of,
)
from engine.desk import Desk, Fact
from engine.desk.advance import start_case
from engine.desk.deadlines import state_fact
from engine.desk.holders import SUBJECT, add_participant
from engine.desk.indexing import index_case
from engine.desk.linking import RELATED, tell_parent
from engine.errors import NotAllowed
from engine.store.outbox import effect_done
from engine.store.tables import AuthorityRow, CaseRow, PersonRow, VersionRow, new_id
from engine.store.versions import version_in_force

SIGNAL = "signal"


def begun_by(desk: Desk, kind: str, name: str) -> list[str]:
    """Return the procedures in force that begin with this message or signal."""
    procedures = desk.session.scalars(
        sa.select(VersionRow.procedure)
        .where(VersionRow.authority_id == desk.actor.authority_id, VersionRow.state == "published")
        .distinct()
        .order_by(VersionRow.procedure)
    ).all()
    found = []
    for procedure in procedures:
        row = version_in_force(desk.session, desk.actor.authority_id, procedure, desk.today())
        if row is not None:
            version = desk.office.versions.get(desk.session, row.id)
            if any(one.kind == kind and one.name == name for one in version.definition.beginnings):
                found.append(procedure)
    return found


def open_by_message(desk: Desk, procedure: str, sent: Mapping[str, Any]) -> CaseRow | None:
    """Open a case of `procedure` for a message or signal, once; None where it was opened before.

    The case is a child of the sender's. Its start event says what is kept of the payload; the
    people whom `subject_id` and `reporter_id` of the payload name become its participants.

    Args:
        desk: Of the platform.
        procedure: In force, and begun by this message or signal.
        sent: What `engine.desk.sending` sent.

    Raises:
        NotAllowed: Somebody other than the platform asks.
        NotFound: No version of the procedure is in force.
    """
    if not desk.actor.is_system:
        raise NotAllowed("message.system_only")
    if effect_done(desk.session, f"{sent['key']}:opens:{procedure}", "open_case", desk.now()):
        return None
    version = in_force(desk, procedure)
    authority = desk.session.get_one(AuthorityRow, desk.actor.authority_id)
    payload: Mapping[str, Any] = sent["payload"]
    people = {role: _person(desk, payload.get(f"{role}_id")) for role in (SUBJECT, REPORTER)}
    case = CaseRow(
        id=new_id(),
        authority_id=authority.id,
        version_id=version.id,
        procedure=procedure,
        number="",
        title=title_of(version, people[SUBJECT]),
        opened_at=desk.now(),
        opened_by=desk.actor.person_id,
        parent_id=str(sent["sender_id"]),
        relation=str(payload.get("relation") or RELATED),
    )
    give_number(desk, case, version, authority)
    desk.session.add(case)
    desk.session.flush()
    for role, person in people.items():
        if person is not None:
            add_participant(desk, case, person.id, role)
    index_case(desk, case)
    desk.record(
        case,
        Fact.CASE_OPENED,
        number=case.number,
        procedure=procedure,
        version=version.number,
        message=str(sent["name"]),
        key=str(sent["key"]),
    )
    start = version.rules.start
    if start is not None and start.fact:
        state_fact(desk, case, start.fact, happened_on=desk.today())
    named = {
        "case": {
            "id": case.id,
            "number": case.number,
            "procedure": procedure,
            "registered_on": desk.today(),
            "channel": case.channel,
        },
        SUBJECT: describe(desk, people[SUBJECT]),
    }
    is_signal = sent["kind"] == SIGNAL
    element = next(
        one.element
        for one in version.definition.beginnings
        if one.kind == sent["kind"] and one.name == sent["name"]
    )
    start_case(
        desk,
        case,
        {**variables_of(version, authority), **named},
        message=None if is_signal else str(sent["name"]),
        at=element if is_signal else None,
        payload=payload,
    )
    tell_parent(desk, case)
    return case


def _person(desk: Desk, person_id: object) -> PersonRow | None:
    if not isinstance(person_id, str) or not person_id:
        return None
    person = desk.session.get(PersonRow, person_id)
    return person if person is not None and person.authority_id == desk.actor.authority_id else None
