"""Beside the editor of decision tables: gaps, overlaps, and what a table gives for inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request

from bpmn import dmn, feel
from engine.desk.views.drafting import draft_file, draft_files
from engine.desk.views.trial import Trial, tried
from engine.errors import Refusal
from web.designer.area import pages
from web.failures import say
from web.visiting import ask, language

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "in."
SHOWN = 10
"""How many gaps and overlaps of a table are listed."""


@pages.get("/<draft_id>/tables/<path:path>")
def tables(draft_id: str, path: str) -> str:
    """Show the analysis of a file's tables, and the trial of one of them."""
    found = ask(draft_file, draft_id, path)
    _row, files = ask(draft_files, draft_id)
    others = {name: data for name, data in files.items() if name.endswith(".dmn") and name != path}
    said = language()
    try:
        model = dmn.read_decisions(found.content, name=path, imports=others)
    except dmn.DecisionRefused as refused:
        texts = [one.en if said == "en" else one.zh for one in refused.findings]
        return render_template("designer/tables.html", refused=texts, lines=[], trial=None)
    lines = [_line(model, key) for key in model.decisions if _is_table(model, key)]
    chosen = request.args.get("table", "")
    if chosen not in {one["key"] for one in lines}:
        chosen = lines[0]["key"] if lines else ""
    given = {
        name.removeprefix(PREFIX): value
        for name, value in request.args.items()
        if name.startswith(PREFIX)
    }
    trial: Trial | None = None
    wrong = ""
    if chosen:
        trial = ask(tried, model, chosen)
        if given:
            try:
                trial = ask(tried, model, chosen, given)
            except Refusal as refusal:
                wrong = say(refusal)
    return render_template(
        "designer/tables.html",
        refused=[],
        lines=lines,
        chosen=chosen,
        trial=trial,
        given=given,
        wrong=wrong,
        prefix=PREFIX,
        draft_id=draft_id,
        path=path,
    )


def _is_table(model: dmn.DecisionModel, key: str) -> bool:
    return dmn.table_view(model.decisions[key]) is not None


def _line(model: dmn.DecisionModel, key: str) -> dict[str, Any]:
    analysis = dmn.analyse(model, key)
    view = dmn.table_view(model.decisions[key])
    return {
        "key": key,
        "title": view.title if view is not None else key,
        "rules": len(view.rows) if view is not None else 0,
        "gaps": [_said(one.example) for one in analysis.gaps[:SHOWN]],
        "overlaps": [
            {"rules": one.rules, "example": _said(one.example)} for one in analysis.overlaps[:SHOWN]
        ],
        "gave_up": bool(analysis.gave_up),
    }


def _said(example: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {feel.to_text(value)}" for name, value in example.items())
