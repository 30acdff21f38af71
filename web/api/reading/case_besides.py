"""What goes with a case besides its steps: its diagrams, and who else reads it."""

from __future__ import annotations

from engine.desk import Desk
from engine.desk.rights import Right
from engine.desk.views import case_view
from engine.desk.views.accompanying import readers_of
from engine.errors import NotFound
from web.cases.diagrams import source_of

XML = "application/xml"


def case_diagram(desk: Desk, case_id: str, process: str) -> tuple[str, bytes]:
    """Return a diagram of the case's version as it was drawn.

    Raises:
        NotFound: There is no such case for the reader, or no such process in it.
        Recused, NotAllowed: As `case_view` says.
    """
    source = source_of(case_view(desk, case_id), process)
    if source is None:
        raise NotFound(process)
    return XML, source


def case_readers(desk: Desk, case_id: str, *, of_file: bool = False) -> dict[str, str]:
    """Return who may be sent a copy, or mentioned in a comment: names by id.

    Args:
        desk: Of somebody who sees the case's file.
        case_id: The case.
        of_file: Only those who see its file, whom a comment may mention.

    Raises:
        NotFound, Recused, NotAllowed: As `readers_of` says.
    """
    return readers_of(desk, case_id, Right.SEE_FILE if of_file else Right.SEE)
