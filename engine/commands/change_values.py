"""Change a value or a switch of a procedure: another version, which a second person approves.

The files stay as they are; the version differs in its manifest alone. Cases that run keep the
version they began with.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.commands.change_settings import first_day
from engine.commands.publish_version import (
    APPROVERS,
    approve_version,
    must_hold,
    newest_published,
    newest_version,
)
from engine.desk import Desk, Fact
from engine.desk.settings import SOURCE, VALUE, note_change, reasons_stated
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.procedure_rules import ProcedureRules
from engine.model.sections import ProcedureFault
from engine.model.settings import Area
from engine.store.tables import SettingChange, VersionRow
from engine.store.versions import VersionFiles, read_version
from engine.workflow import digest_of_manifest, load_version

PARTS = {Area.PARAMETER: "parameters", Area.SWITCH: "switches"}
"""Where a manifest keeps what differs from the folder."""
DECLINED = "declined"
"""The state of a version that was drafted for a change and not approved."""
LONGEST = 200
LARGEST = 10**9

Value = int | str | bool
Stated = int | Decimal | str | bool


def propose_value(
    desk: Desk,
    area: Area,
    procedure: str,
    key: str,
    value: Value,
    *,
    reasons: str,
    effective_on: date | None = None,
) -> SettingChange:
    """Draft the version in force anew with another value; another administrator approves it.

    The checks and scenarios of the version hold for the new one, whose files are the same:
    scenarios state their own values. That the rules can be read with the value is looked at
    here.

    Args:
        desk: Of an administrator (`platform_admin`).
        area: `Area.PARAMETER` or `Area.SWITCH`.
        procedure: Whose.
        key: The parameter or the switch.
        value: Of the kind that the procedure states: a whole number from 0 to 10⁹, a decimal
            written as text, a text of up to 200 characters, or a truth value.
        reasons: Why, in up to 500 characters.
        effective_on: The first civil day: today, which is the default, or later.

    Raises:
        NotAllowed: The actor does not administer procedures.
        NotFound: No version of the procedure is published, or it has no such value.
        Refusal: The value does not fit or holds already, another change waits, the day is
            past, or the reasons are missing or too long.

    Source: design.md §4 (any changed value is a new published version with a date of effect).
    """
    must_hold(desk, APPROVERS)
    stated = reasons_stated(reasons)
    day = first_day(desk, effective_on)
    base = newest_published(desk, procedure)
    newest = newest_version(desk, procedure)
    if base is None or newest is None:
        raise NotFound(procedure)
    waiting = waiting_change(desk, procedure)
    if waiting is not None:
        raise Refusal("setting.waiting", rule=SOURCE, key=waiting.key)
    rules = desk.office.versions.get(desk.session, base.id).rules
    old = value_in(rules, area, key)
    given = _of_kind(old, value, key)
    if given == old:
        raise Refusal("setting.same", rule=SOURCE)
    manifest = _manifest_with(base.manifest, area, key, given)
    _must_load(desk, base, manifest, key)
    digest = digest_of_manifest(manifest)
    version = VersionRow(
        authority_id=base.authority_id,
        procedure=procedure,
        number=newest.number + 1,
        manifest=manifest,
        digest=digest,
        report={**base.report, "digest": digest},
        drafted_by=desk.actor.person_id,
        drafted_at=desk.now(),
    )
    desk.session.add(version)
    desk.session.flush()
    change = note_change(
        desk,
        area,
        key,
        old={VALUE: _json(old)},
        new={VALUE: _json(given)},
        reasons=stated,
        effective_on=day,
        scope=procedure,
        version_id=version.id,
    )
    desk.record(
        None,
        Fact.SETTING_PROPOSED,
        area=area.value,
        key=key,
        procedure=procedure,
        version=version.number,
        digest=digest,
        old=_json(old),
        new=_json(given),
        effective_on=day.isoformat(),
        reasons=stated,
    )
    return change


def decide_value(desk: Desk, change_id: str, *, granted: bool, reasons: str = "") -> VersionRow:
    """Publish the version that a change drafted, or decline it; a second person does it.

    It takes effect on its day, or today where that has passed meanwhile.

    Args:
        desk: Of an administrator (`platform_admin`) who has not proposed it.
        change_id: The change.
        granted: Whether it takes effect.
        reasons: Why not; needed where it is declined.

    Raises:
        NotFound: The authority has no such change.
        NotAllowed: The actor may not approve, or proposed it.
        NotPublishable: Another version has been published since.
        Refusal: It is decided already, or is declined without reasons.
    """
    must_hold(desk, APPROVERS)
    change = desk.own(SettingChange, change_id)
    if change.version_id is None:
        raise NotFound(change_id)
    version = desk.own(VersionRow, change.version_id, lock=True)
    if version.state != "draft":
        raise Refusal("setting.decided", rule=SOURCE)
    if change.changed_by == desk.actor.person_id:
        raise NotAllowed("version.second_person", rule=SOURCE, version=version.number)
    if granted:
        day = max(change.effective_on, desk.today())
        return approve_version(desk, version.id, effective_on=day)
    stated = reasons_stated(reasons)
    version.state = DECLINED
    desk.record(
        None,
        Fact.SETTING_DECLINED,
        area=change.area,
        key=change.key,
        procedure=change.scope,
        version=version.number,
        reasons=stated,
    )
    return version


def waiting_change(desk: Desk, procedure: str) -> SettingChange | None:
    """Return the change of a procedure's value that nobody has decided on yet."""
    return desk.session.scalar(
        sa.select(SettingChange)
        .join(VersionRow, VersionRow.id == SettingChange.version_id)
        .where(
            SettingChange.authority_id == desk.actor.authority_id,
            SettingChange.scope == procedure,
            VersionRow.state == "draft",
        )
        .limit(1)
    )


