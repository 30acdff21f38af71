"""Pages over `procedure.yaml`: deadlines, roles, lanes, channels, parameters, switches, papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from flask import flash, redirect, request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.drafts import save_draft_file
from engine.desk.views.drafting import draft_file
from engine.errors import NotAllowed, Refusal
from engine.publishing.drawing import YamlEditRefused, with_value, without
from engine.publishing.folders import RULES
from engine.publishing.schema import check_schema
from engine.publishing.yaml_text import read_yaml
from web.designer.area import own, page, pages
from web.failures import say
from web.texts import gettext as _
from web.visiting import ask, give, language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

KEEP = "keep"
UNITS = ("working_days", "days", "weeks", "months", "years", "hours", "to_year_end", "to_month_end")
SCOPES = ("authority", "subject_unit", "unit_above", "participant")
EXPIRIES = ("", "yellow_card", "close", "remind_daily")


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of an entry.

    Attributes:
        name: In the YAML; `title` stands for its Chinese, `title.en` for its English.
        kind: ``text``, ``number``, ``flag``, ``names``, ``scalar``, ``unit``, ``scope``,
            ``role`` or ``expiry``.
    """

    name: str
    label: Any
    kind: str = "text"
    optional: bool = True
    hint: Any = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of `procedure.yaml` whose entries have keys."""

    title: Any
    key_label: Any
    key_hint: Any
    fields: tuple[Entry, ...]


SOURCED = frozenset({"deadlines", "channels", "parameters", "switches"})


def sections() -> Mapping[str, Section]:
    """Return the parts of `procedure.yaml` that have a page, in the reader's language."""
    title = Entry("title", _("名称"), optional=False)
    title_en = Entry("title.en", _("英文名称"))
    source = Entry("source", _("出处"), hint=_("条款，如 S0篇1§8；留空即标明为平台默认。"))
    return {
        "deadlines": Section(
            _("期限"),
            _("编号"),
            _("如 DL-CQ-1。流程图只引用编号，不写天数。"),
            (
                title,
                title_en,
                Entry("value", _("长度"), "number"),
                Entry("unit", _("单位"), "unit", optional=False),
                Entry("starts", _("起算的事实"), hint=_("如 registered；由步骤的“事实”登记。")),
                Entry("ends", _("办结的事实")),
                Entry("on_expiry", _("逾期时"), "expiry"),
                source,
            ),
        ),
        "roles": Section(
            _("角色"),
            _("标识"),
            _("如 investigator。"),
            (
                title,
                title_en,
                Entry("scope", _("范围"), "scope", optional=False),
                Entry("outside", _("本单位以外的人（当事人等）"), "flag"),
            ),
        ),
        "lanes": Section(
            _("泳道"),
            _("泳道名称"),
            _("与流程图上所写一致。"),
            (Entry("", _("角色"), "role", optional=False),),
        ),
        "channels": Section(_("线索渠道"), _("编号"), _("如 CA1。"), (title, title_en, source)),
        "parameters": Section(
            _("参数"),
            _("名称"),
            _("如 repeat.window。"),
            (
                Entry("value", _("值"), "scalar", optional=False),
                Entry("unit", _("单位"), "unit"),
                title,
                source,
            ),
        ),
        "switches": Section(
            _("开关"),
            _("名称"),
            _("如 reform.pre_notice。"),
            (title, Entry("default", _("默认开启"), "flag"), source),
        ),
        "documents": Section(
            _("文书"),
            _("标识"),
            _("如 decision-letter。"),
            (
                title,
                title_en,
                Entry("template", _("模板（.typ）"), optional=False),
                Entry("docx", _("可编辑模板（.docx）")),
                Entry("required", _("必填项"), "names", hint=_("以空格分开。")),
                Entry("served_to", _("送达对象（角色）"), "names", hint=_("以空格分开。")),
            ),
        ),
    }


@pages.get("/<draft_id>/rules")
def rules(draft_id: str) -> str:
    """Show the entries of a section, and the form of one."""
    return _shown(draft_id, request.args.get("section", "deadlines"), request.args.get("key", ""))


@pages.post("/<draft_id>/rules")
def rules_act(draft_id: str) -> str | Response:
    """Write or remove one entry; the rest of the file stays as its author wrote it."""
    section = request.form.get("section", "")
    key = request.form.get("key", "").strip()
    if section not in sections() or not key:
        raise BadRequest
    found = ask(draft_file, draft_id, RULES)
    here = url_for("designer.rules", draft_id=draft_id, section=section)
    try:
        if request.form.get("action") == "remove":
            content = without(found.content, (section, key))
        else:
            entry = _entry(section, _entries(_data(found.content), section), key)
            content = with_value(found.content, (section, key), entry)
    except YamlEditRefused as refused:
        told = Refusal("draft.yaml", place=f"{section}.{key}", reason=str(refused))
        flash(say(told), "bad")
        return redirect(here)
    wrong = _worse(found.content, content, section)
    if wrong:
        return _shown(draft_id, section, key, given=request.form, wrong=wrong)
    try:
        give(
            save_draft_file,
            draft_id,
            RULES,
            content,
            number=request.form.get("number", type=int) or 0,
        )
        flash(_("已写入 procedure.yaml，其余内容未动。"), "ok")
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
    return redirect(here)


