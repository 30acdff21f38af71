"""Comment on a case, among those who see its file; mention somebody, attach files."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from engine.commands.add_attachment import add_attachment
from engine.commands.submit_work import Upload
from engine.desk import Desk, Fact, Right
from engine.desk.holders import names_of
from engine.desk.notices import tell
from engine.desk.reported import may_read
from engine.errors import Refusal
from engine.store import record
from engine.store.tables import CommentRow, OwnNote

LONGEST = 4_000
MOST_MENTIONS = 20
MOST_FILES = 10
SOURCE = "SUP-016"


def comment_case(
    desk: Desk,
    case_id: str,
    text: str,
    *,
    mentions: Collection[str] = (),
    files: Sequence[Upload] = (),
) -> CommentRow:
    """Write a comment; whoever is mentioned, or watches the case, is told in the application.

    Nobody can be mentioned into a file that they may not see. A comment is never edited. The
    record keeps its digest, not its words.

    Raises:
        NotFound: No such case for the actor.
        NotAllowed, Recused: The actor does not see the file.
        Refusal: It is empty or too long, mentions somebody who may not see the file, or a file
            is not taken.

    Source: SUP-016; operations; proposed.
    """
    case = desk.case(case_id, may=Right.SEE_FILE)
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise Refusal("comment.length", most=LONGEST)
    named = sorted(set(mentions) - {desk.actor.person_id})
    if len(named) > MOST_MENTIONS or len(files) > MOST_FILES:
        raise Refusal("comment.too_many", most=MOST_MENTIONS, files=MOST_FILES)
    names = names_of(desk, named)
    for person_id in named:
        if person_id not in names or not may_read(desk, case, person_id, Right.SEE_FILE):
            raise Refusal(
                "comment.may_not_see", rule=SOURCE, name=names.get(person_id, ""), case=case.number
            )
    added = [add_attachment(desk, case.id, one.name, one.content) for one in files]
    row = CommentRow(
        authority_id=case.authority_id,
        case_id=case.id,
        text=words,
        mentions=named,
        attachments=[one.id for one in added],
        made_by=desk.actor.person_id,
        made_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    row.salt, digest = record.seal({"text": words})
    desk.record(case, Fact.COMMENTED, comment=row.id, digest=digest, mentions=named)
    tell(desk, case, named, "comment.mentioned")
    watching = desk.session.scalars(
        sa.select(OwnNote.person_id).where(
            OwnNote.case_id == case.id, OwnNote.watched_at.is_not(None)
        )
    )
    others = set(watching) - set(named) - {desk.actor.person_id}
    tell(
        desk,
        case,
        [one for one in others if may_read(desk, case, one, Right.SEE_FILE)],
        "watched.changed",
    )
    return row
