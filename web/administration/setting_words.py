"""Changes of settings in words: what was changed, what it was, and what it became."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from engine.desk.organisation import HOW
from engine.desk.views.settings import ChangeLine, Standing
from engine.model.notifying import Event
from engine.model.settings import SETTINGS, Area, SettingKey
from web.moments import instant_text
from web.notices.wording import event_text
from web.texts import gettext as _
from web.toolkit import TagView, Tone
from web.visiting import language
from web.wording import full_day_text

SHOWN_DIGITS = 12
"""Of a picture's digest."""
NO_ROLES: Mapping[str, str] = MappingProxyType({})


def area_text(area: Area) -> str:
    """Return what a kind of setting is called."""
    return {
        Area.PLATFORM: _("平台参数"),
        Area.PARAMETER: _("流程参数"),
        Area.SWITCH: _("流程开关"),
        Area.NOTICE: _("消息模板"),
        Area.CALENDAR: _("日历"),
        Area.POST: _("任职"),
        Area.ACCOUNT: _("账号"),
        Area.UNIT: _("单位"),
        Area.PERSON: _("人员"),
        Area.SEAL: _("印章"),
    }[area]


def value_text(value: object) -> str:
    """Return a value in words: a truth value as on or off."""
    if isinstance(value, bool):
        return _("开") if value else _("关")
    return str(value)


def content_text(area: Area, content: Mapping[str, Any]) -> str:
    """Return what a setting was or became, in one line."""
    return CONTENTS[area](content)


def line_of(line: ChangeLine, roles: Mapping[str, str] = NO_ROLES) -> dict[str, Any]:
    """Return a change as the rows of the history show it."""
    row, area = line.row, Area(line.row.area)
    return {
        "id": row.id,
        "area": area_text(area),
        "scope": row.scope,
        "name": _name(line, roles),
        "old": content_text(area, row.old),
        "new": content_text(area, row.new),
        "by": line.name or _("系统"),
        "at": instant_text(row.changed_at),
        "day": full_day_text(row.effective_on),
        "reasons": row.reasons,
        "restored": row.restores is not None,
        "standing": standing_tag(line.standing),
        "can_restore": line.standing in {Standing.HELD, Standing.PLANNED} and HOW not in row.new,
    }


def standing_tag(standing: Standing) -> TagView:
    """Return where a change stands, as a mark."""
    return {
        Standing.WAITING: TagView(_("待批准"), Tone.NEAR),
        Standing.DECLINED: TagView(_("未批准")),
        Standing.PLANNED: TagView(_("待生效"), Tone.OPEN),
        Standing.HELD: TagView(_("已生效"), Tone.OK, "check"),
        Standing.GONE: TagView(_("版本已删除")),
    }[standing]


def _name(line: ChangeLine, roles: Mapping[str, str]) -> str:
    """Return what was changed, in words; the key where there are none."""
    row = line.row
    named = NAMES.get(Area(row.area))
    return named(line, roles) if named is not None else row.key


def _name_of_value(line: ChangeLine, _roles: Mapping[str, str]) -> str:
    key = line.row.key
    return SETTINGS[SettingKey(key)].title.say(language()) if key in set(SettingKey) else key


def _name_of_post(line: ChangeLine, roles: Mapping[str, str]) -> str:
    role = str(line.row.new["role"])
    return _("%(person)s：%(role)s", person=line.about, role=roles.get(role, role))


def _name_of_account(line: ChangeLine, _roles: Mapping[str, str]) -> str:
    return _("%(person)s：%(account)s", person=line.about, account=line.row.new["name"])


def _value(content: Mapping[str, Any]) -> str:
    return value_text(content["value"])


def _notice(content: Mapping[str, Any]) -> str:
    return str(content["subject"][language()])


def _calendar(content: Mapping[str, Any]) -> str:
    days = content.get("days")
    return _("%(count)s 个特别日", count=len(days)) if days is not None else _("未公布")


def _post(content: Mapping[str, Any]) -> str:
    if not content:
        return _("未任职")
    last = content["to"] or _("未定")
    return _("%(first)s 至 %(last)s", first=content["from"], last=last)


def _account(content: Mapping[str, Any]) -> str:
    """Return how a log-in stands; of what was done to its password or binding, that it was."""
    if not content:
        return _("未开通")
    if content.get(HOW) == "password":
        return _("口令已更换")
    if content.get(HOW) == "identity":
        return _("已解除统一身份绑定")
    standing = _("启用") if content["active"] else _("停用")
    return _("%(standing)s，可管理平台", standing=standing) if content["admin"] else standing


def _unit(content: Mapping[str, Any]) -> str:
    """Return a unit's name, the one above it, and whether it is closed."""
    if not content:
        return _("未设立")
    name, above = content["name"], content["above"]
    said = _("%(name)s（上级：%(above)s）", name=name, above=above) if above else str(name)
    if content["closed"]:
        return _("%(unit)s，%(day)s 撤销", unit=said, day=content["closed"])
    return said


def _person(content: Mapping[str, Any]) -> str:
    """Return a person's unit and title, whichever there are."""
    belongs, title = content["belongs"] or _("（无单位）"), content["title"]
    return _("%(unit)s · %(title)s", unit=belongs, title=title) if title else str(belongs)


def _seal(content: Mapping[str, Any]) -> str:
    digest = str(content["digest"])
    return _("图片 %(digest)s", digest=digest[:SHOWN_DIGITS]) if digest else _("没有印章图片")


CONTENTS: Mapping[Area, Callable[[Mapping[str, Any]], str]] = MappingProxyType(
    {
        Area.PLATFORM: _value,
        Area.PARAMETER: _value,
        Area.SWITCH: _value,
        Area.NOTICE: _notice,
        Area.CALENDAR: _calendar,
        Area.POST: _post,
        Area.ACCOUNT: _account,
        Area.UNIT: _unit,
        Area.PERSON: _person,
        Area.SEAL: _seal,
    }
)
NAMES: Mapping[Area, Callable[[ChangeLine, Mapping[str, str]], str]] = MappingProxyType(
    {
        Area.PLATFORM: _name_of_value,
        Area.NOTICE: lambda line, _roles: event_text(Event(line.row.key)),
        Area.POST: _name_of_post,
        Area.ACCOUNT: _name_of_account,
        Area.UNIT: lambda line, _roles: str(line.row.new["name"]),
        Area.PERSON: lambda line, _roles: line.about,
        Area.SEAL: lambda _line, _roles: _("印章图片"),
    }
)
