"""A filing as its page shows it: form, period, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from web.citations import laws_of
from web.clocks import clock_of, period_text
from web.forms import form_view, title_of
from web.texts import gettext as _
from web.toolkit import (
    ActionBar,
    ActionView,
    ClockView,
    FieldError,
    FormView,
    LawView,
    NoteView,
    Tone,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import Any

    from engine.desk.views.filing import Filer, FilingView
    from engine.model.deadline_rules import DeadlineRule

FORM = "filing"
ONESELF = "self"


@dataclass(frozen=True, slots=True)
class FilingPage:
    """What both pages show: the one of the person, and the one on paper.

    Attributes:
        law: The provision that the filing rests on, where the procedure quotes it.
        after: What happens once it is filed, one sentence each.
        people: For whom it may be filed, as value and label; oneself first where one may.
    """

    title: str
    case_number: str
    form: FormView | None
    bar: ActionBar
    clock: ClockView | None
    note: NoteView | None
    law: tuple[LawView, ...]
    after: tuple[str, ...]
    people: tuple[tuple[str, str], ...]


def filing_page(
    view: FilingView,
    today: date,
    language: str,
    *,
    action_url: str,
    back_url: str,
    data: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
    draft_url: str = "",
    saved: str = "",
) -> FilingPage:
    """Return a filing for its page; `data` are answers that were refused, or a draft.

    With `draft_url` what is written is kept there as it is written; `saved` says when it was.
    """
    rules = view.version.rules
    title = view.rule.title.say(language)
    form = None
    if view.form is not None:
        form = form_view(
            FORM,
            view.form,
            {**view.data, **(data or {})},
            language,
            action_url=action_url,
            draft_url=draft_url,
            errors=errors,
            saved=saved,
        )
        title = title or title_of(view.form, language)
    return FilingPage(
        title=title,
        case_number=view.case.number,
        form=form,
        bar=ActionBar(
            primary=ActionView(_("提交"), "submit", icon="send", validate=True),
            back=None,
            hands=(ActionView(_("返回"), "back", url=back_url),),
        ),
        clock=clock_of(view.clock, rules, today, language) if view.clock is not None else None,
        note=_note(view),
        law=laws_of([view.rule.source], rules, language),
        after=what_follows(view.follows, language),
        people=_people(view.others, language, by_oneself=view.by_oneself),
    )


def what_follows(rules: Sequence[DeadlineRule], language: str) -> tuple[str, ...]:
    """Return what happens after a filing: each deadline that it starts, with its length."""
    return tuple(
        _("%(what)s：%(length)s内", what=rule.title.say(language), length=period_text(rule.period))
        for rule in rules
    )


def _note(view: FilingView) -> NoteView | None:
    if not view.is_late:
        return None
    return NoteView(
        _(
            "只有已在期限内提出（附凭证），或因不可抗力未能按期提出的，才可能受理。请在表中写明理由。"
        ),
        Tone.NEAR,
        heading=_("期限已过。"),
    )


def _people(
    others: Sequence[Filer], language: str, *, by_oneself: bool
) -> tuple[tuple[str, str], ...]:
    people = [(ONESELF, _("本人"))] if by_oneself else []
    for one in others:
        role = one.role.say(language)
        label = _("%(name)s（%(role)s）", name=one.name, role=role) if one.name else role
        people.append((one.person_id, label))
    return tuple(people)
