"""Make what was ordered: the worker of the job `export`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.commands.exports import (
    FILE_PDF,
    FILE_ZIP,
    LEDGER,
    STATISTICS,
    fail_export,
    keep_export,
    note_export_progress,
    ordered,
)
from engine.desk import Actor, Desk, Office
from engine.desk.paper_bytes import paper_bytes
from engine.desk.views.counting import statistics
from engine.desk.views.dossier import Dossier, Paper, dossier
from engine.desk.views.figures import Statistics
from engine.desk.views.ledger import (
    LARGEST_PAGE,
    LedgerLine,
    ledger,
    ledger_total,
    read_choice,
)
from engine.documents.binding import Leaf, bind, layout
from engine.documents.packing import Packed, pack
from engine.documents.spreadsheet import MOST_ROWS, Cell, spreadsheet
from engine.errors import NotFound, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from engine.store.outbox import Job
    from engine.store.tables import Export

MOST_BYTES = 500_000_000
"""Of all papers of a file together."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a ledger says what it holds, in one language.

    Attributes:
        name: Of the sheet and the file.
        head: Title and width of each column, by its name.
        say: The words of a line's column.
        figures_name: Of the sheet of figures.
        figures_head: Title and width of its columns.
        figures: Its rows.
    """

    name: str
    head: Mapping[str, tuple[str, int]]
    say: Callable[[Desk, LedgerLine, str], Cell]
    figures_name: str
    figures_head: Sequence[tuple[str, int]]
    figures: Callable[[Statistics], Iterable[Sequence[Cell]]]


class Unwanted(Exception):
    """It was stopped while it was being made, or is too much."""


def run_export(
    office: Office, job: Job, wording: Callable[[str], AbstractContextManager[Wording]]
) -> None:
    """Make an export as whoever ordered it, and keep it.

    What is interrupted begins again; what was kept is not made twice.

    Args:
        office: Where.
        job: Of kind ``export``.
        wording: The words of a ledger in a language, zh or en; `web` has them.
    """
    found = ordered(office, str(job.payload["export"]))
    if found is None:
        return
    actor, row = found
    try:
        if row.kind == LEDGER:
            with wording(row.language) as words:
                content, name = _ledger(office, actor, row, words)
        elif row.kind == STATISTICS:
            with wording(row.language) as words:
                content, name = _statistics(office, actor, row, words)
        else:
            content, name = MAKERS[row.kind](office, actor, row)
    except (Refusal, NotFound, Unwanted):
        office.give(actor, fail_export, row.id)
        return
    digest = office.files.put(content)
    office.give(actor, keep_export, row.id, digest, len(content), name)


def _ledger(office: Office, actor: Actor, row: Export, wording: Wording) -> tuple[bytes, str]:
    choice = read_choice({key: str(value) for key, value in row.chosen.items()})
    total = office.ask(actor, ledger_total, choice)
    if total > MOST_ROWS:
        raise Unwanted

    def said(desk: Desk, line: LedgerLine) -> list[Cell]:
        return [wording.say(desk, line, column) for column in choice.columns]

    def page(desk: Desk, after: str) -> tuple[list[list[Cell]], str]:
        found = ledger(desk, choice, after=after, limit=LARGEST_PAGE)
        return [said(desk, line) for line in found.lines], found.after

    def rows() -> Iterator[list[Cell]]:
        after, done = "", 0
        while True:
            if not office.give(actor, note_export_progress, row.id, done, total):
                raise Unwanted
            lines, after = office.ask(actor, page, after)
            yield from lines
            done += len(lines)
            if not after:
                return

    head = [wording.head[column] for column in choice.columns]
    at = office.clock.now()
    content = spreadsheet(wording.name, head, rows(), made_at=at)
    return content, f"{wording.name}-{office.ask(actor, _today):%Y%m%d}.xlsx"


def _statistics(office: Office, actor: Actor, row: Export, wording: Wording) -> tuple[bytes, str]:
    since, until = (date.fromisoformat(str(row.chosen[name])) for name in ("since", "until"))
    found = office.ask(actor, statistics, since, until)
    content = spreadsheet(
        wording.figures_name,
        wording.figures_head,
        wording.figures(found),
        made_at=office.clock.now(),
    )
    return content, f"{wording.figures_name}-{since:%Y%m%d}-{until:%Y%m%d}.xlsx"


def _bound(office: Office, actor: Actor, row: Export) -> tuple[bytes, str]:
    file = office.ask(actor, dossier, str(row.case_id))
    at = office.clock.now()
    leaves = [Leaf("办理经过", _iso(file.made_at), content=_course(office, file, at))]
    for paper, content in _papers(office, actor, row, file):
        leaves.append(Leaf(paper.title, _iso(paper.day), paper.note, paper.media_type, content))
    made = bind(office.typesetter, file.front, leaves, at)
    return made.content, f"{file.name}.pdf"


def _packed(office: Office, actor: Actor, row: Export) -> tuple[bytes, str]:
    file = office.ask(actor, dossier, str(row.case_id))
    files = [Packed("办理经过.pdf", _course(office, file, office.clock.now()))]
    for paper, content in _papers(office, actor, row, file):
        if content:
            files.append(Packed(paper.name, content))
    return pack(files, made_at=file.made_at), f"{file.name}.zip"


def _papers(
    office: Office, actor: Actor, row: Export, file: Dossier
) -> Iterator[tuple[Paper, bytes]]:
    """Yield each paper with its bytes; progress is kept on the way."""
    size, total = 0, len(file.papers)
    for done, paper in enumerate(file.papers):
        if not office.give(actor, note_export_progress, row.id, done, total):
            raise Unwanted
        content = b""
        if paper.digest:
            content = office.ask(actor, paper_bytes, str(row.case_id), paper.digest)
        size += len(content)
        if size > MOST_BYTES:
            raise Unwanted
        yield paper, content


def _course(office: Office, file: Dossier, at: datetime) -> bytes:
    return office.typesetter.pdf(layout(), "course.typ", file.course, at)


def _iso(day: date | datetime) -> str:
    return day.strftime("%Y-%m-%d")


def _today(desk: Desk) -> date:
    return desk.today()


MAKERS: Mapping[str, Callable[[Office, Actor, Export], tuple[bytes, str]]] = {
    FILE_PDF: _bound,
    FILE_ZIP: _packed,
}
