"""A case, its record and what starts one, as programs read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.desk import Desk
from engine.desk.views import CaseView, case_view
from engine.desk.views.case import deadline_views
from engine.desk.views.registering import registrable
from engine.desk.views.task import start_view
from engine.desk.views.timeline import timeline
from engine.model.lamps import Lamp
from engine.model.texts import Text
from engine.store.tables import (
    Attachment,
    Card,
    CaseRow,
    DeadlineRow,
    DecisionRow,
    DocumentRow,
    Incident,
    SanctionRow,
    WorkItemRow,
)
from engine.workflow import Form, LoadedVersion
from web.api.reading.secrecy import shown_by
from web.sentences import sentence


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
class Start:
    """What is asked to register a case of a procedure."""

    version: LoadedVersion
    form: Form | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StartLine:
    """A procedure of which the person may register a case."""

    procedure: str
    version_id: str
    number: int
    title: Text


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


def start_form(desk: Desk, procedure: str, *, language: str = "zh") -> Start:
    """Return the form with which a case of a procedure is registered.

    Raises:
        NotFound: No version is in force.
        NotAllowed: The procedure does not let the person register.
    """
    version, form, data = start_view(desk, procedure, language=language)
    return Start(version, form, shown_by(form, data))


def startable(desk: Desk) -> list[StartLine]:
    """Return the procedures of which the person may register a case."""
    return [
        StartLine(one.procedure, one.version_id, one.number, one.rules.title)
        for one in registrable(desk)
    ]


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
