"""Supplying what a drawing lacks to be played: it is told, and the original stays as it is."""

from collections.abc import Collection, Mapping
from copy import deepcopy

from lxml import etree

from bpmn import dmn
from bpmn.playing.stubbing import activities, conditions, data, events
from bpmn.playing.stubbing.supplying import Supplied, Supply
from bpmn.reading import Diagram, read_diagram


def stub(
    files: Mapping[str, bytes], *, inputs: Collection[str] = ()
) -> tuple[dict[str, bytes], tuple[Supplied, ...]]:
    """Return copies of the diagrams that can be played, and what was supplied for that.

    Supplied are: that a process is executable; topics of services; conditions, loops and timers
    that are missing, unreadable or read what nobody gives; messages, signals and their names;
    a start event in an empty sub-process. The way that is the shortest to an end is taken.

    Args:
        files: The diagrams and decision tables by name; tables are given back as they are.
        inputs: The names of the variables that the play begins with.

    Raises:
        DiagramRefused: A file cannot be read.
    """
    diagrams = {
        name: read_diagram(content, name=name)
        for name, content in files.items()
        if not name.endswith(".dmn")
    }
    processes = {process for diagram in diagrams.values() for process in diagram.processes}
    decisions = {
        decision
        for name, content in files.items()
        if name.endswith(".dmn")
        for decision in dmn.read_decisions(
            content,
            name=name,
            imports={o: c for o, c in files.items() if o.endswith(".dmn") and o != name},
        ).decisions
    }
    given = dict(files)
    told: list[Supplied] = []
    for name, diagram in diagrams.items():
        supply = Supply(diagram, deepcopy(diagram.root), frozenset(inputs), told)
        _executable(diagram, supply)
        activities.supply(supply, processes, decisions)
        events.supply(supply)
        conditions.supply(supply)
        data.supply(supply)
        given[name] = etree.tostring(supply.root, xml_declaration=True, encoding="UTF-8")
    return given, tuple(told)


def _executable(diagram: Diagram, supply: Supply) -> None:
    """Let every process run; one that the author marked not to run is marked anew.

    A process that is empty stays a drawing.
    """
    for process in diagram.processes.values():
        if process.is_executable is not True and process.nodes:
            supply.give(process.id, "isExecutable", "true")
            supply.element(process.id).set("isExecutable", "true")


__all__ = ["Supplied", "stub"]
