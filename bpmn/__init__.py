"""The language: reads, checks, rewrites, compares and runs diagrams; FEEL; DMN.

Pure: no database, no clock of its own, no name of a procedure.
"""

from bpmn import dmn, feel
from bpmn.findings import DiagramRefused, Finding, Severity
from bpmn.reading import Diagram, read_diagram
from bpmn.running import (
    Awaited,
    DecisionMade,
    Definition,
    Element,
    Incident,
    Instance,
    Item,
    ItemKind,
    NotWaiting,
    StateUnreadable,
    Step,
    StepFailed,
    Thrown,
    Timer,
    Trace,
    TraceEvent,
    World,
    compile_definition,
    restore,
    start,
)

__all__ = [
    "Awaited",
    "DecisionMade",
    "Definition",
    "Diagram",
    "DiagramRefused",
    "Element",
    "Finding",
    "Incident",
    "Instance",
    "Item",
    "ItemKind",
    "NotWaiting",
    "Severity",
    "StateUnreadable",
    "Step",
    "StepFailed",
    "Thrown",
    "Timer",
    "Trace",
    "TraceEvent",
    "World",
    "compile_definition",
    "dmn",
    "feel",
    "read_diagram",
    "restore",
    "start",
]
