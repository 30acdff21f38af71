"""Reading a pattern (XPath and XQuery Functions 3.1, 5.6.1)."""

from dataclasses import dataclass

from bpmn.feel.regex.classes import (
    ESCAPES,
    SINGLE,
    Test,
    between,
    either_case,
    negated,
    one,
    property_test,
)

_MOST = 1000
_DEPTH = 50


class PatternError(ValueError):
    """The text is no regular expression; `place` counts its characters from 0."""

    def __init__(self, reason: str, place: int) -> None:
        self.place = place
        super().__init__(f"{reason} at character {place + 1}")


@dataclass(frozen=True, slots=True)
class Part:
    """Any part of a pattern."""


@dataclass(frozen=True, slots=True)
class One(Part):
    """A single character that passes a test."""

    test: Test


@dataclass(frozen=True, slots=True)
class Anchor(Part):
    """`^` or `$`."""

    start: bool


@dataclass(frozen=True, slots=True)
class Back(Part):
    """A reference to what a group matched."""

    group: int


@dataclass(frozen=True, slots=True)
class Group(Part):
    """A capturing group."""

    number: int
    of: Part


@dataclass(frozen=True, slots=True)
class Sequence(Part):
    """Parts one after another."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Choice(Part):
    """Any of several."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeat(Part):
    """A part again and again; `most` is None without an upper bound."""

    of: Part
    least: int
    most: int | None
    greedy: bool


class Reader:
    """Reads one pattern.

    Attributes:
        groups: How many groups have been opened so far.
    """

    def __init__(self, source: str, flags: str) -> None:
        self.ignore_case = "i" in flags
        self.dot_all = "s" in flags
        self.source = _without_space(source) if "x" in flags else source
        self.place = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.depth = 0

    def read(self) -> Part:
        """Return the whole pattern.

        Raises:
            PatternError: It is none.
        """
        found = self._choice()
        if self.place < len(self.source):
            raise self._error("an unmatched parenthesis")
        return found

    def _error(self, reason: str) -> PatternError:
        return PatternError(reason, self.place)

    def _peek(self) -> str:
        return self.source[self.place : self.place + 1]

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise self._error("an unexpected end")
        self.place += 1
        return character

    def _accept(self, text: str) -> bool:
        if self.source.startswith(text, self.place):
            self.place += len(text)
            return True
        return False

    def _choice(self) -> Part:
        self.depth += 1
        if self.depth > _DEPTH:
            raise self._error("too many parentheses within each other")
        parts = [self._sequence()]
        while self._accept("|"):
            parts.append(self._sequence())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self._peek() not in {"", "|", ")"}:
            parts.append(self._repeated(self._atom()))
        return Sequence(tuple(parts))

    def _repeated(self, part: Part) -> Part:
        counts: tuple[int, int | None]
        if self._accept("*"):
            counts = (0, None)
        elif self._accept("+"):
            counts = (1, None)
        elif self._accept("?"):
            counts = (0, 1)
        elif self._accept("{"):
            counts = self._counts()
        else:
            return part
        found = Repeat(part, *counts, greedy=not self._accept("?"))
        if self._peek() in {"*", "+", "?", "{"}:
            raise self._error("a repetition of a repetition")
        return found

    def _counts(self) -> tuple[int, int | None]:
        least = self._count()
        most: int | None = least
        if self._accept(","):
            most = None if self._peek() == "}" else self._count()
        if not self._accept("}") or (most is not None and most < least):
            raise self._error("a wrong number of repetitions")
        return least, most

    def _count(self) -> int:
        start = self.place
        while self._peek() in set("0123456789"):
            self.place += 1
        text = self.source[start : self.place]
        if not text or len(text) > 4 or int(text) > _MOST:  # noqa: PLR2004 - digits of the bound
            raise self._error("a wrong number of repetitions")
        return int(text)

    def _one(self, test: Test) -> Part:
        return One(either_case(test) if self.ignore_case else test)

    def _atom(self) -> Part:  # noqa: PLR0911 - one branch a kind
        character = self._take()
        if character == "(":
            return self._group()
        if character == "[":
            return One(self._class())
        if character == ".":
            return One((lambda _one: True) if self.dot_all else (lambda one: one not in "\n\r"))
        if character in "^$":
            return Anchor(start=character == "^")
        if character in "*+?{}]":
            self.place -= 1
            raise self._error(f"an unexpected {character!r}")
        if character != "\\":
            return self._one(one(character))
        if self._peek() in set("123456789"):
            return self._back()
        return self._one(self._escape())

    def _group(self) -> Part:
        if self._accept("?:"):
            found = self._choice()
        else:
            self.groups += 1
            number = self.groups
            found = Group(number, self._choice())
            self.closed.add(number)
        if not self._accept(")"):
            raise self._error("a missing closing parenthesis")
        return found

    def _back(self) -> Part:
        number = int(self._take())
        while self._peek().isdecimal() and self._peek().isascii():
            longer = number * 10 + int(self._peek())
            if longer > self.groups:
                break
            number = longer
            self.place += 1
        if number not in self.closed:
            raise self._error("a reference to a group that is not complete")
        return Back(number)

    def _escape(self) -> Test:
        character = self._take()
        if character in SINGLE:
            return one(SINGLE[character])
        if character in ESCAPES:
            return ESCAPES[character]
        if character in "pP" and self._accept("{"):
            end = self.source.find("}", self.place)
            test = property_test(self.source[self.place : end]) if end >= 0 else None
            if test is None:
                raise self._error("an unknown property of characters")
            self.place = end + 1
            return test if character == "p" else negated(test)
        self.place -= 1
        raise self._error(f"an unknown escape \\{character}")

    def _class(self) -> Test:
        self.depth += 1
        if self.depth > _DEPTH:
            raise self._error("too many brackets within each other")
        inverted = self._accept("^")
        tests: list[Test] = []
        without: Test | None = None
        while not (tests and self._peek() == "]"):
            if tests and self._accept("-["):
                without = self._class()
                break
            tests.append(self._member())
        if not self._accept("]"):
            raise self._error("a missing closing bracket")
        self.depth -= 1

        def member(character: str) -> bool:
            return any(test(character) for test in tests)

        found = either_case(member) if self.ignore_case else member
        found = negated(found) if inverted else found
        if without is None:
            return found
        removed = without
        return lambda character: found(character) and not removed(character)

    def _member(self) -> Test:
        first = self._take()
        if first == "[":
            self.place -= 1
            raise self._error("an unexpected '['")
        if first == "\\":
            if self._peek() not in SINGLE:
                return self._escape()
            first = SINGLE[self._take()]
        if self._peek() != "-" or self.source[self.place + 1 : self.place + 2] in {"[", "]", ""}:
            return one(first)
        self.place += 1
        last = self._take()
        if last == "\\":
            last = SINGLE.get(self._take(), "")
        if last < first:
            raise self._error("a range in the wrong order")
        return between(first, last)


def _without_space(source: str) -> str:
    """Return a pattern without its white space, which counts within brackets only."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for character in source:
        if character in " \t\n\r" and not depth:
            continue
        kept.append(character)
        if escaped:
            escaped = False
            continue
        escaped = character == "\\"
        depth += (character == "[") - (character == "]")
    return "".join(kept)
