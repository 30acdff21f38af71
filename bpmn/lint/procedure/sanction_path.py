"""Nobody is sanctioned unheard, or without an appeal.

Source: design.md §4 (mandatory steps); style.md §9: every path a defence and an appeal, or a stated
exemption.
"""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import error, title
from bpmn.lint.must_pass import along_flows, passed_after, passed_before
from bpmn.lint.procedure.facts import Facts, exempt_flows, listed
from bpmn.reading import Diagram, Node, Process

DEFENCE = "sanction-without-defence"
APPEAL = "sanction-without-appeal"


def check(diagram: Diagram, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each decision without defence before, or sanction without appeal after.

    Every path counts. A path that ends before a sanction takes effect needs no appeal.
    """
    for process in diagram.processes.values():
        heard = along_flows(process, exempt_flows(facts, DEFENCE, "defence"))
        appealed = along_flows(process, exempt_flows(facts, APPEAL, "appeal"))
        before = passed_before(process, _provides, along=heard)
        after = passed_after(process, _provides, along=appealed, offered=True)
        for node in process.nodes.values():
            if not (decides(node, facts) or sanctions(node, facts)):
                continue
            if "defence" not in before[node.id] | _provides(node):
                yield _unheard(diagram, node)
        for node in sanction_points(process, facts):
            if "appeal" not in after[node.id] | _provides(node):
                yield _without_appeal(diagram, node)


def decides(node: Node, facts: Facts) -> bool:
    """The task makes the original decision; one on an appeal follows a defence already given."""
    return (
        node.properties.get("act") in facts.decision_acts
        and node.properties.get("decision", "original") == "original"
    )


def sanctions(node: Node, facts: Facts) -> bool:
    """With this task a sanction takes effect."""
    return node.camunda.get("topic") in facts.sanction_topics


def sanction_points(process: Process, facts: Facts) -> tuple[Node, ...]:
    """Return where sanctions take effect, or where they are decided if no task says the former."""
    nodes = process.nodes.values()
    taking_effect = tuple(node for node in nodes if sanctions(node, facts))
    return taking_effect or tuple(node for node in nodes if decides(node, facts))


def _provides(node: Node) -> frozenset[str]:
    return frozenset(listed(node, "provides"))


def _unheard(diagram: Diagram, node: Node) -> Finding:
    return error(
        diagram,
        DEFENCE,
        node,
        f"有路径不经陈述申辩就到 {title(node)}。"
        "请使每条路径先经过属性 provides=defence 的环节，"
        "或在 procedure.yaml 的 exempt 中写明理由。",
        f"A path reaches {title(node)} without a defence. Let every path pass a step with the "
        "property provides=defence first, or state the exemption in procedure.yaml.",
    )


def _without_appeal(diagram: Diagram, node: Node) -> Finding:
    return error(
        diagram,
        APPEAL,
        node,
        f"{title(node)} 之后有路径不给申诉机会就结束。"
        "请在其后安排属性 provides=appeal 的环节，或在 procedure.yaml 的 exempt 中写明理由。",
        f"After {title(node)} a path ends that offers no appeal. Put a step with the property "
        "provides=appeal after it, or state the exemption in procedure.yaml.",
    )
