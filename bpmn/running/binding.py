"""Which version of a process a call activity calls, and where a message goes.

A version's files are frozen when it is published, and a case keeps them: so `latest` is what the
files held when the case opened, and `deployment` is the same. A version or a tag that is asked
for must be the one in the files.
"""

from collections.abc import Iterator, Mapping

from bpmn.reading import Diagram, Node, Process
from bpmn.running.step import Target

BINDINGS = ("latest", "deployment", "version", "versionTag")


def wrong_binding(node: Node, called: Process) -> tuple[str, str] | None:
    """Return what is wrong with the version that a call activity asks for, or None."""
    binding = node.camunda.get("calledElementBinding", "latest")
    if binding in ("latest", "deployment"):
        return None
    if binding == "version":
        wanted = node.camunda.get("calledElementVersion", "")
        found = called.properties.get("version", "")
        where = ('camunda:property name="version"', "版本")
    elif binding == "versionTag":
        wanted = node.camunda.get("calledElementVersionTag", "")
        found = called.camunda.get("versionTag", "")
        where = ("camunda:versionTag", "版本标签")
    else:
        return (
            f"绑定方式“{binding}”不认识。请选 {'、'.join(BINDINGS)} 之一。",
            f"The binding {binding!r} is none. Use one of {', '.join(BINDINGS)}.",
        )
    if wanted and wanted == found:
        return None
    zh = f"要求调用“{called.id}”的{where[1]}“{wanted}”，提供的文件是“{found}”（{where[0]}）。"
    en = f"It asks for {where[0]} {wanted!r} of {called.id!r}; the file given has {found!r}."
    return (
        f"{zh}请改正绑定，或提供该版本的文件。",
        f"{en} Mend the binding, or give the file of that version.",
    )


def targets(diagram: Diagram, node: Node, originals: Mapping[str, str]) -> Iterator[Target]:
    """Yield where the message flows lead that are drawn from a node."""
    collaboration = diagram.collaboration
    if collaboration is None:
        return
    homes = {key: process.id for process in diagram.processes.values() for key in process.nodes}
    pools = {each.id: each for each in collaboration.participants}
    owners = {each.process: each.id for each in collaboration.participants if each.process}
    for flow in collaboration.message_flows:
        if flow.source != node.id:
            continue
        if flow.target in homes:
            process = homes[flow.target]
            element = originals.get(flow.target, flow.target)
            yield Target(owners.get(process, ""), process, element)
        elif flow.target in pools:
            yield Target(flow.target, pools[flow.target].process, "")
