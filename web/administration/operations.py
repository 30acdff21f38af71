"""运行 and 迁移: cases by step with time and lateness, the queue; cases put into other versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Response, flash, redirect, request, url_for

from engine.commands.migrate_case import (
    decide_migration,
    migration_trial,
    propose_migration,
)
from engine.commands.migrate_many import (
    decide_migrations,
    propose_migrations,
    try_migrations,
)
from engine.desk.views.operating import (
    drawing,
    health,
    load_of,
    migrations_proposed,
    running_versions,
)
from engine.desk.views.published import procedures, version_view
from engine.errors import NotAllowed, NotFound, Refusal
from web.administration.area import page, pages
from web.failures import say
from web.moments import instant_text
from web.texts import gettext as _
from web.toolkit import DiagramView, LinkView
from web.visiting import ask, give, language

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from engine.desk.views.operating import Load, StepLoad

HEATS = 4
"""Shades of the heat map; 0 is none."""
HOURS_A_DAY = 24


@pages.get("/operations", endpoint="operations")
def operations() -> str:
    """Show how a version's cases run: on its diagram and as a table of steps."""
    versions = ask(running_versions)
    chosen = request.args.get("version") or (versions[0].id if versions else "")
    load = ask(load_of, chosen) if chosen else None
    process = request.args.get("process", "")
    said = language()
    return page(
        "operations",
        "operations",
        versions=[
            LinkView(
                _("%(title)s 第 %(number)s 版", title=one.title.say(said), number=one.number),
                url_for("administration.operations", version=one.id),
                count=one.running,
                current=one.id == chosen,
            )
            for one in versions
        ],
        load=load,
        processes=_processes(load, process) if load is not None else [],
        diagram=_diagram(load, process) if load is not None else None,
        rows=_rows(load) if load is not None else [],
        health=ask(health),
        instant=instant_text,
    )


@pages.get("/operations/<version_id>/<process>.bpmn")
def drawn(version_id: str, process: str) -> Response:
    """Give a version's diagram to the viewer."""
    return Response(ask(drawing, version_id, process), mimetype="application/xml")


@pages.get("/migration", endpoint="migration")
def migration() -> str:
    """Choose versions, see which cases can go over, and what others have proposed."""
    return _migration()


@pages.post("/migration")
def migrate() -> str:
    """Propose or decide for each ticked case, each in a transaction of its own."""
    action = request.form.get("action", "")
    reasons = request.form.get("reasons", "")
    results = []
    for case_id in request.form.getlist("case"):
        try:
            if action == "propose":
                to = request.form.get("to", "")
                mapping = mapping_of(request.form.get("mapping", ""))
                give(propose_migration, case_id, to, mapping, reasons=reasons)
            else:
                give(decide_migration, case_id, granted=action == "grant", reasons=reasons)
        except Refusal as refusal:
            results.append((case_id, say(refusal)))
        else:
            results.append((case_id, ""))
    failed = sum(bool(said) for _case, said in results)
    flash(
        _("共 %(all)s 件，未成 %(failed)s 件。", all=len(results), failed=failed),
        "bad" if failed else "ok",
    )
    return _migration(dict(results))


@pages.post("/migration/all")
def migrate_all() -> AnyResponse:
    """Try, propose or decide for all cases at once, in the background; show how far it is."""
    action, reasons = request.form.get("action", ""), request.form.get("reasons", "")
    chosen, target = request.form.get("from", ""), request.form.get("to", "")
    mapping = mapping_of(request.form.get("mapping", ""))
    try:
        if action == "try":
            batch = give(try_migrations, chosen, target, mapping)
        elif action == "propose":
            batch = give(propose_migrations, chosen, target, mapping, reasons=reasons)
        else:
            batch = give(decide_migrations, granted=action == "grant", reasons=reasons)
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(_chosen(chosen, target))
    return redirect(url_for("batches.show", batch_id=batch.id))


def _chosen(chosen: str, target: str) -> str:
    return f"{url_for('administration.migration')}?{urlencode({'from': chosen, 'to': target})}"


