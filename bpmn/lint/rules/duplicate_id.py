"""An id names one thing in all files of a version."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error
from bpmn.reading import Diagram

RULE = "duplicate-id"


def check(diagram: Diagram, context: Context) -> Iterator[Finding]:
    """Yield a finding for each process that another file of the version defines too.

    Within a file the schema already refuses a second use; elements of different processes may
    share an id, for they are told apart by their process.
    """
    for process in diagram.processes.values():
        for file, other in context.others.items():
            if other.digest != diagram.digest and process.id in other.processes:
                yield error(
                    diagram,
                    RULE,
                    process,
                    f"流程 id {process.id} 在 {file} 中已有。请改用另一个 id。",
                    f"The process id {process.id} is also used in {file}. Choose another id.",
                )
