"""The facts of a case as cards show them: what it is, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for

from engine.desk.values import day_of
from engine.vault import is_reference
from web.forms import localised
from web.statuses import secrecy_text, status_text
from web.texts import gettext as _
from web.toolkit import FactView
from web.visiting import civil
from web.wording import day_text, full_weekday_text, step_name, weekday_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from engine.desk.views import CaseView
    from engine.model.circumstances import Circumstance
    from engine.workflow import Form, LoadedVersion

TOLD_ABOVE = frozenset({"channel", "subject_id", "subject", "secrecy"})
"""Answers of a start form that `summary` tells already."""

LONGEST = 600
"""Characters of an answer in a card; the whole stands on the step's own page."""


def summary(view: CaseView, today: date, language: str) -> tuple[FactView, ...]:
    """Return what a case is: number, procedure, person concerned, channel, dates."""
    rules = view.version.rules
    channel = rules.channels.get(view.row.channel)
    subjects = [part.name for part in view.parts if part.role == "subject"]
    stage = next((one.title for one in rules.stages if one.id == view.row.stage), None)
    facts = [
        FactView(_("案号"), view.row.number, url=url_for("cases.show", case_id=view.row.id)),
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


def steps_done(view: CaseView, today: date, language: str) -> tuple[FactView, ...]:
    """Return the steps done, in their order, each leading to its answers for who sees the file."""
    done = [one for one in view.items if one.state == "done" and one.completed_at is not None]
    return tuple(
        FactView(
            day_text(civil(one.completed_at).date(), today) if one.completed_at else "",
            " ".join(
                (
                    step_name(one.name, one.properties, language),
                    view.names.get(one.completed_by or "", ""),
                )
            ).strip(),
            url=url_for("work.show", item_id=one.id) if view.sees_file else "",
        )
        for one in done
    )


def clue(view: CaseView, language: str) -> tuple[FactView, ...]:
    """Return what the start form was answered with, for whoever sees the file."""
    start = view.version.rules.start
    if start is None or not view.sees_file:
        return ()
    form = view.version.form(view.version.definition.process_id, start.form)
    if form is None:
        return ()
    return answered(form, view.variables, language, leave_out=TOLD_ABOVE)


def answered(
    form: Form,
    data: Mapping[str, Any],
    language: str,
    *,
    names: Mapping[str, str] | None = None,
    leave_out: frozenset[str] = frozenset(),
) -> tuple[FactView, ...]:
    """Return answers with the labels of their form; confidential ones are masked.

    Args:
        form: Whose labels are shown.
        data: The answers, or the variables that they became.
        language: zh or en.
        names: Of persons who were chosen, by id.
        leave_out: Keys that are not shown.
    """
    reading = _Reading(names or {}, leave_out)
    return tuple(reading.facts(localised(form.schema, language).get("components") or (), data))


def chosen_names(data: Mapping[str, Any]) -> dict[str, str]:
    """Return what the choices of a form's data are called, by value: people, measures."""
    return {
        str(option["value"]): str(option["label"]).split("，", maxsplit=1)[0]
        for options in data.values()
        if isinstance(options, list)
        for option in options
        if isinstance(option, dict) and {"label", "value"} <= set(option)
    }


@dataclass(frozen=True, slots=True)
class _Reading:
    names: Mapping[str, str]
    leave_out: frozenset[str]

    def facts(self, components: Any, data: Any) -> Iterator[FactView]:
        for component in components:
            value = _at(data, str(component.get("path") or component.get("key") or ""))
            inner = component.get("components") or ()
            if component.get("type") == "group":
                yield from self.facts(inner, value)
            elif component.get("type") == "dynamiclist":
                yield from self._rows(component, value)
            elif component.get("key") and component["key"] not in self.leave_out:
                text = self._text(component, value)
                if text:
                    label = component.get("label") or component.get("dateLabel")
                    yield FactView(str(label or component["key"]), text)

    def _rows(self, component: Mapping[str, Any], value: Any) -> Iterator[FactView]:
        for number, row in enumerate(value if isinstance(value, list) else [], start=1):
            inner = _("；").join(
                f"{fact.label} {fact.value}"
                for fact in self.facts(component.get("components") or (), row)
            )
            yield FactView(f"{component.get('label') or ''} {number}".strip(), inner)

    def _text(self, component: Mapping[str, Any], value: Any) -> str:
        if value is None or value in ("", []):
            return ""
        if is_reference(value):
            return _("（保密，不在此显示）")
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, dict):
            return ""
        chosen = value if isinstance(value, list) else [value]
        return _("、").join(self._one(component, one) for one in chosen)[:LONGEST]

    def _one(self, component: Mapping[str, Any], value: Any) -> str:
        titles = {
            str(one.get("value")): str(one.get("label")) for one in component.get("values") or ()
        }
        said = titles.get(str(value)) or self.names.get(str(value)) or str(value)
        if component.get("type") == "datetime" and component.get("subtype", "date") == "date":
            day = day_of(value)
            return full_weekday_text(day) if day is not None else said
        return said


def _at(data: Any, path: str) -> Any:
    for part in (one for one in path.split(".") if one):
        data = data.get(part) if isinstance(data, dict) else None
    return data


def circumstance_facts(
    found: Iterable[Circumstance], version: LoadedVersion, language: str
) -> tuple[FactView, ...]:
    """Return what weighs in a case, each with the provision from which it follows.

    A code is said as the form says it where it is chosen; of one without a choice only
    the table's name is said.
    """
    words = _words(version, language)
    weights = {"heavier": _("从重"), "lighter": _("从轻、减轻"), "exempt": _("免予问责")}
    return tuple(
        FactView(
            weights[one.weight.value],
            _(
                "%(what)s（%(source)s）",
                what=words.get(one.code, one.title),
                source=one.source or _("来源未注明"),
            ),
        )
        for one in found
    )


def _words(version: LoadedVersion, language: str) -> dict[str, str]:
    """Return what the codes of all choices in a version's forms are called."""
    found: dict[str, str] = {}
    for form in version.forms.values():
        for each in form.fields():
            for option in localised(dict(each), language).get("values") or ():
                found.setdefault(str(option.get("value")), str(option.get("label", "")))
    return {code: label for code, label in found.items() if code not in {"true", "True"}}
