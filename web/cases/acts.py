"""The record of a case, as its acts are drawn on the timeline and the overview."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from engine.desk.facts import Fact
from web.cases.sentences import UNSAID, Sentences
from web.citations import ground_text
from web.texts import gettext as _
from web.toolkit import ActKind, ActView
from web.visiting import civil
from web.wording import weekday_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.desk.views import ActLine, CaseView

FEW = 6
KINDS: Mapping[Fact, ActKind] = {
    Fact.REFUSED: ActKind.REFUSED,
    Fact.CARD_GIVEN: ActKind.CARD,
    Fact.WORK_HANDED_ON: ActKind.HAND,
    Fact.WORK_RELEASED: ActKind.HAND,
    Fact.WORK_SENT_BACK: ActKind.HAND,
    Fact.WORK_TAKEN_BACK: ActKind.HAND,
    Fact.WORK_JUMPED: ActKind.HAND,
    Fact.WORK_ASSIGNED: ActKind.HAND,
    Fact.RECUSAL_REQUESTED: ActKind.RECUSAL,
    Fact.RECUSAL_DECIDED: ActKind.RECUSAL,
    Fact.INTEREST_DECLARED: ActKind.RECUSAL,
    Fact.DOCUMENT_DRAFTED: ActKind.DOCUMENT,
    Fact.DOCUMENT_ISSUED: ActKind.DOCUMENT,
    Fact.DOCUMENT_SERVED: ActKind.DOCUMENT,
    Fact.MOTION_PUT: ActKind.MEETING,
    Fact.OPINION_GIVEN: ActKind.MEETING,
    Fact.ABSENCE_NOTED: ActKind.MEETING,
    Fact.DECIDED: ActKind.MEETING,
    Fact.DEADLINE_STARTED: ActKind.DEADLINE,
    Fact.DEADLINE_MET: ActKind.DEADLINE,
    Fact.DEADLINE_LAPSED: ActKind.DEADLINE,
    Fact.DEADLINE_WITHDRAWN: ActKind.DEADLINE,
    Fact.DEADLINE_RECOUNTED: ActKind.DEADLINE,
    Fact.EXTENSION_REQUESTED: ActKind.DEADLINE,
    Fact.EXTENSION_DECIDED: ActKind.DEADLINE,
    Fact.REMINDED: ActKind.DEADLINE,
    Fact.DUNNED: ActKind.DEADLINE,
    Fact.ESCALATED: ActKind.DEADLINE,
    Fact.SUPERVISION_ASKED: ActKind.DEADLINE,
    Fact.SUPERVISION_ANSWERED: ActKind.DEADLINE,
    Fact.SUPERVISION_UNANSWERED: ActKind.DEADLINE,
}
AUTOMATIC = frozenset(
    {
        Fact.CASE_CLOSED,
        Fact.STATUS_CHANGED,
        Fact.WORK_OPENED,
        Fact.WORK_WITHDRAWN,
        Fact.WORK_HANDED_ON,
        Fact.PARTICIPANT_LEFT,
        Fact.CONFLICT_FOUND,
        Fact.DEADLINE_STARTED,
        Fact.DEADLINE_MET,
        Fact.DEADLINE_LAPSED,
        Fact.DEADLINE_WITHDRAWN,
        Fact.DEADLINE_RECOUNTED,
        Fact.REMINDED,
        Fact.CARD_GIVEN,
        Fact.TABLE_CONSULTED,
        Fact.EXPRESSION_WARNED,
        Fact.NUMBER_ALLOTTED,
        Fact.NUMBER_EMPTY,
        Fact.SANCTION_RECORDED,
        Fact.SANCTION_ENDED,
        Fact.DECISION_SUPERSEDED,
        Fact.TOLD,
        Fact.INCIDENT_RAISED,
        Fact.CHILD_ASKED,
        Fact.CHILD_OPENED,
        Fact.CHILD_CHANGED,
        Fact.CHILD_CLOSED,
        Fact.MATTER_COPIED,
        Fact.ESCALATED,
        Fact.SUPERVISION_UNANSWERED,
    }
)
"""What follows by itself from what somebody did; the record names who did that."""
NOTABLE = frozenset(
    {
        Fact.CARD_GIVEN,
        Fact.CASE_CLOSED,
        Fact.INCIDENT_RAISED,
        Fact.CHILD_OPENED,
        Fact.CHILD_CLOSED,
        Fact.MATTER_COPIED,
    }
)
"""What the overview shows of it."""


def acts_view(
    lines: Iterable[ActLine], view: CaseView, today: date, language: str
) -> tuple[ActView, ...]:
    """Return the entries of the record as acts; what only the machinery is told is left out."""
    sentences = Sentences(view, today, language)
    return tuple(_act(line, sentences, today) for line in lines if line.fact not in UNSAID)


def newest_acts(
    lines: Iterable[ActLine], view: CaseView, today: date, language: str
) -> tuple[ActView, ...]:
    """Return the last few acts of people, and what the overview should not pass over."""
    told = [line for line in lines if line.fact not in AUTOMATIC or line.fact in NOTABLE]
    return acts_view(told, view, today, language)[:FEW]


def _act(line: ActLine, sentences: Sentences, today: date) -> ActView:
    recorded = civil(line.recorded_at)
    happened = line.happened_on or recorded.date()
    late = happened != recorded.date()
    return ActView(
        kind=ActKind.RED_CARD
        if line.fact is Fact.CARD_GIVEN and line.details.get("colour") == "red"
        else KINDS.get(line.fact, ActKind.STEP),
        actor=_actor(line),
        text=sentences.said(line),
        happened_day=happened,
        happened_time="" if late else f"{recorded:%H:%M}",
        recorded=_(
            "登记 %(day)s %(time)s，补录",
            day=weekday_text(recorded.date(), today),
            time=f"{recorded:%H:%M}",
        )
        if late
        else "",
        body=sentences.body(line),
        rule=ground_text(str(line.details.get("rule") or ""))
        if line.fact is Fact.REFUSED and line.details.get("rule")
        else "",
    )


def _actor(line: ActLine) -> str:
    """Return who acted; empty for what followed by itself, which the page says of the system."""
    if line.fact in AUTOMATIC:
        return ""
    return _("举报人（身份保密）") if line.is_hidden else line.by
