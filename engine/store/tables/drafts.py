"""Procedures that are being drawn: drafts, with every revision of their files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Content, Id, Key, Line, Record, new_id


class ProcedureDraft(Record):
    """A folder that somebody draws, before it is a version.

    Attributes:
        procedure: The folder's name and process id.
        origin: Where it came from: ``empty``, ``copy:…``, ``import``, ``wizard``, ``modeler``.
        state: ``draft``, ``checked`` (its report is of this very revision and passed),
            ``submitted`` (it has become a version, which somebody else approves) or
            ``discarded``.
        revision: Counts the changes of the folder, from 1.
        report: What its last check gave.
        checked_revision: The revision that was checked; 0 for none.
        version_id: The version that it became.
    """

    __tablename__ = "procedure_draft"
    __table_args__ = (
        Index(
            "ix_draft_open",
            "authority_id",
            "procedure",
            unique=True,
            sqlite_where=text("state IN ('draft', 'checked')"),
            postgresql_where=text("state IN ('draft', 'checked')"),
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    procedure: Mapped[Key]
    title: Mapped[Line]
    origin: Mapped[Line]
    state: Mapped[Key] = mapped_column(default="draft")
    revision: Mapped[int] = mapped_column(default=1)
    report: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    checked_revision: Mapped[int] = mapped_column(default=0)
    version_id: Mapped[Id | None] = mapped_column(ForeignKey("procedure_version.id"), default=None)
    created_by: Mapped[Id]
    created_at: Mapped[datetime]
    changed_by: Mapped[Id]
    changed_at: Mapped[datetime]


class DraftFile(Record):
    """One revision of one file of a draft; the newest of a path is the file.

    Attributes:
        path: Below the folder, such as ``forms/report.form``.
        number: 1, 2, 3 … of this path; what an editor saves names the number that it read.
        is_removed: The file was removed by this revision; `content` is empty.
        restored: The number whose content this revision brought back; 0 for none.
    """

    __tablename__ = "procedure_draft_file"
    __table_args__ = (UniqueConstraint("draft_id", "path", "number"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    draft_id: Mapped[Id] = mapped_column(ForeignKey("procedure_draft.id"))
    path: Mapped[Line]
    number: Mapped[int]
    content: Mapped[Content] = mapped_column(deferred=True, repr=False)
    size: Mapped[int]
    digest: Mapped[Key]
    is_removed: Mapped[bool] = mapped_column(default=False)
    restored: Mapped[int] = mapped_column(default=0)
    saved_by: Mapped[Id]
    saved_at: Mapped[datetime]


class DraftCheck(Record):
    """How far the check of a draft is that runs or ran last, for the pages of every node.

    Attributes:
        run: Names this check of the draft; one that was overtaken says no more.
        told: What it said last, as the pages show it.
        said_at: When.
        is_over: It has ended; its result is with the draft.
        is_stopping: Somebody has stopped it, perhaps at another node.
    """

    __tablename__ = "procedure_draft_check"
    __table_args__ = (Index("ix_draft_check_said", "is_over", "said_at"),)

    draft_id: Mapped[Id] = mapped_column(ForeignKey("procedure_draft.id"), primary_key=True)
    run: Mapped[Key]
    told: Mapped[dict[str, object]]
    said_at: Mapped[datetime]
    is_over: Mapped[bool] = mapped_column(default=False)
    is_stopping: Mapped[bool] = mapped_column(default=False)


class DraftRehearsal(Record):
    """On which node a draft is being rehearsed: its files lie in that node's home.

    Attributes:
        run: Which rehearsal; the files say the same.
        place: The node's name, for people.
    """

    __tablename__ = "procedure_draft_rehearsal"

    draft_id: Mapped[Id] = mapped_column(ForeignKey("procedure_draft.id"), primary_key=True)
    run: Mapped[Key]
    place: Mapped[Line]
    began_at: Mapped[datetime]
