"""What waits for the caller, and a step with its form, as programs read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.desk import Desk
from engine.desk.views import completed_answers, task_view
from engine.desk.views.around import around
from engine.desk.views.inbox import inbox
from engine.model.circumstances import Circumstance
from engine.model.lamps import Lamp
from engine.model.procedure_rules import Article
from engine.store.queries.inbox import InboxPage
from engine.store.tables import (
    CaseRow,
    WorkItemRow,
)
from engine.workflow import Form
from web.api.reading.secrecy import holds_secret, shown_by
from web.failures import say


@dataclass(frozen=True, slots=True)
class Me:
    """Who calls, and what waits.

    Attributes:
        roles: Of the posts held today.
    """

    person_id: str
    authority: str
    post: str
    roles: frozenset[str]
    is_admin: bool
    waiting: int
    unread: int


@dataclass(frozen=True, slots=True)
class Task:
    """A step with its form.

    Attributes:
        form: In form-js JSON; null where the step has none.
        data: What the form shows at first, of its own fields.
        refusal: Why the reader may not do it now; null where nothing stands against it.
        signs: The reader is asked to sign it.
    """

    item: WorkItemRow
    case: CaseRow
    form: Form | None
    data: Mapping[str, Any]
    draft: Mapping[str, Any]
    refusal: str | None
    citations: tuple[str, ...]
    articles: tuple[Article, ...]
    holder: str
    signs: bool
    circumstances: tuple[Circumstance, ...]


def me(desk: Desk) -> Me:
    """Return who calls, what posts that person holds today, and how much waits."""
    here = around(desk)
    return Me(
        person_id=desk.actor.person_id,
        authority=here.authority,
        post=here.post,
        roles=here.roles,
        is_admin=desk.actor.is_admin,
        waiting=here.waiting,
        unread=here.unread,
    )


def inbox_lines(
    desk: Desk,
    *,
    lamp: Lamp | None = None,
    search: str = "",
    sort: str = "due",
    mine: bool | None = None,
    procedure: str = "",
    after: str = "",
    limit: int = 20,
) -> InboxPage:
    """Return a page of what waits for the person and the person's groups.

    Args:
        desk: Of a query.
        lamp: Only this colour.
        search: In number and title of the case and name of the step.
        sort: By what is due first, opened last, or number.
        mine: True for what the person has claimed, False for what is open to groups.
        procedure: Only of this procedure.
        after: The `after` of the page before.
        limit: Lines on a page.
    """
    return inbox(
        desk,
        lamp=lamp,
        search=search,
        sort=sort,
        mine=mine,
        procedure=procedure,
        after=after,
        limit=limit,
    )


def task(desk: Desk, work_item_id: str, *, language: str = "zh") -> Task:
    """Return a step with its form, what the law says here, and why it cannot be done, if so.

    Raises:
        NotFound, Recused, NotAllowed: As `task_view` says.
    """
    view = task_view(desk, work_item_id, language=language)
    return Task(
        item=view.item,
        case=view.case,
        form=view.form,
        data=shown_by(view.form, view.data),
        draft=shown_by(view.form, view.draft),
        refusal=say(view.refusal) if view.refusal is not None else None,
        citations=view.citations,
        articles=view.articles,
        holder=view.holder,
        signs=view.signs,
        circumstances=view.circumstances,
    )


def answers(desk: Desk, work_item_id: str) -> dict[str, Any]:
    """Return what was answered to a completed step, for whoever may see the file.

    Confidential values are left out; `reveal` shows them, for a reason.

    Raises:
        NotFound, Recused, NotAllowed: As `completed_answers` says.
    """
    return {
        key: value
        for key, value in completed_answers(desk, work_item_id).items()
        if not holds_secret(value)
    }
