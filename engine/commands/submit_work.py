"""Complete a work item together with the files that its form took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.commands.add_attachment import add_attachment
from engine.commands.complete_work import complete_taken
from engine.desk import Desk
from engine.desk.working import item_and_case, take
from engine.store.tables import WorkItemRow

FILES = "files::"
"""How form-js refers to files that are sent beside the answers."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent; hostile until it is checked."""

    name: str
    content: bytes = field(repr=False)


def submit_work(
    desk: Desk,
    work_item_id: str,
    answers: Mapping[str, Any],
    files: Mapping[str, Sequence[Upload]],
    *,
    proof: str = "",
) -> WorkItemRow:
    """Attach the files and complete the work item, in one transaction.

    Args:
        desk: Of whoever may do it.
        work_item_id: The item.
        answers: To its form; a reference ``files::…`` stands for the files under it.
        files: By that reference.
        proof: What proves a day before today.

    Raises:
        Refusal: As `complete_work` and `add_attachment` say; then nothing is attached.
    """
    case, item = item_and_case(desk, work_item_id)
    take(desk, case, item, is_ending=True)
    kept = {
        reference: [
            add_attachment(desk, case.id, one.name, one.content, work_item_id=item.id).id
            for one in uploads
        ]
        for reference, uploads in files.items()
    }
    return complete_taken(desk, case, item, filled(answers, kept), proof=proof)


def filled(answers: Mapping[str, Any], kept: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return answers with each reference to files replaced by what was kept of them.

    A reference without files becomes an empty list.
    """
    return {key: _filled(value, kept) for key, value in answers.items()}


def _filled(value: Any, kept: Mapping[str, Sequence[str]]) -> Any:
    if isinstance(value, str) and value.startswith(FILES):
        return list(kept.get(value, ()))
    if isinstance(value, Mapping):
        return {key: _filled(one, kept) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, kept) for one in value]
    return value
