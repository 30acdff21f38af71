"""Add a file to a case."""

from __future__ import annotations

from engine.desk import Desk, Fact, Relation, Right
from engine.desk.file_types import media_type_of
from engine.errors import NotFound
from engine.store.tables import Attachment, WorkItemRow

NAME_LENGTH = 200


def add_attachment(
    desk: Desk, case_id: str, name: str, content: bytes, *, work_item_id: str | None = None
) -> Attachment:
    """Keep a file with a case, by the SHA-256 of its bytes.

    What is added to a confidential step is for the investigation only (SUP-016);
    what a subject or reporter adds is theirs to see.

    Raises:
        NotFound: There is no such case or item, or the actor may not know of it.
        NotAllowed: The actor may not add to this case.
        Refusal: The file is empty, too large, of no allowed type, or not what its name says.
    """
    case = desk.case(case_id, may=Right.FILE)
    name = name.replace("\\", "/").rpartition("/")[2].strip()[-NAME_LENGTH:] or "file"
    media_type = media_type_of(name, content)
    confidential = False
    if work_item_id is not None:
        item = desk.session.get(WorkItemRow, work_item_id)
        if item is None or item.case_id != case.id:
            raise NotFound(work_item_id)
        confidential = str(item.properties.get("confidential", "")).lower() == "true"
    relations = desk.standing(case).relations
    inside = bool(relations & {Relation.CANDIDATE, Relation.HANDLER})
    row = Attachment(
        authority_id=case.authority_id,
        case_id=case.id,
        work_item_id=work_item_id,
        name=name,
        media_type=media_type,
        size=len(content),
        digest=desk.office.files.put(content),
        investigation_only=confidential and inside,
        added_by=desk.actor.person_id,
        added_at=desk.now(),
    )
    desk.session.add(row)
    desk.record(
        case, Fact.ATTACHED, attachment=row.id, digest=row.digest, size=row.size, type=media_type
    )
    return row
