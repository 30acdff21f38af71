"""The register of interference (说情、打招呼、干预登记): anybody may put an entry into it."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from engine.desk import Desk, Fact, Relation
from engine.desk.holders import holding
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store import record
from engine.store.tables import CaseRow, Interference

SOURCE = "SUP-012"
LONGEST = 4_000
LINE = 200
TOLD = {
    "zh": "登记了一件干预事项，请在“干预登记”中查看。",
    "en": "An interference was recorded; see the register of interference.",
}


def record_interference(
    desk: Desk, *, who: str, whom: str, what: str, happened_on: date, case_number: str = ""
) -> Interference:
    """Record that somebody spoke up for, or meddled in, a case; supervision is told at once.

    It is kept apart from the case: its handlers learn nothing of it. The record of the
    authority has the fact and the digest of the words.

    Args:
        desk: Of anybody with a log-in.
        who: Who interfered.
        whom: With whom.
        what: What was said or done.
        happened_on: When; not ahead.
        case_number: Which case, as far as it is known.

    Raises:
        Refusal: Something is missing or too long, or the day lies ahead.

    Source: SUP-012; S4范文5 L160.
    """
    parts = (who.strip(), whom.strip(), what.strip())
    if not all(parts) or len(parts[2]) > LONGEST or max(len(one) for one in parts[:2]) > LINE:
        raise Refusal("interference.incomplete", rule=SOURCE, most=LONGEST)
    today = desk.today()
    if happened_on > today:
        raise Refusal("fact.in_future", day=happened_on.isoformat(), today=today.isoformat())
    number = case_number.strip()[:100]
    case_id = desk.session.scalar(
        sa.select(CaseRow.id).where(
            CaseRow.authority_id == desk.actor.authority_id, CaseRow.number == number
        )
    )
    row = Interference(
        authority_id=desk.actor.authority_id,
        case_number=number,
        case_id=case_id,
        who=parts[0],
        whom=parts[1],
        what=parts[2],
        happened_on=happened_on,
        recorded_by=desk.actor.person_id,
        recorded_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    row.salt, digest = record.seal({"who": row.who, "whom": row.whom, "what": row.what})
    desk.record(
        None,
        Fact.INTERFERENCE_RECORDED,
        interference=row.id,
        happened_on=happened_on.isoformat(),
        digest=digest,
    )
    office = f"r:{desk.actor.authority_id}:{Relation.SUPERVISION.value}"
    for person_id in holding(desk, office):
        desk.notify(person_id, "interference.recorded", TOLD)
    return row


def acknowledge_interference(desk: Desk, interference_id: str, *, followed: str) -> Interference:
    """Take note of an entry and say what followed; a supervision officer other than its author.

    Raises:
        NotFound: There is none for the actor.
        NotAllowed: The actor wrote it.
        Refusal: Nothing is said, or it has been acknowledged.
    """
    row = desk.own(Interference, interference_id, lock=True)
    if not supervises(desk):
        raise NotFound(interference_id)
    if row.recorded_by == desk.actor.person_id:
        raise NotAllowed("interference.own", rule=SOURCE)
    if row.acknowledged_at is not None:
        raise Refusal("interference.acknowledged", rule=SOURCE)
    if not followed.strip() or len(followed) > LONGEST:
        raise Refusal("reasons.missing", rule=SOURCE)
    row.acknowledged_by, row.acknowledged_at = desk.actor.person_id, desk.now()
    row.followed = followed.strip()
    desk.record(None, Fact.INTERFERENCE_ACKNOWLEDGED, interference=row.id)
    return row


def supervises(desk: Desk) -> bool:
    """Return whether the actor is a supervision officer of the authority today."""
    return Relation.SUPERVISION.value in desk.roles_held()
