"""设置: what holds, what is to hold, every change with who, when and why, and how it goes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import request, url_for
from werkzeug.exceptions import BadRequest, NotFound

from engine.commands.change_settings import change_setting
from engine.commands.change_values import decide_value, propose_value
from engine.commands.restore_settings import restore_setting
from engine.desk.views.published import procedures
from engine.desk.views.register import roles_known
from engine.desk.views.settings import (
    changes,
    platform_settings,
    procedure_settings,
    waiting_changes,
)
from engine.model.periods import Unit
from engine.model.settings import Area, SettingKey
from web.acting import then
from web.administration.area import page, pages
from web.administration.setting_words import area_text, line_of, value_text
from web.forms import day_of
from web.texts import gettext as _
from web.toolkit import PagerView
from web.visiting import ask, language, today
from web.wording import full_day_text

if TYPE_CHECKING:
    from datetime import date

    from werkzeug.wrappers import Response

LONGEST_NUMBER = 10
NAMED = {Area.PARAMETER: "parameter", Area.SWITCH: "switch"}


@pages.get("/settings", endpoint="settings")
def settings_page() -> str:
    """Show the platform's values, the procedures that have some, and what waits."""
    said = language()
    return page(
        "settings",
        "settings",
        platform=[
            {
                "url": url_for("administration.setting", setting_key=one.rule.key.value),
                "title": one.rule.title.say(said),
                "value": f"{one.value} {one.rule.unit.say(said)}",
                "default": one.rule.default,
                "source": one.rule.source,
                "planned": _planned(one.planned.new, one.planned.effective_on)
                if one.planned
                else "",
                "changes": one.changes,
            }
            for one in ask(platform_settings)
        ],
        procedures=[(one.title.say(said), one.procedure) for one in ask(procedures) if one.current],
        waiting=[line_of(one) for one in ask(waiting_changes)],
    )


@pages.get("/settings/platform/<setting_key>")
def setting(setting_key: str) -> str:
    """Show a value of the platform, the form that changes it, and its changes."""
    line = next((one for one in ask(platform_settings) if one.rule.key == setting_key), None)
    if line is None:
        raise NotFound
    said, rule = language(), line.rule
    bounds = _("%(least)s 至 %(most)s 的整数", least=rule.least, most=rule.most)
    return page(
        "setting",
        "settings",
        title=rule.title.say(said),
        key=setting_key,
        value=f"{line.value} {rule.unit.say(said)}",
        default=f"{rule.default} {rule.unit.say(said)}",
        source=rule.source,
        scope=_("本机关"),
        planned=_planned(line.planned.new, line.planned.effective_on) if line.planned else "",
        kind="number",
        hint=bounds,
        given=str(line.value),
        note=_("自生效日起适用。"),
        changes=[line_of(one) for one in ask(changes, area=Area.PLATFORM, key=setting_key).lines],
        today=today(),
        crumb=(_("设置"), url_for("administration.settings")),
        waiting="",
        is_proposed=True,
    )


@pages.post("/settings/platform/<setting_key>")
def setting_act(setting_key: str) -> Response:
    """Change a value of the platform."""
    value = request.form.get("value", "").strip()
    if setting_key not in set(SettingKey) or not _is_number(value):
        raise BadRequest
    return then(
        url_for("administration.setting", setting_key=setting_key),
        _("已更改，记入记录。"),
        change_setting,
        setting_key,
        int(value),
        reasons=request.form.get("reasons", ""),
        effective_on=_day(),
    )


@pages.get("/settings/procedures/<procedure>", endpoint="procedure_settings")
def procedure_page(procedure: str) -> str:
    """Show the values and the switches of a procedure."""
    found = ask(procedure_settings, procedure)
    said = language()
    return page(
        "procedure_settings",
        "settings",
        title=found.title.say(said),
        number=found.version.number,
        version_url=url_for("administration.version", version_id=found.version.id),
        waiting=found.waiting is not None,
        parts=[
            (
                area_text(area),
                [
                    {
                        "url": url_for(
                            "administration.procedure_value",
                            procedure=procedure,
                            area=NAMED[area],
                            value_key=one.key,
                        ),
                        "title": one.title.say(said),
                        "key": one.key,
                        "value": _with_unit(one.value, one.unit),
                        "default": value_text(one.default),
                        "differs": one.value != one.default,
                        "source": one.source,
                        "changes": one.changes,
                    }
                    for one in found.lines
                    if one.area is area
                ],
            )
            for area in NAMED
        ],
    )


