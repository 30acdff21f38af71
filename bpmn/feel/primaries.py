"""The parts of expressions that need no operator: literals, brackets, keywords, calls, paths."""

from typing import TYPE_CHECKING

from bpmn.feel.errors import At, FeelError, Semantic
from bpmn.feel.lexer import Kind, Token
from bpmn.feel.names import may_be_in_name
from bpmn.feel.nodes import (
    AtLiteral,
    Call,
    ContextLiteral,
    Filter,
    For,
    If,
    Lambda,
    ListLiteral,
    Literal,
    NamedCall,
    Node,
    Path,
    Quantified,
    RangeLiteral,
    Steps,
    Type,
)
from bpmn.feel.typing_syntax import parse_type
from bpmn.feel.values.decimals import number_of

if TYPE_CHECKING:
    from bpmn.feel.parser import Parser

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_CONSTANTS = {"null": None, "true": True, "false": False}
_ITERATING = frozenset({"for", "some", "every"})
_MAX_NUMBER = 400
_ENDS_AFTER_BRACKET = frozenset(
    {",", ")", "]", "}", ".", "=", "!=", "<=", ">", ">=", "+", "*", "/", "**", ":", "[", "..",
     "and", "or", "then", "else", "return", "satisfies", "between", "in", "instance"}
)  # fmt: skip


def primary(parser: "Parser") -> Node:  # noqa: PLR0911 - one branch a kind
    """Read an expression up to its first operator.

    Raises:
        FeelError: No expression begins here.
    """
    token = parser.token
    if token.kind is Kind.NUMBER:
        return _number(parser)
    if token.kind is Kind.STRING:
        return Literal(parser.take().text, at=token.at)
    if token.kind is Kind.NAME:
        return _word(parser, token)
    if token.kind is Kind.SYMBOL:
        if token.text == "(":
            found = parenthesis(parser, tests=False)
            if not isinstance(found, tuple):
                return found
        if token.text in {"[", "]"}:
            return _bracket(parser)
        if token.text == "{":
            return _context(parser)
        if token.text == "@" and parser.after(1).kind is Kind.STRING:
            parser.take()
            return AtLiteral(parser.take().text, at=token.at)
    raise parser.unexpected("expression")


def _number(parser: "Parser") -> Node:
    token = parser.take()
    if len(token.text) > _MAX_NUMBER:
        raise FeelError("数字过长。", "The number is too long.", token.at)
    try:
        return Literal(number_of(token.text), at=token.at)
    except Semantic as cause:
        raise FeelError(
            f"数字“{token.text}”超出范围。", f"The number {token.text} is out of range.", token.at
        ) from cause


def _word(parser: "Parser", token: Token) -> Node:
    follower = parser.after(1)
    if token.text in _CONSTANTS and not _is_known(parser):
        parser.take()
        return Literal(_CONSTANTS[token.text], at=token.at)
    if token.text == "if" and not _is_known(parser):
        return _if(parser)
    if token.text in _ITERATING and follower.kind is Kind.NAME and not _is_name(parser):
        return _for(parser) if token.text == "for" else _quantified(parser)
    if token.text == "function" and follower.text == "(":
        return _lambda(parser)
    return parser.reference()


def _is_known(parser: "Parser") -> bool:
    """Whether a name of several words begins with this keyword and is in scope."""
    return any(
        known.longest(parser.tokens, parser.place) > 1
        for known in (parser.globals, *(known for _names, known in parser.local))
    )


def _is_name(parser: "Parser") -> bool:
    """Whether `for`, `some` or `every` begins a name: a known one, or that of a function."""
    if _is_known(parser):
        return True
    place = parser.place
    while may_be_in_name(parser.tokens[place]):
        if parser.tokens[place].text == "in":
            return False
        place += 1
    return parser.tokens[place].text == "("


def parenthesis(parser: "Parser", *, tests: bool) -> Node | tuple[Node, ...]:
    """Read `(…)`: an expression, a range, or where `tests` says so a list of unary tests."""
    at = parser.need("(").at
    bare = parser.next_is(*_COMPARISONS)
    first = parser.test()
    if tests and parser.next_is(","):
        found = [first]
        while parser.accept(","):
            found.append(parser.test())
        parser.need(")")
        return tuple(found)
    if parser.next_is("..") and not bare:
        return _range(parser, first, start_included=False, at=at)
    if not parser.accept(")"):
        raise parser.unexpected(")", "operator")
    return first


def _range(parser: "Parser", start: Node, *, start_included: bool, at: At) -> Node:
    parser.need("..")
    end = parser.expression(endpoint=True)
    closing = parser.token
    if not parser.next_is("]", ")", "["):
        raise parser.unexpected("]", ")", "[")
    parser.take()
    return RangeLiteral(
        start,
        end,
        start_included=start_included,
        end_included=closing.text == "]",
        at=at,
    )


