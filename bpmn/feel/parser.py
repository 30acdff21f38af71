"""From tokens to a syntax tree (DMN 1.5, 10.3.1.2)."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from bpmn.feel.errors import At, FeelError, LimitExceeded
from bpmn.feel.functions.index import NAMES as BUILT_IN
from bpmn.feel.lexer import Kind, Token, tokenise
from bpmn.feel.limits import SOURCE_DEPTH
from bpmn.feel.names import (
    PROPERTIES,
    STOPS,
    Known,
    close_to,
    full_width_slip,
    may_be_in_name,
    spelled,
)
from bpmn.feel.nodes import (
    Arithmetic,
    Between,
    Comparison,
    Conjunction,
    Disjunction,
    In,
    InstanceOf,
    Name,
    Negation,
    Node,
    OneSided,
    Tests,
)
from bpmn.feel.primaries import parenthesis, postfix, primary
from bpmn.feel.typing_syntax import parse_type
from bpmn.feel.values.ranges import Form

OR, AND, COMPARE, ADD, MULTIPLY, POWER, NEGATE = range(1, 8)
_BINARY = {
    "or": OR, "and": AND,
    "=": COMPARE, "!=": COMPARE, "<": COMPARE, "<=": COMPARE, ">": COMPARE, ">=": COMPARE,
    "between": COMPARE, "in": COMPARE,
    "+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER,
}  # fmt: skip
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_CALLED_ONLY = frozenset(name for name in BUILT_IN if " and " in f" {name} " or " or " in name)


@lru_cache(maxsize=256)
def _known(names: frozenset[str]) -> Known:
    return Known((names | BUILT_IN) - _CALLED_ONLY)


_CONNECTED = Known(_CALLED_ONLY)


class Parser:
    """Reads one source. The primaries stand in `bpmn.feel.primaries`."""

    def __init__(self, source: str, names: frozenset[str], *, strict: bool) -> None:
        self.tokens = tokenise(source)
        self.place = 0
        self.names = names
        self.strict = strict
        self.globals = _known(names)
        self.local: list[tuple[frozenset[str], Known]] = []
        self.open_scopes = 0
        self.depth = 0
        self.endpoint = False
        self.members: list[str] = []
        self.member_names: Known | None = None

    # Tokens

    @property
    def token(self) -> Token:
        """The token to read next."""
        return self.tokens[self.place]

    def next_is(self, *texts: str) -> bool:
        """Whether the next token is one of these symbols or words."""
        token = self.tokens[self.place]
        return token.text in texts and token.kind in {Kind.SYMBOL, Kind.NAME}

    def after(self, distance: int) -> Token:
        """Return the token that far ahead, or the end."""
        return self.tokens[min(self.place + distance, len(self.tokens) - 1)]

    def take(self) -> Token:
        """Read one token."""
        token = self.tokens[self.place]
        if token.kind is not Kind.END:
            self.place += 1
        return token

    def accept(self, text: str) -> bool:
        """Read the next token if it is this one."""
        if self.next_is(text):
            self.place += 1
            return True
        return False

    def need(self, text: str) -> Token:
        """Read this token.

        Raises:
            FeelError: Another stands here.
        """
        if not self.next_is(text):
            raise self.unexpected(text)
        return self.take()

    def unexpected(self, *expected: str) -> FeelError:
        """Return the error that the next token does not fit."""
        token = self.token
        found = token.text[:40]
        wanted_zh, wanted_en = "、".join(expected), " or ".join(expected)
        if token.kind is Kind.END:
            zh, en = (
                f"表达式不完整，还应有 {wanted_zh}。",
                f"The expression ends; expected {wanted_en}.",
            )
        else:
            zh = f"此处应为 {wanted_zh}，而不是“{found}”。"
            en = f"Expected {wanted_en} here, not {found!r}."
        return FeelError(zh, en, token.at, expected=expected)

    # Scope

    @contextmanager
    def scope(self, names: Collection[str], *, unknown: bool = False) -> Iterator[None]:
        """Make names known for a while; `unknown` for a scope that may hold any further ones."""
        self.local.append((frozenset(names), Known(names)))
        self.open_scopes += unknown
        try:
            yield
        finally:
            self.local.pop()
            self.open_scopes -= unknown

    def learn(self, name: str) -> None:
        """Remember the key of a context, so that a later path may spell it with operators."""
        self.members.append(name)
        self.member_names = None

    def _members(self) -> Known:
        if self.member_names is None:
            self.member_names = Known((*PROPERTIES, *self.members))
        return self.member_names

    def check_length(self, length: int, token: Token) -> None:
        """Refuse a chain of operators or calls that is too long.

        Raises:
            LimitExceeded: It is.
        """
        if length > SOURCE_DEPTH:
            raise LimitExceeded("depth", SOURCE_DEPTH, token.at)

    def name(self, *, member: bool = False) -> str:
        """Read the longest known name, or as many words as can be one."""
        start = self.token
        if start.kind is not Kind.NAME:
            raise self.unexpected("name")
        length = self.globals.longest(self.tokens, self.place)
        for _names, known in self.local:
            length = max(length, known.longest(self.tokens, self.place))
        if member:
            length = max(length, self._members().longest(self.tokens, self.place))
        else:
            connected = _CONNECTED.longest(self.tokens, self.place)
            if connected > length and self.after(connected).text == "(":
                length = connected
        end = self.place + max(length, 1)
        while self.tokens[end].kind is Kind.NAME and self.tokens[end].text not in STOPS:
            end += 1
        if not length:
            self._check_signs(self.tokens[self.place : end])
        name = spelled(self.tokens[self.place : end])
        self.place = end
        if self.strict and not member:
            self._check(name, start)
        return name

    @staticmethod
    def _check_signs(tokens: Sequence[Token]) -> None:
        for token in tokens:
            slip = full_width_slip(token.text, BUILT_IN)
            if slip:
                place, meant = slip
                found = token.text[place]
                raise FeelError(
                    f"“{found}”是全角符号，请改用半角的 {meant}。",
                    f"{found!r} is a full-width sign; write {meant} instead.",
                    At(token.at.line, token.at.column + place),
                    expected=[meant],
                )

    def _check(self, name: str, token: Token) -> None:
        in_scope = {one for names, _known in self.local for one in names} | self.names
        if self.open_scopes or name in in_scope or name in BUILT_IN or name == "?":
            return
        close = close_to(name, in_scope | BUILT_IN)
        hint_zh = f"是否为 {'、'.join(close)}?" if close else "请检查拼写或先定义该变量。"
        hint_en = f"Did you mean {', '.join(close)}?" if close else "Check it, or define it first."
        raise FeelError(
            f"名称“{name}”未定义。{hint_zh}",
            f"The name {name!r} is not defined. {hint_en}",
            token.at,
            suggestions=close,
        )

    def label(self, *ends: str) -> str:
        """Read a new name: all tokens up to one of `ends`, which stays unread."""
        start = self.place
        if self.token.kind is not Kind.NAME:
            raise self.unexpected("name")
        while may_be_in_name(self.token) and not (self.place > start and self.next_is(*ends)):
            self.place += 1
        if not self.next_is(*ends):
            raise self.unexpected(*ends)
        return spelled(self.tokens[start : self.place])

    # Expressions

    def whole(self) -> Node:
        """Read the source as one expression."""
        found = self.expression()
        if self.token.kind is not Kind.END:
            raise self.unexpected("end", "operator")
        return found

    def expression(self, binding: int = 0, *, endpoint: bool = False) -> Node:
        """Read an expression whose operators bind tighter than `binding`."""
        self.depth += 1
        if self.depth > SOURCE_DEPTH:
            raise LimitExceeded("depth", SOURCE_DEPTH, self.token.at)
        before, self.endpoint = self.endpoint, endpoint
        try:
            return self.operators(self._prefix(), binding)
        finally:
            self.depth -= 1
            self.endpoint = before

    def _prefix(self) -> Node:
        token = self.token
        if self.accept("-"):
            return Negation(self.expression(NEGATE, endpoint=self.endpoint), at=token.at)
        return self.typed(postfix(self, primary(self)))

    def typed(self, value: Node) -> Node:
        """Read `instance of` and its type, if it follows."""
        while self.next_is("instance") and self.after(1).text == "of":
            at = self.take().at
            self.need("of")
            value = InstanceOf(value, parse_type(self), at=at)
        return value

    def operators(self, left: Node, binding: int) -> Node:
        """Read the operators and right operands that follow `left`."""
        length = 0
        while True:
            token = self.token
            if token.kind is Kind.STRING:
                return left
            level = _BINARY.get(token.text, 0)
            if level <= binding:
                return left
            length += 1
            self.check_length(length if level > AND else length // 10, token)
            self.take()
            left = self._operation(token, level, left)

    def _operation(self, token: Token, level: int, left: Node) -> Node:
        operator = token.text
        if operator == "in":
            return self._in(left, token)
        if operator == "between":
            low = self.expression(COMPARE)
            self.need("and")
            return Between(left, low, self.expression(COMPARE), at=token.at)
        right = self.expression(level, endpoint=self.endpoint)
        if level == OR:
            items = [*_items(left, Disjunction), *_items(right, Disjunction)]
            return Disjunction(tuple(items), at=token.at)
        if level == AND:
            items = [*_items(left, Conjunction), *_items(right, Conjunction)]
            return Conjunction(tuple(items), at=token.at)
        if level == COMPARE:
            return Comparison(operator, left, right, at=token.at)
        return Arithmetic(operator, left, right, at=token.at)

    def _in(self, value: Node, token: Token) -> Node:
        if self.next_is(*COMPARISONS):
            return In(value, (self.test(),), at=token.at)
        if self.next_is("("):
            found = parenthesis(self, tests=True)
            if isinstance(found, tuple):
                return In(value, found, at=token.at)
            left = self.typed(postfix(self, found))
            return In(value, (self.operators(left, COMPARE),), at=token.at)
        return In(value, (self.expression(COMPARE),), at=token.at)

    def test(self) -> Node:
        """Read one positive unary test."""
        token = self.token
        if self.next_is(*COMPARISONS):
            self.take()
            return OneSided(Form(token.text), self.expression(COMPARE), at=token.at)
        return self.expression()

    def tests(self) -> Tests:
        """Read the source as unary tests."""
        at = self.token.at
        if self.next_is("-") and self.after(1).kind is Kind.END:
            self.take()
            return Tests((), at=at)
        if self.next_is("not") and self.after(1).text == "(":
            start = self.place
            self.take()
            self.take()
            found = self._tests()
            if self.accept(")") and self.token.kind is Kind.END:
                return Tests(found, negated=True, at=at)
            self.place = start
        found = self._tests()
        if self.token.kind is not Kind.END:
            raise self.unexpected(",", "end")
        return Tests(found, at=at)

    def _tests(self) -> tuple[Node, ...]:
        found = [self.test()]
        while self.accept(","):
            found.append(self.test())
        return tuple(found)

    def reference(self) -> Name:
        """Read a reference to a variable or function."""
        at = self.token.at
        return Name(self.name(), at=at)


def _items(node: Node, kind: type[Conjunction] | type[Disjunction]) -> tuple[Node, ...]:
    return node.items if isinstance(node, kind) else (node,)
