"""Steps of a scenario that move work and cases by hand: each gives the command of its page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.commands.assign_work import assign_work
from engine.commands.change_signers import add_signer, remove_signer
from engine.commands.comment_case import comment_case
from engine.commands.copies import read_copy, send_copies
from engine.commands.countersign import ask_signature, drop_signature, give_signature
from engine.commands.depart import begin_departure
from engine.commands.extend_deadline import decide_extension
from engine.commands.hand_over import (
    delegate_work,
    recall_delegated,
    return_delegated,
    transfer_work,
)
from engine.commands.jump_work import jump_work
from engine.commands.merge_clues import merge_clue
from engine.commands.receipt_escalation import receipt_escalation
from engine.commands.recuse import decide_recusal
from engine.commands.remind_work import remind_work
from engine.commands.return_work import return_work
from engine.commands.substitute import set_substitution
from engine.commands.suspend_case import decide_suspension, request_suspension, resume_case
from engine.commands.take_back_work import take_back_work
from engine.commands.wake_case import wake_case
from engine.commands.withdraw_case import decide_withdrawal, propose_withdrawal
from engine.desk.holders import people_in_role
from engine.desk.signing import DROPPED
from engine.publishing.scenarios.answering import sent
from engine.publishing.scenarios.attaching import uploads
from engine.publishing.scenarios.correcting import CORRECTIONS
from engine.publishing.scenarios.finding import start_form
from engine.publishing.scenarios.overseeing import OVERSIGHT
from engine.publishing.scenarios.programs import PROGRAMS
from engine.publishing.scenarios.results import StepFailed
from engine.publishing.scenarios.telling import failed
from engine.store.tables import (
    CaseRow,
    CopyRow,
    DeadlineRow,
    Escalation,
    ExtensionRequest,
    Recusal,
    SignatureRequest,
    Suspension,
    WorkItemRow,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.desk import Actor, Desk
    from engine.publishing.scenarios.playing import Run
    from engine.publishing.scenarios.steps import Operate

ADMINISTRATOR = "platform_admin"
PENDING = "pending"
"""The state of a request that waits for its ruling."""


def operate(run: Run, step: Operate) -> None:
    """Take a step that moves work or a case."""
    OPERATIONS[step.verb](run, step)


def _on_item(command: Any, *values: str) -> Callable[[Run, Operate], None]:
    """Return what gives a command on the open item of the element that the step names.

    Args:
        command: Of a work item.
        values: The step's values that it takes: by place where the name begins with `*`, a
            person where it ends in `@`.
    """

    def act(run: Run, step: Operate) -> None:
        item, _ = run.item(step, step.on)
        args, named = _taken(run, step, values)
        _give(run, step, command, item.id, *args, **named)

    return act


def _on_case(command: Any, *values: str) -> Callable[[Run, Operate], None]:
    """Return what gives a command on the case; see `_on_item`."""

    def act(run: Run, step: Operate) -> None:
        args, named = _taken(run, step, values)
        _give(run, step, command, run.case_id(step), *args, **named)

    return act


def _taken(run: Run, step: Operate, values: tuple[str, ...]) -> tuple[list[Any], dict[str, Any]]:
    args: list[Any] = []
    named: dict[str, Any] = {}
    for one in values:
        name = one.strip("*@")
        value = step.given.get(name, step.on) if name != "reasons" else _reasons(step)
        if one.endswith("@"):
            value = run.stage.people[value]
        if one.startswith("*"):
            args.append(value)
        else:
            named[name] = value
    return args, named


def _reasons(step: Operate) -> str:
    """Return the step's reasons: for what is done to a case they stand under the verb."""
    return str(step.given.get("reasons", step.on))


def _give(run: Run, step: Operate, command: Any, *args: Any, **given: Any) -> Any:
    return run.stage.office.give(run.stage.actor(step.by), command, *args, **given)


def _take_back(run: Run, step: Operate) -> None:
    item_id = run.stage.office.ask(
        run.stage.platform, _done_by, run.case_id(step), step.on, run.stage.people[step.by]
    )
    _give(run, step, take_back_work, _found(step, item_id, "没有由其办结", "was not done by"))


def _sign(run: Run, step: Operate) -> None:
    request = _request(run, step, step.by)
    run.stage.office.give(
        run.stage.actor(step.by, signed=step.given["signed"]),
        give_signature,
        request,
        agrees=step.given["agrees"],
        opinion=step.given["opinion"],
    )


def _drop_signature(run: Run, step: Operate) -> None:
    request = _request(run, step, step.given["person"])
    _give(run, step, drop_signature, request, reasons=_reasons(step))


