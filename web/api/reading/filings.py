"""What may be filed in a case, with its form and period, as programs read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.commands.wake_case import answers_to_start
from engine.desk import Desk
from engine.desk.rights import Right
from engine.desk.views.filing import Filer, filing_view
from engine.desk.views.seeing import seen
from engine.model.texts import Text
from engine.workflow import Form
from web.api.reading.cases import Start, start_form
from web.api.reading.secrecy import holds_secret, shown_by


@dataclass(frozen=True, slots=True)
class FilingForm:
    """Something that may be filed now.

    Attributes:
        data: What the form shows at first.
        draft: What the reader has written so far; empty where nothing is kept.
        last_day: Within which it is in time; null without a period.
        is_late: Only a late filing with reasons is taken now.
        by_oneself: The reader may file it in person.
        others: For whom the reader may file it on paper.
    """

    key: str
    title: Text
    form: Form | None
    data: Mapping[str, Any]
    draft: Mapping[str, Any]
    saved_at: datetime | None
    last_day: date | None
    is_late: bool
    by_oneself: bool
    others: tuple[Filer, ...]


@dataclass(frozen=True, slots=True)
class WakeForm:
    """The form by which a closed matter is taken up again, with what was registered then."""

    start: Start
    answers: Mapping[str, Any]


def filing_form(desk: Desk, case_id: str, key: str, *, language: str = "zh") -> FilingForm:
    """Return what may be filed, for a participant or for an officer who files on paper.

    Raises:
        NotFound, Recused, NotAllowed: As `filing_view` says.
    """
    view = filing_view(desk, case_id, key, language=language)
    return FilingForm(
        key=view.rule.key,
        title=view.rule.title,
        form=view.form,
        data=shown_by(view.form, view.data),
        draft=shown_by(view.form, view.draft),
        saved_at=view.saved_at,
        last_day=view.clock.row.last_day if view.clock is not None else None,
        is_late=view.is_late,
        by_oneself=view.by_oneself,
        others=view.others,
    )


def wake_form(desk: Desk, case_id: str, *, language: str = "zh") -> WakeForm:
    """Return the form by which a closed matter is taken up again.

    Raises:
        NotFound, Recused, NotAllowed: The reader may not see the case, or not register.
    """
    case = seen(desk, case_id, (Right.SEE,))
    answers = answers_to_start(desk, case)
    return WakeForm(
        start=start_form(desk, case.procedure, language=language),
        answers={key: value for key, value in answers.items() if not holds_secret(value)},
    )
