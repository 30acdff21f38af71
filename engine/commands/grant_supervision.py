"""Let an authority above watch over one's cases (督办视图授权): granted, for days, revocable."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.deviations import officers_of
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.supervising import authorities_above
from engine.store.tables import AuthorityRow, SupervisionGrant, VersionRow

SOURCE = "SUP-042"
LONGEST = timedelta(days=1_096)
"""How long a grant lasts at most; proposed."""
LONGEST_REASONS = 2_000
TOLD = {
    "zh": "下级机关已向本机关开放督办视图，见“督办视图”。",
    "en": "An authority below has opened its supervision view to yours; see “Supervision view”.",
}


def place_authority(desk: Desk, key: str, *, above: str) -> AuthorityRow:
    """Say which authority stands above another; only the platform itself does.

    Being above gives nothing: the authority below grants what may be watched.

    Args:
        desk: Of the platform.
        key: The authority below.
        above: The key of the one above; empty for none.

    Raises:
        NotAllowed: It is somebody else, an administrator of one of them included.
        NotFound: There is no such authority.
        Refusal: The authority would stand above itself.

    Source: S4范文1§14 (层层负责); SUP-043.
    """
    if not desk.actor.is_system:
        raise NotAllowed("authority.system_only", key=key)
    row = _authority(desk, key)
    parent = _authority(desk, above) if above else None
    if parent is not None and row.id in {parent.id, *authorities_above(desk.session, parent.id)}:
        raise Refusal("authority.circle", rule=SOURCE, key=key, above=above)
    row.parent_id = parent.id if parent is not None else None
    desk.session.flush()
    desk.record(None, Fact.AUTHORITY_PLACED, authority=row.id, above=row.parent_id)
    return row


def grant_supervision(
    desk: Desk,
    procedures: Collection[str],
    *,
    valid_from: date,
    valid_to: date,
    reasons: str,
    with_secret: bool = False,
    superior_id: str = "",
) -> SupervisionGrant:
    """Let an authority above watch over one's cases of some procedures for some days.

    Its supervision officers then see steps and deadlines with the subjects' posts: no file, no
    answers, no names. Without a grant two authorities see nothing of each other.

    Args:
        desk: Of an administrator of the authority whose cases they are.
        procedures: Their ids; at least one.
        valid_from: The first day; not before today.
        valid_to: The last day; at most 1096 days later.
        reasons: Go on the record.
        with_secret: Cases that were registered as secret, too.
        superior_id: Which of the authorities above; empty for the next one.

    Raises:
        NotAllowed: The actor is no administrator.
        Refusal: No such authority stands above, no such procedure was ever in force here, the
            days do not fit, or reasons are missing.

    Source: SUP-042, SUP-062 (下级授权范围); S4范文1§14.
    """
    desk.require_admin()
    above = authorities_above(desk.session, desk.actor.authority_id)
    superior = superior_id or next(iter(above), "")
    if superior not in above:
        raise Refusal("supervision.not_above", rule=SOURCE)
    wanted = sorted(set(procedures))
    if not wanted or set(wanted) - procedures_of(desk):
        raise Refusal("supervision.procedures", rule=SOURCE)
    if valid_from < desk.today() or valid_to < valid_from or valid_to - valid_from > LONGEST:
        raise Refusal(
            "supervision.days",
            rule=SOURCE,
            first=valid_from.isoformat(),
            last=valid_to.isoformat(),
            longest=LONGEST.days,
        )
    row = SupervisionGrant(
        authority_id=desk.actor.authority_id,
        superior_id=superior,
        procedures=wanted,
        with_secret=with_secret,
        valid_from=valid_from,
        valid_to=valid_to,
        reasons=_stated(reasons),
        made_by=desk.actor.person_id,
        made_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    desk.record(
        None,
        Fact.SUPERVISION_GRANTED,
        grant=row.id,
        superior=superior,
        procedures=wanted,
        with_secret=with_secret,
        valid_from=valid_from.isoformat(),
        valid_to=valid_to.isoformat(),
        reasons=row.reasons[:400],
    )
    for officer in officers_of(desk, superior):
        desk.notify(officer, "supervision.opened", TOLD)
    return row


def end_supervision(desk: Desk, grant_id: str, *, reasons: str) -> SupervisionGrant:
    """Take a grant back; nothing is shown by it from this moment.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: The authority made none such.
        Refusal: It has ended, or reasons are missing.
    """
    desk.require_admin()
    row = desk.own(SupervisionGrant, grant_id, lock=True)
    if row.ended_at is not None or row.valid_to < desk.today():
        raise Refusal("supervision.ended", rule=SOURCE)
    row.ended_by, row.ended_at = desk.actor.person_id, desk.now()
    row.ended_reasons = _stated(reasons)
    desk.record(
        None,
        Fact.SUPERVISION_ENDED,
        grant=row.id,
        superior=row.superior_id,
        reasons=row.ended_reasons[:400],
    )
    return row


def procedures_of(desk: Desk) -> set[str]:
    """Return the ids of the procedures that the authority has, or had, in force."""
    return set(
        desk.session.scalars(
            sa.select(VersionRow.procedure)
            .where(
                VersionRow.authority_id == desk.actor.authority_id,
                VersionRow.state.in_(("published", "retired")),
            )
            .distinct()
        )
    )


def _authority(desk: Desk, key: str) -> AuthorityRow:
    row = desk.session.scalar(sa.select(AuthorityRow).where(AuthorityRow.key == key))
    if row is None:
        raise NotFound(key)
    return row


def _stated(reasons: str) -> str:
    said = reasons.strip()
    if not said or len(said) > LONGEST_REASONS:
        raise Refusal("reasons.missing", rule=SOURCE)
    return said
