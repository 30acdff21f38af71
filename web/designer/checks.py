"""The whole check of a draft beside the pages: its progress, and its result on record."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
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
SILENT = timedelta(minutes=30)
"""After how long without a word a check is taken for ended with the process that ran it."""
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
    """How far a check is; written into a file, so that each process that serves pages can say so.

    Attributes:
        revision: Of the folder that is checked.
        total: How many scenarios there are.
        tables: The decision tables that were searched, in order.
        played: The scenarios that were played, in order.
        is_over: The result is on record, or there is none.
        broken: Why there is none; ``stopped`` where somebody stopped it; empty for none.
        at: When it last said something, ISO.
    """

    revision: int
    total: int = 0
    tables: list[Passed] = field(default_factory=list)
    played: list[Passed] = field(default_factory=list)
    is_over: bool = False
    broken: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """Where the progress of a draft's check is written, and read whether it is to stop."""

    home: Path
    draft_id: str

    @property
    def path(self) -> Path:
        """Return the file of the progress."""
        return self.home / f"{self.draft_id}.json"

    @property
    def stop(self) -> Path:
        """Return the file that says that it is to stop."""
        return self.home / f"{self.draft_id}.stop"

    def write(self, progress: Progress, at: Office) -> None:
        """Write how far it is.

        Raises:
            CheckStopped: It is to stop.
        """
        progress.at = at.clock.now().isoformat()
        self.home.mkdir(parents=True, exist_ok=True)
        partial_file = self.path.with_suffix(".part")
        partial_file.write_bytes(orjson.dumps(asdict(progress)))
        partial_file.replace(self.path)
        self.heed()

    def heed(self) -> None:
        """Raise where somebody has stopped the check.

        Raises:
            CheckStopped: It is to stop.
        """
        if self.stop.exists():
            raise CheckStopped

    def read(self) -> Progress | None:
        """Return the progress; None where the draft was not checked on this machine."""
        if not self.path.exists():
            return None
        found: dict[str, Any] = orjson.loads(self.path.read_bytes())
        tables = [Passed(**one) for one in found.pop("tables")]
        played = [Passed(**one) for one in found.pop("played")]
        return Progress(**found, tables=tables, played=played)


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
    """Return the check of a draft that runs on this machine or ran last."""
    found = _log_of(row.id).read()
    if found is not None and not found.is_over:
        since = office().clock.now() - SILENT
        if found.at < since.isoformat():
            found.is_over, found.broken = True, STOPPED
    return found


def stop_running(row: ProcedureDraft) -> None:
    """Let the check of a draft stop, where one runs on this machine."""
    running = progress_of(row)
    if running is not None and not running.is_over:
        _log_of(row.id).stop.touch()


def begin_check(
    at: Office,
    actor: Actor,
    row: ProcedureDraft,
    files: dict[str, bytes],
    fonts: Sequence[Path] = (),
) -> threading.Thread:
    """Check a draft in a thread of its own; one draft after another in each process.

    Scenarios play in memory and touch nothing of the office; only the report is kept in it.
    """
    progress, told = Progress(row.revision), _log_of(row.id)
    told.stop.unlink(missing_ok=True)
    told.write(progress, at)
    work = partial(_report, row.procedure, files, fonts, _Telling(progress, told, at))
    thread = threading.Thread(
        target=_run,
        args=(actor, row.id, _Telling(progress, told, at), partial(_in_turn, _turn(), work)),
        daemon=True,
    )
    thread.start()
    return thread


@dataclass(frozen=True, slots=True)
class _Telling:
    """Writes the progress as the check goes on, and ends it where it is to stop."""

    progress: Progress
    told: Log
    at: Office

    def total(self, scenarios: int) -> None:
        self.progress.total = scenarios
        self.told.write(self.progress, self.at)

    def table(self, one: TableReport) -> None:
        good = not one.overlaps and (one.declared or not one.gaps)
        self.progress.tables.append(Passed(one.decision, good))
        self.told.write(self.progress, self.at)

    def scenario(self, one: ScenarioResult) -> None:
        self.progress.played.append(Passed(one.id, one.passed))
        self.told.write(self.progress, self.at)


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
        telling.at.give(actor, keep_check, draft_id, revision=revision, report=work())
    except CheckStopped:
        progress.broken = STOPPED
    except Refusal as refusal:
        progress.broken = refusal.message_id
    except Exception as error:
        log.exception("draft.check_failed", draft=draft_id)
        progress.broken = type(error).__name__
    finally:
        progress.is_over = True
        telling.told.stop.unlink(missing_ok=True)
        telling.told.write(progress, telling.at)


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


def _log_of(draft_id: str) -> Log:
    return Log(settings().home / "checks", draft_id)


def _turn() -> threading.Lock:
    found: threading.Lock = current_app.extensions.setdefault(_TURN, threading.Lock())
    return found
