"""Which names an expression reads from outside itself, and which parts of what they name."""

from collections.abc import Iterator, Mapping

from bpmn.feel.nodes import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    Conjunction,
    ContextLiteral,
    Disjunction,
    Filter,
    For,
    If,
    In,
    InstanceOf,
    Lambda,
    ListLiteral,
    Literal,
    Name,
    NamedCall,
    Negation,
    Node,
    OneSided,
    Path,
    Quantified,
    RangeLiteral,
    Steps,
    Tests,
)

_Bound = frozenset[str]
_Read = tuple[str, str | None]
Parts = Mapping[str, frozenset[str] | None]


def mentions(node: Node, name: str) -> bool:
    """Whether an expression reads this name from outside itself."""
    return name in free_names(node)


def free_names(node: Node) -> frozenset[str]:
    """Return the names that an expression reads and does not bind itself.

    Names within a filter count, although they may turn out to be entries of its items.
    """
    return frozenset(name for name, _part in _free(node, frozenset()))


def parts_read(node: Node) -> Parts:
    """Return the free names, and for each the components that are read; None is all of it.

    `report.severity` and `get value(report, "severity")` read a component of `report`.
    """
    found: dict[str, frozenset[str] | None] = {}
    for name, part in _free(node, frozenset()):
        known = found.get(name, frozenset())
        found[name] = None if part is None or known is None else known | {part}
    return found


def _free(node: Node, bound: _Bound) -> Iterator[_Read]:  # noqa: C901, PLR0912 - one branch a kind
    if isinstance(node, Name):
        if node.name not in bound:
            yield node.name, None
    elif isinstance(node, Path) and isinstance(node.of, Name):
        if node.of.name not in bound:
            yield node.of.name, node.name
    elif isinstance(node, Call) and (path := _as_path(node)) is not None:
        yield from _free(node.of, bound)
        yield from _free(path, bound)
    elif isinstance(node, ContextLiteral):
        inner = bound
        for key, value in node.entries:
            yield from _free(value, inner)
            inner = inner | {key}
    elif isinstance(node, For | Quantified):
        inner = bound
        for name, domain in node.iterations:
            yield from _free(domain, inner)
            inner = inner | {name}
        if isinstance(node, For):
            yield from _free(node.body, inner | {"partial"})
        else:
            yield from _free(node.condition, inner)
    elif isinstance(node, Lambda):
        if not node.external:
            yield from _free(node.body, bound | {name for name, _type in node.parameters})
    elif isinstance(node, Filter):
        yield from _free(node.of, bound)
        yield from _free(node.by, bound | {"item"})
    else:
        for part in _parts(node):
            yield from _free(part, bound)


def _as_path(call: Call) -> Path | None:
    """Return `a.b` for `get value(a, "b")`, which reads the same."""
    match call:
        case Call(of=Name(name="get value"), arguments=(source, Literal(value=str() as key))):
            return Path(source, key)
        case _:
            return None


def _parts(node: Node) -> tuple[Node, ...]:  # noqa: C901, PLR0911, PLR0912 - one branch a kind
    match node:
        case ListLiteral(items) | Conjunction(items) | Disjunction(items):
            return items
        case RangeLiteral(start, end) | Steps(start, end):
            return (start, end)
        case OneSided(operand=operand) | Negation(operand):
            return (operand,)
        case Path(of):
            return (of,)
        case Call(of, arguments):
            return (of, *arguments)
        case NamedCall(of, named):
            return (of, *(value for _name, value in named))
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return (left, right)
        case Between(value, low, high):
            return (value, low, high)
        case In(value, tests):
            return (value, *tests)
        case If(condition, chosen, otherwise):
            return (condition, chosen, otherwise)
        case InstanceOf(value):
            return (value,)
        case Tests(tests):
            return tests
        case _:
            return ()
