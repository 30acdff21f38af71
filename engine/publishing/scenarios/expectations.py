"""The names of what a `then` may expect, with the function that looks at each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from engine.publishing.scenarios.expecting import course, deadlines, decisions, linked, people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.publishing.scenarios.expecting.looking import Look, Unmet

Expectation: TypeAlias = "Callable[[Look, Any], Iterator[Unmet]]"

EXPECTATIONS: dict[str, Expectation] = {
    "open": course.opens,
    "not_open": course.not_opens,
    "only_open": course.only_opens,
    "offered": people.offered,
    "deadline": deadlines.deadlines,
    "cards": deadlines.cards,
    "lamp": deadlines.lamps,
    "case": course.case,
    "variables": course.variables,
    "documents": decisions.documents,
    "sanctions": decisions.sanctions,
    "decision": decisions.decision,
    "told": people.told,
    "not_told": people.not_told,
    "awaits": course.awaits,
    "not_awaits": course.not_awaits,
    "participants": people.participants_are,
    "recusals": people.recusals,
    "to_review": course.to_review,
    "incidents": course.incidents,
    "children": linked.children,
    "transfers": linked.transfers,
    "dunned": linked.dunned,
    "rounds": linked.rounds,
    "escalated": linked.escalated,
}

KNOWN = tuple(EXPECTATIONS)


def unmet(look: Look, expected: dict[str, Any]) -> Iterator[Unmet]:
    """Yield what is not as it is expected, in the order of the scenario."""
    for name, value in expected.items():
        yield from EXPECTATIONS[name](look, value)
