"""What programs read where the pages' own queries show too much or too little for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.commands.accounts import accounts_in
from engine.desk import Desk
from engine.desk.views import CaseView, case_view, completed_answers, task_view
from engine.desk.views.around import around
from engine.desk.views.case import deadline_views
from engine.desk.views.inbox import inbox
from engine.desk.views.oversight import late_work
from engine.desk.views.own import own_cases
from engine.desk.views.own_matter import own_matter
from engine.desk.views.register import person_card
from engine.desk.views.registering import registrable
from engine.desk.views.task import start_view
from engine.desk.views.timeline import timeline
from engine.model.circumstances import Circumstance
from engine.model.lamps import Lamp
from engine.model.procedure_rules import Article
from engine.model.texts import Text
from engine.store.queries.inbox import InboxPage
from engine.store.tables import (
    Attachment,
    Card,
    CaseRow,
    DeadlineRow,
    DecisionRow,
    DocumentRow,
    Incident,
    PersonRow,
    PostRow,
    SanctionRow,
    WorkItemRow,
)
from engine.workflow import Form, LoadedVersion
from web.failures import say
from web.sentences import sentence

SECRET = "$vault"  # noqa: S105 -- the mark of a reference into the vault


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
class Deadline:
    """A deadline with its lamp of this instant.

    Attributes:
        remaining: Whole units left, or over where `is_overdue`.
    """

    row: DeadlineRow
    title: Text
    source: str
    lamp: Lamp
    remaining: int
    unit: str
    is_overdue: bool
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A work item with the names of who has or did it; a hidden person has none."""

    item: WorkItemRow
    holder: str
    done_by: str


@dataclass(frozen=True, slots=True)
class Part:
    """A person's part in a case; a hidden reporter has neither id nor name (SUP-014)."""

    role: str
    person_id: str
    name: str
    since_at: datetime
    until_at: datetime | None
    recusal: str


