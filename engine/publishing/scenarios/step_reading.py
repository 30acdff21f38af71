"""From the YAML of a step to its type; every mistake is told with its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.model.collective import Vote
from engine.publishing.scenarios.cast import known
from engine.publishing.scenarios.expectations import KNOWN as EXPECTATIONS
from engine.publishing.scenarios.mistakes import Page, parsed
from engine.publishing.scenarios.steps import (
    AnyStep,
    Ask,
    Ballot,
    Claim,
    Decide,
    Dissent,
    Do,
    Dun,
    Extend,
    Filing,
    Meet,
    Minutes,
    Move,
    Open,
    Operate,
    Recuse,
    Release,
    Ruling,
    Then,
    Voice,
)
from engine.publishing.scenarios.verbs import VERBS, read_verb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

DEEPEST = 5
"""How deep parts may use parts."""
VOTES = {"同意": Vote.AGREE, "反对": Vote.DISAGREE, "不同意": Vote.DISAGREE, "弃权": Vote.ABSTAIN}
ANYWHERE = ("by", "refused", "case", "in")
_UNREAD = datetime(1970, 1, 1)  # noqa: DTZ001 -- civil time; what could not be read is never played


def read_steps(
    files: Mapping[str, bytes], folder: str, names: set[str], data: object, *, file: str
) -> tuple[AnyStep, ...]:
    """Return steps that stand somewhere else than in a scenario, such as in a rehearsal's stories.

    Args:
        files: Where parts are found.
        folder: Of the scenarios whose parts may be used.
        names: Of the people who may act.
        data: The list of steps.
        file: What mistakes name.

    Raises:
        ScenarioRefused: With every mistake.
    """
    top = Page(file, "", {})
    steps = steps_in(top, data, files, folder, names)
    top.refuse()
    return steps


def steps_in(
    top: Page, data: object, files: Mapping[str, bytes], folder: str, names: set[str]
) -> tuple[AnyStep, ...]:
    """Return the steps of a list, those of its parts in their places; `top` keeps the mistakes.

    Args:
        top: The page on which the list stands.
        data: The list.
        files, folder, names: As `read_steps` says.
    """
    return tuple(_Reading(files, folder, names).steps(top, data, "", 0))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of steps.

    Attributes:
        files: Of the folder.
        folder: Of the scenarios.
        names: Of the cast.
    """

    files: Mapping[str, bytes]
    folder: str
    names: set[str]

    def steps(self, top: Page, data: object, prefix: str, depth: int) -> Iterator[AnyStep]:
        """Yield the steps of a list, those of its parts in their places."""
        if not isinstance(data, list):
            if data is not None:
                top.note("steps 应是步骤的列表。", "steps must be a list of steps.")
            return
        for number, one in enumerate(data, start=1):
            place = f"{prefix}{number}"
            page = top.inside(place, one)
            kinds = [kind for kind in page.data if kind in _KINDS or kind == "use"]
            if "vote" in kinds and "decide" in kinds:
                kinds.remove("decide")  # a vote says whether it decides
            if len(kinds) != 1:
                page.note(
                    f"每一步应有且只有一个动作：{'、'.join((*_KINDS, 'use'))}。",
                    f"A step has exactly one of: {', '.join((*_KINDS, 'use'))}.",
                )
            elif kinds[0] == "use":
                yield from self._part(page, place, depth)
            else:
                yield _KINDS[kinds[0]](self, page, kinds[0])

    def _part(self, page: Page, place: str, depth: int) -> Iterator[AnyStep]:
        page.only(("use",))
        name = page.text("use", needed=True)
        path = f"{self.folder}/parts/{name}.yaml"
        if depth == DEEPEST:
            page.note(f"use 嵌套超过 {DEEPEST} 层。", f"Parts use parts {DEEPEST} deep at most.")
        elif path not in self.files:
            page.note(f"没有 {path}，请补上或改正名称。", f"There is no {path}.")
        else:
            inside = Page(path, "", {}, page.mistakes)
            yield from self.steps(inside, parsed(self.files, path), f"{place}.", depth + 1)

    def head(self, page: Page, kind: str, *known_keys: str) -> dict[str, Any]:
        """Return what every step has, after a look at the names of its keys."""
        page.only((kind, *ANYWHERE, *known_keys))
        return {
            "file": page.file,
            "place": page.step,
            "words": f"{kind}: {page.data.get(kind) or ''}".strip(),
            "by": known(page, "by", self.names),
            "refused": page.text("refused"),
            "case": page.text("in") or page.text("case") or "case",
        }

    def move(self, page: Page, kind: str) -> AnyStep:
        page.only((kind,))
        to = page.moment(kind)
        return Move(
            file=page.file,
            place=page.step,
            words=f"{kind}: {page.data[kind]}",
            to=to or _UNREAD,
        )

    def open(self, page: Page, kind: str) -> AnyStep:
        head = self.head(
            page, kind, "answers", "channel", "title", "subject", "reporter", "secrecy"
        )
        return Open(
            **head,
            procedure=page.text(kind),
            answers=dict(page.mapping("answers").data),
            channel=page.text("channel"),
            title=page.text("title"),
            subject=known(page, "subject", self.names, needed=False),
            reporter=known(page, "reporter", self.names, needed=False),
            secrecy=page.text("secrecy"),
        )

    def do(self, page: Page, kind: str) -> AnyStep:
        return Do(
            **self.head(page, kind, "answers", "proof", "signed"),
            element=page.text(kind, needed=True),
            answers=dict(page.mapping("answers").data),
            proof=page.text("proof"),
            signed=page.flag("signed", default=True),
        )

    def vote(self, page: Page, kind: str) -> AnyStep:
        head = self.head(page, kind, "answers", "opinions", "absent", "decide")
        opinions = page.mapping("opinions")
        absent = page.mapping("absent")
        for name in (*opinions.data, *absent.data):
            if name not in self.names:
                page.note(f"“{name}”不在演练人员中。", f"{name!r} is not in the cast.")
        return Ballot(
            **head,
            element=page.text(kind, needed=True),
            answers=dict(page.mapping("answers").data),
            opinions=tuple(_voice(opinions, name) for name in opinions.data),
            absent={name: absent.text(name, needed=True) for name in absent.data},
            decides=page.flag("decide", default=True),
        )

    def meet(self, page: Page, kind: str) -> AnyStep:
        head = self.head(page, kind, "held_at", "place", "agenda", "chair", "recorder")
        return Meet(
            **head,
            element=page.text(kind, needed=True),
            held_at=None if page.data.get("held_at") == "now" else page.moment("held_at"),
            room=page.text("place"),
            agenda=page.text("agenda"),
            chair=known(page, "chair", self.names, needed=False),
            recorder=known(page, "recorder", self.names, needed=False),
        )

    def dissent(self, page: Page, kind: str) -> AnyStep:
        head = self.head(page, kind, "reasons")
        return Dissent(**head, element=page.text(kind, needed=True), reasons=page.text("reasons"))

    def minutes(self, page: Page, kind: str) -> AnyStep:
        head = self.head(page, kind, "signed_by")
        signers = page.texts("signed_by")
        for name in signers:
            if name not in self.names:
                page.note(f"“{name}”不在演练人员中。", f"{name!r} is not in the cast.")
        return Minutes(**head, element=page.text(kind, needed=True), signed_by=signers)

    def decide(self, page: Page, kind: str) -> AnyStep:
        return Decide(**self.head(page, kind), element=page.text(kind, needed=True))

    def award(self, page: Page, kind: str) -> AnyStep:
        head = self.head(page, kind, "year", "expect")
        year = page.data.get("year")
        if not isinstance(year, int):
            page.note("year 应写成年份，如 2026。", "year must be a year, such as 2026.")
        return Ask(
            **head,
            person=known(page, kind, self.names),
            year=year if isinstance(year, int) else 0,
            post="",
            equal=False,
            on=None,
            expected=_answer(page),
        )

    def appoint(self, page: Page, kind: str) -> AnyStep:
        head = self.head(page, kind, "post", "equal", "on", "expect")
        return Ask(
            **head,
            person=known(page, kind, self.names),
            year=0,
            post=page.text("post", needed=True),
            equal=page.flag("equal", default=False),
            on=page.day("on"),
            expected=_answer(page),
        )

    def file(self, page: Page, kind: str) -> AnyStep:
        return Filing(
            **self.head(page, kind, "answers", "on", "for", "proof"),
            key=page.text(kind, needed=True),
            answers=dict(page.mapping("answers").data),
            on=page.day("on"),
            filed_for=known(page, "for", self.names, needed=False),
            proof=page.text("proof"),
        )

    def extend(self, page: Page, kind: str) -> AnyStep:
        return Extend(
            **self.head(page, kind, "reasons", "approved_by", *_RULING),
            key=page.text(kind, needed=True),
            reasons=page.text("reasons"),
            ruling=self._ruling(page, "approved_by"),
        )

    def recuse(self, page: Page, kind: str) -> AnyStep:
        return Recuse(
            **self.head(page, kind, "reasons", "decided_by", *_RULING),
            person=known(page, kind, self.names),
            reasons=page.text("reasons"),
            ruling=self._ruling(page, "decided_by"),
        )

    def claim(self, page: Page, kind: str) -> AnyStep:
        return Claim(**self.head(page, kind), element=page.text(kind, needed=True))

    def release(self, page: Page, kind: str) -> AnyStep:
        return Release(**self.head(page, kind), element=page.text(kind, needed=True))

    def dun(self, page: Page, kind: str) -> AnyStep:
        return Dun(
            **self.head(page, kind, "reasons", "signed"),
            element=page.text(kind, needed=True),
            reasons=page.text("reasons"),
            signed=page.flag("signed", default=True),
        )

    def operate(self, page: Page, kind: str) -> AnyStep:
        head = self.head(page, kind, *VERBS[kind].keys)
        given = read_verb(page, kind, self.names)
        on = given[""] if isinstance(given[""], str) else ""
        return Operate(**head, verb=kind, on=on, given=given)

    def then(self, page: Page, kind: str) -> AnyStep:
        page.only((kind, "case", "in"))
        expected = page.mapping(kind)
        expected.only(EXPECTATIONS)
        return Then(
            file=page.file,
            place=page.step,
            words="then: " + ", ".join(expected.data),
            case=page.text("in") or page.text("case") or "case",
            expected=dict(expected.data),
        )

    def _ruling(self, page: Page, key: str) -> Ruling:
        return Ruling(
            known(page, key, self.names, needed=False),
            page.flag("granted", default=True),
            page.text("decision_reasons") or page.text("reasons"),
        )


