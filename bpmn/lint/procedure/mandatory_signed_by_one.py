"""A mandatory step is not ended by one of several signers.

Source: design.md §4: mandatory steps cannot be signed by one of many.
"""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import error, title
from bpmn.lint.procedure.facts import Facts, listed
from bpmn.reading import Diagram

RULE = "mandatory-signed-by-one"


def check(diagram: Diagram, _facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each mandatory multi-instance that may end before all have signed."""
    for node in diagram.nodes():
        if listed(node, "mandatory") and node.loop is not None and node.loop.completion:
            yield error(
                diagram,
                RULE,
                node,
                f"必经环节 {title(node)} 由多人办理，却有完成条件，可能不待全体签完就结束。"
                "请去掉 completionCondition，或去掉属性 mandatory。",
                f"The mandatory step {title(node)} is done by several and has a completion "
                "condition, so that it may end before all have signed. Remove the "
                "completionCondition, or the property mandatory.",
            )
