"""The search of a reader: cases, documents and people, strictly within what one may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from engine.desk.conflicts import conflicts_of
from engine.desk.desk import Desk
from engine.desk.holders import names_of
from engine.desk.views.case_list import visible_cases
from engine.errors import Refusal
from engine.store import searching
from engine.store.queries.keyset import cursor_of, read_cursor
from engine.store.searching import Hit, Within
from engine.store.tables import (
    CaseRow,
    Participant,
    SearchEntry,
    SignatureRequest,
    WorkItemRow,
)

LARGEST_PAGE = 100
NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Something that was found, with the case that it belongs to.

    Attributes:
        case_number, case_title: Empty for a person.
        person: The name of the person that was found; empty otherwise.
    """

    hit: Hit
    case_number: str = ""
    case_title: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of hits, the newest first; `after` opens the next one, "" on the last.

    Attributes:
        terms: What was looked for, as it was looked for.
    """

    hits: tuple[SearchHit, ...]
    after: str
    terms: tuple[str, ...]


def search(
    desk: Desk, query: str, *, kind: str = "", after: str = "", limit: int = 20
) -> SearchPage:
    """Return what the reader may see in which every word of `query` stands.

    Whoever holds no post finds nothing: subjects and reporters have their own pages. A case
    is found by whom the list of cases shows it, its file's texts by who handles the case and has
    no conflict of interest in it: those who may open the document.

    Args:
        desk: Of a query.
        query: Words, separated by spaces.
        kind: ``case``, ``document``, ``person``, or "" for all.
        after: The `after` of the page before.
        limit: Hits on a page, 1 to 100.

    Raises:
        Refusal: There is no such kind.
        ValueError: `after` is no cursor of a search.
    """
    if kind and kind not in searching.KINDS:
        raise Refusal("search.kind", kind=kind)
    terms = searching.terms_of(query)
    beyond = read_cursor(after, NEWEST, (datetime, int)) if after else None
    if not terms or not desk.roles_held():
        return SearchPage((), "", terms)
    limit = min(max(limit, 1), LARGEST_PAGE)
    found = searching.find(
        desk.session, terms, within(desk), kind=kind, after=beyond, limit=limit + 1
    )
    last = found[limit - 1] if len(found) > limit else None
    hits = _without_conflicts(desk, found[:limit], terms)
    cases = {
        row.id: row
        for row in desk.session.execute(
            sa.select(CaseRow.id, CaseRow.number, CaseRow.title).where(
                CaseRow.id.in_({hit.case_id for hit in hits if hit.case_id})
            )
        )
    }
    names = names_of(desk, [hit.ref for hit in hits if hit.kind == searching.PERSON])
    lines = tuple(
        SearchHit(hit, cases[hit.case_id].number, cases[hit.case_id].title)
        if hit.case_id
        else SearchHit(hit, person=names.get(hit.ref, ""))
        for hit in hits
    )
    return SearchPage(
        lines, cursor_of(NEWEST, last.at, last.number) if last is not None else "", terms
    )


def _without_conflicts(desk: Desk, hits: list[Hit], terms: tuple[str, ...]) -> list[Hit]:
    """Take texts of files away where a conflict of interest bars the reader from the file.

    So does opening a document; what stands in number and title stays.
    """
    barred: dict[str, bool] = {}
    kept = []
    for hit in hits:
        if hit.body:
            if hit.case_id not in barred:
                case = desk.session.get_one(CaseRow, hit.case_id)
                barred[hit.case_id] = bool(conflicts_of(desk, case, desk.actor.person_id))
            if barred[hit.case_id]:
                if not all(term.lower() in hit.words.lower() for term in terms):
                    continue
                kept.append(replace(hit, body=""))
                continue
        kept.append(hit)
    return kept


def within(desk: Desk) -> Within:
    """Return what the reader may find: by its words, and by the texts of the file."""
    person = desk.actor.person_id
    cases = sa.exists().where(CaseRow.id == SearchEntry.case_id, visible_cases(desk))
    known = sa.and_(
        SearchEntry.authority_id == desk.actor.authority_id,
        sa.or_(SearchEntry.kind == searching.PERSON, cases),
    )
    handles = (
        sa.exists().where(
            Participant.case_id == SearchEntry.case_id,
            Participant.person_id == person,
            Participant.until_at.is_(None),
            Participant.role.not_in(("subject", "reporter")),
        ),
        sa.exists().where(
            WorkItemRow.case_id == SearchEntry.case_id,
            sa.or_(WorkItemRow.completed_by == person, WorkItemRow.claimed_by == person),
        ),
        sa.exists().where(
            SignatureRequest.case_id == SearchEntry.case_id,
            SignatureRequest.person_id == person,
            SignatureRequest.state != "dropped",
        ),
    )
    return Within(known, sa.or_(*handles))
