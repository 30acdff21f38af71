"""决策试算: type inputs, see which rules of a table match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for

from engine.desk.views.published import procedures
from engine.desk.views.trial import Trial, tables_of, trial
from engine.errors import Refusal
from web.administration.area import page, pages
from web.failures import say
from web.texts import gettext as _
from web.visiting import ask, language

if TYPE_CHECKING:
    from bpmn.dmn import TableView

PREFIX = "in."


@pages.get("/decisions")
def tables() -> str:
    """Show the tables of a version, one of them, and what it gives for the inputs typed."""
    versions = []
    for one in ask(procedures):
        for row in (one.draft, one.current):
            if row is not None:
                title = _(
                    "%(title)s 第 %(number)s 版", title=one.title.say(language()), number=row.number
                )
                versions.append((row.id, title))
    version_id = request.args.get("version") or (versions[0][0] if versions else "")
    choices = ask(tables_of, version_id) if version_id else ()
    decision = request.args.get("table") or (choices[0].decision if choices else "")
    given = {
        name.removeprefix(PREFIX): value
        for name, value in request.args.items()
        if name.startswith(PREFIX)
    }
    found: Trial | None = None
    refused = ""
    if decision and decision in {one.decision for one in choices}:
        found = ask(trial, version_id, decision)
        if given:
            try:
                found = ask(trial, version_id, decision, given)
            except Refusal as refusal:
                refused = say(refusal)
    return page(
        "decisions",
        "tables",
        versions=versions,
        version_id=version_id,
        choices=[
            {
                "url": url_for("administration.tables", version=version_id, table=one.decision),
                "key": one.decision,
                "title": one.title,
                "current": one.decision == decision,
            }
            for one in choices
        ],
        decision=decision,
        trial=found,
        given=given,
        refused=refused,
        prefix=PREFIX,
        policy=policy_text(found.table) if found is not None else "",
    )


def policy_text(table: TableView) -> str:
    """Return what a table's hit policy means."""
    words = {
        "U": _("唯一命中"),
        "A": _("任一命中，结论须相同"),
        "P": _("取最优先的结论"),
        "F": _("取首条命中"),
        "R": _("全部命中，按规则顺序"),
        "O": _("全部命中，按结论优先"),
        "C": _("汇集全部命中"),
        "C+": _("命中之和"),
        "C<": _("命中之最小"),
        "C>": _("命中之最大"),
        "C#": _("命中条数"),
    }
    return words.get(table.hit_policy, table.hit_policy)
