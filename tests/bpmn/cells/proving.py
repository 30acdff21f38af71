"""What proves a cell: a drawing with an element `x`, a path on which it comes, one on which not.

A path is written as words: `w` completes the work at w, `w:go=yes` with a result, `!msg` delivers
a message, `~sig` a signal, `@x` fires the timer of x, `%c=yes` writes a variable, `#w` lets the
work at w fail with the error E1. Each word begins from the stored state that the one before left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bpmn import dmn
from bpmn.findings import Severity
from bpmn.lint import lint
from bpmn.reading import read_diagram
from tests.bpmn.running.playing import Play

_NONE: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Proof:
    """A cell's drawing and its two paths.

    Attributes:
        file: The diagram.
        fired: The words of the path on which `x` comes.
        then: What waits after it, in order; "." that it is over, "…" that something else than
            work is waited for.
        spared: The words of the path on which `x` does not come.
        instead: What waits after that.
        thrown: What left the instance on the fired path, as `kind name`.
        message, at: How the instance begins on the fired path; it begins plainly on the other.
        spared_message: How it begins on the other, where that is by a message.
        cancelled: What is withdrawn on the fired path.
        tables: The decision tables.
        mark: The element by which it shows that `x` came, where `x` leaves no trace itself.
    """

    file: bytes
    fired: str
    then: str
    spared: str
    instead: str
    thrown: tuple[str, ...] = ()
    message: str | None = None
    at: str | None = None
    spared_message: str | None = None
    cancelled: frozenset[str] = frozenset()
    tables: Mapping[str, bytes] = field(default_factory=dict)
    mark: str = "x"

    def play_fired(self) -> Play:
        """Play the path on which `x` comes."""
        play = self._begun(self.message, self.at)
        follow(play, self.fired)
        return play

    def play_spared(self) -> Play:
        """Play the path on which it does not."""
        play = self._begun(self.spared_message, None)
        follow(play, self.spared)
        return play

    def _begun(self, message: str | None, at: str | None) -> Play:
        given = {"go": False, "c": False}
        return Play(self.file, message=message, at=at, variables=given, tables=self.tables)

    def came(self, play: Play) -> bool:
        """Whether `x` happened: it was completed, or it fired."""
        events = {event for element, event in play.trace if element == self.mark}
        return bool(events & ({"completed", "fired"} if self.mark == "x" else {"entered"}))

    def holds(self) -> bool:
        """Lint lets it pass, and both paths go as they are said to."""
        fired, spared = self.play_fired(), self.play_spared()
        return (
            not refusals(self.file, self.tables)
            and state_of(fired) == self.then
            and self.came(fired)
            and state_of(spared) == self.instead
            and not self.came(spared)
        )


def state_of(play: Play) -> str:
    """Return what waits, or that it is over, as proofs write it."""
    return " ".join(play.waiting) or ("." if play.over else "…")


def follow(play: Play, words: str) -> None:
    """Let the words of a path happen."""
    for word in words.split():
        mark, rest = word[0], word[1:]
        if mark == "!":
            play.send(rest)
        elif mark == "~":
            play.signal(rest)
        elif mark == "@":
            play.fire(rest)
        elif mark == "%":
            play.put(**{rest.partition("=")[0]: rest.endswith("=yes")})
        elif mark == "#":
            play.err(rest, "E1")
        else:
            element, _, result = word.partition(":")
            name, _, value = result.partition("=")
            play.do(element, **({name: value == "yes"} if name else {}))


def refusals(file: bytes, tables: Mapping[str, bytes] = _NONE) -> set[tuple[str, str]]:
    """Return the rule and the element of each error that lint finds."""
    models = [dmn.read_decisions(content, name=name) for name, content in tables.items()]
    decisions = {decision for model in models for decision in model.decisions}
    found = lint(read_diagram(file, name="p.bpmn"), decisions=decisions)
    return {(f.rule, f.element) for f in found if f.severity is Severity.ERROR}
