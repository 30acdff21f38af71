"""Bring a message from a program to the case that waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.desk import Desk, Fact, Right
from engine.desk.advance import deliver
from engine.desk.external import kept
from engine.errors import Refusal
from engine.store.tables import new_id

if TYPE_CHECKING:
    from engine.desk.external import Given


def correlate_message(desk: Desk, case_id: str, name: str, variables: Given) -> None:
    """Deliver a message to one case, with variables for its process.

    Args:
        desk: Of a program that does external tasks.
        case_id: The case.
        name: Of the message.
        variables: Set in the process; files become attachments.

    Raises:
        NotFound: There is no such case for the actor.
        NotAllowed: The actor may not serve it.
        Refusal: The case does not wait for it, or a variable cannot be taken.
        StepFault: The diagram failed; nothing is kept.
    """
    case = desk.case(case_id, may=Right.SERVE)
    given = kept(desk, case, variables)
    if not deliver(desk, case, name, given, variables=given):
        raise Refusal("camunda.no_receiver", name=name)
    desk.record(case, Fact.MESSAGE_DELIVERED, key=f"program:{new_id()}", name=name, taken=True)