def _remove_signer(run: Run, step: Operate) -> None:
    person = run.stage.people[step.given["person"]]
    item_id = run.stage.office.ask(
        run.stage.platform, _instance_of, run.case_id(step), step.on, person
    )
    found = _found(step, item_id, "没有其会签", "has no instance for")
    _give(run, step, remove_signer, found, reasons=_reasons(step))


def _suspend(run: Run, step: Operate) -> None:
    made = _give(run, step, request_suspension, run.case_id(step), reasons=step.on)
    _rule(run, step, decide_suspension, made.id)


def _withdraw(run: Run, step: Operate) -> None:
    case_id = run.case_id(step)
    _give(run, step, propose_withdrawal, case_id, reasons=step.on)
    _rule(run, step, decide_withdrawal, case_id)


def _rule(run: Run, step: Operate, command: Any, what: str) -> None:
    if step.given["decided_by"]:
        run.stage.office.give(
            run.stage.actor(step.given["decided_by"]),
            command,
            what,
            granted=step.given["granted"],
            reasons=step.given["decision_reasons"] or step.on,
        )


def _rule_later(run: Run, step: Operate) -> None:
    """Rule on the newest request of a kind that waits: on a deadline, on a person, on the case."""
    of, stage = step.given["of"], run.stage
    command, query = {
        "extend": (decide_extension, _extension_of),
        "recuse": (decide_recusal, _recusal_of),
        "suspend": (decide_suspension, _suspension_of),
        "withdraw": (decide_withdrawal, _itself),
    }[step.on]
    what = stage.office.ask(stage.platform, query, run.case_id(step), stage.people.get(of, of))
    granted, reasons = step.given["granted"], step.given["reasons"]
    found = _found(step, what, "没有待裁决的申请", "has no request that waits for")
    _give(run, step, command, found, granted=granted, reasons=reasons)


def _wake(run: Run, step: Operate) -> None:
    stage, case_id = run.stage, run.case_id(step)
    procedure = stage.office.ask(stage.platform, _procedure_of, case_id)
    form = stage.office.ask(stage.platform, start_form, procedure)
    answers = sent(step.given["answers"], form, stage.people, stage.today)
    woken = _give(run, step, wake_case, case_id, answers, reasons=step.on)
    run.cases[step.given["named"] or "woken"] = woken.id


def _merge(run: Run, step: Operate) -> None:
    into = run.case_id(replace(step, case=step.on))
    _give(run, step, merge_clue, run.case_id(step), into, reasons=_reasons(step))


def _copy(run: Run, step: Operate) -> None:
    people = [run.stage.people[one] for one in step.given[""]]
    _give(run, step, send_copies, run.case_id(step), people, note=step.given["note"])


def _comment(run: Run, step: Operate) -> None:
    mentions = [run.stage.people[one] for one in step.given["mentions"]]
    files = uploads(step.given["files"])
    _give(run, step, comment_case, run.case_id(step), step.on, mentions=mentions, files=files)


def _receipt(run: Run, step: Operate) -> None:
    query, command = {
        "copy": (_copy_for, read_copy),
        "escalation": (_escalation_in, receipt_escalation),
    }[step.on]
    person = run.stage.people[step.by]
    what = run.stage.office.ask(run.stage.platform, query, run.case_id(step), person)
    _give(run, step, command, _found(step, what, "没有待签收的", "waits for nothing of"))


def _substitute(run: Run, step: Operate) -> None:
    given = step.given
    _give(
        run,
        step,
        set_substitution,
        run.stage.people[step.on],
        valid_from=given["from"],
        valid_to=given["to"],
        procedure=given["procedure"],
        role=given["role"],
        reasons=given["reasons"],
    )


def _depart(run: Run, step: Operate) -> None:
    stage = run.stage
    people = [stage.people[step.on], stage.people[step.given["to"]]]
    actor = _administrator(run, step.by)
    stage.office.give(actor, begin_departure, *people, reasons=_reasons(step))


def _administrator(run: Run, name: str) -> Actor:
    """Return a person as an administrator, where the cast gives the role."""
    cast = {one.name: one for one in run.stage.cast.people}
    is_admin = any(post.role == ADMINISTRATOR for post in cast[name].posts)
    return replace(run.stage.actor(name), is_admin=is_admin)


