"""The facts of a case as cards show them: what it is, and what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.vault import is_reference
from web.forms import localised
from web.statuses import secrecy_text, status_text
from web.texts import gettext as _
from web.toolkit import FactView
from web.visiting import civil
from web.wording import weekday_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from engine.desk.views import CaseView
    from engine.workflow import Form

LONGEST = 600
"""Characters of an answer in a card; the whole stands on the step's own page."""


def summary(view: CaseView, today: date, language: str) -> tuple[FactView, ...]:
    """Return what a case is: number, procedure, person concerned, channel, dates."""
    rules = view.version.rules
    channel = rules.channels.get(view.row.channel)
    subjects = [part.name for part in view.parts if part.role == "subject"]
    stage = next((one.title for one in rules.stages if one.id == view.row.stage), None)
    facts = [
        FactView(_("案号"), view.row.number, url=f"/cases/{view.row.id}"),
        FactView(_("被问责人"), _("、").join(subjects)),
        FactView(
            _("流程"),
            _(
                "%(title)s 第 %(number)s 版",
                title=rules.title.say(language),
                number=view.version.number,
            ),
        ),
        FactView(_("来源渠道"), channel.title.say(language) if channel else ""),
        FactView(_("登记"), weekday_text(civil(view.row.opened_at).date(), today)),
        FactView(_("状态"), status_text(view.row.status)),
        FactView(_("阶段"), stage.say(language) if stage else ""),
        FactView(_("密级"), secrecy_text(view.row.secrecy)),
    ]
    return tuple(fact for fact in facts if fact.value)


def clue(view: CaseView, language: str) -> tuple[FactView, ...]:
    """Return what the start form was answered with, for whoever sees the file."""
    start = view.version.rules.start
    if start is None or not view.sees_file:
        return ()
    form = view.version.form(view.version.definition.process_id, start.form)
    return () if form is None else answered(form, view.variables, language)


def answered(form: Form, data: Mapping[str, Any], language: str) -> tuple[FactView, ...]:
    """Return answers with the labels of their form; confidential ones are masked."""
    return tuple(_answers(localised(form.schema, language).get("components") or (), data))


def _answers(components: Any, data: Mapping[str, Any]) -> Iterator[FactView]:
    for component in components:
        kind, path = component.get("type"), component.get("path") or component.get("key")
        value: Any = data
        for part in str(path or "").split("."):
            value = (
                value.get(part) if part and hasattr(value, "get") else (value if not part else None)
            )
        if kind == "group":
            yield from _answers(component.get("components") or (), value if path else data)
        elif kind == "dynamiclist":
            yield from _rows(component, value)
        elif component.get("key"):
            text = _text(component, value)
            if text:
                label = component.get("label") or component.get("dateLabel") or component["key"]
                yield FactView(str(label), text)


def _rows(component: Mapping[str, Any], value: Any) -> Iterator[FactView]:
    for number, row in enumerate(value if isinstance(value, list) else [], start=1):
        inner = "；".join(
            f"{fact.label}：{fact.value}"
            for fact in _answers(component.get("components") or (), row)
        )
        yield FactView(f"{component.get('label') or ''} {number}".strip(), inner)


def _text(component: Mapping[str, Any], value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if is_reference(value):
        return _("（保密，不在此显示）")
    titles = {str(one.get("value")): str(one.get("label")) for one in component.get("values") or ()}
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(titles.get(str(one), str(one)) for one in value if not _is_deep(one))
    if _is_deep(value):
        return ""
    return titles.get(str(value), str(value))[:LONGEST]


def _is_deep(value: object) -> bool:
    return isinstance(value, dict | list)
