"""The platform's values that hold today, and the one way in which a change is noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.desk.desk import Desk
from engine.errors import Refusal
from engine.model.settings import SETTINGS, Area, SettingKey
from engine.store.settings import change_in_force, newest_change
from engine.store.tables import SettingChange

SOURCE = "design.md §4"
VALUE = "value"
LONGEST_REASON = 500


def setting(desk: Desk, key: SettingKey, day: date | None = None) -> int:
    """Return a value of the platform that holds at the actor's authority.

    Args:
        desk: Whose clock says what today is.
        key: Which.
        day: On which civil day; today if none is named.
    """
    found = change_in_force(
        desk.session, desk.actor.authority_id, Area.PLATFORM, key, day or desk.today()
    )
    stated = found.new[VALUE] if found is not None else None
    return stated if isinstance(stated, int) else SETTINGS[key].default


def reasons_stated(reasons: str, most: int = LONGEST_REASON) -> str:
    """Return the reasons of a change without white space around them.

    Raises:
        Refusal: There are none, or more than `most` characters.
    """
    stated = reasons.strip()
    if not stated:
        raise Refusal("reasons.missing", rule=SOURCE)
    if len(stated) > most:
        raise Refusal("setting.reason_long", rule=SOURCE, most=most)
    return stated


def optional_reasons(reasons: str) -> str:
    """Return the reasons of a change that may say none: a notice, a list or a source says it.

    Raises:
        Refusal: They have more than 500 characters.
    """
    return reasons_stated(reasons) if reasons.strip() else ""


def note_change(
    desk: Desk,
    area: Area,
    key: str,
    *,
    old: Mapping[str, object],
    new: Mapping[str, object],
    reasons: str,
    effective_on: date | None = None,
    scope: str = "",
    version_id: str | None = None,
) -> SettingChange:
    """Keep a change of a setting; the caller puts it on the record in its own words.

    The authority's chain of the day stays locked until the end of the transaction, so that no
    two changes bear the same number.

    Args:
        desk: Of whoever changes it.
        area: What kind of setting it is.
        key: Which.
        old: What it was, as JSON; by it the change is reverted.
        new: What it becomes.
        reasons: Why; may be empty where a notice or a source says it.
        effective_on: From which day it holds; from today on if none is named.
        scope: The procedure, or empty.
        version_id: The version that brings it into force, if one does.
    """
    desk.hold_record()
    before = newest_change(desk.session, desk.actor.authority_id, area, key, scope)
    change = SettingChange(
        authority_id=desk.actor.authority_id,
        area=area.value,
        key=key,
        scope=scope,
        number=before.number + 1 if before is not None else 1,
        old=dict(old),
        new=dict(new),
        reasons=reasons,
        effective_on=effective_on or desk.today(),
        version_id=version_id,
        changed_by=desk.actor.person_id,
        changed_at=desk.now(),
    )
    desk.session.add(change)
    desk.session.flush()
    return change
