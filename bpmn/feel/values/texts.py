"""Values as text: what `string()` gives, and source that reads back as the same value."""

from decimal import Decimal

from bpmn.feel.errors import LimitExceeded
from bpmn.feel.names import pattern_of
from bpmn.feel.values.callables import Function
from bpmn.feel.values.decimals import number_text
from bpmn.feel.values.kinds import Value
from bpmn.feel.values.ranges import Form, Range

LONGEST = 10_000_000
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_KEYWORDS = frozenset(
    {"if", "for", "some", "every", "function", "null", "true", "false", "not", "and", "or", "in"}
)


def quoted(text: str) -> str:
    """Return a string literal."""
    return f'"{text.translate(_ESCAPES)}"'


def key_text(key: str) -> str:
    """Return the key of a context as source: bare where it is a name, else quoted."""
    pattern = pattern_of(key)
    plain = pattern is not None and all(
        text[0] not in "0123456789.'+-*/" for text, _spaced in pattern
    )
    if plain and key not in _KEYWORDS and " ".join(key.split()) == key:
        return key
    return quoted(key)


def to_text(value: Value, bound: int = LONGEST) -> str:
    """Return the text that `string()` gives; a string stays itself.

    Raises:
        LimitExceeded: The text has more than `bound` characters.
    """
    return value if type(value) is str else literal(value, typed=False, bound=bound)


def literal(value: Value, *, typed: bool = True, bound: int = LONGEST) -> str:
    """Return source that evaluates to the value; functions have none and give a description.

    Args:
        value: Any value.
        typed: Whether temporal values are written as `@"…"` (as `string()` does not).
        bound: How many characters the text may have.

    Raises:
        LimitExceeded: It has more.
    """
    writer = _Writer(bound, typed=typed)
    writer.write(value)
    return "".join(writer.parts)


class _Writer:
    """Puts a text together and stops as soon as it is too long.

    A value may hold the same list many times on every level, and so be far longer than it is large.
    """

    def __init__(self, bound: int, *, typed: bool) -> None:
        self.parts: list[str] = []
        self.bound = bound
        self.left = bound
        self.typed = typed

    def put(self, text: str) -> None:
        self.left -= len(text)
        if self.left < 0:
            raise LimitExceeded("string_length", self.bound)
        self.parts.append(text)

    def write(self, value: Value) -> None:
        if type(value) is list:
            self.put("[")
            for place, item in enumerate(value):
                self.put(", " if place else "")
                self.write(item)
            self.put("]")
        elif type(value) is dict:
            self.put("{")
            for place, (key, item) in enumerate(value.items()):
                self.put(f"{', ' if place else ''}{key_text(key)}: ")
                self.write(item)
            self.put("}")
        elif type(value) is Range:
            self._range(value)
        else:
            self.put(_scalar(value, typed=self.typed))

    def _range(self, value: Range) -> None:
        if value.form is not Form.INTERVAL:
            self.put(f"({value.form}")
            self.write(value.start if value.end is None else value.end)
            self.put(")")
            return
        self.put("[" if value.start_included else "(")
        self.write(value.start)
        self.put("..")
        self.write(value.end)
        self.put("]" if value.end_included else ")")


def _scalar(value: Value, *, typed: bool) -> str:
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if type(value) is str:
        return quoted(value)
    if type(value) is Decimal:
        return number_text(value)
    if type(value) is Function:
        return f"function({', '.join(value.parameters)})"
    return f'@"{value}"' if typed else str(value)