def _answer(page: Page) -> str:
    expected = page.text("expect")
    if expected not in {"", "granted", "blocked"}:
        page.note("expect 应为 granted 或 blocked。", "expect must be granted or blocked.")
    return expected


def _voice(opinions: Page, name: str) -> Voice:
    page = opinions.mapping(name)
    page.only(("vote", "reasons"))
    vote = page.text("vote", needed=True)
    return Voice(name, str(VOTES.get(vote, vote)), page.text("reasons"))


_RULING = ("granted", "decision_reasons")
_KINDS: dict[str, Callable[[_Reading, Page, str], AnyStep]] = {
    "open": _Reading.open,
    "at": _Reading.move,
    "do": _Reading.do,
    "serve": _Reading.do,
    "issue": _Reading.do,
    "vote": _Reading.vote,
    "meet": _Reading.meet,
    "dissent": _Reading.dissent,
    "minutes": _Reading.minutes,
    "decide": _Reading.decide,
    "award": _Reading.award,
    "appoint": _Reading.appoint,
    "file": _Reading.file,
    "extend": _Reading.extend,
    "recuse": _Reading.recuse,
    "claim": _Reading.claim,
    "release": _Reading.release,
    "dun": _Reading.dun,
    "then": _Reading.then,
    **dict.fromkeys(VERBS, _Reading.operate),
}
