"""A document that a task drafts, issues or serves is one of the procedure's."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import error, title
from bpmn.lint.procedure.facts import Facts, listed
from bpmn.reading import Diagram

RULE = "document-unknown"


def check(diagram: Diagram, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each document's key that the procedure does not declare."""
    for node in diagram.nodes():
        for key in listed(node, "document"):
            if key not in facts.documents and not key.startswith("="):
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"{title(node)} 的文书 {key} 未定义。请在 procedure.yaml 的 documents 中定义。",
                    f"The document {key} of {title(node)} is not defined. Define it in "
                    "procedure.yaml, documents.",
                )
