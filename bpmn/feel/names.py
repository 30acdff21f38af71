"""Which runs of tokens are one name: FEEL's names may hold spaces and operators."""

import difflib
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from bpmn.feel.errors import FeelError
from bpmn.feel.lexer import Kind, Token, tokenise

Pattern = tuple[tuple[str, bool], ...]

PROPERTIES = ("time offset", "start included", "end included")
STOPS = frozenset({"and", "or", "between", "in", "instance", "then", "else", "return", "satisfies"})
"""Words that end a name which is not known; a known name may hold them."""

_IN_NAMES = frozenset(".-+*/'")


@lru_cache(maxsize=4096)
def pattern_of(name: str) -> Pattern | None:
    """Return the tokens of a name, each with whether space stands before it.

    None for a text that no name could spell; such a key is reached through `get value` alone.
    """
    try:
        tokens = tokenise(name)[:-1]
    except FeelError:
        return None
    if not tokens or not all(may_be_in_name(token) for token in tokens):
        return None
    first, *others = tokens
    return ((first.text, False), *((token.text, token.spaced) for token in others))


def may_be_in_name(token: Token) -> bool:
    """Whether a token can be part of some name."""
    return token.kind in {Kind.NAME, Kind.NUMBER} or (
        token.kind is Kind.SYMBOL and token.text in _IN_NAMES
    )


def spelled(tokens: Sequence[Token]) -> str:
    """Return the name that a run of tokens spells, with single spaces."""
    return "".join(
        f" {token.text}" if token.spaced and place else token.text
        for place, token in enumerate(tokens)
    )


class Known:
    """Names in scope, found by their first token, the longest first."""

    __slots__ = ("_by_first",)

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first: dict[str, list[Pattern]] = {}
        for name in names:
            pattern = pattern_of(name)
            if pattern:
                self._by_first.setdefault(pattern[0][0], []).append(pattern)
        for patterns in self._by_first.values():
            patterns.sort(key=len, reverse=True)

    def longest(self, tokens: Sequence[Token], place: int) -> int:
        """Return how many tokens from `place` on are a known name; 0 for none."""
        for pattern in self._by_first.get(tokens[place].text, ()):
            end = place + len(pattern)
            if end < len(tokens) and all(
                token.text == text
                and (first or token.spaced == spaced)
                and token.kind is not Kind.STRING
                for first, token, (text, spaced) in zip(
                    [True] + [False] * len(pattern), tokens[place:end], pattern, strict=False
                )
            ):
                return len(pattern)
        return 0


_FULL_WIDTH = frozenset("！＂＇＊＋，－．／：；＜＝＞［］｛｝")
_TO_ASCII = 0xFEE0  # how far the full-width forms stand from ASCII


def full_width_slip(text: str, functions: Collection[str]) -> tuple[int, str] | None:
    """Return where a name that nobody knows holds a full-width sign, and the sign that was meant.

    FEEL lets such signs be part of a name; who types Chinese types them by mistake, and
    would get a name without a value instead of an operator.
    """
    for place, character in enumerate(text):
        if character in _FULL_WIDTH or (character == "（" and text[:place] in functions):
            return place, chr(ord(character) - _TO_ASCII)
    return None


def close_to(name: str, names: Collection[str]) -> list[str]:
    """Return up to three names in scope that look like one that is not."""
    return difflib.get_close_matches(name, sorted(names), n=3, cutoff=0.6)
