"""Something that may be filed in a case, as the page on which it is written shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.desk.desk import Desk
from engine.desk.form_context import form_variables
from engine.desk.holders import names_of, participants
from engine.desk.rights import Relation, Right, permits
from engine.desk.values import plain
from engine.desk.views.case import DeadlineView, clock_of_filing, takes_filing
from engine.desk.views.seeing import seen
from engine.errors import NotFound
from engine.model.deadline_rules import DeadlineRule
from engine.model.procedure_rules import FilingRule
from engine.model.texts import Text
from engine.store.tables import CaseRow, FilingDraft
from engine.workflow import Form, LoadedVersion

OUTSIDE = frozenset({Relation.SUBJECT, Relation.REPORTER})


@dataclass(frozen=True, slots=True)
class Filer:
    """A participant for whom an officer may file on paper.

    Attributes:
        name: Empty for the reporter, whom no page names (SUP-014).
    """

    person_id: str
    name: str
    role: Text


@dataclass(frozen=True, slots=True)
class FilingView:
    """A filing with its form and its period.

    Attributes:
        data: What the form shows at first.
        clock: The deadline within which it is in time, its latest round; None without one.
        is_late: Only a late filing with reasons is taken now.
        follows: The deadlines that begin once it is filed: what happens next, by when.
        draft: What the reader has written so far, over `data`; empty where nothing is kept.
        saved_at: When that was.
        by_oneself: The reader may file it in person.
        others: For whom the reader may file it on paper.
    """

    rule: FilingRule
    case: CaseRow
    version: LoadedVersion
    form: Form | None
    data: Mapping[str, Any]
    clock: DeadlineView | None
    is_late: bool
    follows: tuple[DeadlineRule, ...]
    by_oneself: bool
    others: tuple[Filer, ...]
    draft: Mapping[str, Any]
    saved_at: datetime | None


def filing_view(desk: Desk, case_id: str, key: str, *, language: str = "zh") -> FilingView:
    """Return a filing for its page: for a participant, or for an officer who files on paper.

    Raises:
        NotFound: There is no such case or filing, the case does not wait for it, or the
            reader may file it neither in person nor for somebody.
        Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    case = seen(desk, case_id, (Right.FILE, Right.FILE_FOR))
    version = desk.version(case)
    rule = version.rules.filings.get(key)
    if rule is None or not takes_filing(desk, case, rule):
        raise NotFound(key)
    by_oneself = may_file(desk, case, rule)
    others = _others(desk, case, rule)
    if not by_oneself and not others:
        raise NotFound(key)
    form = version.form(version.definition.process_id, rule.form)
    relations = desk.standing(case).relations
    draft = desk.session.get(FilingDraft, (case.id, key, desk.actor.person_id))
    scope = plain(case.variables) if permits(Right.SEE_FILE, relations) else {}
    return FilingView(
        rule=rule,
        case=case,
        version=version,
        form=form,
        data=form_variables(desk, version, form, scope, case, language=language),
        clock=clock_of_filing(desk, case, rule),
        is_late=rule.message not in case.awaited,
        follows=version.rules.starting_on(rule.fact) if rule.fact else (),
        by_oneself=by_oneself,
        others=others,
        draft=draft.data if draft is not None else {},
        saved_at=draft.saved_at if draft is not None else None,
    )


def may_file(desk: Desk, case: CaseRow, rule: FilingRule) -> bool:
    """Return whether the actor's part or post is one that may file."""
    return not desk.standing(case).roles.isdisjoint(str(role) for role in rule.by)


def _others(desk: Desk, case: CaseRow, rule: FilingRule) -> tuple[Filer, ...]:
    """Return the participants outside the office for whom the actor may file."""
    relations = desk.standing(case).relations
    if not permits(Right.FILE_FOR, relations):
        return ()
    roles = desk.version(case).rules.roles
    filers = []
    for key in rule.by:
        role = roles.get(key)
        if role is None or not role.outside:
            continue
        people = participants(desk, case, str(key))
        hidden = str(key) == Relation.REPORTER.value
        names = {} if hidden else names_of(desk, people)
        filers += [Filer(one, names.get(one, ""), role.title) for one in people]
    return tuple(filers)
