"""Reports of the public, as the programs of who receives them read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.commands.reports import read_report
from engine.desk import Desk
from engine.desk.reports import SaidFile
from engine.store.tables import Report


@dataclass(frozen=True, slots=True)
class Message:
    """Something that was said; `is_question` is what the office asked."""

    text: str
    is_question: bool
    files: tuple[SaidFile, ...]
    said_at: datetime


@dataclass(frozen=True, slots=True)
class WholeReport:
    """A report with everything that was said; who wrote it is never among it."""

    row: Report
    messages: tuple[Message, ...]


def whole_report(desk: Desk, report_id: str) -> WholeReport:
    """Return a report with what was said; the look is recorded.

    Raises:
        NotFound, NotAllowed: As `read_report` says.
    """
    row, said = read_report(desk, report_id)
    return WholeReport(
        row,
        tuple(Message(one.text, one.by_id is not None, one.files, one.said_at) for one in said),
    )
