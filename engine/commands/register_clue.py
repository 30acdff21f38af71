"""Register a clue together with the files that came with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.commands.add_attachment import add_attachment
from engine.commands.open_case import open_case
from engine.commands.submit_work import Upload, filled
from engine.desk import Desk
from engine.store.tables import CaseRow


def register_clue(
    desk: Desk, procedure: str, answers: Mapping[str, Any], files: Mapping[str, Sequence[Upload]]
) -> CaseRow:
    """Open a case and attach the files of its start form, in one transaction.

    The answers name the files, since the case has none before it is open.

    Raises:
        Refusal: As `open_case` and `add_attachment` say; then there is no case.
    """
    names = {reference: [one.name for one in uploads] for reference, uploads in files.items()}
    case = open_case(desk, procedure, filled(answers, names))
    for uploads in files.values():
        for one in uploads:
            add_attachment(desk, case.id, one.name, one.content)
    return case
