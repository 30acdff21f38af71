"""Reasons that people give for what they do: asked for here, kept by the command."""

from __future__ import annotations

from engine.errors import Refusal

SHORTEST, LONGEST = 4, 400
"""Characters of a reason on the access record."""


class ReasonMissing(Refusal):
    """Whoever looks at what is confidential, or takes something out, says why."""


def reason_for_looking(reason: str, message_id: str, *, rule: str) -> str:
    """Return a reason for the access record, without white space around it.

    Args:
        reason: As it was given.
        message_id: What is said where it does not do.
        rule: Why one is asked for.

    Raises:
        ReasonMissing: It has fewer than 4 characters or more than 400.
    """
    stated = reason.strip()
    if not SHORTEST <= len(stated) <= LONGEST:
        raise ReasonMissing(message_id, rule=rule, shortest=SHORTEST)
    return stated
