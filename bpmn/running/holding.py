"""Incidents: what failed stays where it stands, with its reason, until it is tried again.

A step that fails is taken again from the state before it, and the token at which it failed is
held before it does anything. So whatever else the step does is done, and of what failed nothing is.
"""

from typing import Any

from bpmn.running.faults import StepFailed
from bpmn.running.levels import Run
from bpmn.running.step import Held, Incident
from bpmn.running.tokens import FUTURE, READY, STARTED, Token, begin, put

RETRIES = 3
"""How often the platform tries again by itself; a person may do so as often as they like."""
MOST_HELD = 100
"""How many incidents one step may leave; one with more is refused as a whole."""


def enter(run: Run, task: Token) -> None:
    """Let a new token begin, or hold it where it failed to.

    Raises:
        StepFailed: Its node could not be entered.
    """
    if hold(run, task, Held.ENTERING):
        return
    try:
        begin(task)
    except StepFailed as failed:
        failed.at(task.id, Held.ENTERING)
        raise


def act(run: Run, task: Token) -> None:
    """Let a token that is ready act and go on, or hold it where it failed to.

    Raises:
        StepFailed: What the node does, or the choice of the way on, failed.
    """
    if hold(run, task, Held.ACTING):
        return
    try:
        task.run()
    except StepFailed as failed:
        failed.at(task.id, Held.ACTING)
        raise


def hold(run: Run, task: Token, when: Held) -> bool:
    """Hold a token that failed at this moment; whether it did."""
    incident = run.held.get(task.id)
    if incident is None or incident.held is not when:
        return False
    if when is Held.WORKING:
        run.journal.withdraw(task.id)
    put(task, STARTED)
    task.internal_data["incident"] = {
        "process": incident.process,
        "element": incident.element,
        "zh": incident.zh,
        "en": incident.en,
        "at": incident.at,
        "left": incident.retries,
        "held": incident.held,
    }
    run.journal.incidents.append(incident)
    return True


def incident_of(task: Token) -> Incident | None:
    """Return the incident that holds a token, or None."""
    kept: dict[str, Any] | None = task.internal_data.get("incident")
    if kept is None:
        return None
    return Incident(
        process=kept["process"],
        element=kept["element"],
        zh=kept["zh"],
        en=kept["en"],
        id=task.id,
        at=kept["at"],
        retries=kept["left"],
        held=Held(kept["held"]),
    )


def incidents(run: Run) -> tuple[Incident, ...]:
    """Return what is held, oldest first."""
    found = [incident_of(task) for level in run.levels() for task in level.awake()]
    kept = [incident for incident in found if incident is not None]
    return tuple(sorted(kept, key=lambda incident: int(incident.id)))


def release(run: Run, task: Token) -> None:
    """Let a held token try again.

    Raises:
        StepFailed: It failed again.
    """
    run.journal.settled.append(task.id)
    match Held(task.internal_data.pop("incident")["held"]):
        case Held.ENTERING:
            put(task, FUTURE)
            enter(run, task)
        case Held.ACTING:
            put(task, READY)
            run.agenda.append(task)
        case Held.WORKING:
            put(task, READY)
            run.journal.open(task.task_spec.item(task))
