"""Scenarios of a draft: the list with how each went, and which ways none of them takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for

import bpmn
from engine.commands.drafts import save_draft_file
from engine.desk.views.drafting import draft_files
from engine.errors import NotAllowed, Refusal
from engine.publishing.drawing.coverage import passed_in
from engine.publishing.drawing.pictures import picture_in
from engine.publishing.scenarios import ScenarioRefused, read_scenario, scenario_paths
from web.administration.checked import report_view
from web.designer.area import own, page, pages
from web.designer.checks import progress_of
from web.designer.stage_pages import is_rehearsed, place_elsewhere
from web.failures import say
from web.texts import gettext as _
from web.toolkit import DiagramView
from web.visiting import ask, give, language, today

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response


CAST = "cast"
CAST_TEXT = """# 演练人员：姓名、单位、职务、角色。
authority: {name: 某机关, short: 某}
units: {机关: '', 车间: 机关}
people:
  甲某: {unit: 机关, title: 受理岗, roles: [intake_clerk]}
  乙某: {unit: 车间, title: 干部}
"""
SCENARIO_TEXT = """id: {id}
title: {{zh: 登记一件}}
given: {{clock: '2026-03-02 09:00', cast: standard}}
steps:
- open: {procedure}
  by: 甲某
  subject: 乙某
  answers: {{summary: 演练事项}}
- then:
    open: []
"""


@pages.get("/<draft_id>/scenarios")
def scenarios(draft_id: str) -> str:
    """Show the scenarios with their results, and the coverage of one diagram."""
    view = own(draft_id)
    row, files = ask(draft_files, draft_id)
    said = language()
    report = report_view(row.report, said)
    passed = {one.id: one for one in report.scenarios}
    lines = []
    below = {f"{row.procedure}/{path}": content for path, content in files.items()}
    for path in scenario_paths(below):
        name = path.removeprefix(f"{row.procedure}/")
        line: dict[str, Any] = {
            "path": name,
            "url": url_for("designer.edit", draft_id=draft_id, path=name),
            "id": name.rpartition("/")[2].removesuffix(".yaml"),
            "title": "",
            "source": "",
            "mistakes": [],
            "result": None,
        }
        try:
            scenario = read_scenario(below, path)
            line |= {
                "id": scenario.id,
                "title": scenario.title.say(said),
                "source": scenario.source,
                "result": passed.get(scenario.id),
            }
        except ScenarioRefused as refused:
            line["mistakes"] = [one.en if said == "en" else one.zh for one in refused.mistakes]
        lines.append(line)
    diagrams = sorted(path for path in files if path.endswith(".bpmn"))
    chosen = request.args.get("diagram", "")
    if chosen not in diagrams:
        chosen = diagrams[0] if diagrams else ""
    return page(
        "scenarios",
        view,
        "scenarios",
        lines=lines,
        report=report if row.report else None,
        progress=progress_of(view.row),
        is_current=row.checked_revision == row.revision,
        is_rehearsed=is_rehearsed(draft_id),
        elsewhere=place_elsewhere(draft_id),
        begins=f"{today().isoformat()}T09:00",
        diagrams=diagrams,
        chosen=chosen,
        **_ways(draft_id, files, chosen, row.report.get("taken")),
    )


@pages.post("/<draft_id>/scenarios")
def add_scenario(draft_id: str) -> Response:
    """Add a scenario that begins with the registration; its steps are written in the editor."""
    row, files = ask(draft_files, draft_id)
    name = request.form.get("name", "").strip()
    path = f"scenarios/{name}.yaml"
    here = url_for("designer.scenarios", draft_id=draft_id)
    try:
        if f"scenarios/{CAST}.yaml" not in files:
            cast = CAST_TEXT.encode()
            give(save_draft_file, draft_id, f"scenarios/{CAST}.yaml", cast, number=0)
        content = SCENARIO_TEXT.format(id=name, procedure=row.procedure).encode()
        give(save_draft_file, draft_id, path, content, number=0)
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(here)
    return redirect(url_for("designer.edit", draft_id=draft_id, path=path))


def _ways(draft_id: str, files: Mapping[str, bytes], path: str, taken: Any) -> dict[str, Any]:
    """Return the picture of what the scenarios took, and the flows that none takes."""
    if not path or not isinstance(taken, dict):
        return {"picture": None, "never": [], "taken": 0}
    try:
        diagram = bpmn.read_diagram(files[path], name=path)
    except bpmn.DiagramRefused:
        return {"picture": None, "never": [], "taken": 0}
    ways = passed_in(diagram, taken)
    nodes = {str(one.id): one.name or str(one.id) for one in diagram.nodes()}
    never = [
        {
            "id": str(flow.id),
            "text": _(
                "%(source)s → %(target)s",
                source=nodes.get(str(flow.source), flow.source),
                target=nodes.get(str(flow.target), flow.target),
            ),
            "name": flow.name,
        }
        for process in diagram.processes.values()
        for flow in process.flows.values()
        if str(flow.id) in ways.never
    ]
    source = url_for("designer.source", draft_id=draft_id, path=path)
    text = _(
        "场景走过 %(taken)s 条流，未走过 %(never)s 条",
        taken=len(ways.taken),
        never=len(ways.never),
    )
    return {
        "picture": DiagramView(
            "coverage",
            text,
            source,
            done=ways.taken,
            possible=ways.never,
            svg=picture_in(files, path),
        ),
        "never": never,
        "taken": len(ways.taken),
    }
