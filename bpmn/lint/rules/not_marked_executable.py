"""What is marked as not executable is a drawing."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, warning
from bpmn.reading import Diagram

RULE = "not-marked-executable"


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each process that is marked `isExecutable="false"`.

    Beside an executable process another may be a drawing, a pool shown for its messages; that is
    a warning.
    """
    processes = diagram.processes.values()
    some_run = any(process.is_executable is not False for process in processes)
    for process in processes:
        if process.is_executable is False:
            yield (warning if some_run else error)(
                diagram,
                RULE,
                process,
                f'流程 {process.id} 标记为 isExecutable="false"，不会执行。'
                "若要执行，请在建模工具中勾选“可执行”。",
                f'Process {process.id} is marked isExecutable="false" and will not run. '
                "Tick “executable” in the modeller if it shall.",
            )
