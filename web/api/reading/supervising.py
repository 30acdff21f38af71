"""Supervision of authorities below (督办视图), as programs of the one above read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.commands.supervise_below import list_below, look_below
from engine.desk import Desk
from engine.desk.views.supervising import CaseBelow, case_below, cases_below
from engine.model.lamps import Lamp
from engine.model.texts import Text
from engine.store.tables import SupervisionNotice


@dataclass(frozen=True, slots=True)
class CaseWatched:
    """A case of an authority below: no title, no names.

    Attributes:
        posts: Of those whom it is about.
        steps: What waits to be done.
        deadline: The running one that is worst off; null without one.
        unanswered: Notices from above that wait for an answer.
    """

    id: str
    authority: str
    number: str
    procedure: Text
    status: str
    stage: Text | None
    posts: tuple[str, ...]
    steps: tuple[str, ...]
    deadline: Text | None
    last_day: date | None
    lamp: Lamp
    unanswered: int
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PageWatched:
    """A page of the list; `after` opens the next one, "" on the last."""

    lines: tuple[CaseWatched, ...]
    after: str


@dataclass(frozen=True, slots=True)
class DeadlineWatched:
    """A deadline of such a case."""

    title: Text
    state: str
    last_day: date
    lamp: Lamp


@dataclass(frozen=True, slots=True)
class ActWatched:
    """An entry of its record: titles, days and codes only."""

    sequence: int
    fact: str
    recorded_at: datetime
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LookWatched:
    """One such case, with what the reader's authority asked about it."""

    case: CaseWatched
    deadlines: tuple[DeadlineWatched, ...]
    acts: tuple[ActWatched, ...]
    notices: tuple[SupervisionNotice, ...]


def cases_watched(
    desk: Desk,
    *,
    authority_id: str = "",
    procedure: str = "",
    late: bool = False,
    after: str = "",
    limit: int = 20,
) -> PageWatched:
    """Return running cases that authorities below let one's own watch; the look is noted there.

    Args:
        desk: Of a supervision officer.
        authority_id: Only this authority's.
        procedure: Only of this one.
        late: Only those with a deadline that has passed.
        after: The `after` of the page before.
        limit: Lines on a page.

    Raises:
        NotAllowed: The actor is no supervision officer.
        ValueError: `after` is no cursor of this list.
    """
    list_below(desk)
    found = cases_below(
        desk, authority_id=authority_id, procedure=procedure, late=late, after=after, limit=limit
    )
    return PageWatched(tuple(_case(one) for one in found.lines), found.after)


def case_watched(desk: Desk, case_id: str, *, reason: str = "") -> LookWatched:
    """Return one such case; the look is noted there, with the reason.

    Args:
        desk: Of a supervision officer.
        case_id: The case.
        reason: Why one looks; may be empty later on the same day.

    Raises:
        NotFound, NotAllowed, Recused, Refusal: As `look_below` says.
    """
    look_below(desk, case_id, reason=reason)
    view = case_below(desk, case_id)
    return LookWatched(
        _case(view.case),
        tuple(
            DeadlineWatched(one.deadline.rule.title, one.row.state, one.deadline.last_day, one.lamp)
            for one in view.deadlines
        ),
        tuple(
            ActWatched(one.sequence, one.fact.value, one.recorded_at, one.details)
            for one in view.acts
        ),
        view.notices,
    )


def _case(one: CaseBelow) -> CaseWatched:
    worst = one.deadline
    return CaseWatched(
        id=one.id,
        authority=one.authority,
        number=one.number,
        procedure=one.procedure,
        status=one.status,
        stage=one.stage,
        posts=one.posts,
        steps=tuple(step.name for step in one.steps),
        deadline=worst.deadline.rule.title if worst is not None else None,
        last_day=worst.deadline.last_day if worst is not None else None,
        lamp=worst.lamp if worst is not None else Lamp.NONE,
        unanswered=one.unanswered,
        opened_at=one.opened_at,
        closed_at=one.closed_at,
    )
