"""Writes the table of what runs into docs/bpmn.md, from the tests that prove each cell.

A cell says `runs` only where its proof in `tests/bpmn/cells` holds when it is played here and now,
and `refused` only where lint refuses its drawing. Anything between is a defect and stops the tool.

    .venv/bin/python -m tools.bpmn_table
"""

import re
from collections.abc import Iterator
from pathlib import Path

from bpmn.lint.executable import EVENTS, NODES, Position, Verdict
from tests.bpmn.cells import events, nodes
from tests.bpmn.cells.proving import Proof
from tests.bpmn.lint.test_executable import TestNodes, event, refused

DOCUMENT = Path(__file__).parents[1] / "docs" / "bpmn.md"
BEGIN, END = "<!-- cells: written by tools/bpmn_table.py -->", "<!-- end of cells -->"
_COLUMNS = {
    Position.START: "start",
    Position.SUBPROCESS_START: "start in a sub-process",
    Position.EVENT_SUBPROCESS: "event sub-process",
    Position.EVENT_SUBPROCESS_NON_INTERRUPTING: "…, non-interrupting",
    Position.CATCH: "catch",
    Position.THROW: "throw",
    Position.BOUNDARY: "boundary",
    Position.BOUNDARY_NON_INTERRUPTING: "…, non-interrupting",
    Position.END: "end",
}
# Several definitions of a throwing event are all thrown: BPMN has no mark for parallel there.
_AS_MULTIPLE = {
    ("parallelMultiple", Position.THROW),
    ("parallelMultiple", Position.END),
}


class Unproved(Exception):
    """A cell neither runs as its proof says nor is refused."""


def table() -> str:
    """Return the table as Markdown.

    Raises:
        Unproved: A cell's proof does not hold, or lint lets pass what has no proof.
    """
    return "\n".join((*_events(), "", *_nodes()))


def _events() -> Iterator[str]:
    proofs = events.proofs()
    yield f"| event | {' | '.join(_COLUMNS.values())} |"
    yield "|---" * (len(_COLUMNS) + 1) + "|"
    for kind in dict.fromkeys(kind for kind, _ in EVENTS):
        cells = [_event(kind, position, proofs.get((kind, position))) for position in _COLUMNS]
        yield f"| {kind} | {' | '.join(cells)} |"


def _event(kind: str, position: Position, proof: Proof | None) -> str:
    if (kind, position) in _AS_MULTIPLE:
        return "as multiple"
    if proof is not None:
        return _runs(f"{kind} as {position}", proof)
    if ("not-executable", "x") not in refused(event(kind, position)):
        raise Unproved(f"{kind} as {position} is neither proved nor refused")
    return "–" if EVENTS[kind, position] is Verdict.NOT_BPMN else "refused"


def _nodes() -> Iterator[str]:
    proofs = nodes.proofs()
    yield "| element | |"
    yield "|---|---|"
    for kind, proof in proofs.items():
        yield f"| {kind} | {_runs(kind, proof)} |"
    for kind, verdict in NODES.items():
        if verdict is Verdict.RUNS:
            continue
        if ("not-executable", "x") not in refused(TestNodes().drawn(kind)):
            raise Unproved(f"{kind} is neither proved nor refused")
        yield f"| {kind} | refused |"


def _runs(name: str, proof: Proof) -> str:
    if not proof.holds():
        raise Unproved(f"the proof of {name} does not hold")
    return "runs"


def written(text: str) -> str:
    """Return the document with the table in its place."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    return pattern.sub(lambda _: f"{BEGIN}\n{table()}\n{END}", text, count=1)


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8")), "utf-8")