def _bracket(parser: "Parser") -> Node:
    token = parser.take()
    if token.text == "[" and parser.accept("]"):
        return ListLiteral((), at=token.at)
    bare = parser.next_is(*_COMPARISONS)
    first = parser.test()
    if parser.next_is("..") and not bare:
        return _range(parser, first, start_included=token.text == "[", at=token.at)
    if token.text == "]":
        raise parser.unexpected("..")
    items = [first]
    while parser.accept(","):
        items.append(parser.test())
    if not parser.accept("]"):
        raise parser.unexpected(",", "]")
    return ListLiteral(tuple(items), at=token.at)


def _context(parser: "Parser") -> Node:
    at = parser.need("{").at
    entries: list[tuple[str, Node]] = []
    names: list[str] = []
    while not parser.next_is("}"):
        key_token = parser.token
        key = parser.take().text if key_token.kind is Kind.STRING else parser.label(":")
        parser.need(":")
        with parser.scope(names):
            entries.append((key, parser.expression()))
        names.append(key)
        parser.learn(key)
        if not parser.accept(","):
            break
    if not parser.accept("}"):
        raise parser.unexpected(",", "}")
    return ContextLiteral(tuple(entries), at=at)


def _if(parser: "Parser") -> Node:
    at = parser.need("if").at
    condition = parser.expression()
    parser.need("then")
    chosen = parser.expression()
    parser.need("else")
    return If(condition, chosen, parser.expression(), at=at)


def _for(parser: "Parser") -> Node:
    at = parser.need("for").at
    iterations, body = _iterate(parser, "return", ("partial",))
    return For(iterations, body, at=at)


def _quantified(parser: "Parser") -> Node:
    word = parser.take()
    iterations, condition = _iterate(parser, "satisfies", ())
    return Quantified(word.text, iterations, condition, at=word.at)


def _iterate(
    parser: "Parser", end: str, further: tuple[str, ...]
) -> tuple[tuple[tuple[str, Node], ...], Node]:
    """Read `x in xs, y in ys` and what is done with each, which begins with the word `end`."""
    name = parser.label("in")
    parser.need("in")
    at = parser.token.at
    domain = parser.expression()
    if parser.accept(".."):
        domain = Steps(domain, parser.expression(), at=at)
    with parser.scope((name, *further)):
        if parser.accept(","):
            others, body = _iterate(parser, end, further)
            return ((name, domain), *others), body
        parser.need(end)
        return ((name, domain),), parser.expression()


def _lambda(parser: "Parser") -> Node:
    at = parser.take().at
    parser.need("(")
    parameters: list[tuple[str, Type | None]] = []
    while not parser.next_is(")"):
        name = parser.label(",", ")", ":")
        parameters.append((name, parse_type(parser) if parser.accept(":") else None))
        if not parser.accept(","):
            break
    if not parser.accept(")"):
        raise parser.unexpected(",", ")")
    names = [name for name, _type in parameters]
    if len(set(names)) < len(names):
        raise FeelError("参数名重复。", "Two parameters have the same name.", at)
    external = parser.next_is("external") and parser.after(1).text == "{"
    if external:
        parser.take()
    with parser.scope(names, unknown=external):
        return Lambda(tuple(parameters), parser.expression(), external=external, at=at)


def postfix(parser: "Parser", found: Node) -> Node:
    """Read the paths, filters and calls that follow."""
    length = 0
    while parser.token.kind is Kind.SYMBOL:
        token = parser.token
        if token.text == ".":
            parser.take()
            found = Path(found, parser.name(member=True), at=token.at)
        elif token.text == "(":
            found = _call(parser, found)
        elif token.text == "[" and not (parser.endpoint and _closes_range(parser)):
            parser.take()
            with parser.scope(("item",), unknown=True):
                by = parser.expression()
            parser.need("]")
            found = Filter(found, by, at=token.at)
        else:
            break
        length += 1
        parser.check_length(length, token)
    return found


def _closes_range(parser: "Parser") -> bool:
    follower = parser.after(1)
    return follower.kind is Kind.END or (
        follower.kind is not Kind.STRING and follower.text in _ENDS_AFTER_BRACKET
    )


def _call(parser: "Parser", of: Node) -> Node:
    at = parser.need("(").at
    if parser.accept(")"):
        return Call(of, (), at=at)
    if _argument_is_named(parser):
        named: list[tuple[str, Node]] = []
        while True:
            name = parser.label(":")
            parser.need(":")
            named.append((name, parser.expression()))
            if not parser.accept(","):
                break
        if not parser.accept(")"):
            raise parser.unexpected(",", ")")
        return NamedCall(of, tuple(named), at=at)
    arguments = [parser.expression()]
    while parser.accept(","):
        arguments.append(parser.expression())
    if not parser.accept(")"):
        raise parser.unexpected(",", ")")
    return Call(of, tuple(arguments), at=at)


def _argument_is_named(parser: "Parser") -> bool:
    place = parser.place
    if parser.tokens[place].kind is not Kind.NAME:
        return False
    while may_be_in_name(parser.tokens[place]):
        place += 1
    return parser.tokens[place].kind is Kind.SYMBOL and parser.tokens[place].text == ":"
