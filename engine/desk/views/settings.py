"""Settings as their pages show them: what holds, what is to hold, and every change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.holders import names_of
from engine.desk.settings import setting
from engine.errors import NotFound
from engine.model.procedure_rules import ProcedureRules
from engine.model.settings import SETTINGS, Area, Setting
from engine.model.texts import Text
from engine.store.settings import newest_change
from engine.store.tables import SettingChange, VersionRow
from engine.store.versions import version_in_force
from engine.workflow import LoadedVersion, rules_in

MOST = 100
"""How many changes one page lists."""


class Standing(StrEnum):
    """Where a change stands."""

    WAITING = "waiting"
    DECLINED = "declined"
    PLANNED = "planned"
    HELD = "held"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """A value of the platform.

    Attributes:
        value: What holds today.
        planned: The change that is to begin on a later day and was made last, if any.
        changes: How often it was changed.
    """

    rule: Setting
    value: int
    planned: SettingChange | None
    changes: int


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A parameter or a switch of a procedure.

    Attributes:
        title: A switch's; of a parameter its key.
        value: What binds a case that is opened today; a decimal as text.
        default: What the procedure's folder states.
        unit: Of a period, else empty.
        source: The provision; empty where it is proposed.
        changes: How often a change was proposed.
    """

    area: Area
    key: str
    title: Text
    value: int | str | bool
    default: int | str | bool
    unit: str
    source: str
    changes: int


@dataclass(frozen=True, slots=True)
class ProcedureSettings:
    """The values of a procedure.

    Attributes:
        version: The one in force today.
        waiting: The change that waits for a second person, if any.
        is_mine: The actor proposed it, and so cannot approve it.
    """

    procedure: str
    title: Text
    version: VersionRow
    lines: tuple[ValueLine, ...]
    waiting: SettingChange | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change, with the name of who made it and where it stands.

    Attributes:
        about: Who holds the post or the log-in, or who was moved, where it is one.
    """

    row: SettingChange
    name: str
    standing: Standing
    about: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of changes, the newest first; `after` asks for the next page, or is empty."""

    lines: tuple[ChangeLine, ...]
    after: str


def platform_settings(desk: Desk) -> tuple[PlatformLine, ...]:
    """Return the platform's values at the actor's authority.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    today = desk.today()
    counts = _counts(desk, "")
    lines = []
    for key, rule in SETTINGS.items():
        newest = newest_change(desk.session, desk.actor.authority_id, Area.PLATFORM, key)
        is_planned = newest is not None and newest.effective_on > today
        lines.append(
            PlatformLine(
                rule,
                setting(desk, key),
                newest if is_planned else None,
                counts.get((Area.PLATFORM.value, key.value), 0),
            )
        )
    return tuple(lines)


def procedure_settings(desk: Desk, procedure: str) -> ProcedureSettings:
    """Return the values of a procedure as they bind a case opened today.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: No version of it is in force at the authority.
    """
    desk.require_admin()
    row = version_in_force(desk.session, desk.actor.authority_id, procedure, desk.today())
    if row is None:
        raise NotFound(procedure)
    loaded = desk.office.versions.get(desk.session, row.id)
    waiting = desk.session.scalar(
        sa.select(SettingChange)
        .join(VersionRow, VersionRow.id == SettingChange.version_id)
        .where(
            SettingChange.authority_id == desk.actor.authority_id,
            SettingChange.scope == procedure,
            VersionRow.state == "draft",
        )
    )
    return ProcedureSettings(
        procedure,
        loaded.rules.title,
        row,
        _lines(loaded, _counts(desk, procedure)),
        waiting,
        waiting is not None and waiting.changed_by == desk.actor.person_id,
    )


def waiting_changes(desk: Desk) -> tuple[ChangeLine, ...]:
    """Return the changes of procedures' values that wait for a second person, oldest first.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    rows = desk.session.scalars(
        sa.select(SettingChange)
        .join(VersionRow, VersionRow.id == SettingChange.version_id)
        .where(SettingChange.authority_id == desk.actor.authority_id, VersionRow.state == "draft")
        .order_by(SettingChange.changed_at, SettingChange.id)
    ).all()
    return _described(desk, rows)


