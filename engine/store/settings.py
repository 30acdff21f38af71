"""Settings as they stand in the table of their changes."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store.tables import SettingChange


def _of(authority_id: str, area: str, key: str, scope: str) -> sa.Select[SettingChange]:
    return sa.select(SettingChange).where(
        SettingChange.authority_id == authority_id,
        SettingChange.area == area,
        SettingChange.scope == scope,
        SettingChange.key == key,
    )


def newest_change(
    session: Session, authority_id: str, area: str, key: str, scope: str = ""
) -> SettingChange | None:
    """Return the change of a setting that was made last, whether it holds yet or not."""
    newest = _of(authority_id, area, key, scope).order_by(SettingChange.number.desc()).limit(1)
    return session.scalar(newest)


def change_in_force(
    session: Session, authority_id: str, area: str, key: str, day: date
) -> SettingChange | None:
    """Return the change of a setting that holds on a day; None where none does yet.

    Of several it is the one that began last, of those the one made last.
    """
    return session.scalar(
        _of(authority_id, area, key, "")
        .where(SettingChange.effective_on <= day)
        .order_by(SettingChange.effective_on.desc(), SettingChange.number.desc())
        .limit(1)
    )
