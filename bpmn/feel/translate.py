"""From Camunda 7's `${…}` to FEEL, for diagrams that were drawn there.

Comparisons, boolean and arithmetic operators, property access, literals, `empty` and `a ? b : c`
are translated; calls of methods or beans, and assignments, are refused where they stand.
"""

import re
from dataclasses import dataclass

from bpmn.feel.errors import At, FeelError, LimitExceeded
from bpmn.feel.limits import SOURCE_DEPTH, SOURCE_LENGTH
from bpmn.feel.values.texts import quoted

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<string>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<symbol>==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.\[\](){},;=])"
)
_WORDS = {
    "and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">",
    "ge": ">=", "div": "/", "mod": "%",
}  # fmt: skip
_FEEL_WORDS = frozenset(
    {"if", "for", "some", "every", "function", "in", "between", "then", "else", "return",
     "satisfies", "instance", "instanceof"}
)  # fmt: skip
_LEVELS = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_FEEL = {"||": "or", "&&": "and", "==": "=", "!=": "!="}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: int


def is_camunda(source: str) -> bool:
    """Whether a text holds an expression of Camunda 7: `${…}` or `#{…}`."""
    return "${" in source or "#{" in source


def translate_camunda(source: str) -> str:
    """Return the FEEL source that means what an expression of Camunda 7 means.

    A text around expressions is joined with them: `Case ${id}` becomes `"Case " + string(id)`.

    Raises:
        FeelError: Something cannot be translated; its place is that in `source`.
    """
    if len(source) > SOURCE_LENGTH:
        raise LimitExceeded("source_length", SOURCE_LENGTH)
    parts: list[tuple[bool, str]] = []
    place = 0
    while place < len(source):
        opening = _next_opening(source, place)
        if opening > place:
            parts.append((False, source[place:opening]))
        if opening == len(source):
            break
        reader = _Reader(source, opening + 2)
        parts.append((True, reader.whole()))
        place = reader.end
    if len(parts) == 1 and parts[0][0]:
        return parts[0][1]
    return " + ".join(f"string({text})" if code else quoted(text) for code, text in parts) or '""'


def _next_opening(source: str, place: int) -> int:
    found = [at for at in (source.find("${", place), source.find("#{", place)) if at >= 0]
    return min(found, default=len(source))


