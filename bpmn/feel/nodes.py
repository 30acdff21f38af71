"""The syntax tree of an expression. Places do not count when trees are compared."""

from dataclasses import dataclass, field
from decimal import Decimal

from bpmn.feel.errors import NOWHERE, At
from bpmn.feel.values.ranges import Form


@dataclass(frozen=True, slots=True)
class Node:
    """Any expression."""

    at: At = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """`null`, `true`, a number or a string."""

    value: bool | Decimal | str | None


@dataclass(frozen=True, slots=True)
class AtLiteral(Node):
    """A temporal literal, such as `@"2026-04-08"`."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A reference to a variable or function; `?` is the input of a unary test."""

    name: str


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """`{a: 1, b: a + 1}`; an entry sees those before it."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """`[a..b)`."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class OneSided(Node):
    """A comparison without its left side: `< 10`, also `(< 10)`."""

    form: Form
    operand: Node


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`of.name`."""

    of: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`of[by]`."""

    of: Node
    by: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`of(a, b)`."""

    of: Node
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class NamedCall(Node):
    """`of(name: a)`."""

    of: Node
    arguments: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-a`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`a + b`, and with `-`, `*`, `/`, `**`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`a = b`, and with `!=`, `<`, `<=`, `>`, `>=`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Conjunction(Node):
    """`a and b and c`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Disjunction(Node):
    """`a or b or c`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`, both included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in test`, or `value in (test, test)`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then chosen else otherwise`."""

    condition: Node
    chosen: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Steps(Node):
    """`a..b` as the domain of an iteration; it may run downwards."""

    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for x in xs, y in ys return body`."""

    iterations: tuple[tuple[str, Node], ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some x in xs satisfies condition`, or `every`."""

    quantifier: str
    iterations: tuple[tuple[str, Node], ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Type(Node):
    """A type after `instance of` or of a parameter."""


@dataclass(frozen=True, slots=True)
class NamedType(Type):
    """A built-in type, or one that the environment knows by this name."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """`list<of>`."""

    of: Type


@dataclass(frozen=True, slots=True)
class RangeType(Type):
    """`range<of>`."""

    of: Type


@dataclass(frozen=True, slots=True)
class ContextType(Type):
    """`context<a: number>`."""

    entries: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class FunctionType(Type):
    """`function<number> -> string`."""

    parameters: tuple[Type, ...]
    result: Type


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    """`function(a, b: number) body`; an external one keeps its description and never runs."""

    parameters: tuple[tuple[str, Type | None], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests, as in the cell of a decision table.

    Attributes:
        tests: Any of them must hold; none at all (`-`) means that anything does.
        negated: Whether they stand in `not(…)`.
    """

    tests: tuple[Node, ...]
    negated: bool = False