def _shown(
    draft_id: str,
    section: str,
    key: str,
    *,
    given: Mapping[str, str] | None = None,
    wrong: list[str] | None = None,
) -> str:
    if section not in sections():
        section = "deadlines"
    found = ask(draft_file, draft_id, RULES)
    data = _data(found.content)
    entries = _entries(data, section)
    shape = sections()[section]
    chosen = entries.get(key, {})
    return page(
        "rules",
        own(draft_id),
        "rules",
        section=section,
        shape=shape,
        sections=[
            {"name": name, "title": one.title, "count": len(_entries(data, name))}
            for name, one in sections().items()
        ],
        entries=[
            {"key": str(name), "cells": [_told(one, entry) for one in shape.fields]}
            for name, entry in entries.items()
        ],
        key=key,
        values={
            one.name: given.get(f"f.{one.name}", "") if given else _typed(one, chosen)
            for one in shape.fields
        },
        wrong=wrong or [],
        number=found.number,
        choices=_choices(data, is_special=_is_special(_at("on_expiry", chosen))),
    )


def _choices(data: Mapping[str, Any], *, is_special: bool) -> dict[str, list[tuple[str, str]]]:
    words = choice_words()
    return {
        "unit": [(one, words[one]) for one in ("", *UNITS)],
        "scope": [(one, words[one]) for one in SCOPES],
        "expiry": [(one, words[one]) for one in ((KEEP,) if is_special else ()) + EXPIRIES],
        "role": [(str(one), str(one)) for one in _entries(data, "roles")],
    }


def choice_words() -> dict[str, str]:
    """Return what the values of choices are called."""
    return {
        "working_days": _("工作日"),
        "days": _("日"),
        "weeks": _("周"),
        "months": _("个月"),
        "years": _("年"),
        "hours": _("小时"),
        "to_year_end": _("至当年年底"),
        "to_month_end": _("至当月最后一个工作日"),
        "authority": _("本机关"),
        "subject_unit": _("当事人所在单位"),
        "unit_above": _("上级单位"),
        "participant": _("本案参与人"),
        "": _("（无）"),
        "yellow_card": _("黄牌"),
        "close": _("按期满结束"),
        "remind_daily": _("每日提醒"),
        KEEP: _("保持原有安排"),
    }


def _data(content: bytes) -> dict[str, Any]:
    try:
        data = read_yaml(content)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _entries(data: Mapping[str, Any], section: str) -> dict[str, Any]:
    """Return the entries of a section; none where something else stands in its place."""
    entries = data.get(section)
    return entries if isinstance(entries, dict) else {}


def _worse(old: bytes, new: bytes, section: str) -> list[str]:
    """Return what the schema says of a section now and did not say of it before."""
    before = {one.zh for one in check_schema(old, file=RULES)}
    said = language()
    return [
        one.en if said == "en" else one.zh
        for one in check_schema(new, file=RULES)
        if one.element.split(".", maxsplit=1)[0] == section and one.zh not in before
    ]


def _entry(section: str, entries: Mapping[str, Any], key: str) -> Any:
    """Return the entry that was typed; what the page does not ask for stays in it."""
    shape = sections()[section]
    if section == "lanes":
        return request.form.get("f.", "").strip()
    old = entries.get(key)
    entry: dict[str, Any] = dict(old) if isinstance(old, dict) else {}
    for one in shape.fields:
        typed = request.form.get(f"f.{one.name}", "").strip()
        if one.name.startswith("title"):
            continue
        value = _value(one, typed)
        if one.kind == "expiry" and typed == KEEP:
            continue
        if value in (None, "", [], False) and not (one.kind == "flag" and one.name == "default"):
            entry.pop(one.name, None)
        else:
            entry[one.name] = value
    zh, en = request.form.get("f.title", "").strip(), request.form.get("f.title.en", "").strip()
    title = {"zh": zh, **({"en": en} if en else {})} if zh else None
    if title is not None:
        was = entry.get("title")
        kept = dict(was) if isinstance(was, dict) and "f.title.en" not in request.form else {}
        entry = {"title": {**kept, **title}, **{k: v for k, v in entry.items() if k != "title"}}
    if section in SOURCED:
        if "source" not in entry:
            entry.setdefault("proposed", True)
        elif entry.get("proposed") is True:
            del entry["proposed"]
    return entry


def _value(one: Entry, typed: str) -> Any:
    if one.kind == "flag":
        return typed == "on"
    if one.kind == "number":
        return int(typed) if typed.isdecimal() else typed
    if one.kind == "names":
        return typed.replace(",", " ").replace("、", " ").split()
    if one.kind == "scalar":
        return _scalar(typed)
    if one.kind == "expiry":
        return [typed] if typed else []
    return typed


def _scalar(typed: str) -> Any:
    """Return a number or a truth value where one is typed, else the text."""
    if typed in {"true", "false"}:
        return typed == "true"
    try:
        return int(typed)
    except ValueError:
        return typed


def _typed(one: Entry, entry: Any) -> str:
    """Return what stands in a field for an entry as it is."""
    value = entry if one.kind == "role" else _at(one.name, entry)
    if one.kind == "expiry":
        return KEEP if _is_special(value) else str(value[0]) if value else ""
    if one.kind == "flag":
        return "on" if value else ""
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or isinstance(value, dict) else str(value)


def _told(one: Entry, entry: Any) -> str:
    words = choice_words()
    typed = _typed(one, entry)
    if one.kind in {"unit", "scope", "expiry"}:
        return words.get(typed, typed) if typed else ""
    if one.kind == "flag":
        return _("是") if typed else _("否")
    return typed


def _at(name: str, entry: Any) -> Any:
    if not isinstance(entry, dict):
        return None
    if name == "title":
        title = entry.get("title")
        return title.get("zh") if isinstance(title, dict) else title
    if name == "title.en":
        title = entry.get("title")
        return title.get("en") if isinstance(title, dict) else None
    return entry.get(name)


def _is_special(value: Any) -> bool:
    """Return whether an arrangement is another than the one word that the page offers."""
    is_one = isinstance(value, list) and len(value) == 1 and not isinstance(value[0], dict)
    return bool(value) and not is_one
