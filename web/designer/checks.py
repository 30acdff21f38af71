"""The whole check of a draft beside the pages: its progress, and its result on record."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from flask import current_app, redirect, render_template, url_for

import bpmn
from engine.commands.drafts import keep_check
from engine.desk.views.drafting import OPEN, draft_files, draft_view
from engine.errors import Refusal
from engine.publishing.checks import Report, check_folder
from engine.publishing.drawing.coverage import Coverage
from engine.publishing.folders import FolderRefused, assembled
from engine.publishing.scenarios import scenario_paths
from web.administration.checked import report_view
from web.designer.area import SHARED, findings_in, pages
from web.office import font_folders
from web.visiting import ask, language, office, settings, visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from werkzeug.wrappers import Response

    from engine.desk import Actor, Office
    from engine.publishing.scenarios import ScenarioResult
    from engine.store.tables import ProcedureDraft

log = structlog.get_logger(__name__)
_KEY = "wenze_draft_checks"


@dataclass(slots=True)
class Progress:
    """A check that runs or ran in this process.

    Attributes:
        revision: Of the folder that is checked.
        total: How many scenarios there are.
        played: Those that were played, in order.
        is_over: The result is on record, or there is none.
        broken: Why there is none; empty for none.
    """

    revision: int
    total: int
    played: list[ScenarioResult] = field(default_factory=list)
    is_over: bool = False
    broken: str = ""


@pages.post("/<draft_id>/check")
def check(draft_id: str) -> Response:
    """Begin the whole check of a draft; its page shows how far it is."""
    row, files = ask(draft_files, draft_id)
    running = _all().get(draft_id)
    if row.state in OPEN and (running is None or running.is_over):
        begin_check(office(), visitor().actor, row, files, font_folders(settings()))
    return redirect(url_for("designer.scenarios", draft_id=draft_id))


@pages.get("/<draft_id>/check")
def checking(draft_id: str) -> str:
    """Show how far the check is; the part renews itself until it is over."""
    view = ask(draft_view, draft_id)
    return render_template(
        "designer/checking.html",
        draft=view.row,
        progress=progress_of(view.row),
        report=report_view(view.row.report, language()) if view.row.report else None,
    )


def progress_of(row: ProcedureDraft) -> Progress | None:
    """Return the check of a draft that this process runs or ran last."""
    return _all().get(row.id)


def begin_check(
    at: Office,
    actor: Actor,
    row: ProcedureDraft,
    files: dict[str, bytes],
    fonts: Sequence[Path] = (),
) -> threading.Thread:
    """Check a draft in a thread of its own; one draft after another.

    Scenarios play in memory and touch nothing of the office; only the report is kept in it.
    """
    progress = Progress(row.revision, 0)
    _all()[row.id] = progress
    work = partial(_report, row.procedure, files, fonts, progress)
    thread = threading.Thread(
        target=_run,
        args=(at, actor, row.id, progress, partial(_in_turn, _turn(), work)),
        daemon=True,
    )
    thread.start()
    return thread


def _in_turn(turn: threading.Lock, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    with turn:
        return work()


def _run(
    at: Office,
    actor: Actor,
    draft_id: str,
    progress: Progress,
    work: Callable[[], dict[str, Any]],
) -> None:
    """Check and keep the report; a door at which every exception is caught, as at a request's."""
    try:
        at.give(actor, keep_check, draft_id, revision=progress.revision, report=work())
    except Refusal as refusal:
        progress.broken = refusal.message_id
    except Exception as error:
        log.exception("draft.check_failed", draft=draft_id)
        progress.broken = type(error).__name__
    finally:
        progress.is_over = True


def _report(
    procedure: str, files: dict[str, bytes], fonts: Sequence[Path], progress: Progress
) -> dict[str, Any]:
    try:
        folder = assembled(procedure, files, SHARED)
        progress.total = len(scenario_paths(folder.scenarios))
        coverage = Coverage()
        report = check_folder(
            folder, fonts=fonts, report=progress.played.append, watch=coverage.note
        )
    except (FolderRefused, bpmn.DiagramRefused) as refused:
        return Report(procedure, "", findings_in(procedure, refused), (), ()).as_json()
    return {**report.as_json(), "taken": coverage.as_json()}


def _all() -> dict[str, Progress]:
    found: dict[str, Progress] = current_app.extensions.setdefault(_KEY, {})
    return found


def _turn() -> threading.Lock:
    found: threading.Lock = current_app.extensions.setdefault(f"{_KEY}_turn", threading.Lock())
    return found
