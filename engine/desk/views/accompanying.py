"""What goes with work, as its pages show it: copies, comments, own notes, filters, batches."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.holders import names_of, people_in_role
from engine.desk.reported import may_read
from engine.desk.rights import Relation, Right, permits
from engine.desk.standing import principals_on
from engine.desk.views.seeing import seen
from engine.errors import NotFound
from engine.store.tables import (
    Attachment,
    Batch,
    BatchItem,
    CaseRow,
    CommentRow,
    CopyRow,
    Interference,
    OwnNote,
    SavedFilter,
    Suspension,
)

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class CopyView:
    """A copy: of which case, from or to whom, read when; `name` is of the other side."""

    id: str
    case_id: str
    case_number: str
    case_title: str
    name: str
    note: str
    sent_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment with the names of whoever it mentions and its files."""

    id: str
    text: str
    by: str
    at: datetime
    mentions: tuple[str, ...]
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class NoteView:
    """What the reader keeps about a case."""

    case_id: str
    case_number: str
    case_title: str
    status: str
    watched: bool
    tags: tuple[str, ...]
    follow_up_on: date | None
    follow_up: str


@dataclass(frozen=True, slots=True)
class SuspensionView:
    """A suspension with the names of whoever asked and decided."""

    row: Suspension
    requested_by: str
    decided_by: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Companions:
    """What goes with one case.

    Attributes:
        own_copy: What was copied to the reader, whoever sees the file; None if nothing.
        comments: Oldest first; none for whoever does not see the file.
        note: The reader's own, or None.
    """

    case: CaseRow
    sees_file: bool
    copies: tuple[CopyView, ...]
    own_copy: CopyView | None
    comments: tuple[CommentView, ...]
    note: NoteView | None
    suspensions: tuple[SuspensionView, ...]


@dataclass(frozen=True, slots=True)
class FilterView:
    """A named filter of a list; `owner` shared it if it is not the reader's own."""

    id: str
    name: str
    chosen: Mapping[str, str]
    role: str
    owner: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class InterferenceView:
    """An entry of the register of interference, with the names of its people."""

    row: Interference
    recorded_by: str
    acknowledged_by: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch with what came of each item, in order."""

    row: Batch
    items: tuple[BatchItem, ...]


def companions(desk: Desk, case_id: str) -> Companions:
    """Return what goes with a case, for whoever may see it.

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    case = seen(desk, case_id, (Right.SEE,))
    sees_file = permits(Right.SEE_FILE, desk.standing(case).relations)
    note = desk.session.get(OwnNote, (desk.actor.person_id, case.id))
    return Companions(
        case=case,
        sees_file=sees_file,
        copies=_copies(desk, case) if sees_file else (),
        own_copy=next(iter(_copies(desk, case, desk.actor.person_id)), None),
        comments=_comments(desk, case) if sees_file else (),
        note=note_view(note, case) if note is not None else None,
        suspensions=_suspensions(desk, case),
    )


def follow_ups(desk: Desk) -> tuple[NoteView, ...]:
    """Return what the actor wanted to look at again by today."""
    rows = _notes(desk, OwnNote.follow_up_on <= desk.today())
    return tuple(note_view(note, case) for note, case in rows)


def saved_filters(desk: Desk, of: str = "inbox") -> tuple[FilterView, ...]:
    """Return the actor's filters of a list, and those shared with a role that the actor holds."""
    me = desk.actor.person_id
    rows = desk.session.scalars(
        sa.select(SavedFilter)
        .where(
            SavedFilter.authority_id == desk.actor.authority_id,
            SavedFilter.of == of,
            sa.or_(
                SavedFilter.owner_id == me,
                SavedFilter.role.in_(sorted(desk.roles_held() - {""})),
            ),
        )
        .order_by(SavedFilter.name, SavedFilter.id)
    ).all()
    names = names_of(desk, [row.owner_id for row in rows])
    return tuple(
        FilterView(
            row.id,
            row.name,
            {key: str(value) for key, value in row.chosen.items()},
            row.role,
            names.get(row.owner_id, ""),
            is_own=row.owner_id == me,
        )
        for row in rows
    )


def interferences(desk: Desk) -> tuple[InterferenceView, ...]:
    """Return the register for a supervision officer; for anybody else, one's own entries.

    Source: SUP-012.
    """
    query = sa.select(Interference).where(Interference.authority_id == desk.actor.authority_id)
    if Relation.SUPERVISION.value not in desk.roles_held():
        query = query.where(Interference.recorded_by == desk.actor.person_id)
    rows = desk.session.scalars(
        query.order_by(Interference.recorded_at.desc(), Interference.id.desc()).limit(MOST_LISTED)
    ).all()
    names = names_of(
        desk, [one for row in rows for one in (row.recorded_by, row.acknowledged_by) if one]
    )
    return tuple(
        InterferenceView(
            row,
            names.get(row.recorded_by, ""),
            names.get(row.acknowledged_by or "", ""),
            is_own=row.recorded_by == desk.actor.person_id,
        )
        for row in rows
    )


