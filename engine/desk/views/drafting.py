"""Drafts of procedures as their designers see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from engine.desk.desk import Desk
from engine.desk.holders import names_of
from engine.desk.views.published import must_design, own_version
from engine.errors import NotFound
from engine.store.tables import DraftFile, ProcedureDraft, ProcedureFile, VersionRow

OPEN = ("draft", "checked")
"""States in which a draft is worked on."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of a draft as it stands.

    Attributes:
        path: Below the folder.
        number: Its newest revision, from 1.
        size: In bytes.
        saved_by: The name of who saved it last.
    """

    path: str
    number: int
    size: int
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A revision of a file: what happened, by whom and when."""

    number: int
    size: int
    is_removed: bool
    restored: int
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft for its page.

    Attributes:
        files: Those that are there now, by path.
        version: The version that it became; None before.
        names: Of who began it and who changed it last, by id.
    """

    row: ProcedureDraft
    files: tuple[FileLine, ...]
    version: VersionRow | None
    names: Mapping[str, str]

    def file(self, path: str) -> FileLine | None:
        """Return the line of a file, or None where the draft has none of this path."""
        return next((one for one in self.files if one.path == path), None)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in the list, with who changed it last and the version that it became."""

    row: ProcedureDraft
    changed_by: str
    version: VersionRow | None


def drafts(desk: Desk) -> tuple[DraftLine, ...]:
    """Return the authority's drafts that are not discarded, those changed last first.

    What was submitted and then approved or refused is a version, and no longer listed.

    Raises:
        NotAllowed: The actor neither designs procedures nor administers the platform.
    """
    must_design(desk)
    found = desk.session.execute(
        sa.select(ProcedureDraft, VersionRow)
        .outerjoin(VersionRow, VersionRow.id == ProcedureDraft.version_id)
        .where(
            ProcedureDraft.authority_id == desk.actor.authority_id,
            sa.or_(
                ProcedureDraft.state.in_(OPEN),
                sa.and_(ProcedureDraft.state == "submitted", VersionRow.state == "draft"),
            ),
        )
        .order_by(ProcedureDraft.changed_at.desc(), ProcedureDraft.id.desc())
    ).all()
    names = names_of(desk, [row.changed_by for row, _ in found])
    return tuple(DraftLine(row, names.get(row.changed_by, ""), version) for row, version in found)


def draft_view(desk: Desk, draft_id: str) -> DraftView:
    """Return a draft with its files.

    Raises:
        NotAllowed: As `drafts` says.
        NotFound: There is none at the actor's authority.
    """
    row = own_draft(desk, draft_id)
    newest = newest_files(desk, draft_id)
    people = {row.created_by, row.changed_by, *(one.saved_by for one in newest)}
    names = names_of(desk, list(people))
    return DraftView(
        row=row,
        files=tuple(
            FileLine(one.path, one.number, one.size, names.get(one.saved_by, ""), one.saved_at)
            for one in newest
            if not one.is_removed
        ),
        version=desk.session.get(VersionRow, row.version_id) if row.version_id else None,
        names=names,
    )


def draft_files(desk: Desk, draft_id: str) -> tuple[ProcedureDraft, dict[str, bytes]]:
    """Return a draft with the bytes of all its files, by path below its folder.

    Raises:
        NotAllowed, NotFound: As `draft_view` says.
    """
    row = own_draft(desk, draft_id)
    found = newest_files(desk, draft_id, with_content=True)
    return row, {one.path: one.content for one in found if not one.is_removed}


def version_files(desk: Desk, version_id: str) -> tuple[VersionRow, dict[str, bytes]]:
    """Return a version with its own files, scenarios among them, by path below its folder.

    Raises:
        NotAllowed: As `drafts` says.
        NotFound: There is no such version at the actor's authority.
    """
    row = own_version(desk, version_id)
    paths: dict[str, str] = {}
    for part in ("files", "scenarios"):
        paths |= cast("Mapping[str, str]", row.manifest.get(part) or {})
    prefix = f"{row.procedure}/"
    own = {path: digest for path, digest in paths.items() if path.startswith(prefix)}
    contents = {
        one.digest: one.content
        for one in desk.session.scalars(
            sa.select(ProcedureFile).where(ProcedureFile.digest.in_(set(own.values())))
        )
    }
    return row, {path.removeprefix(prefix): contents[digest] for path, digest in own.items()}


def draft_file(desk: Desk, draft_id: str, path: str, number: int = 0) -> DraftFile:
    """Return a file of a draft: its newest revision, or one of before.

    Raises:
        NotAllowed: As `drafts` says.
        NotFound: There is no such draft, file or revision.
    """
    own_draft(desk, draft_id)
    query = (
        sa.select(DraftFile)
        .options(undefer(DraftFile.content))
        .where(DraftFile.draft_id == draft_id, DraftFile.path == path)
        .order_by(DraftFile.number.desc())
        .limit(1)
    )
    found = desk.session.scalar(query.where(DraftFile.number == number) if number else query)
    if found is None or found.is_removed:
        raise NotFound(path)
    return found


def revisions(desk: Desk, draft_id: str, path: str) -> tuple[RevisionLine, ...]:
    """Return the kept revisions of a file, the newest first.

    Raises:
        NotAllowed, NotFound: As `draft_file` says.
    """
    own_draft(desk, draft_id)
    rows = list(
        desk.session.scalars(
            sa.select(DraftFile)
            .where(DraftFile.draft_id == draft_id, DraftFile.path == path)
            .order_by(DraftFile.number.desc())
        )
    )
    if not rows:
        raise NotFound(path)
    names = names_of(desk, [one.saved_by for one in rows])
    return tuple(
        RevisionLine(
            one.number,
            one.size,
            one.is_removed,
            one.restored,
            names.get(one.saved_by, ""),
            one.saved_at,
        )
        for one in rows
    )


def own_draft(desk: Desk, draft_id: str) -> ProcedureDraft:
    """Return a draft of the actor's authority.

    Raises:
        NotAllowed: As `drafts` says.
        NotFound: There is none.
    """
    must_design(desk)
    row = desk.session.get(ProcedureDraft, draft_id)
    if row is None or row.authority_id != desk.actor.authority_id:
        raise NotFound(draft_id)
    return row


def newest_files(desk: Desk, draft_id: str, *, with_content: bool = False) -> list[DraftFile]:
    """Return the newest revision of each path, by path; removed ones too."""
    newest = (
        sa.select(DraftFile.path, sa.func.max(DraftFile.number).label("number"))
        .where(DraftFile.draft_id == draft_id)
        .group_by(DraftFile.path)
        .subquery()
    )
    query = (
        sa.select(DraftFile)
        .join(newest, sa.and_(newest.c.path == DraftFile.path, newest.c.number == DraftFile.number))
        .where(DraftFile.draft_id == draft_id)
        .order_by(DraftFile.path)
    )
    if with_content:
        query = query.options(undefer(DraftFile.content))
    return list(desk.session.scalars(query))