@pages.get("/settings/procedures/<procedure>/<area>/<value_key>")
def procedure_value(procedure: str, area: str, value_key: str) -> str:
    """Show a value of a procedure, the form that proposes another, and its changes."""
    found = ask(procedure_settings, procedure)
    line = next(
        (one for one in found.lines if NAMED[one.area] == area and one.key == value_key), None
    )
    if line is None:
        raise NotFound
    is_switch = isinstance(line.value, bool)
    is_number = isinstance(line.value, int) and not is_switch
    return page(
        "setting",
        "settings",
        title=line.title.say(language()),
        key=value_key,
        value=_with_unit(line.value, line.unit),
        default=value_text(line.default),
        source=line.source,
        scope=found.title.say(language()),
        planned="",
        kind="switch" if is_switch else "number" if is_number else "text",
        hint="",
        given="true" if line.value is True else "false" if line.value is False else line.value,
        note=_("更改起草为新的一版，由另一名管理员批准后自生效日起适用；在办案件不变。"),
        changes=[
            line_of(one) for one in ask(changes, area=area, key=value_key, scope=procedure).lines
        ],
        today=today(),
        crumb=(
            found.title.say(language()),
            url_for("administration.procedure_settings", procedure=procedure),
        ),
        waiting=found.waiting.key if found.waiting else "",
        is_proposed=not line.source,
    )


@pages.post("/settings/procedures/<procedure>/<area>/<value_key>")
def procedure_value_act(procedure: str, area: str, value_key: str) -> Response:
    """Propose another value of a procedure."""
    if area not in NAMED.values():
        raise NotFound
    return then(
        url_for(
            "administration.procedure_value", procedure=procedure, area=area, value_key=value_key
        ),
        _("已提出，等另一名管理员批准。"),
        propose_value,
        Area(area),
        procedure,
        value_key,
        _stated(request.form.get("kind", ""), request.form.get("value", "").strip()),
        reasons=request.form.get("reasons", ""),
        effective_on=_day(),
    )


@pages.get("/settings/changes")
def setting_changes() -> str:
    """Show every change of every setting, the newest first."""
    area = request.args.get("area", "")
    found = ask(changes, area=area, after=request.args.get("after", ""))
    roles = {key: title.say(language()) for key, title in ask(roles_known).items()}
    following = (
        url_for("administration.setting_changes", area=area or None, after=found.after)
        if found.after
        else ""
    )
    return page(
        "setting_changes",
        "settings",
        changes=[line_of(one, roles) for one in found.lines],
        pager=PagerView(_("新的在前"), next_url=following),
        areas=[(one.value, area_text(one)) for one in Area],
        area=area,
    )


@pages.post("/settings/changes/<change_id>")
def setting_decide(change_id: str) -> Response:
    """Approve or decline a change of a procedure's value."""
    granted = request.form.get("action") == "grant"
    return then(
        url_for("administration.settings"),
        _("已批准，自生效日起适用于之后立的案件。") if granted else _("已不批准，现值不变。"),
        decide_value,
        change_id,
        granted=granted,
        reasons=request.form.get("reasons", ""),
    )


@pages.post("/settings/changes/<change_id>/restore")
def setting_restore(change_id: str) -> Response:
    """Bring back what a setting was before a change."""
    return then(
        url_for("administration.setting_changes"),
        _("已恢复为更改前的值；流程参数等另一名管理员批准。"),
        restore_setting,
        change_id,
        reasons=request.form.get("reasons", ""),
    )


def _planned(new: Mapping[str, object], day: date) -> str:
    return _("%(day)s 起：%(value)s", day=full_day_text(day), value=value_text(new["value"]))


def _with_unit(value: object, unit: str) -> str:
    return f"{value_text(value)} {_units().get(unit, unit)}".strip()


def _units() -> dict[str, str]:
    return {
        Unit.WORKING_DAYS: _("个工作日"),
        Unit.DAYS: _("日"),
        Unit.WEEKS: _("周"),
        Unit.MONTHS: _("个月"),
        Unit.YEARS: _("年"),
        Unit.HOURS: _("小时"),
    }


def _stated(kind: str, text: str) -> int | str | bool:
    """Return what was typed as its kind: the form says which; the command looks again."""
    if kind == "switch":
        return text == "true"
    return int(text) if kind == "number" and _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER


def _day() -> date | None:
    """Return the day of the form; None where none was entered.

    Raises:
        BadRequest: It is no day.
    """
    given = request.form.get("effective_on", "").strip()
    day = day_of(given) if given else None
    if given and day is None:
        raise BadRequest
    return day