class _Reader:
    """Reads one expression up to its closing brace."""

    def __init__(self, source: str, place: int) -> None:
        self.source = source
        self.end = place
        self.depth = 0
        self.token = self._read()

    def _at(self, place: int) -> At:
        before = self.source[:place]
        return At(before.count("\n") + 1, place - before.rfind("\n"))

    def _error(self, zh: str, en: str, place: int) -> FeelError:
        return FeelError(f"{zh}请改写为 FEEL。", f"{en} Write it in FEEL instead.", self._at(place))

    def _read(self) -> _Token:
        while True:
            if self.end >= len(self.source):
                return _Token("end", "", self.end)
            found = _TOKEN.match(self.source, self.end)
            if not found or not found.lastgroup:
                character = self.source[self.end]
                raise self._error(
                    f"不能翻译字符“{character}”。",
                    f"The character {character!r} cannot be translated.",
                    self.end,
                )
            start, self.end = self.end, found.end()
            if found.lastgroup != "space":
                text = found[0]
                if found.lastgroup == "name" and text in _WORDS:
                    return _Token("symbol", _WORDS[text], start)
                return _Token(found.lastgroup, text, start)

    def _take(self) -> _Token:
        token = self.token
        self.token = self._read()
        return token

    def _accept(self, symbol: str) -> bool:
        if self.token.kind == "symbol" and self.token.text == symbol:
            self._take()
            return True
        return False

    def _need(self, symbol: str) -> None:
        if not self._accept(symbol):
            raise self._unexpected(symbol)

    def _unexpected(self, wanted: str) -> FeelError:
        token = self.token
        return FeelError(
            f"此处应为 {wanted}，而不是“{token.text}”。",
            f"Expected {wanted} here, not {token.text!r}.",
            self._at(token.place),
            expected=[wanted],
        )

    def whole(self) -> str:
        found = self._choice()
        if self.token.kind != "symbol" or self.token.text != "}":
            raise self._unexpected("}")
        return found

    def _choice(self) -> str:
        self.depth += 1
        if self.depth > SOURCE_DEPTH // 3:
            raise LimitExceeded("depth", SOURCE_DEPTH // 3, self._at(self.token.place))
        condition = self._operation(0)
        if self._accept("?"):
            chosen = self._choice()
            self._need(":")
            condition = f"(if {condition} then {chosen} else {self._choice()})"
        self.depth -= 1
        return condition

    def _operation(self, binding: int) -> str:
        left = self._unary()
        while True:
            token = self.token
            level = _LEVELS.get(token.text, 0) if token.kind == "symbol" else 0
            if level <= binding:
                return left
            self._take()
            right = self._operation(level)
            if token.text == "%":
                left = f"modulo({left}, {right})"
            else:
                left = f"({left} {_FEEL.get(token.text, token.text)} {right})"

    def _unary(self) -> str:
        self.depth += 1
        if self.depth > SOURCE_DEPTH // 3:
            raise LimitExceeded("depth", SOURCE_DEPTH // 3, self._at(self.token.place))
        try:
            if self._accept("!"):
                return f"not({self._unary()})"
            if self._accept("-"):
                return f"(-{self._unary()})"
            if self.token.kind == "name" and self.token.text == "empty":
                self._take()
                # Its operand is written out several times: only a name or path may follow.
                return _empty(self._access(self._name_only()))
            return self._access(self._primary())
        finally:
            self.depth -= 1

    def _primary(self) -> str:
        token = self.token
        if token.kind == "number":
            return self._take().text
        if token.kind == "string":
            return quoted(re.sub(r"\\(.)", r"\1", self._take().text[1:-1]))
        if token.kind == "name":
            return self._name()
        if self._accept("("):
            found = self._choice()
            self._need(")")
            return f"({found})"
        raise self._unexpected("expression")

    def _name_only(self) -> str:
        if self.token.kind != "name":
            raise self._unexpected("name")
        return self._name()

    def _name(self) -> str:
        token = self._take()
        if token.text in _FEEL_WORDS:
            raise self._error(
                f"名称“{token.text}”是 FEEL 的关键字。",
                f"The name {token.text!r} is a word of FEEL.",
                token.place,
            )
        if self.token.kind == "symbol" and self.token.text == "(":
            raise self._error(
                f"不允许调用方法或函数“{token.text}()”。",
                f"Calls such as {token.text}() are not permitted.",
                token.place,
            )
        return token.text

    def _access(self, found: str) -> str:
        while True:
            if self._accept("."):
                if self.token.kind != "name":
                    raise self._unexpected("name")
                found = f"{found}.{self._name()}"
            elif self._accept("["):
                found = self._index(found)
            else:
                return found

    def _index(self, found: str) -> str:
        token = self._take()
        if token.kind == "number" and token.text.isdecimal() and len(token.text) < 10:  # noqa: PLR2004
            self._need("]")
            # Lists begin at 0 there and at 1 here.
            return f"{found}[{int(token.text) + 1}]"
        if token.kind == "string":
            self._need("]")
            key = re.sub(r"\\(.)", r"\1", token.text[1:-1])
            return f"get value({found}, {quoted(key)})"
        raise self._error(
            "方括号中只能是数字或文本。",
            "Only a number or a string may stand in brackets.",
            token.place,
        )


def _empty(operand: str) -> str:
    return (
        f"(if {operand} = null then true else if {operand} instance of string then {operand} = "
        f'"" else if {operand} instance of list then count({operand}) = 0 else if {operand} '
        f"instance of context then count(get entries({operand})) = 0 else false)"
    )
