"""The replacement of `replace()`: `$1` stands for a group."""

from collections.abc import Callable

from bpmn.feel.regex.matching import Match
from bpmn.feel.regex.syntax import PatternError

Expand = Callable[[str, Match], str]


def parse_replacement(source: str, groups: int, *, plain: bool = False) -> Expand:
    r"""Return what makes a replacement from a match.

    Args:
        source: `$N` is what group N matched, `$0` the whole; `\$` and `\\` are themselves.
        groups: How many groups the pattern has; a higher group is empty.
        plain: Whether no character is special (flag q).

    Raises:
        PatternError: A `$` without a number, or another character after a backslash.
    """
    if plain:
        return lambda _text, _match: source
    parts: list[str | int] = []
    place = 0
    while place < len(source):
        character = source[place]
        follower = source[place + 1 : place + 2]
        if character == "\\":
            if follower not in {"\\", "$"}:
                raise PatternError("a wrong backslash", place)
            parts.append(follower)
            place += 2
        elif character == "$":
            if not (follower.isdecimal() and follower.isascii()):
                raise PatternError("a $ without the number of a group", place)
            place += 1
            number = int(source[place])
            place += 1
            while source[place : place + 1].isdecimal() and source[place].isascii():
                longer = number * 10 + int(source[place])
                if longer > groups:
                    break
                number = longer
                place += 1
            parts.append(number)
        else:
            parts.append(character)
            place += 1

    def expand(text: str, match: Match) -> str:
        return "".join(
            part if isinstance(part, str) else _held(text, match, part) for part in parts
        )

    return expand


def _held(text: str, match: Match, group: int) -> str:
    if 2 * group + 1 >= len(match) or match[2 * group] < 0:
        return ""
    return text[match[2 * group] : match[2 * group + 1]]
