"""From source text to tokens (DMN 1.5, 10.3.1.2: rules 27 to 35, 62 and comments)."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from bpmn.feel.errors import At, FeelError, LimitExceeded
from bpmn.feel.limits import SOURCE_LENGTH


class Kind(Enum):
    """What a token is."""

    NUMBER = auto()
    STRING = auto()
    NAME = auto()
    SYMBOL = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of source.

    Attributes:
        kind: What it is.
        text: The source characters; of a string, its value.
        at: Where it begins.
        spaced: Whether white space or a comment stands before it.
    """

    kind: Kind
    text: str
    at: At
    spaced: bool


_SPACE = r"\t\n\x0B\x0C\r\x20\x85\xA0\u1680\u180E\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF"
_START = (
    r"?A-Z_a-z\xC0-\xD6\xD8-\xF6\xF8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE\uFF00-\uFFFD\U00010000-\U000EFFFF"
)
_PART = _START + r"0-9\xB7\u0300-\u036F\u203F\u2040"
_TOKEN = re.compile(
    rf"(?P<space>[{_SPACE}]+|//[^\n\r]*|/\*(?s:.*?)\*/)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<name>[{_START}][{_PART}]*)"
    r'|"(?P<string>(?:[^"\\]|\\(?s:.))*)"'
    r"|(?P<symbol>\*\*|\.\.|<=|>=|!=|->|/(?!\*)|[-+*<>=()\[\]{},:.@'|])"
)
_NAME = re.compile(rf"[{_START}][{_PART}]*")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|([\"'\\nrt]))")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}
_CURLY = "“”‘’„"


def tokenise(source: str) -> list[Token]:
    """Return the tokens of a source; the last one is of kind END.

    Raises:
        FeelError: A character that begins no token, or a string without its end.
    """
    if len(source) > SOURCE_LENGTH:
        raise LimitExceeded("source_length", SOURCE_LENGTH)
    tokens: list[Token] = []
    place, line, line_start, spaced = 0, 1, 0, False
    while place < len(source):
        found = _TOKEN.match(source, place)
        at = At(line, place - line_start + 1)
        if not found:
            raise _unreadable(source, place, at)
        group = found.lastgroup
        if group == "space":
            spaced = True
        else:
            text = found[group] if group else ""
            if group == "string":
                text = unescaped(text)
            tokens.append(Token(_KINDS[group or ""], text, at, spaced))
            spaced = False
        breaks = source.count("\n", place, found.end())
        if breaks:
            line += breaks
            line_start = source.rindex("\n", place, found.end()) + 1
        place = found.end()
    tokens.append(Token(Kind.END, "", At(line, place - line_start + 1), spaced))
    return tokens


_KINDS = {
    "number": Kind.NUMBER,
    "name": Kind.NAME,
    "string": Kind.STRING,
    "symbol": Kind.SYMBOL,
}


def _unreadable(source: str, place: int, at: At) -> FeelError:
    character = source[place]
    if character == '"':
        return FeelError(
            "文本缺少结束的引号。", "The string has no closing quote.", at, expected=['"']
        )
    if source.startswith("/*", place):
        return FeelError("注释缺少结束的 */。", "The comment has no end.", at, expected=["*/"])
    if character in _CURLY:
        return FeelError(
            f'不能使用弯引号“{character}”，请改用直引号 "。',
            f'Curly quotes do not delimit a string; write " instead of {character}.',
            at,
            expected=['"'],
        )
    return FeelError(
        f"此处不能出现字符“{character}”。",
        f"The character {character!r} has no meaning here.",
        at,
    )


def unescaped(text: str) -> str:
    r"""Return what the inside of a string literal means.

    An unknown escape stays as it is written, so that a pattern may say `"\d"`.
    """
    if "\\" not in text:
        return text

    def meaning(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        if code is None:
            return _PLAIN.get(found[3], found[3])
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else found[0]  # noqa: PLR2004 - Unicode's last

    value = _ESCAPE.sub(meaning, text)
    if any("\ud800" <= character <= "\udfff" for character in value):
        # Two escapes may be the halves of one code point; a half alone is no character.
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def is_plain_name(text: str) -> bool:
    """Whether a text is a name of a single token."""
    return _NAME.fullmatch(text) is not None
