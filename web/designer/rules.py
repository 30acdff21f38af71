"""Pages over `procedure.yaml`: each of its parts, one entry at a time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.drafts import save_draft_file
from engine.desk.views.drafting import draft_file
from engine.errors import NotAllowed, Refusal
from engine.publishing.drawing import YamlEditRefused
from engine.publishing.folders import RULES
from engine.publishing.schema import check_schema
from web.designer.area import own, page, pages
from web.designer.choosing import (
    CALENDAR,
    DEPUTIES,
    EXPIRIES,
    KEEP,
    ROLLS,
    SCOPES,
    UNITS,
    choice_words,
)
from web.designer.entries import (
    ValueUnread,
    data_of,
    entries_of,
    is_special,
    place_of,
    typed_of,
    with_entry,
    without_entry,
)
from web.designer.fields import Entry, Section, Shape
from web.designer.sections import sections
from web.failures import say
from web.texts import gettext as _
from web.visiting import ask, give, language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from werkzeug.wrappers import Response

    from bpmn import Finding

FIRST = "deadlines"
SHORT = 60
"""Characters of a field in the list of entries."""
_MISSING = re.compile(r"缺少 ([^，]+)，")


@pages.get("/<draft_id>/rules")
def rules(draft_id: str) -> str:
    """Show the entries of a section, and the form of one."""
    return _shown(draft_id, request.args.get("section", FIRST), request.args.get("key", ""))


@pages.post("/<draft_id>/rules")
def rules_act(draft_id: str) -> str | Response:
    """Write or remove one entry; the rest of the file stays as its author wrote it."""
    name = request.form.get("section", "")
    key = request.form.get("key", "").strip()
    every = sections()
    if name not in every or not key:
        raise BadRequest
    section = every[name]
    found = ask(draft_file, draft_id, RULES)
    try:
        if request.form.get("action") == "remove":
            content = without_entry(found.content, name, section, key)
        else:
            content = with_entry(found.content, name, section, key, request.form)
    except YamlEditRefused as refused:
        told = Refusal("draft.yaml", place=f"{name}.{key}", reason=str(refused))
        flash(say(told), "bad")
        return _shown(draft_id, name, key, given=request.form)
    except ValueUnread as unread:
        wrong = {unread.field: _("不是可以读取的写法：%(why)s", why=str(unread))}
        return _shown(draft_id, name, key, given=request.form, wrong=wrong)
    wrong = dict(_worse(found.content, content, name, section, key))
    if wrong:
        return _shown(draft_id, name, key, given=request.form, wrong=wrong)
    number = request.form.get("number", type=int) or 0
    try:
        give(save_draft_file, draft_id, RULES, content, number=number)
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return _shown(draft_id, name, key, given=request.form)
    flash(_("已写入 procedure.yaml，其余内容未动。"), "ok")
    return redirect(url_for("designer.rules", draft_id=draft_id, section=name))


def _shown(
    draft_id: str,
    name: str,
    key: str,
    *,
    given: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> str:
    every = sections()
    if name not in every:
        name = FIRST
    section = every[name]
    found = ask(draft_file, draft_id, RULES)
    data = data_of(found.content)
    entries = entries_of(data, name, section)
    is_one = section.shape in {Shape.WHOLE, Shape.TOP}
    key = name if is_one else key
    chosen = entries.get(key, {})
    told = dict(wrong or {})
    return page(
        "rules",
        own(draft_id),
        "rules",
        section=name,
        shape=section,
        is_one=is_one,
        sections=[
            {"name": one, "title": each.title, "count": len(entries_of(data, one, each))}
            for one, each in every.items()
        ],
        entries=[
            {"key": one, "cells": [_told(each, entry) for each in section.fields]}
            for one, entry in entries.items()
        ],
        key=key,
        is_there=key in entries,
        values={
            one.name: given.get(f"f.{one.name}", "") if given else typed_of(one, chosen)
            for one in section.fields
        },
        wrong=told,
        errors=[
            {"path": f"f.{field}" if field else "", "message": text} for field, text in told.items()
        ],
        number=found.number,
        choices=_choices(data, chosen),
    )


def _choices(data: Mapping[str, Any], chosen: Any) -> dict[str, list[tuple[str, str]]]:
    words = choice_words()
    arranged = chosen.get("on_expiry") if isinstance(chosen, dict) else None
    roles = data.get("roles")
    return {
        "unit": [(one, words[one]) for one in ("", *UNITS)],
        "scope": [(one, words[one]) for one in SCOPES],
        "expiry": [
            (one, words[one]) for one in ((KEEP,) if is_special(arranged) else ()) + EXPIRIES
        ],
        "roll": [(one, words[one]) for one in ROLLS],
        "calendar": [(one, words[one]) for one in CALENDAR],
        "deputies": [(one, words[one]) for one in DEPUTIES],
        "role": [
            ("", words[""]),
            *((str(one), str(one)) for one in (roles if isinstance(roles, dict) else {})),
        ],
    }


def _worse(
    old: bytes, new: bytes, name: str, section: Section, key: str
) -> Iterator[tuple[str, str]]:
    """Yield what the schema says of a part now and did not say of it before, by field."""
    before = {one.zh for one in check_schema(old, file=RULES)}
    place = place_of(data_of(new), name, section, key)
    said = language()
    tops = {one.name.partition(".")[0] for one in section.fields}
    for one in check_schema(new, file=RULES):
        top = one.element.split(".", maxsplit=1)[0]
        if one.zh in before or top not in (tops if section.shape is Shape.TOP else {name}):
            continue
        text = (one.en if said == "en" else one.zh).partition(": " if said == "en" else "：")[2]
        for field in _fields_of(one, section, place):
            yield field, text


def _fields_of(one: Finding, section: Section, place: str) -> list[str]:
    """Return the fields that a finding is about; "" for the entry as a whole."""
    inside = one.element.removeprefix(place).removeprefix(".") if place else one.element
    names = [each.name for each in section.fields]
    missing = _MISSING.search(one.zh)
    if missing:
        meant = [f"{inside}.{part}".lstrip(".") for part in missing[1].split("、")]
        return [part for part in meant if part in names] or [""]
    while inside and inside not in names:
        inside = inside.rpartition(".")[0]
    return [inside]


def _told(one: Entry, entry: Any) -> str:
    words = choice_words()
    typed = typed_of(one, entry)
    if one.kind in {"unit", "scope", "expiry", "roll", "calendar", "deputies"}:
        return words.get(typed, typed) if typed else ""
    if one.kind == "flag":
        return _("是") if typed else _("否")
    return typed if len(typed) <= SHORT else typed[:SHORT] + "…"
