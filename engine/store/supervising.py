"""Which authority stands above which, and what one below lets it watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.store.tables import AuthorityRow, SupervisionGrant

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy.orm import Session

    from engine.store.tables import CaseRow

DEEPEST = 10
"""Levels of authorities that are looked up, from one to its highest."""
SECRET = "secret"  # noqa: S105 -- a level of secrecy


def authorities_above(session: Session, authority_id: str) -> list[str]:
    """Return the ids of the authorities above one, the nearest first."""
    found: list[str] = []
    above = session.scalar(sa.select(AuthorityRow.parent_id).where(AuthorityRow.id == authority_id))
    while above is not None and above not in found and len(found) < DEEPEST:
        found.append(above)
        above = session.scalar(sa.select(AuthorityRow.parent_id).where(AuthorityRow.id == above))
    return found


def grants_in_force(
    session: Session, day: date, *, superiors: Collection[str], authority_id: str = ""
) -> list[SupervisionGrant]:
    """Return the grants to some authorities that count on a day, the oldest first.

    One to an authority that does not stand above any more gives nothing.

    Args:
        session: Of the command or query.
        day: The civil day.
        superiors: To whom.
        authority_id: Only those over this authority's cases; empty for all.
    """
    query = sa.select(SupervisionGrant).where(
        SupervisionGrant.superior_id.in_(sorted(superiors)),
        SupervisionGrant.valid_from <= day,
        SupervisionGrant.valid_to >= day,
        SupervisionGrant.ended_at.is_(None),
    )
    if authority_id:
        query = query.where(SupervisionGrant.authority_id == authority_id)
    rows = session.scalars(query.order_by(SupervisionGrant.id)).all()
    above = {one: authorities_above(session, one) for one in {row.authority_id for row in rows}}
    return [row for row in rows if row.superior_id in above[row.authority_id]]


def grant_covering(
    session: Session, case: CaseRow, superiors: Collection[str], day: date
) -> SupervisionGrant | None:
    """Return the grant by which one of `superiors` watches over a case on a day, if any."""
    rows = grants_in_force(session, day, superiors=superiors, authority_id=case.authority_id)
    return next((row for row in rows if covers(row, case)), None)


def covers(grant: SupervisionGrant, case: CaseRow) -> bool:
    """Return whether a grant in force is over this case: by procedure and secrecy, no rehearsal."""
    return (
        case.authority_id == grant.authority_id
        and case.procedure in grant.procedures
        and not case.is_trial
        and (grant.with_secret or case.secrecy != SECRET)
    )
