"""Matching by a small machine whose steps are counted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from bpmn.feel.regex.classes import Test, either_case, one
from bpmn.feel.regex.syntax import (
    Anchor,
    Back,
    Choice,
    Group,
    One,
    Part,
    PatternError,
    Reader,
    Repeat,
    Sequence,
)

Match = tuple[int, ...]
"""Start and end of the match, then of each group; -1 for a group that took no part."""

Spend = Callable[[int], None]
_FLAGS = frozenset("smixq")
_LONGEST_PROGRAM = 5000
_BATCH = 5


class Op(Enum):
    """What an instruction does."""

    ONE = auto()
    SPLIT = auto()
    JUMP = auto()
    SAVE = auto()
    START = auto()
    END = auto()
    BACK = auto()
    DONE = auto()
    MARK = auto()
    MOVED = auto()


@dataclass(slots=True)
class Instruction:
    """One step: of a SPLIT, `first` is tried before `second`."""

    op: Op
    first: int = 0
    second: int = 0
    test: Test | None = None


def compile_pattern(source: str, flags: str = "") -> "Pattern":
    """Return a pattern ready to match.

    Args:
        source: The pattern.
        flags: Any of s (dot matches all), m (lines), i (either case), x (white space does not
            count) and q (no character is special).

    Raises:
        PatternError: The pattern or a flag is not valid, or it is too large.
    """
    if not set(flags) <= _FLAGS:
        raise PatternError("an unknown flag", 0)
    if "q" in flags:
        tests = [either_case(one(mark)) if "i" in flags else one(mark) for mark in source]
        return Pattern(Sequence(tuple(map(One, tests))), 0, lines=False, ignore_case=False)
    reader = Reader(source, flags)
    tree = reader.read()
    return Pattern(tree, reader.groups, lines="m" in flags, ignore_case="i" in flags)


class Pattern:
    """A compiled pattern.

    Attributes:
        groups: How many groups it has.
    """

    __slots__ = ("_ignore_case", "_lines", "_program", "_remember", "_slots", "groups")

    def __init__(self, tree: Part, groups: int, *, lines: bool, ignore_case: bool) -> None:
        self.groups = groups
        self._lines = lines
        self._ignore_case = ignore_case
        self._slots = 2 * groups + 2
        self._program: list[Instruction] = []
        self._remember = True
        self._emit(Op.SAVE, 0)
        self._compile(tree)
        self._emit(Op.SAVE, 1)
        self._emit(Op.DONE)

    def _emit(self, op: Op, first: int = 0, test: Test | None = None) -> Instruction:
        if len(self._program) >= _LONGEST_PROGRAM:
            raise PatternError("too many repetitions", 0)
        made = Instruction(op, first, 0, test)
        self._program.append(made)
        return made

    def _compile(self, part: Part) -> None:
        match part:
            case One(test):
                self._emit(Op.ONE, test=test)
            case Anchor(start):
                self._emit(Op.START if start else Op.END)
            case Back(group):
                # What a group holds then decides the way on: no two arrivals are alike.
                self._remember = False
                self._emit(Op.BACK, group)
            case Group(number, of):
                self._emit(Op.SAVE, 2 * number)
                self._compile(of)
                self._emit(Op.SAVE, 2 * number + 1)
            case Sequence(parts):
                for one_part in parts:
                    self._compile(one_part)
            case Choice(parts):
                self._choice(parts)
            case Repeat():
                self._repeat(part)

    def _choice(self, parts: tuple[Part, ...]) -> None:
        jumps: list[Instruction] = []
        for part in parts[:-1]:
            split = self._emit(Op.SPLIT, len(self._program) + 1)
            self._compile(part)
            jumps.append(self._emit(Op.JUMP))
            split.second = len(self._program)
        self._compile(parts[-1])
        for jump in jumps:
            jump.first = len(self._program)

    def _repeat(self, part: Repeat) -> None:
        for _ in range(part.least):
            before = len(self._program)
            self._compile(part.of)
            if len(self._program) == before:
                return  # nothing, however often it stands there
        if part.most is not None:
            splits: list[Instruction] = []
            for _ in range(part.most - part.least):
                splits.append(self._emit(Op.SPLIT))
                self._aim(splits[-1], len(self._program), 0, greedy=part.greedy)
                self._compile(part.of)
            for split in splits:
                self._aim_exit(split, len(self._program), greedy=part.greedy)
            return
        start = len(self._program)
        split = self._emit(Op.SPLIT)
        mark = self._slots
        self._slots += 1
        self._emit(Op.MARK, mark)
        self._compile(part.of)
        self._emit(Op.MOVED, mark)
        self._emit(Op.JUMP, start)
        self._aim(split, start + 1, len(self._program), greedy=part.greedy)

    @staticmethod
    def _aim(split: Instruction, inside: int, outside: int, *, greedy: bool) -> None:
        split.first, split.second = (inside, outside) if greedy else (outside, inside)

    @staticmethod
    def _aim_exit(split: Instruction, outside: int, *, greedy: bool) -> None:
        if greedy:
            split.second = outside
        else:
            split.first = outside

    def search(self, text: str, start: int, spend: Spend) -> Match | None:
        """Return the first match at or after `start`, or None; every step is counted."""
        seen: set[int] | None = set() if self._remember else None
        for place in range(start, len(text) + 1):
            spend(1)
            found = self._match(text, place, spend, seen)
            if found is not None:
                return found
        return None

    def every(self, text: str, spend: Spend) -> Iterator[Match]:
        """Give all matches from left to right, none overlapping another."""
        place = 0
        while place <= len(text):
            found = self.search(text, place, spend)
            if found is None:
                return
            yield found
            place = found[1] if found[1] > found[0] else found[1] + 1

    def _match(  # noqa: C901, PLR0912 - one loop, for its speed
        self, text: str, start: int, spend: Spend, seen: set[int] | None
    ) -> Match | None:
        program = self._program
        stack: list[tuple[int, int, tuple[int, ...]]] = [(0, start, (-1,) * self._slots)]
        width = len(text) + 1
        steps = 0
        while stack:
            counter, place, saved = stack.pop()
            while True:
                steps += 1
                if not steps % _BATCH:
                    spend(1)
                step = program[counter]
                op = step.op
                if op is Op.ONE:
                    if place >= len(text) or step.test is None or not step.test(text[place]):
                        break
                    place += 1
                    counter += 1
                elif op is Op.SPLIT:
                    if seen is not None:
                        # Came here before and failed: whatever the groups hold, it fails again.
                        key = counter * width + place
                        if key in seen:
                            break
                        seen.add(key)
                    stack.append((step.second, place, saved))
                    counter = step.first
                elif op is Op.JUMP:
                    counter = step.first
                elif op is Op.SAVE or op is Op.MARK:
                    saved = (*saved[: step.first], place, *saved[step.first + 1 :])
                    counter += 1
                elif op is Op.DONE:
                    return saved[: 2 * self.groups + 2]
                else:
                    moved = self._passes(step, text, place, saved)
                    if moved is None:
                        break
                    place = moved
                    counter += 1
        return None

    def _passes(
        self, step: Instruction, text: str, place: int, saved: tuple[int, ...]
    ) -> int | None:
        """Return where a step that looks at its surroundings goes on, None if it fails."""
        if step.op is Op.START:
            at_line = self._lines and 0 < place < len(text) and text[place - 1] == "\n"
            return place if place == 0 or at_line else None
        if step.op is Op.END:
            at_line = self._lines and text[place : place + 1] == "\n"
            return place if place == len(text) or at_line else None
        if step.op is Op.MOVED:
            return place if place != saved[step.first] else None
        held = text[max(saved[2 * step.first], 0) : max(saved[2 * step.first + 1], 0)]
        found = text[place : place + len(held)]
        same = found.casefold() == held.casefold() if self._ignore_case else found == held
        return place + len(held) if same else None