@dataclass(frozen=True, slots=True)
class Filing:
    """Something that may be filed now."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its page shows it; confidential values never stand here.

    Attributes:
        sees_file: The reader sees the file: drafts and attachments stand here, too.
        openable: The attachments that the reader may open.
    """

    row: CaseRow
    version: LoadedVersion
    sees_file: bool
    steps: tuple[Step, ...]
    deadlines: tuple[Deadline, ...]
    parts: tuple[Part, ...]
    documents: tuple[DocumentRow, ...]
    attachments: tuple[Attachment, ...]
    openable: frozenset[str]
    decisions: tuple[DecisionRow, ...]
    sanctions: tuple[SanctionRow, ...]
    incidents: tuple[Incident, ...]
    filings: tuple[Filing, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """One entry of a case's record; `by` is empty for the platform and for a hidden person."""

    sequence: int
    kind: str
    fact: str
    happened_on: date | None
    recorded_at: datetime
    by: str
    said: str


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


@dataclass(frozen=True, slots=True)
class Start:
    """What is asked to register a case of a procedure."""

    version: LoadedVersion
    form: Form | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OwnMatterOfMine:
    """A matter of one's own, as subject or reporter.

    Attributes:
        role: ``subject`` or ``reporter``.
        documents: Those that reached the reader.
    """

    case_id: str
    number: str
    role: str
    stage: Text | None
    documents: tuple[DocumentRow, ...]
    decisions: tuple[DecisionRow, ...]
    filings: tuple[Filing, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """A post with the name of its unit."""

    row: PostRow
    unit: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the register with posts and relations."""

    row: PersonRow
    unit: str
    posts: tuple[Post, ...]
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A matter of one's own in the list."""

    case_id: str
    number: str
    role: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class StartLine:
    """A procedure of which the person may register a case."""

    procedure: str
    version_id: str
    number: int
    title: Text


@dataclass(frozen=True, slots=True)
class LateDeadline:
    """A deadline of work that is near or over; no content of its case."""

    case_number: str
    procedure: Text
    key: str
    title: Text
    lamp: Lamp
    remaining: int
    unit: str
    is_overdue: bool
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LateDeadlines:
    """A page of them; `after` opens the next one, "" on the last."""

    lines: tuple[LateDeadline, ...]
    after: str


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


def one_case(desk: Desk, case_id: str) -> Case:
    """Return a case as its page shows it.

    Raises:
        NotFound, Recused, NotAllowed: As `case_view` says.
    """
    view = case_view(desk, case_id)
    return Case(
        row=view.row,
        version=view.version,
        sees_file=view.sees_file,
        steps=tuple(_step(view, one) for one in view.items),
        deadlines=_deadlines(desk, view.row),
        parts=tuple(
            Part(one.role, one.person_id, one.name, one.since_at, one.until_at, one.recusal)
            for one in view.parts
        ),
        documents=view.documents,
        attachments=view.attachments,
        openable=view.openable,
        decisions=view.decisions,
        sanctions=view.sanctions,
        incidents=view.incidents,
        filings=tuple(Filing(one.key, one.title) for one in view.filings),
    )


def case_acts(
    desk: Desk,
    case_id: str,
    *,
    kind: str = "",
    before: int = 0,
    limit: int = 50,
    language: str = "zh",
) -> list[Act]:
    """Return the entries of a case's record, the newest first.

    Args:
        desk: Of somebody who may see the case, or watches over it.
        case_id: The case.
        kind: Only of this kind.
        before: Only entries with a lower sequence number; 0 for the newest.
        limit: How many at most.
        language: Of `said`: why something was refused.

    Raises:
        NotFound, Recused, NotAllowed: As `timeline` says.
    """
    return [
        Act(
            sequence=one.sequence,
            kind=one.kind,
            fact=one.fact.value,
            happened_on=one.happened_on,
            recorded_at=one.recorded_at,
            by=one.by,
            said=_said(one.details, language),
        )
        for one in timeline(desk, case_id, kind=kind, before=before, limit=limit)
    ]


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


def start_form(desk: Desk, procedure: str, *, language: str = "zh") -> Start:
    """Return the form with which a case of a procedure is registered.

    Raises:
        NotFound: No version is in force.
        NotAllowed: The procedure does not let the person register.
    """
    version, form, data = start_view(desk, procedure, language=language)
    return Start(version, form, shown_by(form, data))


def own_one(desk: Desk, case_id: str) -> OwnMatterOfMine:
    """Return a matter of one's own: what was served and decided, what may be filed.

    Raises:
        NotFound, Recused, NotAllowed: As `own_matter` says.
    """
    view = own_matter(desk, case_id)
    return OwnMatterOfMine(
        case_id=view.own.row.id,
        number=view.own.row.number,
        role=view.own.role,
        stage=view.own.stage,
        documents=tuple(row for row, _service in view.own.documents),
        decisions=view.decisions,
        filings=tuple(Filing(one.rule.key, one.rule.title) for one in view.rights),
    )


def one_person(desk: Desk, person_id: str) -> Person:
    """Return a person of the register.

    Raises:
        NotFound, NotAllowed: As `person_card` says.
    """
    card = person_card(desk, person_id)
    return Person(
        row=card.row,
        unit=card.unit,
        posts=tuple(Post(row, unit) for row, unit in card.posts),
        accounts=tuple(one.name for one in card.accounts),
    )


def log_ins(desk: Desk) -> list[str]:
    """Return the names of the authority's log-ins.

    Raises:
        NotAllowed: The person is no administrator.
    """
    return [one.name for one in accounts_in(desk)]


def own_all(desk: Desk) -> list[OwnLine]:
    """Return the cases in which the person is subject or reporter."""
    return [OwnLine(*line) for line in own_cases(desk)]


def startable(desk: Desk) -> list[StartLine]:
    """Return the procedures of which the person may register a case."""
    return [
        StartLine(one.procedure, one.version_id, one.number, one.rules.title)
        for one in registrable(desk)
    ]


def late(desk: Desk, *, after: str = "", limit: int = 50) -> LateDeadlines:
    """Return the deadlines of work that are near or over, the earliest first.

    Raises:
        NotAllowed: The person neither administers nor supervises.
    """
    page = late_work(desk, after=after, limit=limit)
    lines = tuple(
        LateDeadline(
            case_number=one.case_number,
            procedure=one.procedure,
            key=str(one.deadline.rule.key),
            title=one.deadline.rule.title,
            lamp=one.lamp,
            remaining=one.remaining.count,
            unit=str(one.remaining.unit.value),
            is_overdue=one.remaining.is_overdue,
            holders=one.holders,
        )
        for one in page.lines
    )
    return LateDeadlines(lines, page.after)


def shown_by(form: Form | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return of `data` what a form's own fields and their choices show; nothing confidential."""
    if form is None:
        return {}
    keys = {
        str(one[name])
        for one in form.fields()
        for name in ("key", "path", "valuesKey")
        if name in one
    }
    return {key: value for key, value in data.items() if key in keys and not holds_secret(value)}


def holds_secret(value: object) -> bool:
    """Return whether a reference into the vault stands anywhere in a value."""
    if isinstance(value, Mapping):
        return SECRET in value or any(holds_secret(one) for one in value.values())
    if isinstance(value, list | tuple):
        return any(holds_secret(one) for one in value)
    return False


def _step(view: CaseView, item: WorkItemRow) -> Step:
    return Step(
        item,
        view.names.get(item.claimed_by or "", ""),
        view.names.get(item.completed_by or "", ""),
    )


def _deadlines(desk: Desk, case: CaseRow) -> tuple[Deadline, ...]:
    return tuple(
        Deadline(
            row=one.row,
            title=one.deadline.rule.title,
            source=one.deadline.rule.source,
            lamp=one.lamp,
            remaining=one.remaining.count,
            unit=str(one.remaining.unit.value),
            is_overdue=one.remaining.is_overdue,
            cards=one.cards,
        )
        for one in deadline_views(desk, case)
    )


def _said(details: Mapping[str, Any], language: str) -> str:
    params = details.get("params")
    message = str(details.get("message", ""))
    return (
        sentence(message, params if isinstance(params, dict) else {}, language) if message else ""
    )
