"""Deputies (代理): who acts for whom, from which day to which, in what."""

from __future__ import annotations

from datetime import date, timedelta

from engine.desk import Desk, Fact
from engine.desk.settings import setting
from engine.errors import NotAllowed, Refusal
from engine.model.settings import SettingKey
from engine.store.tables import PersonRow, Substitution


def set_substitution(
    desk: Desk,
    deputy_id: str,
    *,
    valid_from: date,
    valid_to: date,
    reasons: str,
    procedure: str = "",
    role: str = "",
    person_id: str = "",
) -> Substitution:
    """Let another act for one's own work items on some days.

    The deputy needs the step's role, or one that the procedure's `handing.transfer`
    allows, and no conflict of interest: both are looked at when the deputy acts. Both
    may act meanwhile; who is first has it, and the record says for whom. A
    deputy's own deputy does not act for the first.

    Args:
        desk: Of the person, or of an administrator for somebody else.
        deputy_id: Who acts.
        valid_from: The first day; not before today.
        valid_to: The last day; at most 366 days later, or as the authority has set it.
        reasons: Go on the record.
        procedure: Only in its cases; empty for all.
        role: Only for steps of this role; empty for all.
        person_id: For whom, where an administrator sets it.

    Raises:
        NotFound: The authority has no such person.
        NotAllowed: Somebody else's, and the actor is no administrator.
        Refusal: The days do not fit, both are one person, or reasons are missing.

    Source: operations.md (代理); SUP-001; proposed.
    """
    whose = person_id or desk.actor.person_id
    if whose != desk.actor.person_id:
        desk.require_admin()
    for one in (whose, deputy_id):
        desk.own(PersonRow, one)
    if whose == deputy_id:
        raise Refusal("deputy.oneself")
    if not reasons.strip():
        raise Refusal("reasons.missing", rule="SUP-001")
    longest = setting(desk, SettingKey.DEPUTY_DAYS)
    too_long = valid_to - valid_from > timedelta(days=longest)
    if valid_from < desk.today() or valid_to < valid_from or too_long:
        raise Refusal(
            "deputy.days", first=valid_from.isoformat(), last=valid_to.isoformat(), longest=longest
        )
    row = Substitution(
        authority_id=desk.actor.authority_id,
        person_id=whose,
        deputy_id=deputy_id,
        procedure=procedure,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        reasons=reasons.strip(),
        made_by=desk.actor.person_id,
        made_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    desk.record(
        None,
        Fact.SUBSTITUTION_SET,
        substitution=row.id,
        person=whose,
        deputy=deputy_id,
        procedure=procedure,
        role=role,
        valid_from=valid_from.isoformat(),
        valid_to=valid_to.isoformat(),
        reasons=reasons[:400],
    )
    desk.notify(
        deputy_id,
        "deputy.set",
        {
            "zh": f"您自{valid_from.isoformat()}至{valid_to.isoformat()}代理他人办理事项，"
            "见“我的代理”。",
            "en": f"From {valid_from.isoformat()} to {valid_to.isoformat()} you act for somebody; "
            "see “My deputies”.",
        },
    )
    return row


def end_substitution(desk: Desk, substitution_id: str) -> Substitution:
    """End a deputy's time at once; what was done meanwhile stands.

    Raises:
        NotFound: There is none of the authority.
        NotAllowed: It is neither the actor's own, as either, nor is the actor administrator.
        Refusal: It has ended already.
    """
    row = desk.own(Substitution, substitution_id, lock=True)
    is_own = desk.actor.person_id in {row.person_id, row.deputy_id}
    if not (is_own or desk.actor.is_admin):
        raise NotAllowed("deputy.not_yours")
    if row.ended_at is not None:
        raise Refusal("deputy.ended")
    row.ended_by, row.ended_at = desk.actor.person_id, desk.now()
    desk.record(None, Fact.SUBSTITUTION_ENDED, substitution=row.id, person=row.person_id)
    return row