def batches(desk: Desk) -> tuple[Batch, ...]:
    """Return the batches that the actor has ordered, the newest first."""
    return tuple(
        desk.session.scalars(
            sa.select(Batch)
            .where(Batch.ordered_by == desk.actor.person_id)
            .order_by(Batch.ordered_at.desc(), Batch.id.desc())
            .limit(MOST_LISTED)
        )
    )


def batch_view(desk: Desk, batch_id: str) -> BatchView:
    """Return a batch of the actor's own with its items.

    Raises:
        NotFound: The actor ordered none such.
    """
    row = desk.session.get(Batch, batch_id)
    if row is None or row.ordered_by != desk.actor.person_id:
        raise NotFound(batch_id)
    items = desk.session.scalars(
        sa.select(BatchItem).where(BatchItem.batch_id == row.id).order_by(BatchItem.number)
    )
    return BatchView(row, tuple(items))


def _notes(desk: Desk, which: sa.ColumnElement[bool]) -> list[tuple[OwnNote, CaseRow]]:
    rows = desk.session.execute(
        sa.select(OwnNote, CaseRow)
        .join(CaseRow, CaseRow.id == OwnNote.case_id)
        .where(OwnNote.person_id == desk.actor.person_id, which)
        .order_by(OwnNote.follow_up_on.is_(None), OwnNote.follow_up_on, CaseRow.number)
        .limit(MOST_LISTED)
    ).all()
    return [(note, case) for note, case in rows if case_is_seen(desk, case)]


def case_is_seen(desk: Desk, case: CaseRow) -> bool:
    """Return whether the actor may see a case now, and no recusal bars it."""
    standing = desk.standing(case)
    return not standing.recusal and permits(Right.SEE, standing.relations)


def note_view(note: OwnNote, case: CaseRow) -> NoteView:
    """Return what somebody keeps about a case, with the case."""
    return NoteView(
        case.id,
        case.number,
        case.title,
        case.status,
        note.watched_at is not None,
        tuple(note.tags),
        note.follow_up_on,
        note.follow_up,
    )


def _copy(copy: CopyRow, case: CaseRow, name: str) -> CopyView:
    return CopyView(
        copy.id, case.id, case.number, case.title, name, copy.note, copy.sent_at, copy.read_at
    )


def _copies(desk: Desk, case: CaseRow, person_id: str = "") -> tuple[CopyView, ...]:
    """Return the copies of a case; only a person's if one is named."""
    query = sa.select(CopyRow).where(CopyRow.case_id == case.id)
    if person_id:
        query = query.where(CopyRow.person_id == person_id)
    rows = desk.session.scalars(query.order_by(CopyRow.sent_at, CopyRow.id)).all()
    names = names_of(desk, [row.person_id for row in rows])
    return tuple(_copy(row, case, names.get(row.person_id, "")) for row in rows)


def _comments(desk: Desk, case: CaseRow) -> tuple[CommentView, ...]:
    rows = desk.session.scalars(
        sa.select(CommentRow)
        .where(CommentRow.case_id == case.id)
        .order_by(CommentRow.made_at, CommentRow.id)
    ).all()
    names = names_of(desk, [one for row in rows for one in (row.made_by, *row.mentions)])
    files = _files(desk, [one for row in rows for one in row.attachments])
    return tuple(
        CommentView(
            row.id,
            row.text,
            names.get(row.made_by, ""),
            row.made_at,
            tuple(names.get(one, "") for one in row.mentions),
            tuple(files[one] for one in row.attachments if one in files),
        )
        for row in rows
    )


def _files(desk: Desk, ids: Collection[str]) -> dict[str, Attachment]:
    rows = desk.session.scalars(sa.select(Attachment).where(Attachment.id.in_(set(ids))))
    return {row.id: row for row in rows}


def _suspensions(desk: Desk, case: CaseRow) -> tuple[SuspensionView, ...]:
    rows = desk.session.scalars(
        sa.select(Suspension)
        .where(Suspension.case_id == case.id)
        .order_by(Suspension.requested_at.desc())
    ).all()
    names = names_of(
        desk, [one for row in rows for one in (row.requested_by, row.decided_by) if one]
    )
    return tuple(
        SuspensionView(
            row,
            names.get(row.requested_by, ""),
            names.get(row.decided_by or "", ""),
            is_own=row.requested_by == desk.actor.person_id,
        )
        for row in rows
    )


def readers_of(desk: Desk, case_id: str, right: Right) -> dict[str, str]:
    """Return the people of the case's roles who have a right to it, but the actor: names by id.

    Who may be sent a copy, or mentioned in a comment.

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    case = seen(desk, case_id, (Right.SEE_FILE,))
    people = {
        person
        for role in desk.version(case).rules.roles.values()
        if not role.outside
        for person in people_in_role(desk, case, str(role.key))
    }
    names = names_of(desk, people - {desk.actor.person_id})
    fit = {one: name for one, name in names.items() if may_read(desk, case, one, right)}
    return dict(sorted(fit.items(), key=lambda pair: pair[1]))


def roles_titled(desk: Desk) -> dict[str, str]:
    """Return the roles that the actor holds today, with the title of the post that gives each."""
    _, posts = principals_on(desk.session, desk.actor.person_id, desk.today())
    return {
        post.role: post.title or post.role
        for post in posts
        if post.authority_id == desk.actor.authority_id
    }
