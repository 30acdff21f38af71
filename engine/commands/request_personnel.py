"""Ask whether somebody may be given an award or a post: the register answers, and keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.desk import Desk, Fact
from engine.desk.restricting import person_of_authority, require_personnel, restrictions_on
from engine.errors import Refusal
from engine.model.restrictions import BARRING_SOURCE, bars_appointment, bars_award, free_on
from engine.store.tables import PersonnelRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.model.restrictions import Restriction

AWARD, APPOINTMENT = "award", "appointment"
GRANTED, BLOCKED = "granted", "blocked"
FIRST_YEAR, LAST_YEAR = 1949, 2200


def request_award(desk: Desk, person_id: str, year: int) -> PersonnelRequest:
    """Ask whether a person may be rated excellent or honoured for a year (评优评先).

    The answer is kept, with what bars it and its source; nothing is granted here but
    that the register does not bar it.

    Args:
        desk: Of somebody in personnel.
        person_id: Whom it is for.
        year: The year of the award.

    Raises:
        NotAllowed: The actor is not in personnel.
        NotFound: There is no such person at the authority.
        Refusal: The year is none.

    Source: SUP-023; S3 L59§10; S0篇1§4-2.
    """
    require_personnel(desk)
    person_of_authority(desk, person_id)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal("register.year", rule=BARRING_SOURCE, year=year)
    grounds = bars_award(restrictions_on(desk, person_id), year)
    row = _row(desk, person_id, AWARD, desk.today(), grounds)
    row.year = year
    return _kept(desk, row, Fact.AWARD_REQUESTED)


def request_appointment(
    desk: Desk, person_id: str, post: str, *, equal: bool, on: date
) -> PersonnelRequest:
    """Ask whether a person may be given a post from a day on (任命).

    Args:
        desk: Of somebody in personnel.
        person_id: Whom it is for.
        post: The post, in words.
        equal: Whether it is a leading post equal to the one that was lost.
        on: The first day in the post.

    Raises:
        NotAllowed: The actor is not in personnel.
        NotFound: There is no such person at the authority.
        Refusal: The post is not named.

    Source: SUP-023; S3 L59§10.
    """
    require_personnel(desk)
    person_of_authority(desk, person_id)
    if not post.strip():
        raise Refusal("register.post_missing", rule=BARRING_SOURCE)
    grounds = bars_appointment(restrictions_on(desk, person_id), on, equal=equal)
    row = _row(desk, person_id, APPOINTMENT, on, grounds)
    row.post, row.equal = post.strip()[:400], equal
    return _kept(desk, row, Fact.APPOINTMENT_REQUESTED)


def _row(
    desk: Desk, person_id: str, kind: str, day: date, grounds: Sequence[Restriction]
) -> PersonnelRequest:
    return PersonnelRequest(
        authority_id=desk.actor.authority_id,
        person_id=person_id,
        kind=kind,
        for_day=day,
        answer=BLOCKED if grounds else GRANTED,
        grounds=[
            {
                "kind": one.kind,
                "measure": one.measure,
                "zh": one.title[0],
                "en": one.title[1],
                "until": one.last_day.isoformat(),
                "source": one.source,
                "case": one.case_number,
            }
            for one in grounds
        ],
        free_on=free_on(grounds),
        asked_by=desk.actor.person_id,
        asked_at=desk.now(),
    )


def _kept(desk: Desk, row: PersonnelRequest, fact: Fact) -> PersonnelRequest:
    desk.session.add(row)
    desk.session.flush()
    desk.record(
        None,
        fact,
        request=row.id,
        person=row.person_id,
        year=row.year,
        post=row.post,
        equal=row.equal,
        on=row.for_day.isoformat(),
        answer=row.answer,
        grounds=list(row.grounds),
    )
    return row
