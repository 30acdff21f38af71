"""The language: reads, checks, rewrites, compares and runs diagrams; FEEL; DMN.

Pure: no database, no clock of its own, no name of a procedure.
"""

from bpmn import dmn, feel, lint
from bpmn.compare import Change, compare
from bpmn.findings import DiagramRefused, Finding, Severity
from bpmn.reading import Diagram, read_diagram
from bpmn.running import (
    Awaited,
    Beginning,
    CannotMove,
    DecisionMade,
    Definition,
    Element,
    ExpressionWarned,
    Held,
    Incident,
    Instance,
    Item,
    ItemKind,
    NotWaiting,
    StateUnreadable,
    Step,
    StepFailed,
    Target,
    Thrown,
    Timer,
    Trace,
    TraceEvent,
    World,
    compile_definition,
    restore,
    start,
)
from bpmn.svg import clean_svg

__all__ = [
    "Awaited",
    "Beginning",
    "CannotMove",
    "Change",
    "DecisionMade",
    "Definition",
    "Diagram",
    "DiagramRefused",
    "Element",
    "ExpressionWarned",
    "Finding",
    "Held",
    "Incident",
    "Instance",
    "Item",
    "ItemKind",
    "NotWaiting",
    "Severity",
    "StateUnreadable",
    "Step",
    "StepFailed",
    "Target",
    "Thrown",
    "Timer",
    "Trace",
    "TraceEvent",
    "World",
    "clean_svg",
    "compare",
    "compile_definition",
    "dmn",
    "feel",
    "lint",
    "read_diagram",
    "restore",
    "start",
]
