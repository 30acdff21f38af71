"""From a syntax tree back to source: what it prints reads back as the same tree."""

from decimal import Decimal

from bpmn.feel.expression import Expression, UnaryTests
from bpmn.feel.nodes import (
    Arithmetic,
    AtLiteral,
    Between,
    Call,
    Comparison,
    Conjunction,
    ContextLiteral,
    ContextType,
    Disjunction,
    Filter,
    For,
    FunctionType,
    If,
    In,
    InstanceOf,
    Lambda,
    ListLiteral,
    ListType,
    Literal,
    Name,
    NamedCall,
    NamedType,
    Negation,
    Node,
    OneSided,
    Path,
    Quantified,
    RangeLiteral,
    RangeType,
    Steps,
    Tests,
    Type,
)
from bpmn.feel.parser import ADD, AND, COMPARE, MULTIPLY, NEGATE, OR, POWER
from bpmn.feel.values.texts import key_text, quoted

_LEVELS = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER}
_TYPED = NEGATE + 1
_POSTFIX = NEGATE + 2
_PRIMARY = NEGATE + 3


def print_expression(expression: Expression | UnaryTests) -> str:
    """Return the source of an expression in one canonical spelling."""
    return print_node(expression.tree)


def print_node(node: Node) -> str:
    """Return the source of any node."""
    return _printed(node)[0]


def _at_least(level: int, node: Node) -> str:
    """Return the source of an operand, in parentheses where it binds less than `level`."""
    text, binding = _printed(node)
    return text if binding >= level else f"({text})"


def _number(value: Decimal) -> str:
    # The exponent stays: written out, a number may have thousands of digits.
    return str(value).replace("E+", "E")


def _printed(node: Node) -> tuple[str, int]:  # noqa: C901, PLR0911, PLR0912 - one case a node
    match node:
        case Literal(value):
            if isinstance(value, str):
                return quoted(value), _PRIMARY
            if isinstance(value, Decimal):
                return _number(value), _PRIMARY
            return {None: "null", True: "true", False: "false"}[value], _PRIMARY
        case AtLiteral(text):
            return f"@{quoted(text)}", _PRIMARY
        case Name(name):
            return name, _PRIMARY
        case ListLiteral(items):
            return f"[{_list(items)}]", _PRIMARY
        case ContextLiteral(entries):
            inside = ", ".join(f"{key_text(key)}: {print_node(value)}" for key, value in entries)
            return f"{{{inside}}}", _PRIMARY
        case RangeLiteral(start, end, opens, closes):
            ends = f"{_at_least(ADD, start)}..{_at_least(ADD, end)}"
            return f"{'[' if opens else '('}{ends}{']' if closes else ')'}", _PRIMARY
        case OneSided(form, operand):
            return f"({form} {_at_least(ADD, operand)})", _PRIMARY
        case Path(of, name):
            return f"{_at_least(_POSTFIX, of)}.{name}", _POSTFIX
        case Filter(of, by):
            return f"{_at_least(_POSTFIX, of)}[{print_node(by)}]", _POSTFIX
        case Call(of, arguments):
            return f"{_at_least(_POSTFIX, of)}({_list(arguments)})", _POSTFIX
        case NamedCall(of, named):
            inside = ", ".join(f"{name}: {print_node(value)}" for name, value in named)
            return f"{_at_least(_POSTFIX, of)}({inside})", _POSTFIX
        case InstanceOf(value, kind):
            return f"{_at_least(_TYPED, value)} instance of {_type(kind)}", _TYPED
        case Negation(operand):
            return f"-{_at_least(NEGATE, operand)}", NEGATE
        case Arithmetic(operator, left, right):
            level = _LEVELS[operator]
            return f"{_at_least(level, left)} {operator} {_at_least(level + 1, right)}", level
        case Comparison(operator, left, right):
            return f"{_at_least(COMPARE, left)} {operator} {_at_least(ADD, right)}", COMPARE
        case Between(value, low, high):
            ends = f"{_at_least(ADD, low)} and {_at_least(ADD, high)}"
            return f"{_at_least(COMPARE, value)} between {ends}", COMPARE
        case In(value, tests):
            return f"{_at_least(COMPARE, value)} in {_tests(tests)}", COMPARE
        case Conjunction(items):
            return " and ".join(_at_least(COMPARE, item) for item in items), AND
        case Disjunction(items):
            return " or ".join(_at_least(AND, item) for item in items), OR
        case Tests(tests, negated):
            inside = _list(tests) or "-"
            return f"not({inside})" if negated else inside, 0
        case _:
            return _open(node), 0


def _open(node: Node) -> str:
    """Return the source of what extends as far to the right as it can."""
    match node:
        case If(condition, chosen, otherwise):
            parts = (print_node(condition), print_node(chosen), print_node(otherwise))
            return "if {} then {} else {}".format(*parts)
        case For(iterations, body):
            return f"for {_iterations(iterations)} return {print_node(body)}"
        case Quantified(quantifier, iterations, condition):
            inside = _iterations(iterations)
            return f"{quantifier} {inside} satisfies {print_node(condition)}"
        case Lambda(parameters, body, external):
            inside = ", ".join(
                name if kind is None else f"{name}: {_type(kind)}" for name, kind in parameters
            )
            return f"function({inside}) {'external ' if external else ''}{print_node(body)}"
        case Steps(start, end):
            return f"{_at_least(ADD, start)}..{_at_least(ADD, end)}"
        case _:
            raise TypeError(node)


def _list(items: tuple[Node, ...]) -> str:
    return ", ".join(print_node(item) for item in items)


def _tests(tests: tuple[Node, ...]) -> str:
    if len(tests) > 1:
        return f"({_list(tests)})"
    return _at_least(ADD, tests[0])


def _iterations(iterations: tuple[tuple[str, Node], ...]) -> str:
    return ", ".join(f"{name} in {print_node(domain)}" for name, domain in iterations)


def _type(kind: Type) -> str:
    match kind:
        case NamedType(name):
            return name
        case ListType(of):
            return f"list<{_type(of)}>"
        case RangeType(of):
            return f"range<{_type(of)}>"
        case ContextType(entries):
            return f"context<{', '.join(f'{key}: {_type(entry)}' for key, entry in entries)}>"
        case FunctionType(parameters, result):
            return f"function<{', '.join(map(_type, parameters))}> -> {_type(result)}"
        case _:
            raise TypeError(kind)
