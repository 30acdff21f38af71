"""Small diagrams for tests: enough BPMN to say what a test is about, and no more."""

import re
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

_NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
)
_ROOTS = (
    '<message id="M" name="msg"/><message id="M2" name="msg2"/>'
    '<signal id="S" name="sig"/>'
    '<error id="E" name="err" errorCode="E1"/>'
    '<escalation id="X" name="esc" escalationCode="X1"/>'
)


_ASSOCIATION = re.compile("<association [^>]*/>")


def diagram(*body: str, process: str = "P", executable: bool = True) -> bytes:
    """Return a file with one process; messages M and M2, signal S, error E, escalation X."""
    return bpmn(a_process(*body, process=process, executable=executable))


def a_process(*body: str, process: str = "P", executable: bool = True) -> str:
    """Return one process; flows and associations may stand anywhere among the nodes."""
    marked = "true" if executable else "false"
    drawn = "".join(body)
    artifacts = "".join(_ASSOCIATION.findall(drawn))  # the schema has them last
    drawn = _ASSOCIATION.sub("", drawn)
    return f'<process id="{process}" isExecutable="{marked}">{drawn}{artifacts}</process>'


def bpmn(*processes: str, roots: str = _ROOTS) -> bytes:
    """Return a file with several processes."""
    opened = f'<definitions {_NAMESPACES} id="definitions" targetNamespace="t">'
    return f"{opened}{roots}{''.join(processes)}</definitions>".encode()


def flow(source: str, target: str, condition: str | None = None, key: str | None = None) -> str:
    """Return a sequence flow."""
    inner = ""
    if condition is not None:
        inner = (
            '<conditionExpression xsi:type="tFormalExpression">'
            f"{escape(condition)}</conditionExpression>"
        )
    name = key or f"{source}__{target}"
    return (
        f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">'
        f"{inner}</sequenceFlow>"
    )


def chain(*names: str) -> str:
    """Return the flows from each name to the next."""
    return "".join(flow(a, b) for a, b in pairwise(names))


def node(tag: str, key: str, inner: str = "", /, **attributes: str) -> str:
    """Return an element; an attribute `camunda_x` becomes `camunda:x`."""
    given = "".join(
        f" {name.replace('camunda_', 'camunda:')}={quoteattr(value)}"
        for name, value in attributes.items()
    )
    return f'<{tag} id="{key}"{given}>{inner}</{tag}>'


def start(key: str = "s", inner: str = "", /, **attributes: str) -> str:
    """Return a start event."""
    return node("startEvent", key, inner, **attributes)


def end(key: str = "e", inner: str = "", /) -> str:
    """Return an end event."""
    return node("endEvent", key, inner)


def user(*keys: str) -> str:
    """Return user tasks."""
    return "".join(node("userTask", key) for key in keys)


def boundary(key: str, host: str, inner: str, *, interrupts: bool = True) -> str:
    """Return a boundary event."""
    cancels = "true" if interrupts else "false"
    return node("boundaryEvent", key, inner, attachedToRef=host, cancelActivity=cancels)


def handler(key: str, definition: str, *body: str, interrupts: bool = True) -> str:
    """Return an event sub-process; its start event is called `<key>_s`."""
    marked = "true" if interrupts else "false"
    begins = node("startEvent", f"{key}_s", definition, isInterrupting=marked)
    return node("subProcess", key, begins + "".join(body), triggeredByEvent="true")


def extensions(inner: str) -> str:
    """Return extension elements."""
    return f"<extensionElements>{inner}</extensionElements>"


def properties(**values: str) -> str:
    """Return `camunda:properties` in extension elements."""
    return extensions(
        "<camunda:properties>"
        + "".join(
            f"<camunda:property name={quoteattr(k)} value={quoteattr(v)}/>"
            for k, v in values.items()
        )
        + "</camunda:properties>"
    )


def timer(text: str, form: str = "timeDuration") -> str:
    """Return a timer event definition."""
    return (
        f'<timerEventDefinition><{form} xsi:type="tFormalExpression">'
        f"{escape(text)}</{form}></timerEventDefinition>"
    )


def condition(text: str) -> str:
    """Return a conditional event definition."""
    return (
        '<conditionalEventDefinition><condition xsi:type="tFormalExpression">'
        f"{escape(text)}</condition></conditionalEventDefinition>"
    )


MESSAGE = '<messageEventDefinition messageRef="M"/>'
MESSAGE2 = '<messageEventDefinition messageRef="M2"/>'
SIGNAL = '<signalEventDefinition signalRef="S"/>'
ERROR = '<errorEventDefinition errorRef="E"/>'
ANY_ERROR = "<errorEventDefinition/>"
ESCALATION = '<escalationEventDefinition escalationRef="X"/>'
TERMINATE = "<terminateEventDefinition/>"