def value_in(rules: ProcedureRules, area: Area, key: str) -> Stated:
    """Return a value or a switch of a procedure.

    Raises:
        NotFound: It has none of this name.
    """
    if area is Area.PARAMETER and key in rules.parameters:
        return rules.parameters[key].value
    if area is Area.SWITCH and key in rules.switches:
        return rules.switches[key].default
    raise NotFound(key)


def _of_kind(old: Stated, value: Value, key: str) -> Stated:
    """Return a value as the kind that stands there, or refuse it."""
    if isinstance(old, bool):
        fits = isinstance(value, bool)
    elif isinstance(old, int):
        fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST
    elif isinstance(old, Decimal):
        return _decimal(value, key)
    else:
        fits = isinstance(value, str) and 0 < len(value.strip()) <= LONGEST
    if not fits:
        raise Refusal("setting.kind", rule=SOURCE, key=key, value=str(value)[:LONGEST])
    return value.strip() if isinstance(value, str) else value


def _decimal(value: Value, key: str) -> Decimal:
    text = str(value).strip()
    if not text.replace(".", "", 1).isdecimal() or not text.isascii() or len(text) > 20:  # noqa: PLR2004 -- digits that a double can hold twice over
        raise Refusal("setting.kind", rule=SOURCE, key=key, value=text[:LONGEST])
    return Decimal(text)


def _json(value: Stated) -> int | float | str | bool:
    """Return a value as JSON and YAML write it; rules read a float's shortest digits."""
    return float(value) if isinstance(value, Decimal) else value


def _manifest_with(
    manifest: Mapping[str, Any], area: Area, key: str, value: Stated
) -> dict[str, object]:
    part = PARTS[area]
    return {**manifest, part: {**(manifest.get(part) or {}), key: _json(value)}}


def _must_load(desk: Desk, base: VersionRow, manifest: Mapping[str, Any], key: str) -> None:
    """Refuse a value with which the procedure's rules do not hold."""
    files = read_version(desk.session, base.id)
    tried = VersionFiles(files.procedure, files.number, manifest, files.files)
    try:
        load_version(base.id, tried)
    except ProcedureFault as fault:
        why = "; ".join(f"{one.path}: {one.zh} / {one.en}" for one in fault.flaws)
        raise Refusal("setting.does_not_fit", rule=SOURCE, key=key, why=why) from fault
