"""One's own inbox."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.rights import Relation
from engine.desk.standing import BARRING, principals_on
from engine.model.identifiers import PersonId
from engine.model.roles import person_principal
from engine.store.prepared import Prepared, literals
from engine.store.queries.inbox import InboxCounts, InboxPage, inbox_counts, inbox_page
from engine.store.tables import InboxRow, Participant, Recusal
from engine.store.waiting import asked

_BARRED = Prepared(
    sa.union(
        sa.select(Recusal.case_id).where(
            Recusal.person_id == sa.bindparam("person"), Recusal.state.in_(literals(*BARRING))
        ),
        sa.select(Participant.case_id).where(
            Participant.person_id == sa.bindparam("person"),
            Participant.role == Relation.SUBJECT.value,
            Participant.until_at.is_(None),
            Participant.case_id.not_in(
                sa.select(InboxRow.case_id).where(InboxRow.principal == sa.bindparam("by_name"))
            ),
        ),
    )
)


def inbox(desk: Desk, **filters: Any) -> InboxPage:
    """Return a page of what waits for the actor and the actor's groups.

    Args:
        desk: Of a query.
        filters: As `engine.store.queries.inbox_page` takes them: `lamp`, `search`,
            `sort`, `mine`, `procedure`, `after`, `limit`.
    """
    principals, _ = principals_on(desk.session, desk.actor.person_id, desk.today())
    return inbox_page(
        desk.session,
        principals,
        desk.now(),
        person_id=desk.actor.person_id,
        barred_cases=barred_cases(desk),
        **filters,
    )


def inbox_numbers(desk: Desk) -> InboxCounts:
    """Return how many items of each lamp wait for the actor and the actor's groups."""
    principals, _ = principals_on(desk.session, desk.actor.person_id, desk.today())
    return inbox_counts(desk.session, principals, desk.now(), barred_cases=barred_cases(desk))


def barred_cases(desk: Desk) -> list[str]:
    """Return the cases of which the inbox shows nothing: a recusal bars, or it is about oneself.

    A report never goes to the reported (SUP-013): of a case about oneself only what is offered
    to one by name is listed.
    """
    me = desk.actor.person_id
    known = {"person": me, "by_name": str(person_principal(PersonId(me)))}
    rows = asked(desk.session, _BARRED, known, Recusal, InboxRow, Participant)
    return [case_id for (case_id,) in rows]
