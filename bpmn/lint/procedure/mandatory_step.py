"""No path to a sanction leaves out a mandatory step.

Source: procedures.md §0.9: 调查、陈述申辩、集体决定、权利告知、送达 (proposed).
"""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import error, title
from bpmn.lint.must_pass import passed_after, passed_before
from bpmn.lint.procedure.facts import Facts, listed
from bpmn.lint.procedure.sanction_path import sanction_points
from bpmn.reading import Diagram, Node

RULE = "mandatory-step"


def check(diagram: Diagram, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each mandatory step that neither precedes nor follows a sanction."""
    for process in diagram.processes.values():
        before = passed_before(process, _mandatory)
        after = passed_after(process, _mandatory)
        for node in sanction_points(process, facts):
            passed = before[node.id] | after[node.id] | _mandatory(node)
            for step in sorted(facts.mandatory - passed):
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"有路径经过 {title(node)} 而不经必经环节 {step}。"
                    f"请在每条路径上安排属性 mandatory={step} 的环节。",
                    f"A path through {title(node)} leaves out the mandatory step {step}. Put a "
                    f"step with the property mandatory={step} on every path.",
                )


def _mandatory(node: Node) -> frozenset[str]:
    return frozenset((*listed(node, "mandatory"), *listed(node, "provides")))
