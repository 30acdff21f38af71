"""The whole check of a draft beside the pages: its progress, and its result on record."""

from __future__ import annotations

import secrets
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from flask import current_app, redirect, render_template, url_for

import bpmn
from engine.commands.drafts import keep_check
from engine.commands.watch_checks import (
    begin_watching,
    goes_on,
    progress_told,
    stop_watching,
    tell_progress,
)
from engine.desk.views.drafting import OPEN, draft_files, draft_view
from engine.errors import Refusal
from engine.publishing.checks import Report, check_folder
from engine.publishing.drawing.coverage import Coverage
from engine.publishing.folders import FolderRefused, assembled
from engine.publishing.scenarios import scenario_paths
from web.administration.checked import report_view
from web.designer.area import SHARED, findings_in, own, pages
from web.office import font_folders
from web.visiting import ask, language, office, settings, visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from werkzeug.wrappers import Response

    from engine.desk import Actor, Office
    from engine.publishing.checks.report import TableReport
    from engine.publishing.scenarios import ScenarioResult
    from engine.store.tables import ProcedureDraft

log = structlog.get_logger(__name__)
_TURN = "wenze_draft_checks_turn"
BETWEEN_LOOKS = 0.5
"""Seconds between two looks at whether the check is to stop, within one scenario."""
STOPPED = "stopped"


class CheckStopped(Exception):
    """Somebody has stopped the check."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A decision table that was searched, or a scenario that was played."""

    id: str
    passed: bool


@dataclass(slots=True)
class Progress:
    """How far a check is; told in the database, so that every node that serves pages can say so.

    Attributes:
        revision: Of the folder that is checked.
        total: How many scenarios there are.
        tables: The decision tables that were searched, in order.
        played: The scenarios that were played, in order.
        is_over: The result is on record, or there is none.
        broken: Why there is none; ``stopped`` where somebody stopped it; empty for none.
    """

    revision: int
    total: int = 0
    tables: list[Passed] = field(default_factory=list)
    played: list[Passed] = field(default_factory=list)
    is_over: bool = False
    broken: str = ""


@dataclass(slots=True)
class Log:
    """Where the progress of a draft's check is told, and read whether it is to stop.

    Attributes:
        office: Its database is what the nodes share.
        draft_id: Whose check.
        run: Which check of it.
        heeded: When it was last looked at whether to stop, on the machine's own monotonic clock.
    """

    office: Office
    draft_id: str
    run: str = ""
    heeded: float = 0.0

    def begin(self, progress: Progress) -> bool:
        """Say that the check begins; return whether it may: only one of a draft runs."""
        return begin_watching(self.office, self.draft_id, self.run, asdict(progress))

    def write(self, progress: Progress) -> None:
        """Say how far it is.

        Raises:
            CheckStopped: It is to stop.
        """
        told = asdict(progress)
        if not tell_progress(self.office, self.draft_id, self.run, told, is_over=progress.is_over):
            raise CheckStopped

    def heed(self) -> None:
        """Raise where somebody has stopped the check; the database is asked twice a second.

        Raises:
            CheckStopped: It is to stop.
        """
        now = time.monotonic()
        if now - self.heeded < BETWEEN_LOOKS:
            return
        self.heeded = now
        if not goes_on(self.office, self.draft_id, self.run):
            raise CheckStopped

    def read(self) -> Progress | None:
        """Return the progress of the check that runs or ran last; None where there was none."""
        found = progress_told(self.office, self.draft_id)
        if found is None:
            return None
        told = dict(found.told)
        tables = [Passed(**one) for one in told.pop("tables")]
        played = [Passed(**one) for one in told.pop("played")]
        progress = Progress(**told, tables=tables, played=played)
        if found.is_silent:
            progress.is_over, progress.broken = True, STOPPED
        return progress


