"""What the search finds: entries kept with what they tell of, and found by their words.

One function asks, on SQLite by FTS5 over trigrams, on PostgreSQL by trigrams in GIN. Words of
one or two characters, which trigrams do not know, are looked for by LIKE.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine.store.prepared import Prepared
from engine.store.queries.conditions import holds
from engine.store.queries.keyset import beyond
from engine.store.search_index import WORDS
from engine.store.tables import SearchEntry
from engine.store.waiting import later

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

CASE, DOCUMENT, PERSON = "case", "document", "person"
KINDS = (CASE, DOCUMENT, PERSON)
TRIGRAM = 3
MOST_TERMS = 6
LONGEST_TERM = 60
LONGEST_BODY = 20_000

_ENTRIES = cast("sa.Table", SearchEntry.__table__)
_ADD = Prepared(sa.insert(_ENTRIES).inline())  # nobody asks for the number
_FORGET = Prepared(
    sa.delete(_ENTRIES).where(
        _ENTRIES.c.kind == sa.bindparam("of_kind"), _ENTRIES.c.ref == sa.bindparam("of_ref")
    )
)


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found.

    Attributes:
        number: Of the entry within the index; the order of a page hangs on it.
        body: Empty where the reader may not see the file.
    """

    number: int
    kind: str
    ref: str
    case_id: str
    words: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Within:
    """What a reader may find, as conditions on `SearchEntry`.

    Attributes:
        known: Entries whose words the reader may find.
        open: Those of them whose body the reader may find as well.
    """

    known: sa.ColumnElement[bool]
    open: sa.ColumnElement[bool]


def keep(
    session: Session,
    kind: str,
    ref: str,
    *,
    authority_id: str,
    words: str,
    at: datetime,
    case_id: str | None = None,
    body: str = "",
) -> None:
    """Let something be found by these words from this transaction's commit on.

    Args:
        session: Of the command.
        kind: ``case``, ``document`` or ``person``.
        ref: The id of the thing; what it was found by before is forgotten.
        authority_id: Whose it is.
        words: For everybody who may know of it.
        at: Its date; the newest is found first.
        case_id: The case that it belongs to.
        body: For those who may see the case's file; the first 20,000 characters count.
    """
    forget(session, kind, ref)
    entry = {
        "authority_id": authority_id,
        "kind": kind,
        "ref": ref,
        "case_id": case_id,
        "words": plain(words),
        "body": plain(body)[:LONGEST_BODY],
        "at": at,
    }
    later(session, _ADD, entry)


def forget(session: Session, kind: str, ref: str) -> None:
    """Let something be found no more, from this transaction's commit on; see `keep`."""
    later(session, _FORGET, {"of_kind": kind, "of_ref": ref})


def forget_gone(session: Session, kind: str, there: sa.Select[Any]) -> None:
    """Forget the entries of a kind whose things are not there any more.

    Args:
        session: Of the command.
        kind: ``case``, ``document`` or ``person``.
        there: The query of the ids that are to be found.
    """
    session.execute(
        sa.delete(_ENTRIES).where(_ENTRIES.c.kind == kind, _ENTRIES.c.ref.not_in(there))
    )


def terms_of(query: str) -> tuple[str, ...]:
    """Return the words that a query asks for, each once: up to six, up to 60 characters each.

    >>> terms_of("  停产 停产　ＡＢ ")
    ('停产', 'AB')
    """
    found = dict.fromkeys(term[:LONGEST_TERM] for term in plain(query).split())
    return tuple(found)[:MOST_TERMS]


def plain(text: str) -> str:
    """Return a text as it is indexed: full-width letters and digits as plain ones, no controls."""
    normal = unicodedata.normalize("NFKC", text)
    return " ".join("".join(c if c.isprintable() else " " for c in normal).split())


def find(
    session: Session,
    terms: Collection[str],
    within: Within,
    *,
    kind: str = "",
    after: Sequence[Any] | None = None,
    limit: int = 20,
) -> list[Hit]:
    """Return entries in which every term stands, the newest first.

    Args:
        session: Reads.
        terms: Of `terms_of`; none finds nothing.
        within: What the reader may find.
        kind: Only of this kind.
        after: Date and number of the last hit of the page before.
        limit: How many, 1 or more.
    """
    if not terms:
        return []
    query = sa.select(SearchEntry, within.open.label("is_open")).where(within.known)
    for term in terms:
        in_words = _holds(session, SearchEntry.words, term)
        in_body = _holds(session, SearchEntry.body, term)
        query = query.where(sa.or_(in_words, sa.and_(in_body, within.open)))
    if kind:
        query = query.where(SearchEntry.kind == kind)
    if after is not None:
        keys = (SearchEntry.at, SearchEntry.id)
        query = query.where(beyond(keys, after, newest_first=True))
    query = query.order_by(SearchEntry.at.desc(), SearchEntry.id.desc()).limit(limit)
    return [_hit(row[0], is_open=bool(row[1])) for row in session.execute(query)]


def _holds(session: Session, column: Any, term: str) -> sa.ColumnElement[bool]:
    """Return the condition that a column holds a term; letters of either case."""
    if session.get_bind().dialect.name == "sqlite" and len(term) >= TRIGRAM:
        phrase = '"' + term.replace('"', '""') + '"'
        index = sa.table(WORDS, sa.column("rowid"), sa.column(WORDS))
        matching = sa.select(index.c.rowid).where(
            index.c[WORDS].op("MATCH")(f"{{{column.key}}} : {phrase}")
        )
        return cast("sa.ColumnElement[bool]", SearchEntry.id.in_(matching))
    return holds(term, column)


def _hit(row: SearchEntry, *, is_open: bool) -> Hit:
    return Hit(
        number=row.id,
        kind=row.kind,
        ref=row.ref,
        case_id=row.case_id or "",
        words=row.words,
        body=row.body if is_open else "",
        at=row.at,
    )
