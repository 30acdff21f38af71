"""A work item as the page on which it is done shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.desk.advance import visible
from engine.desk.answers import SALT
from engine.desk.desk import Desk
from engine.desk.form_context import form_variables
from engine.desk.handing import SIGNING, STOPPED, must_not_be_held
from engine.desk.holders import names_of
from engine.desk.rights import Right
from engine.desk.seeing import is_confidential
from engine.desk.signing import must_not_be_under_way, signers_of
from engine.desk.values import plain
from engine.desk.views.case import DeadlineView, deadline_views
from engine.desk.views.circumstances import circumstances_of
from engine.desk.views.seeing import seen
from engine.desk.working import may_take, must_wait
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.circumstances import Circumstance
from engine.model.procedure_rules import Article
from engine.store.tables import Answers, CaseRow, Draft, WorkItemRow
from engine.store.versions import version_in_force
from engine.workflow import Form, LoadedVersion

WEIGHING = frozenset({"propose", "collective", "approve"})
"""Acts for which it matters what makes a case heavier, lighter or exempt."""


NAMES_TEAM = "name_team"
OF_A_TEAM = frozenset({"members", "lead", "interest_declared"})
"""What belongs to one team: another team's form does not begin with its people or declaration."""


@dataclass(frozen=True, slots=True)
class TaskView:
    """A work item with its form and what the law says here.

    Attributes:
        form: None where the step has no form.
        data: What the form shows at first: the variables in scope with the draft over them,
            and the choices by their `valuesKey`.
        draft: What the reader saved last, or {}.
        refusal: Why the reader may not do it now, or None.
        articles: Cited by the element, in their own words; citations without words are
            in `citations` only.
        deadline: The one shown with it, or None.
        holder: The name of whoever has it.
        signs: The reader is asked to sign it, and may now.
    """

    item: WorkItemRow
    case: CaseRow
    version: LoadedVersion
    form: Form | None
    data: Mapping[str, Any]
    draft: Mapping[str, Any]
    refusal: Refusal | None
    citations: tuple[str, ...]
    articles: tuple[Article, ...]
    deadline: DeadlineView | None
    holder: str
    signs: bool = False
    circumstances: tuple[Circumstance, ...] = ()


def task_view(desk: Desk, work_item_id: str, *, language: str = "zh") -> TaskView:
    """Return a work item for its page.

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    item = desk.session.get(WorkItemRow, work_item_id)
    if item is None:
        raise NotFound(work_item_id)
    case = seen(desk, item.case_id, (Right.SEE,))
    version = desk.version(case)
    refusal: Refusal | None = None
    try:
        must_wait(desk, item)
        may_take(desk, case, item)
        must_not_be_held(desk, item, STOPPED)
        must_not_be_under_way(desk, item)
    except Refusal as refused:
        refusal = refused
    form = version.form(item.process, item.form)
    scope = plain(visible(desk, case, item)) if refusal is None else {}
    if item.properties.get("act") == NAMES_TEAM:
        scope = {key: value for key, value in scope.items() if key not in OF_A_TEAM}
    draft = desk.session.get(Draft, (item.id, desk.actor.person_id))
    saved = draft.data if draft is not None else {}
    citations = tuple(
        one.strip() for one in str(item.properties.get("article", "")).split(";") if one.strip()
    )
    holder = item.completed_by or item.claimed_by
    return TaskView(
        item=item,
        case=case,
        version=version,
        form=form,
        data={
            **form_variables(desk, version, form, scope, case, language=language),
            **{key: value for key, value in saved.items() if value is not None},
        },
        draft=saved,
        refusal=refusal,
        citations=citations,
        articles=tuple(
            article for one in citations if (article := version.article(one)) is not None
        ),
        deadline=_deadline(desk, case, item),
        holder=names_of(desk, [holder]).get(holder, "") if holder else "",
        signs=SIGNING in item.holds and desk.actor.person_id in signers_of(desk, item),
        circumstances=circumstances_of(desk, case)
        if refusal is None and item.properties.get("act") in WEIGHING
        else (),
    )


def start_view(
    desk: Desk, procedure: str, *, language: str = "zh"
) -> tuple[LoadedVersion, Form | None, dict[str, Any]]:
    """Return the version in force, its start form and the form's data, for registering.

    Raises:
        NotFound: No version of the procedure is in force.
        NotAllowed: The procedure does not let the actor register.
    """
    row = version_in_force(desk.session, desk.actor.authority_id, procedure, desk.today())
    if row is None:
        raise NotFound(procedure)
    version = desk.office.versions.get(desk.session, row.id)
    start = version.rules.start
    if start is None:
        raise NotFound(procedure)
    roles = {str(role) for role in start.roles}
    if "reporter" not in roles and desk.roles_held().isdisjoint(roles):
        raise NotAllowed("case.may_not_register", roles=sorted(roles))
    form = version.form(version.definition.process_id, start.form)
    return version, form, form_variables(desk, version, form, {}, language=language)


def completed_answers(desk: Desk, work_item_id: str) -> Mapping[str, Any]:
    """Return what was answered to a completed work item, for whoever may see the file.

    The answers of a confidential step are for the investigation, and for who gave them.

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    item = desk.session.get(WorkItemRow, work_item_id)
    if item is None:
        raise NotFound(work_item_id)
    closed = is_confidential(item) and item.completed_by != desk.actor.person_id
    seen(desk, item.case_id, (Right.SEE_INVESTIGATION if closed else Right.SEE_FILE,))
    data = desk.session.scalar(sa.select(Answers.data).where(Answers.work_item_id == item.id))
    return {key: value for key, value in (data or {}).items() if key != SALT}


def _deadline(desk: Desk, case: CaseRow, item: WorkItemRow) -> DeadlineView | None:
    found = [one for one in deadline_views(desk, case) if one.row.key == item.deadline_key]
    return max(found, key=lambda one: one.row.round) if found else None
