"""Values as text: what `string()` gives, and source that reads back as the same value."""

from decimal import Decimal

from bpmn.feel.names import pattern_of
from bpmn.feel.values.callables import Function
from bpmn.feel.values.decimals import number_text
from bpmn.feel.values.kinds import Value
from bpmn.feel.values.ranges import Form, Range

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


def to_text(value: Value) -> str:
    """Return the text that `string()` gives; a string stays itself."""
    return value if type(value) is str else literal(value, typed=False)


def literal(value: Value, *, typed: bool = True) -> str:
    """Return source that evaluates to the value; functions have none and give a description.

    Args:
        value: Any value.
        typed: Whether temporal values are written as `@"…"` (as `string()` does not).
    """
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if type(value) is str:
        return quoted(value)
    if type(value) is Decimal:
        return number_text(value)
    if type(value) is list:
        return f"[{', '.join(literal(item, typed=typed) for item in value)}]"
    if type(value) is dict:
        entries = (f"{key_text(key)}: {literal(item, typed=typed)}" for key, item in value.items())
        return f"{{{', '.join(entries)}}}"
    if type(value) is Range:
        return _range(value, typed=typed)
    if type(value) is Function:
        return f"function({', '.join(value.parameters)})"
    return f'@"{value}"' if typed else str(value)


def _range(value: Range, *, typed: bool) -> str:
    if value.form is not Form.INTERVAL:
        end = value.start if value.end is None else value.end
        return f"({value.form}{literal(end, typed=typed)})"
    opening = "[" if value.start_included else "("
    closing = "]" if value.end_included else ")"
    ends = f"{literal(value.start, typed=typed)}..{literal(value.end, typed=typed)}"
    return f"{opening}{ends}{closing}"
