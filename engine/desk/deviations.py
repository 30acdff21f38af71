"""Findings for supervision: acts outside one's rights, and what ran late (偏差).

Source: SUP-002 (拒绝、留痕并生成偏差线索), SUP-005, SUP-006.
"""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import holding
from engine.desk.rights import Relation
from engine.errors import NotAllowed
from engine.store.tables import CaseRow, Deviation

ATTEMPT, EFFECTIVE, LATE = "attempt", "effective", "late"
OPEN, ACKNOWLEDGED, DISMISSED, CONFIRMED, LIFTED = (
    "open",
    "acknowledged",
    "dismissed",
    "confirmed",
    "lifted",
)
SOURCE = "SUP-002"


def officers_of(desk: Desk, authority_id: str) -> list[str]:
    """Return the supervision officers of an authority today."""
    return holding(desk, f"r:{authority_id}:{Relation.SUPERVISION.value}")


def note_attempt(desk: Desk, case: CaseRow | None, command: str, refusal: NotAllowed) -> None:
    """Raise a finding of a refused act outside the actor's rights.

    The same attempt again, while the finding is open, counts on it.
    """
    if desk.actor.is_system or not desk.actor.authority_id:
        return  # nobody's supervision watches over what belongs to no authority
    _raise(
        desk,
        case,
        Deviation(
            authority_id=case.authority_id if case is not None else desk.actor.authority_id,
            case_id=case.id if case is not None else None,
            person_id=desk.actor.person_id,
            kind=ATTEMPT,
            command=command,
            message=refusal.message_id,
            params={key: str(value) for key, value in refusal.params.items()},
            rule=refusal.rule or SOURCE,
            first_at=desk.now(),
            last_at=desk.now(),
        ),
    )


def note_late(desk: Desk, case: CaseRow, colour: str, title: str) -> None:
    """Raise a finding of a deadline that passed and got its card (SUP-003, SUP-005)."""
    _raise(
        desk,
        case,
        Deviation(
            authority_id=case.authority_id,
            case_id=case.id,
            person_id=desk.actor.person_id,
            kind=LATE,
            command=colour,
            message=f"deviation.{colour}",
            params={"title": title},
            rule="SUP-005",
            first_at=desk.now(),
            last_at=desk.now(),
        ),
    )


def _raise(desk: Desk, case: CaseRow | None, found: Deviation) -> None:
    known = desk.session.scalar(
        sa.select(Deviation)
        .where(
            Deviation.authority_id == found.authority_id,
            Deviation.case_id.is_(None)
            if found.case_id is None
            else Deviation.case_id == found.case_id,
            Deviation.person_id == found.person_id,
            Deviation.kind == found.kind,
            Deviation.command == found.command,
            Deviation.message == found.message,
            Deviation.state == OPEN,
        )
        .limit(1)
        .with_for_update()
    )
    if known is not None and found.kind == ATTEMPT:
        known.times += 1
        known.last_at = desk.now()
        return
    desk.session.add(found)
    desk.session.flush()
    desk.record(
        case,
        Fact.DEVIATION_RAISED,
        deviation=found.id,
        kind=found.kind,
        command=found.command,
        message=found.message,
    )
    number = case.number if case is not None else ""
    for officer in officers_of(desk, found.authority_id):
        if officer != found.person_id:
            desk.notify(
                officer,
                "deviation.raised",
                {
                    "zh": f"有一条新的偏差待处理{'：案件' + number if number else ''}。",
                    "en": f"A new deviation waits for you{': case ' + number if number else ''}.",
                },
                case,
            )
