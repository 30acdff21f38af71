r"""Sets of characters: `[a-z-[aeiou]]`, `\d`, `\p{L}`."""

import unicodedata
from collections.abc import Callable

Test = Callable[[str], bool]

_BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Greek": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Thai": (0x0E00, 0x0E7F),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "HangulSyllables": (0xAC00, 0xD7AF),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "CJKUnifiedIdeographsExtensionB": (0x20000, 0x2A6DF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}
_CATEGORIES = frozenset(
    ("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc",
     "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C",
     "Cc", "Cf", "Co", "Cn")
)  # fmt: skip


def negated(test: Test) -> Test:
    """Return the test for all other characters."""
    return lambda character: not test(character)


def either_case(test: Test) -> Test:
    """Return the test that holds if it does for either case of a character."""

    def widened(character: str) -> bool:
        return (
            test(character)
            or test(character.lower()[:1])
            or test(character.upper()[:1])
            or test(character.casefold()[:1])
        )

    return widened


def one(wanted: str) -> Test:
    """Return the test for one character."""
    return lambda character: character == wanted


def between(first: str, last: str) -> Test:
    """Return the test for a run of code points."""
    return lambda character: first <= character <= last


def property_test(name: str) -> Test | None:
    """Return the test for a general category or a block (`IsBasicLatin`); None if unknown."""
    if name.startswith("Is") and name[2:] in _BLOCKS:
        first, last = _BLOCKS[name[2:]]
        return lambda character: first <= ord(character) <= last
    if name in _CATEGORIES:
        return lambda character: unicodedata.category(character).startswith(name)
    return None


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _is_digit(character: str) -> bool:
    return unicodedata.category(character) == "Nd"


def _is_space(character: str) -> bool:
    return character in " \t\n\r"


def _is_initial(character: str) -> bool:
    return character in "_:" or character.isalpha()


def _is_name(character: str) -> bool:
    return _is_initial(character) or character in "-.\xb7" or _is_digit(character)


ESCAPES: dict[str, Test] = {
    "d": _is_digit,
    "D": negated(_is_digit),
    "w": _is_word,
    "W": negated(_is_word),
    "s": _is_space,
    "S": negated(_is_space),
    "i": _is_initial,
    "I": negated(_is_initial),
    "c": _is_name,
    "C": negated(_is_name),
}
"""The escapes that stand for many characters."""

SINGLE = {"n": "\n", "r": "\r", "t": "\t", **{mark: mark for mark in "\\|.?*+(){}-[]^$"}}
"""The escapes that stand for one character."""
