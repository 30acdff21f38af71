"""Boxed expressions, from XML (DMN 1.5, chapter 7.3 and 10.2)."""

from collections.abc import Callable

from bpmn.dmn.nodes import (
    Binding,
    Boxed,
    BoxedList,
    Conditional,
    Context,
    Entry,
    Filter,
    FunctionDefinition,
    Invocation,
    Iteration,
    Iterator,
    Literal,
    Relation,
    Source,
    Variable,
)
from bpmn.dmn.reading.language import check_language
from bpmn.dmn.reading.markup import check_names, child, children, only, place_of, source_of, text_of
from bpmn.dmn.reading.tables import read_table
from bpmn.dmn.refusals import Findings
from bpmn.reading.markup import Element, local_name


def variable_of(node: Element | None) -> Variable | None:
    """Return the information item that `node` is."""
    if node is None:
        return None
    return Variable(" ".join(node.get("name", "").split()), node.get("typeRef"))


def read_boxed(owner: Element, findings: Findings) -> Boxed | None:
    """Return the expression that `owner` holds, or None where it holds none."""
    for node in children(owner):
        reader = READERS.get(local_name(node))
        if reader is not None:
            return reader(node, findings)
    return None


def _required(owner: Element, findings: Findings) -> Boxed:
    found = read_boxed(owner, findings)
    if found is not None:
        return found
    findings.error(
        "dmn-missing-expression",
        place_of(owner),
        f"<{local_name(owner)}> 中缺少表达式。请补上。",
        f"<{local_name(owner)}> holds no expression. Add one.",
    )
    return Literal(place_of(owner), None, Source("null", place_of(owner)))


def _part(node: Element, name: str, findings: Findings) -> Boxed:
    found = child(node, name)
    return _required(node if found is None else found, findings)


def _literal(node: Element, findings: Findings) -> Boxed:
    only(node, frozenset({"text"}), findings)
    check_language(node, findings)
    return Literal(place_of(node), node.get("typeRef"), source_of(node, "null"))


def _context(node: Element, findings: Findings) -> Boxed:
    entries = [
        Entry(variable_of(child(entry, "variable")), _required(entry, findings))
        for entry in children(node, "contextEntry")
    ]
    return Context(place_of(node), node.get("typeRef"), tuple(entries))


def _invocation(node: Element, findings: Findings) -> Boxed:
    bindings = []
    for binding in children(node, "binding"):
        parameter = variable_of(child(binding, "parameter"))
        if parameter is None:
            findings.error(
                "dmn-binding-without-parameter",
                place_of(binding),
                "调用的绑定缺少参数名。请补上 <parameter>。",
                "A binding of an invocation names no parameter. Add <parameter>.",
            )
            continue
        bindings.append(Binding(parameter, read_boxed(binding, findings)))
    called = _required(node, findings)
    return Invocation(place_of(node), node.get("typeRef"), called, tuple(bindings))


def read_function(node: Element, findings: Findings) -> FunctionDefinition:
    """Return a function definition, also that of a business knowledge model."""
    kind = node.get("kind", "FEEL")
    external = ""
    if kind != "FEEL":
        names = " ".join(
            text_of(child(entry, "literalExpression")).strip('"')
            for inner in children(node, "context")
            for entry in children(inner, "contextEntry")
        )
        external = f"{kind} {names}".strip()
    parameters = [variable_of(found) for found in children(node, "formalParameter")]
    check_names(((one.name, place_of(node)) for one in parameters if one is not None), findings)
    return FunctionDefinition(
        place_of(node),
        node.get("typeRef"),
        tuple(parameter for parameter in parameters if parameter is not None),
        None if external else read_boxed(node, findings),
        external,
    )


def _relation(node: Element, findings: Findings) -> Boxed:
    columns = [variable_of(found) for found in children(node, "column")]
    rows = []
    for row in children(node, "row"):
        cells = [READERS[local_name(cell)](cell, findings) for cell in _expressions(row)]
        if len(cells) != len(columns):
            findings.error(
                "dmn-row-length",
                place_of(row),
                f"本行有 {len(cells)} 格，而关系有 {len(columns)} 列。请补齐或删去多余的格。",
                f"The row has {len(cells)} cells, the relation {len(columns)} columns. "
                "Make them equal.",
            )
        rows.append(tuple(cells))
    named = tuple(column for column in columns if column is not None)
    return Relation(place_of(node), node.get("typeRef"), named, tuple(rows))


def _expressions(node: Element) -> list[Element]:
    return [found for found in children(node) if local_name(found) in READERS]


def _list(node: Element, findings: Findings) -> Boxed:
    items = tuple(READERS[local_name(item)](item, findings) for item in _expressions(node))
    return BoxedList(place_of(node), node.get("typeRef"), items)


def _conditional(node: Element, findings: Findings) -> Boxed:
    return Conditional(
        place_of(node),
        node.get("typeRef"),
        _part(node, "if", findings),
        _part(node, "then", findings),
        _part(node, "else", findings),
    )


def _filter(node: Element, findings: Findings) -> Boxed:
    return Filter(
        place_of(node),
        node.get("typeRef"),
        _part(node, "in", findings),
        _part(node, "match", findings),
    )


def _iterator(node: Element, findings: Findings) -> Boxed:
    kind = Iteration(local_name(node))
    within = child(node, "in")
    return Iterator(
        place_of(node),
        node.get("typeRef"),
        kind,
        node.get("iteratorVariable", "item"),
        _part(node, "in", findings),
        None if within is None else within.get("typeRef"),
        _part(node, "return" if kind is Iteration.FOR else "satisfies", findings),
    )


READERS: dict[str, Callable[[Element, Findings], Boxed]] = {
    "literalExpression": _literal,
    "decisionTable": read_table,
    "context": _context,
    "invocation": _invocation,
    "functionDefinition": read_function,
    "relation": _relation,
    "list": _list,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
}