@pages.post("/<draft_id>/check")
def check(draft_id: str) -> Response:
    """Begin the whole check of a draft; its page shows how far it is."""
    row, files = ask(draft_files, draft_id)
    running = progress_of(row)
    if row.state in OPEN and (running is None or running.is_over):
        begin_check(office(), visitor().actor, row, files, font_folders(settings()))
    return redirect(url_for("designer.scenarios", draft_id=draft_id))


@pages.post("/<draft_id>/check/stop")
def stop_check(draft_id: str) -> Response:
    """Stop the check that runs; what it has found so far is not kept."""
    stop_running(own(draft_id).row)
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
    """Return the check of a draft that runs or ran last, on whichever node."""
    return Log(office(), row.id).read()


def stop_running(row: ProcedureDraft) -> None:
    """Let the check of a draft stop, where one runs, on whichever node."""
    stop_watching(office(), row.id)


def begin_check(
    at: Office,
    actor: Actor,
    row: ProcedureDraft,
    files: dict[str, bytes],
    fonts: Sequence[Path] = (),
) -> threading.Thread | None:
    """Check a draft in a thread of its own; one draft after another in each process.

    Scenarios play in memory and touch nothing of the office; only the report is kept in it, and
    how far it is. None where a check of the draft runs already, on whichever node.
    """
    telling = _Telling(Progress(row.revision), Log(at, row.id, secrets.token_hex(8)))
    if not telling.told.begin(telling.progress):
        return None
    work = partial(_report, row.procedure, files, fonts, telling)
    thread = threading.Thread(
        target=_run,
        args=(actor, row.id, telling, partial(_in_turn, _turn(), work)),
        daemon=True,
    )
    thread.start()
    return thread


@dataclass(frozen=True, slots=True)
class _Telling:
    """Writes the progress as the check goes on, and ends it where it is to stop."""

    progress: Progress
    told: Log

    def total(self, scenarios: int) -> None:
        self.progress.total = scenarios
        self.told.write(self.progress)

    def table(self, one: TableReport) -> None:
        good = not one.overlaps and (one.declared or not one.gaps)
        self.progress.tables.append(Passed(one.decision, good))
        self.told.write(self.progress)

    def scenario(self, one: ScenarioResult) -> None:
        self.progress.played.append(Passed(one.id, one.passed))
        self.told.write(self.progress)


def _in_turn(turn: threading.Lock, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    with turn:
        return work()


def _run(
    actor: Actor, draft_id: str, telling: _Telling, work: Callable[[], dict[str, Any]]
) -> None:
    """Check and keep the report; a door at which every exception is caught, as at a request's."""
    progress = telling.progress
    try:
        revision = progress.revision
        telling.told.office.give(actor, keep_check, draft_id, revision=revision, report=work())
    except CheckStopped:
        progress.broken = STOPPED
    except Refusal as refusal:
        progress.broken = refusal.message_id
    except Exception as error:
        log.exception("draft.check_failed", draft=draft_id)
        progress.broken = type(error).__name__
    finally:
        progress.is_over = True
        with suppress(CheckStopped):
            telling.told.write(progress)


def _report(
    procedure: str, files: dict[str, bytes], fonts: Sequence[Path], telling: _Telling
) -> dict[str, Any]:
    try:
        folder = assembled(procedure, files, SHARED)
        telling.total(len(scenario_paths(folder.scenarios)))
        coverage = Coverage()

        def watch(trace: Sequence[bpmn.Trace]) -> None:
            telling.told.heed()
            coverage.note(trace)

        report = check_folder(
            folder, fonts=fonts, report=telling.scenario, watch=watch, table=telling.table
        )
    except (FolderRefused, bpmn.DiagramRefused) as refused:
        return Report(procedure, "", findings_in(procedure, refused), (), ()).as_json()
    return {**report.as_json(), "taken": coverage.as_json()}


def _turn() -> threading.Lock:
    found: threading.Lock = current_app.extensions.setdefault(_TURN, threading.Lock())
    return found
