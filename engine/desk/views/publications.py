"""What the public reads: published to society and not withdrawn; nobody is logged in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.errors import NotFound
from engine.store.queries.conditions import holds
from engine.store.tables import AuthorityRow, Publication

PAGE = 20
SOCIETY, PUBLISHED = "society", "published"


@dataclass(frozen=True, slots=True)
class PublicLine:
    """A publication in the list."""

    id: str
    title: str
    authority: str
    published_at: datetime
    number: str


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page of the list, the newest first; `after` opens the next one, "" on the last."""

    lines: tuple[PublicLine, ...]
    after: str


@dataclass(frozen=True, slots=True)
class PublicText:
    """A publication as it is read.

    Attributes:
        sections: Of full disclosure: background, causes, procedure, result.
        procedure: The key of the procedure, for its title.
    """

    line: PublicLine
    text: str
    sections: dict[str, str]
    procedure: str


def public_list(desk: Desk, *, search: str = "", after: str = "") -> PublicPage:
    """Return what is published to society, the newest first.

    Args:
        desk: Of the platform: nobody is logged in, and nothing else is asked.
        search: In title, text and number.
        after: The `after` of the page before: an id.

    Source: S3 L59§20; SUP-008, SUP-009; procedures C16.
    """
    query = _open().order_by(Publication.published_at.desc(), Publication.id.desc())
    if search.strip():
        query = query.where(holds(search, Publication.title, Publication.text, Publication.number))
    before = desk.session.get(Publication, after) if after else None
    if before is not None:
        query = query.where(
            sa.or_(
                Publication.published_at < before.published_at,
                sa.and_(
                    Publication.published_at == before.published_at, Publication.id < before.id
                ),
            )
        )
    found = desk.session.execute(query.limit(PAGE + 1)).all()
    lines = tuple(_line(row, name) for row, name in found[:PAGE])
    return PublicPage(lines, lines[-1].id if len(found) > PAGE else "")


def public_text(desk: Desk, publication_id: str) -> PublicText:
    """Return one publication.

    Raises:
        NotFound: There is none, it was not published to society, or it was withdrawn: the
            three look the same.
    """
    found = desk.session.execute(_open().where(Publication.id == publication_id)).first()
    if found is None:
        raise NotFound(publication_id)
    row, name = found
    sections = {key: str(value) for key, value in row.sections.items()}
    return PublicText(_line(row, name), row.text, sections, row.procedure)


def _open() -> sa.Select[Publication, str]:
    return (
        sa.select(Publication, AuthorityRow.name)
        .join(AuthorityRow, AuthorityRow.id == Publication.authority_id)
        .where(Publication.scope == SOCIETY, Publication.state == PUBLISHED)
    )


def _line(row: Publication, authority: str) -> PublicLine:
    return PublicLine(row.id, row.title, authority, row.published_at, row.number)
