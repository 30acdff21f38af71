"""Steps of a scenario that move work and cases by hand: how each is written.

The words are those of operations.md: 转办, 委派, 驳回, 撤回, 跳转, 加签, 减签, 挂起, 抄送, 并案 ….
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.publishing.scenarios.cast import known

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.publishing.scenarios.mistakes import Page

PLACES = ("before", "beside", "after")
RECEIPTS = ("copy", "escalation")
REQUESTS = ("extend", "recuse", "suspend", "withdraw")
FINDINGS = ("attempt", "effective", "late")
RULINGS = ("acknowledged", "dismissed", "confirmed", "lifted")


@dataclass(frozen=True, slots=True)
class Verb:
    """How a step is written.

    Attributes:
        object: What stands under the verb itself: a kind of value, as in `keys`.
        keys: The kind of each further value: ``text``, ``texts``, ``person``, ``people``,
            ``flag``, ``day``, ``count``, ``answers``, or the choices there are; ``!`` behind it:
            it must be given.
        ways: Where it is done in one of several ways: the key that says which, "" for none of
            them, with those of `keys` that go with it.
    """

    object: Any
    keys: Mapping[str, Any] = field(default_factory=dict)
    ways: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_REASONS = {"reasons": "text"}
_RULING = {"decided_by": "person", "granted": "flag", "decision_reasons": "text"}

VERBS: Mapping[str, Verb] = {
    "transfer": Verb("text!", {"to": "person!", **_REASONS}),
    "delegate": Verb("text!", {"to": "person!", **_REASONS}),
    "hand_back": Verb("text!", {"note": "text"}),
    "recall": Verb("text!", _REASONS),
    "assign": Verb("text!", {"to": "person!"}),
    "send_back": Verb("text!", {"to": "text!", "straight": "flag", **_REASONS}),
    "take_back": Verb("text!"),
    "jump": Verb("text!", {"to": "text!", **_REASONS}),
    "remind": Verb("text!"),
    "countersign": Verb("text!", {"person": "person!", "place": PLACES, **_REASONS}),
    "sign": Verb("text!", {"agrees": "flag", "opinion": "text", "signed": "flag"}),
    "drop_signature": Verb("text!", {"person": "person!", **_REASONS}),
    "add_signer": Verb("text!", {"person": "person!", **_REASONS}),
    "remove_signer": Verb("text!", {"person": "person!", **_REASONS}),
    "suspend": Verb("text!", _RULING),
    "resume": Verb("text!"),
    "withdraw": Verb("text!", _RULING),
    "rule": Verb(REQUESTS, {"of": "text", "granted": "flag", **_REASONS}),
    "wake": Verb("text!", {"answers": "answers", "named": "text"}),
    "correct": Verb("text!", {"wrong": "text!", "right": "text!", **_REASONS}),
    "issue_correction": Verb("text!", {"signed": "flag"}),
    "serve_correction": Verb("text!", {"answers": "answers"}),
    "merge": Verb("text!", _REASONS),
    "copy": Verb("people", {"note": "text"}),
    "comment": Verb("text!", {"mentions": "people", "files": "texts"}),
    "receipt": Verb(RECEIPTS, {}),
    "substitute": Verb(
        "person!",
        {"from": "day!", "to": "day!", "procedure": "text", "role": "text", **_REASONS},
    ),
    "depart": Verb("person!", {"to": "person!", **_REASONS}),
    "program": Verb(
        "text!",
        {
            "variables": "answers",
            "files": "answers",
            "error": "text",
            "message": "text",
            "fails": "text",
            "retries": "count",
            "tries": "count",
        },
        {
            "": ("variables", "files"),
            "error": ("message", "variables", "files"),
            "fails": ("retries",),
            "tries": (),
        },
    ),
    "report_overreach": Verb("text!", _REASONS),
    "finding": Verb(FINDINGS, {"ruling": RULINGS, "of": "text", **_REASONS}),
}
"""By the name under which a step is written."""


def read_verb(page: Page, verb: str, names: set[str]) -> dict[str, Any]:
    """Return the values of a step, its object under ``""``; what is wrong is noted on the page."""
    rule = VERBS[verb]
    kinds = {"": rule.object, **rule.keys}
    if rule.ways:
        _one_way(page, rule)
    return {name: _value(page, name or verb, kind, names) for name, kind in kinds.items()}


def _one_way(page: Page, rule: Verb) -> None:
    """Note what does not go together: two ways, or a value that is of another way."""
    ways = [way for way in rule.ways if way in page.data] or [""]
    if len(ways) > 1:
        page.note(f"{'、'.join(ways)} 只能写一个。", f"Only one of {', '.join(ways)} is written.")
        return
    fitting = (*ways, *rule.ways[ways[0]])
    for name in rule.keys:
        if name in page.data and name not in fitting:
            page.note(
                f"{name} 与 {ways[0] or '办结'} 不能同写。",
                f"{name} does not go with {ways[0] or 'a completion'}.",
            )


def _value(page: Page, name: str, kind: Any, names: set[str]) -> Any:
    if isinstance(kind, tuple):
        return _choice(page, name, kind)
    needed = kind.endswith("!")
    return _READING[kind.rstrip("!")](page, name, names, needed)


def _choice(page: Page, name: str, choices: tuple[str, ...]) -> str:
    value = page.text(name) or choices[0]
    if value not in choices:
        page.note(
            f"{name} 应为 {'、'.join(choices)} 之一。", f"{name} must be {' or '.join(choices)}."
        )
    return value


def _text(page: Page, name: str, _names: set[str], needed: bool) -> str:  # noqa: FBT001 -- all alike
    return page.text(name, needed=needed)


def _texts(page: Page, name: str, _names: set[str], _needed: bool) -> tuple[str, ...]:  # noqa: FBT001 -- all alike
    return page.texts(name)


def _person(page: Page, name: str, names: set[str], needed: bool) -> str:  # noqa: FBT001 -- all alike
    return known(page, name, names, needed=needed)


def _people(page: Page, name: str, names: set[str], _needed: bool) -> tuple[str, ...]:  # noqa: FBT001 -- all alike
    found = page.texts(name)
    for one in found:
        if one not in names:
            page.note(f"“{one}”不在演练人员中。", f"{one!r} is not in the cast.")
    return found


def _flag(page: Page, name: str, _names: set[str], _needed: bool) -> bool:  # noqa: FBT001 -- all alike
    return page.flag(name, default=name != "straight")


def _day(page: Page, name: str, _names: set[str], needed: bool) -> Any:  # noqa: FBT001 -- all alike
    if needed and page.data.get(name) is None:
        page.note(f"缺少 {name}，请补上。", f"{name} is missing; add it.")
    return page.day(name)


def _count(page: Page, name: str, _names: set[str], _needed: bool) -> int | None:  # noqa: FBT001 -- all alike
    value = page.data.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    page.note(f"{name} 应为不小于 0 的整数。", f"{name} must be a whole number, 0 or more.")
    return None


def _answers(page: Page, name: str, _names: set[str], _needed: bool) -> dict[str, Any]:  # noqa: FBT001 -- all alike
    return dict(page.mapping(name).data)


_READING: Mapping[str, Callable[[Page, str, set[str], bool], Any]] = {
    "text": _text,
    "texts": _texts,
    "person": _person,
    "people": _people,
    "flag": _flag,
    "day": _day,
    "count": _count,
    "answers": _answers,
}
