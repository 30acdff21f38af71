"""Writes decision files for tests, as short as the rule that they show."""

from collections.abc import Mapping, Sequence
from html import escape

from bpmn.dmn import DecisionModel, read_decisions

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(*parts: str, namespace: str = "urn:test", version: str = NAMESPACE) -> bytes:
    """Return a file with these parts."""
    body = "\n".join(parts)
    return (
        f'<definitions xmlns="{version}" xmlns:camunda="http://camunda.org/schema/1.0/dmn" '
        f'id="defs" name="试验" namespace="{namespace}">\n{body}\n</definitions>'
    ).encode()


def read(
    *parts: str, lenient: bool = False, imports: Mapping[str, bytes] | None = None
) -> DecisionModel:
    """Return the model of a file with these parts."""
    return read_decisions(definitions(*parts), name="t.dmn", lenient=lenient, imports=imports)


def literal(text: str, *, tag: str = "literalExpression") -> str:
    """Return a literal expression."""
    return f"<{tag}><text>{escape(text)}</text></{tag}>"


def decision(
    name: str,
    logic: str = "",
    *,
    requires: Sequence[str] = (),
    inputs: Sequence[str] = (),
    knows: Sequence[str] = (),
    type_ref: str = "",
) -> str:
    """Return a decision; what it requires is given by ids."""
    edges = [
        f'<informationRequirement><requiredDecision href="{_href(one)}"/></informationRequirement>'
        for one in requires
    ]
    edges += [
        f'<informationRequirement><requiredInput href="{_href(one)}"/></informationRequirement>'
        for one in inputs
    ]
    edges += [
        f'<knowledgeRequirement><requiredKnowledge href="{_href(one)}"/></knowledgeRequirement>'
        for one in knows
    ]
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    return (
        f'<decision id="d_{name}" name="{name}"><variable name="{name}"{typed}/>'
        f"{''.join(edges)}{logic}</decision>"
    )


def _href(target: str) -> str:
    return target if "#" in target else f"#{target}"


def input_data(name: str, type_ref: str = "") -> str:
    """Return input data."""
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<inputData id="i_{name}" name="{name}"><variable name="{name}"{typed}/></inputData>'


def table(
    inputs: Sequence[str],
    outputs: Sequence[str],
    rules: Sequence[str],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    allowed_inputs: Mapping[str, str] | None = None,
    allowed_outputs: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
    types: Mapping[str, str] | None = None,
    annotations: Sequence[str] = (),
) -> str:
    """Return a decision table.

    Args:
        inputs: The expressions.
        outputs: The names.
        rules: Each written `input | input => output | output`, with annotations after `//`.
        policy: The hit policy.
        aggregation: Of COLLECT.
        allowed_inputs: Unary tests by input.
        allowed_outputs: Values by output.
        defaults: Default outputs by output.
        types: typeRef by input or output.
        annotations: Heads of the annotation columns.
    """
    named = types or {}

    def typed(name: str) -> str:
        return f' typeRef="{named[name]}"' if name in named else ""

    def tests(found: Mapping[str, str] | None, name: str, tag: str) -> str:
        return literal(found[name], tag=tag) if found and name in found else ""

    parts = [
        f"<input><inputExpression{typed(one)}><text>{escape(one)}</text></inputExpression>"
        f"{tests(allowed_inputs, one, 'inputValues')}</input>"
        for one in inputs
    ]
    parts += [
        f'<output name="{one}"{typed(one)}>{tests(allowed_outputs, one, "outputValues")}'
        f"{tests(defaults, one, 'defaultOutputEntry')}</output>"
        for one in outputs
    ]
    parts += [f'<annotation name="{one}"/>' for one in annotations]
    for number, rule in enumerate(rules, start=1):
        body, _, noted = rule.partition("//")
        conditions, _, conclusions = body.rpartition("=>")
        cells = [
            literal(cell.strip(), tag="inputEntry")
            for cell in conditions.split("|")
            if cell.strip()
        ]
        cells += [literal(cell.strip(), tag="outputEntry") for cell in conclusions.split("|")]
        cells += [literal(one.strip(), tag="annotationEntry") for one in noted.split("|") if noted]
        parts.append(f'<rule id="r{number}">{"".join(cells)}</rule>')
    aggregated = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable hitPolicy="{policy}"{aggregated}>{"".join(parts)}</decisionTable>'
