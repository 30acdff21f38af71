"""File something together with the files that its form took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.commands.add_attachment import add_attachment
from engine.commands.file import file
from engine.commands.filing_drafts import forget_draft
from engine.commands.submit_work import Upload, filled
from engine.desk import Desk
from engine.store.tables import Answers


def submit_filing(
    desk: Desk,
    case_id: str,
    key: str,
    answers: Mapping[str, Any],
    files: Mapping[str, Sequence[Upload]],
    *,
    happened_on: date | None = None,
    proof: str = "",
    filed_for: str = "",
) -> Answers:
    """Attach the files and file `key`, in one transaction.

    Args:
        desk: Of the person, or of an officer who files on paper.
        case_id: The case.
        key: Of the procedure's `filings`.
        answers: To its form; a reference ``files::…`` stands for the files under it.
        files: By that reference.
        happened_on: As `file` says.
        proof: As `file` says.
        filed_for: As `file` says.

    Raises:
        NotFound, Refusal: As `file` and `add_attachment` say; then nothing is attached.
    """
    kept = {
        reference: [add_attachment(desk, case_id, one.name, one.content).id for one in uploads]
        for reference, uploads in files.items()
    }
    filed = file(
        desk,
        case_id,
        key,
        filled(answers, kept),
        happened_on=happened_on,
        proof=proof,
        filed_for=filed_for,
    )
    forget_draft(desk, case_id, key)
    return filed
