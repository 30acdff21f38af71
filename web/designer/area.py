"""The area's routes hang on this blueprint; what its pages share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, url_for

import bpmn
from engine.desk.views.drafting import OPEN, draft_view
from engine.publishing.checks import look_over
from engine.publishing.folders import FolderRefused, assembled
from web.texts import gettext as _
from web.toolkit import LinkView, TagView, Tone
from web.visiting import ask, language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bpmn import Finding
    from engine.desk.views.drafting import DraftView
    from engine.store.tables import ProcedureDraft

PROCESSES = Path(__file__).parents[2] / "processes"
SHARED = PROCESSES / "shared"
"""The procedures of this release, and what they share: a draft may use it."""

pages = Blueprint("designer", __name__, url_prefix="/designer")


def tabs(view: DraftView, current: str) -> tuple[LinkView, ...]:
    """Return the tabs of a draft."""
    every = (
        ("draft", _("文件")),
        ("rules", _("规则")),
        ("scenarios", _("场景")),
        ("changes", _("改了什么")),
    )
    return tuple(
        LinkView(label, url_for(f"designer.{name}", draft_id=view.row.id), current=name == current)
        for name, label in every
    )


def page(template: str, view: DraftView, tab: str = "", **parts: Any) -> str:
    """Return a page of a draft under its tabs."""
    return render_template(
        f"designer/{template}.html",
        view=view,
        draft=view.row,
        tabs=tabs(view, tab),
        state=state_tag(view.row),
        is_open=view.row.state in OPEN,
        **parts,
    )


def state_tag(row: ProcedureDraft) -> TagView:
    """Return the state of a draft as a mark."""
    if row.state == "draft" and row.report and row.checked_revision == row.revision:
        return TagView(_("检查未通过"), Tone.BAD, "x")
    return {
        "draft": TagView(_("草稿"), Tone.OPEN),
        "checked": TagView(_("检查通过"), Tone.OK, "check"),
        "submitted": TagView(_("已送审"), Tone.ACCENT, "send"),
        "discarded": TagView(_("已放弃")),
    }.get(row.state, TagView(row.state))


def found_in(row: ProcedureDraft, files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Return what is wrong with a draft as far as it can be told at once."""
    try:
        return look_over(assembled(row.procedure, files, SHARED))
    except (FolderRefused, bpmn.DiagramRefused) as refused:
        return findings_in(row.procedure, refused)


def findings_in(
    procedure: str, refused: FolderRefused | bpmn.DiagramRefused
) -> tuple[Finding, ...]:
    """Return why files are no folder of a procedure."""
    if isinstance(refused, bpmn.DiagramRefused):
        return refused.findings
    return (bpmn.Finding(bpmn.Severity.ERROR, "folder", procedure, "", 0, refused.zh, refused.en),)


def shown(row: ProcedureDraft, findings: Iterable[Finding], path: str = "") -> list[dict[str, str]]:
    """Return findings in the reader's language, errors first."""
    said = language()
    prefix = f"{row.procedure}/"
    lines = [
        {
            "file": one.file.removeprefix(prefix),
            "element": one.element,
            "rule": one.rule,
            "severity": str(one.severity),
            "line": str(one.line or ""),
            "text": one.en if said == "en" else one.zh,
            "remedy": "",
        }
        for one in findings
    ]
    lines = [one for one in lines if not path or one["file"] == path]
    return sorted(lines, key=lambda one: one["severity"] != "error")


def own(draft_id: str) -> DraftView:
    """Return a draft of the visitor's authority."""
    return ask(draft_view, draft_id)
