"""What a procedure's folder declares, as far as its diagram must agree with it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from bpmn.findings import Finding
from bpmn.reading import Diagram, Node


@dataclass(frozen=True, slots=True)
class Facts:
    """What a procedure declares.

    Attributes:
        forms: The keys of its forms.
        lanes: The names of the lanes that it maps to a role.
        roles: The ids of its roles.
        deadlines: The keys of its deadlines.
        documents: The keys of its documents.
        mandatory: The steps that no path to a sanction may leave out ('investigation' …).
        exempt: What it is exempted from with a reason: a rule's id, `rule:element`, or for rules
            about paths `rule:flow`, which lets the paths over that flow pass.
        decision_acts: The values of the property `act` by which a decision is made.
        sanction_topics: The topics of the service tasks with which a sanction takes effect.
    """

    forms: frozenset[str] = frozenset()
    lanes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    deadlines: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    mandatory: frozenset[str] = frozenset()
    exempt: frozenset[str] = frozenset()
    decision_acts: frozenset[str] = frozenset({"collective", "decide"})
    sanction_topics: frozenset[str] = frozenset({"wenze.record-sanctions"})


ProcedureCheck: TypeAlias = Callable[[Diagram, Facts], Iterable[Finding]]


def exempt_flows(facts: Facts, rule: str, step: str) -> dict[str, frozenset[str]]:
    """Return the flows over which `rule` lets paths pass, each as if it provided `step`."""
    pairs = (entry.partition(":") for entry in facts.exempt)
    return {flow: frozenset({step}) for name, _, flow in pairs if name == rule and flow}


def listed(node: Node, name: str) -> tuple[str, ...]:
    """Return the values of a property that holds several, divided by `;`."""
    return tuple(v for part in node.properties.get(name, "").split(";") if (v := part.strip()))