def changes(
    desk: Desk, *, area: str = "", key: str = "", scope: str = "", after: str = ""
) -> Changes:
    """Return changes of settings, the newest first: of all, or of one.

    Args:
        desk: Of an administrator.
        area: Of this kind only; empty for all.
        key: Of this setting only; empty for all.
        scope: Of this procedure only; empty for all.
        after: The id of the last change of the page before; hostile.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    wanted = sa.select(SettingChange).where(SettingChange.authority_id == desk.actor.authority_id)
    for column, given in (
        (SettingChange.area, area),
        (SettingChange.key, key),
        (SettingChange.scope, scope),
    ):
        if given:
            wanted = wanted.where(column == given)
    last = desk.session.get(SettingChange, after) if after else None
    if last is not None:
        wanted = wanted.where(
            sa.tuple_(SettingChange.changed_at, SettingChange.id)
            < sa.tuple_(
                sa.literal(last.changed_at, SettingChange.changed_at.type), sa.literal(last.id)
            )
        )
    rows = desk.session.scalars(
        wanted.order_by(SettingChange.changed_at.desc(), SettingChange.id.desc()).limit(MOST + 1)
    ).all()
    shown = rows[:MOST]
    return Changes(_described(desk, shown), shown[-1].id if len(rows) > MOST else "")


def _described(desk: Desk, rows: Sequence[SettingChange]) -> tuple[ChangeLine, ...]:
    holders = {one.id: str(one.new.get("person", "")) for one in rows}
    names = names_of(desk, {*(one.changed_by for one in rows), *holders.values()})
    drafted = sa.select(VersionRow).where(
        VersionRow.id.in_({one.version_id for one in rows if one.version_id})
    )
    states = {one.id: one.state for one in desk.session.scalars(drafted)}
    today = desk.today()
    return tuple(
        ChangeLine(
            one,
            names.get(one.changed_by, ""),
            _standing(one, states, today),
            names.get(holders[one.id], ""),
        )
        for one in rows
    )


def _standing(row: SettingChange, states: Mapping[str, str], today: date) -> Standing:
    if row.version_id is not None and row.version_id not in states:
        return Standing.GONE
    state = states.get(row.version_id or "", "published")
    if state == "draft":
        return Standing.WAITING
    if state == "declined":
        return Standing.DECLINED
    return Standing.PLANNED if row.effective_on > today else Standing.HELD


def _counts(desk: Desk, scope: str) -> dict[tuple[str, str], int]:
    rows = desk.session.execute(
        sa.select(SettingChange.area, SettingChange.key, sa.func.count())
        .where(SettingChange.authority_id == desk.actor.authority_id, SettingChange.scope == scope)
        .group_by(SettingChange.area, SettingChange.key)
    )
    return {(area, key): count for area, key, count in rows}


def _lines(loaded: LoadedVersion, counts: Mapping[tuple[str, str], int]) -> tuple[ValueLine, ...]:
    stated = _stated(loaded)
    lines = [
        ValueLine(
            Area.PARAMETER,
            key,
            Text(key),
            _plain(one.value),
            _plain(next(one.parameters[key].value for one in stated if key in one.parameters)),
            one.unit.value if one.unit is not None else "",
            one.source,
            counts.get((Area.PARAMETER.value, key), 0),
        )
        for key, one in loaded.rules.parameters.items()
    ]
    lines += [
        ValueLine(
            Area.SWITCH,
            key,
            one.title,
            one.default,
            next(rules.switches[key].default for rules in stated if key in rules.switches),
            "",
            one.source,
            counts.get((Area.SWITCH.value, key), 0),
        )
        for key, one in loaded.rules.switches.items()
    ]
    return tuple(lines)


def _plain(value: int | Decimal | str) -> int | str:
    return str(value) if isinstance(value, Decimal) else value


def _stated(loaded: LoadedVersion) -> list[ProcedureRules]:
    """Return the rules as the folders state them: the procedure's own, then the shared ones."""
    folders = sorted(loaded.folders.items(), key=lambda one: one[0] != loaded.procedure)
    return [rules_in(loaded.files[f"{folder}/procedure.yaml"]) for _process, folder in folders]