def mapping_of(text: str) -> dict[str, str]:
    """Return new ids by old ones, one a line: ``old -> new``; what is no such line is left out."""
    pairs = (line.partition("->") for line in text.splitlines())
    return {old.strip(): new.strip() for old, sign, new in pairs if sign and new.strip()}


def _migration(results: dict[str, str] | None = None) -> str:
    chosen, target = request.values.get("from", ""), request.values.get("to", "")
    mapping = mapping_of(request.values.get("mapping", ""))
    lines: list[Any] = []
    refused = ""
    if chosen and target:
        try:
            lines = ask(migration_trial, chosen, target, mapping)
        except Refusal as refusal:
            refused = say(refusal)
        except NotFound:
            refused = _("没有这样的流程版本，请重新选择。")
    said = language()
    published = [
        (row.id, f"{line.title.say(said)} {row.number}")
        for line in ask(procedures)
        for row in ask(version_view, line.newest.id).versions
        if row.state == "published"
    ]
    return page(
        "migration",
        "migration",
        running=[
            (one.id, f"{one.title.say(said)} {one.number} ({one.running})")
            for one in ask(running_versions)
        ],
        published=published,
        chosen=chosen,
        target=target,
        mapping=request.values.get("mapping", ""),
        reasons=request.values.get("reasons", ""),
        lines=lines,
        refused=refused,
        results=results or {},
        proposals=ask(migrations_proposed),
        english=said == "en",
    )


def _processes(load: Load, process: str) -> list[LinkView]:
    if len(load.processes) == 1:
        return []
    here = process or _busiest(load)
    return [
        LinkView(
            title,
            url_for("administration.operations", version=load.version.id, process=key),
            count=sum(one.waiting for one in load.steps if one.process == key) or None,
            current=key == here,
        )
        for key, title in load.processes
    ]


def _busiest(load: Load) -> str:
    """Return the process at whose steps most wait; the version's own where none do."""
    return load.steps[0].process if load.steps else load.processes[0][0]


def _diagram(load: Load, process: str) -> DiagramView:
    here = process or _busiest(load)
    steps = [one for one in load.steps if one.process == here]
    waiting = [one for one in steps if one.waiting]
    return DiagramView(
        key="operations",
        label=_("流程图：%(count)s 项正在办理。", count=sum(one.waiting for one in waiting)),
        source=url_for("administration.drawn", version_id=load.version.id, process=here),
        now=tuple(one.element for one in waiting),
        badges=tuple(
            (one.element, _badge(one), "bad" if one.overdue else "near" if one.late else "ok")
            for one in steps
        ),
    )


def _badge(step: StepLoad) -> str:
    if step.overdue:
        return _("%(waiting)s 项，逾期 %(late)s", waiting=step.waiting, late=step.overdue)
    if step.waiting:
        return _("%(waiting)s 项", waiting=step.waiting)
    return _("均 %(time)s", time=time_text(step.hours))


def _rows(load: Load) -> list[dict[str, Any]]:
    longest = max((one.hours for one in load.steps), default=0.0)
    return [
        {
            "name": one.name or one.element,
            "waiting": one.waiting,
            "overdue": one.overdue,
            "done": one.done,
            "time": time_text(one.hours) if one.done else "—",
            "late": _("%(late)s/%(done)s", late=one.late, done=one.done) if one.done else "—",
            "time_heat": heat(one.hours, longest),
            "late_heat": heat(one.late, one.done),
        }
        for one in load.steps
    ]


def heat(part: float, whole: float) -> int:
    """Return a shade from 0 to 4: which fifth of the whole a part reaches; none for nothing."""
    return min(HEATS, int(HEATS * part / whole + 0.999)) if whole and part else 0


def time_text(hours: float) -> str:
    """Return a time as days from a day on, else as hours."""
    if hours >= HOURS_A_DAY:
        return _("%(days)s 天", days=f"{hours / HOURS_A_DAY:.1f}")
    return _("%(hours)s 小时", hours=f"{hours:.1f}")
