"""Steps of a scenario that correct a served document (更正): drafted, issued, served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.commands.correct_document import (
    draft_correction,
    issue_correction,
    prepare_correction,
    serve_correction,
)
from engine.desk.papers import DRAFT, ISSUED, PREPARED, SERVED
from engine.publishing.scenarios.answering import sent
from engine.publishing.scenarios.results import StepFailed
from engine.publishing.scenarios.telling import failed
from engine.store.tables import DocumentRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.desk import Desk
    from engine.publishing.scenarios.playing import Run
    from engine.publishing.scenarios.steps import Operate


def correct(run: Run, step: Operate) -> None:
    """Draft the correction of a document, the newest of its key."""
    original = _document(run, step, _newest, "没有这份文书", "there is no such document")
    texts = {name: step.given[name] for name in ("wrong", "right", "reasons")}
    run.stage.office.give(run.stage.actor(step.by), draft_correction, original, **texts)


def issue(run: Run, step: Operate) -> None:
    """Prepare and issue the correction that waits for it."""
    found = _document(run, step, _to_issue, "没有待签发的更正", "no correction waits to be issued")
    actor = run.stage.actor(step.by, signed=step.given["signed"])
    prepare_correction(run.stage.office, actor, found)
    run.stage.office.give(actor, issue_correction, found)


def serve(run: Run, step: Operate) -> None:
    """Record how the issued correction reached the subject."""
    found = _document(run, step, _to_serve, "没有待送达的更正", "no correction waits to be served")
    answers = sent(step.given["answers"], None, run.stage.people, run.stage.today)
    run.stage.office.give(run.stage.actor(step.by), serve_correction, found, answers)


CORRECTIONS: Mapping[str, Callable[[Run, Operate], None]] = {
    "correct": correct,
    "issue_correction": issue,
    "serve_correction": serve,
}
"""What each verb does."""


def _document(
    run: Run, step: Operate, query: Callable[[Desk, str, str], str], zh: str, en: str
) -> str:
    found = run.stage.office.ask(run.stage.platform, query, run.case_id(step), step.on)
    if not found:
        raise StepFailed(failed(step, f"{step.on}：{zh}", f"{step.on}: {en}"))
    return found


def _newest(desk: Desk, case_id: str, key: str) -> str:
    """Return the newest document of a key, a served one first."""
    query = sa.select(DocumentRow.id).where(DocumentRow.case_id == case_id, DocumentRow.key == key)
    ordered = query.order_by((DocumentRow.state == SERVED).desc(), DocumentRow.drafted_at.desc())
    return desk.session.scalar(ordered.limit(1)) or ""


def _to_issue(desk: Desk, case_id: str, key: str) -> str:
    return _correction(desk, case_id, key, DRAFT, PREPARED)


def _to_serve(desk: Desk, case_id: str, key: str) -> str:
    return _correction(desk, case_id, key, ISSUED)


def _correction(desk: Desk, case_id: str, key: str, *states: str) -> str:
    """Return the newest correction of a document that is in one of these states."""
    originals = sa.select(DocumentRow.id).where(
        DocumentRow.case_id == case_id, DocumentRow.key == key
    )
    query = sa.select(DocumentRow.id).where(
        DocumentRow.corrects_id.in_(originals), DocumentRow.state.in_(states)
    )
    return desk.session.scalar(query.order_by(DocumentRow.drafted_at.desc()).limit(1)) or ""