OPERATIONS: Mapping[str, Callable[[Run, Operate], None]] = {
    "transfer": _on_item(transfer_work, "*to@", "reasons"),
    "delegate": _on_item(delegate_work, "*to@", "reasons"),
    "hand_back": _on_item(return_delegated, "note"),
    "recall": _on_item(recall_delegated, "reasons"),
    "assign": _on_item(assign_work, "*to@"),
    "send_back": _on_item(return_work, "*to", "straight", "reasons"),
    "take_back": _take_back,
    "jump": _on_item(jump_work, "*to", "reasons"),
    "remind": _on_item(remind_work),
    "countersign": _on_item(ask_signature, "*person@", "place", "reasons"),
    "sign": _sign,
    "drop_signature": _drop_signature,
    "add_signer": _on_item(add_signer, "*person@", "reasons"),
    "remove_signer": _remove_signer,
    "suspend": _suspend,
    "resume": _on_case(resume_case, "reasons"),
    "withdraw": _withdraw,
    "rule": _rule_later,
    "wake": _wake,
    "merge": _merge,
    "copy": _copy,
    "comment": _comment,
    "receipt": _receipt,
    "substitute": _substitute,
    "depart": _depart,
    **CORRECTIONS,
    **PROGRAMS,
    **OVERSIGHT,
}
"""What each verb does."""


def _request(run: Run, step: Operate, name: str) -> str:
    person = run.stage.people[name]
    request = run.stage.office.ask(
        run.stage.platform, _asked_of, run.case_id(step), step.on, person
    )
    return _found(step, request, "没有请其会签", "was not put before")


def _found(step: Operate, what: str, zh: str, en: str) -> str:
    if not what:
        raise StepFailed(failed(step, f"{step.on}：{zh}（{step.by}）", f"{step.on} {en} {step.by}"))
    return what


def _done_by(desk: Desk, case_id: str, element: str, person_id: str) -> str:
    query = sa.select(WorkItemRow.id).where(
        WorkItemRow.case_id == case_id,
        WorkItemRow.element == element,
        WorkItemRow.completed_by == person_id,
    )
    return desk.session.scalar(query.order_by(WorkItemRow.completed_at.desc()).limit(1)) or ""


def _instance_of(desk: Desk, case_id: str, element: str, person_id: str) -> str:
    rows = desk.session.scalars(
        sa.select(WorkItemRow).where(
            WorkItemRow.case_id == case_id,
            WorkItemRow.element == element,
            WorkItemRow.state.in_(("open", "claimed")),
        )
    )
    mine = f"p:{person_id}"
    return next((row.id for row in rows if mine in row.candidates), "")


def _asked_of(desk: Desk, case_id: str, element: str, person_id: str) -> str:
    query = (
        sa.select(SignatureRequest.id)
        .join(WorkItemRow, WorkItemRow.id == SignatureRequest.work_item_id)
        .where(
            SignatureRequest.case_id == case_id,
            SignatureRequest.person_id == person_id,
            SignatureRequest.state != DROPPED,
            WorkItemRow.element == element,
        )
    )
    return desk.session.scalar(query.order_by(SignatureRequest.asked_at.desc()).limit(1)) or ""


def _copy_for(desk: Desk, case_id: str, person_id: str) -> str:
    query = sa.select(CopyRow.id).where(
        CopyRow.case_id == case_id, CopyRow.person_id == person_id, CopyRow.read_at.is_(None)
    )
    return desk.session.scalar(query.order_by(CopyRow.sent_at.desc()).limit(1)) or ""


def _escalation_in(desk: Desk, case_id: str, person_id: str) -> str:
    """Return the newest one that waits before a level of the person, or of anybody's."""
    query = sa.select(Escalation).where(
        Escalation.case_id == case_id, Escalation.receipted_by.is_(None)
    )
    waiting = desk.session.scalars(query.order_by(Escalation.raised_at.desc())).all()
    case = desk.session.get_one(CaseRow, case_id)
    own = [one for one in waiting if person_id in people_in_role(desk, case, one.role)]
    return next((one.id for one in (*own, *waiting)), "")


def _extension_of(desk: Desk, case_id: str, key: str) -> str:
    query = (
        sa.select(ExtensionRequest.id)
        .join(DeadlineRow, DeadlineRow.id == ExtensionRequest.deadline_id)
        .where(
            ExtensionRequest.case_id == case_id,
            ExtensionRequest.state == PENDING,
            DeadlineRow.key == key,
        )
    )
    return desk.session.scalar(query.order_by(ExtensionRequest.requested_at.desc()).limit(1)) or ""


def _recusal_of(desk: Desk, case_id: str, person_id: str) -> str:
    query = sa.select(Recusal.id).where(
        Recusal.case_id == case_id, Recusal.state == PENDING, Recusal.person_id == person_id
    )
    return desk.session.scalar(query.order_by(Recusal.requested_at.desc()).limit(1)) or ""


def _suspension_of(desk: Desk, case_id: str, _of: str) -> str:
    query = sa.select(Suspension.id).where(
        Suspension.case_id == case_id, Suspension.state == PENDING
    )
    return desk.session.scalar(query.order_by(Suspension.requested_at.desc()).limit(1)) or ""


def _itself(_desk: Desk, case_id: str, _of: str) -> str:
    return case_id


def _procedure_of(desk: Desk, case_id: str) -> str:
    return desk.session.get_one(CaseRow, case_id).procedure
