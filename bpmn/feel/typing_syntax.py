"""Types as expressions write them: `list<number>`, `function<date> -> boolean`."""

from typing import TYPE_CHECKING

from bpmn.feel.lexer import Kind
from bpmn.feel.names import Known
from bpmn.feel.nodes import ContextType, FunctionType, ListType, NamedType, RangeType, Type

if TYPE_CHECKING:
    from bpmn.feel.parser import Parser

BASIC = (
    "Any", "any", "Null", "null", "number", "string", "boolean", "date", "time", "date and time",
    "days and time duration", "years and months duration", "duration", "list", "context",
    "function", "range",
)  # fmt: skip
_BASIC = Known(BASIC)


def parse_type(parser: "Parser") -> Type:
    """Read a type.

    Raises:
        FeelError: No type stands here.
    """
    at = parser.token.at
    length = _BASIC.longest(parser.tokens, parser.place)
    if length == 1 and parser.after(1).text == "<":
        word = parser.take().text
        if word in {"list", "range"}:
            parser.need("<")
            of = parse_type(parser)
            parser.need(">")
            return ListType(of, at=at) if word == "list" else RangeType(of, at=at)
        if word == "context":
            return _context(parser)
        if word == "function":
            return _function(parser)
        return NamedType(word, at=at)
    if length:
        words = [parser.take().text for _ in range(length)]
        return NamedType(" ".join(words), at=at)
    name = parser.name(member=True)
    while parser.next_is(".") and parser.after(1).kind is Kind.NAME:
        parser.take()
        name = f"{name}.{parser.name(member=True)}"
    return NamedType(name, at=at)


def _context(parser: "Parser") -> Type:
    at = parser.need("<").at
    entries: list[tuple[str, Type]] = []
    while not parser.next_is(">"):
        key = parser.label(":")
        parser.need(":")
        entries.append((key, parse_type(parser)))
        if not parser.accept(","):
            break
    parser.need(">")
    return ContextType(tuple(entries), at=at)


def _function(parser: "Parser") -> Type:
    at = parser.need("<").at
    parameters: list[Type] = []
    while not parser.next_is(">"):
        parameters.append(parse_type(parser))
        if not parser.accept(","):
            break
    parser.need(">")
    parser.need("->")
    return FunctionType(tuple(parameters), parse_type(parser), at=at)
