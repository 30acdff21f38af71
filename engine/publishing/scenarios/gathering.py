"""Steps of a scenario that a body takes together, and those that ask the register of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.decide import decide
from engine.commands.hold_meeting import (
    call_meeting,
    close_ballot,
    record_dissent,
    sign_minutes,
)
from engine.commands.request_personnel import request_appointment, request_award
from engine.desk.assembly import newest_motion
from engine.publishing.scenarios.results import StepFailed
from engine.publishing.scenarios.telling import failed
from engine.store.tables import WorkItemRow

if TYPE_CHECKING:
    from engine.desk import Desk
    from engine.publishing.scenarios.playing import Run
    from engine.publishing.scenarios.steps import Ask, Decide, Dissent, Meet, Minutes, Step


def meet(run: Run, step: Meet) -> None:
    """Call the meeting of a body."""
    stage = run.stage
    item, _ = run.item(step, step.element)
    stage.office.give(
        stage.actor(step.by),
        call_meeting,
        item.id,
        held_at=stage.instant(step.held_at) if step.held_at else stage.clock.now(),
        place=step.room,
        agenda=step.agenda,
        chair=stage.people.get(step.chair, ""),
        recorder=stage.people.get(step.recorder, ""),
    )


def dissent(run: Run, step: Dissent) -> None:
    """Keep a member's dissent on the newest motion."""
    motion = _motion(run, step, step.element)
    run.stage.office.give(run.stage.actor(step.by), record_dissent, motion, reasons=step.reasons)


def minutes(run: Run, step: Minutes) -> None:
    """Close the ballot and let each signer sign."""
    stage = run.stage
    motion = _motion(run, step, step.element)
    stage.office.give(stage.actor(step.by), close_ballot, motion)
    for name in step.signed_by:
        stage.office.give(stage.actor(name, signed=True), sign_minutes, motion)


def form_decision(run: Run, step: Decide) -> None:
    """Form the decision on the newest motion."""
    motion = _motion(run, step, step.element)
    run.stage.office.give(run.stage.actor(step.by), decide, motion)


def ask_register(run: Run, step: Ask) -> None:
    """Ask whether somebody may be honoured or appointed, and compare the answer."""
    stage = run.stage
    actor, person = stage.actor(step.by), stage.people[step.person]
    if step.post:
        row = stage.office.give(
            actor,
            request_appointment,
            person,
            step.post,
            equal=step.equal,
            on=step.on or stage.today,
        )
    else:
        row = stage.office.give(actor, request_award, person, step.year)
    if step.expected not in {"", row.answer}:
        raise StepFailed(
            failed(step, f"答复是 {row.answer}，应为 {step.expected}", f"it was {row.answer}")
        )


def _motion(run: Run, step: Step, element: str) -> str:
    item, _ = run.item(step, element)
    motion = run.stage.office.ask(run.stage.platform, _newest, item.id)
    if not motion:
        raise StepFailed(failed(step, f"{element} 还没有议案", f"{element} has no motion yet"))
    return motion


def _newest(desk: Desk, item_id: str) -> str:
    motion = newest_motion(desk, desk.session.get_one(WorkItemRow, item_id))
    return motion.id if motion is not None else ""
