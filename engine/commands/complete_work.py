"""Complete a work item: answers checked, act done, case advanced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import sqlalchemy as sa

from engine.commands.acts import ACTS
from engine.commands.acts.act import Act
from engine.commands.acts.papers import DRAFTS, ISSUES, SERVES
from engine.commands.acts.transfer import TRANSFERS
from engine.desk import Desk, Fact
from engine.desk.advance import complete_item, visible
from engine.desk.answers import checked, keep_answers, must_not_lie_ahead
from engine.desk.handing import DELEGATED, SIGNING, STOPPED, must_not_be_held
from engine.desk.happenings import HAPPENED, Occasion
from engine.desk.papers import draft
from engine.desk.signing import ask_again, awaited, keep_back, must_be_signed_before
from engine.desk.values import day_of, value_at
from engine.desk.working import item_and_case, list_in_hands, on_behalf, take
from engine.desk.worlds import environment_of
from engine.errors import Fault
from engine.store.prepared import Prepared
from engine.store.tables import CaseRow, Draft, WorkItemRow
from engine.store.waiting import later

PAPER_ACTS = frozenset({DRAFTS, ISSUES, SERVES, TRANSFERS})
"""Acts that deal with their document themselves; every other step only drafts it."""

_DRAFTS = cast("sa.Table", Draft.__table__)
_DELETE_DRAFTS = Prepared(sa.delete(_DRAFTS).where(_DRAFTS.c.work_item_id == sa.bindparam("item")))


def complete_work(
    desk: Desk, work_item_id: str, answers: Mapping[str, Any], *, proof: str = ""
) -> WorkItemRow:
    """Complete a work item with its answers, and let the procedure go on.

    An item that is still open is claimed first, in the same transaction.

    Args:
        desk: Of whoever may do it.
        work_item_id: The item.
        answers: To its form; hostile.
        proof: What proves a day before today, such as a postmark.

    Raises:
        NotFound: There is none, or the actor may not know of it.
        AlreadyTaken: Somebody else has it or did it; the refusal says who and when.
        NotAllowed: It is offered to others.
        Recused: A conflict of interest bars the actor (S0篇1§14).
        AnswersRefused: The form is not satisfied.
        Refusal: The rules of the act do not permit it.
        StepFault: The diagram failed; the case stands where it stood.
    """
    case, item = item_and_case(desk, work_item_id)
    take(desk, case, item, is_ending=True)
    return complete_taken(desk, case, item, answers, proof=proof)


def complete_taken(
    desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any], *, proof: str = ""
) -> WorkItemRow:
    """Complete a work item that the calling command has taken, as `complete_work` says.

    Args:
        desk: Of the command.
        case: Locked and authorised.
        item: In the actor's hands.
        answers: To its form; hostile.
        proof: What proves a day before today.
    """
    version = desk.version(case)
    given = checked(
        desk,
        version,
        case,
        version.form(item.process, item.form),
        answers,
        variables=visible(desk, case, item),
        environment=environment_of(desk, case),
    )
    if not _waits_for_signatures(desk, case, item, given, proof):
        finish_work(desk, case, item, given, proof=proof)
    return item


def finish_work(
    desk: Desk,
    case: CaseRow,
    item: WorkItemRow,
    answers: Mapping[str, Any],
    *,
    proof: str = "",
    checked_elsewhere: bool = False,
) -> None:
    """Do the act of a work item, keep its answers and advance the case.

    Args:
        desk: Of the command.
        case: Locked and authorised.
        item: In the actor's hands.
        answers: Passed by the form.
        proof: What proves a day before today.
        checked_elsewhere: The calling command is the act's own door, such as `decide`,
            and has made its checks.
    """
    must_not_be_held(desk, item, DELEGATED, STOPPED)
    name = str(item.properties.get("act", ""))
    act = _act_of(item)
    if act is not None and not checked_elsewhere:
        act.check(desk, case, item, answers)
    named = str(item.properties.get("happened") or HAPPENED)
    happened_on = day_of(value_at(answers, named))
    if happened_on is not None:
        must_not_lie_ahead(desk, case, happened_on)
    seen = visible(desk, case, item)
    form = desk.version(case).form(item.process, item.form)
    variables = dict(answers) if form is None else form.filled_up(answers, seen)
    if act is not None:
        variables |= act.apply(desk, case, item, answers)
    document = str(item.properties.get("document") or "")
    if document and name not in PAPER_ACTS:
        draft(desk, case, document, {**seen, **variables})
    row, digest = keep_answers(
        desk,
        case,
        answers,
        form=item.form,
        happened_on=happened_on or desk.today(),
        work_item_id=item.id,
        proof=proof,
    )
    desk.record(
        case,
        Fact.WORK_COMPLETED,
        item=item.id,
        element=item.element,
        name=item.name,
        act=name,
        answers_id=row.id,
        answers=digest,
        **on_behalf(item),
    )
    occasion = Occasion(item.item, item.id, answers, proof)
    complete_item(desk, case, item, variables, occasion)
    later(desk.session, _DELETE_DRAFTS, {"item": item.id})


def _waits_for_signatures(
    desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any], proof: str
) -> bool:
    """Keep the answers back where somebody signs the step beside its holder or after."""
    must_not_be_held(desk, item, DELEGATED, STOPPED)
    if SIGNING not in item.holds:
        return False
    must_be_signed_before(desk, item)
    ask_again(desk, item)
    if not awaited(desk, item):
        return False
    act = _act_of(item)
    if act is not None:
        act.check(desk, case, item, answers)
    keep_back(desk, case, item, answers, proof)
    list_in_hands(desk, case, item)
    return True


def _act_of(item: WorkItemRow) -> Act | None:
    name = str(item.properties.get("act", ""))
    if name and name not in ACTS:
        raise Fault(f"{item.element} has the unknown act {name}")
    return ACTS.get(name)
