"""Running diagrams: a definition, an instance, and one step after another."""

from bpmn.running.definition import Definition, compile_definition
from bpmn.running.faults import CannotMove, NotWaiting, StateUnreadable, StepFailed
from bpmn.running.instance import Instance, restore, start
from bpmn.running.migrating import Migration, Obstacle, migrate
from bpmn.running.step import (
    Awaited,
    Beginning,
    DecisionMade,
    Element,
    ExpressionWarned,
    Held,
    Incident,
    Item,
    ItemKind,
    Step,
    Target,
    Thrown,
    Timer,
    Trace,
    TraceEvent,
    World,
)

__all__ = [
    "Awaited",
    "Beginning",
    "CannotMove",
    "DecisionMade",
    "Definition",
    "Element",
    "ExpressionWarned",
    "Held",
    "Incident",
    "Instance",
    "Item",
    "ItemKind",
    "Migration",
    "NotWaiting",
    "Obstacle",
    "StateUnreadable",
    "Step",
    "StepFailed",
    "Target",
    "Thrown",
    "Timer",
    "Trace",
    "TraceEvent",
    "World",
    "compile_definition",
    "migrate",
    "restore",
    "start",
]
