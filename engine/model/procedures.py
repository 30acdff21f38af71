"""Procedures: from the data of `procedure.yaml` to typed rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import time
from decimal import Decimal
from typing import Any

from engine.model.calendars import DAYS_IN_A_WEEK
from engine.model.collective import DeputyVotes
from engine.model.deadline_reading import deadline_rule
from engine.model.deadline_rules import RED_AFTER, Ladder
from engine.model.handing import HandingRules
from engine.model.identifiers import DeadlineKey, ElementId, MeasureCode, ProcedureKey, RoleKey
from engine.model.numbering import NumberRule
from engine.model.periods import Period, Unit
from engine.model.procedure_rules import (
    Article,
    Channel,
    DocumentRule,
    Exemption,
    FilingRule,
    Kind,
    MandatoryStep,
    NoticeRule,
    NumberSeries,
    Parameter,
    ProcedureRules,
    Stage,
    StartRule,
    Switch,
    TableGap,
)
from engine.model.recurring import LATEST_DAY, DunningRule, Every, Schedule
from engine.model.references import check_references
from engine.model.retention import retention_of
from engine.model.roles import Role, Scope
from engine.model.sanctions import DIRECT, EffectRule, Measure
from engine.model.sections import Flaw, ProcedureFault, Section
from engine.model.texts import Text

__all__ = [
    "Article",
    "Channel",
    "DocumentRule",
    "Exemption",
    "FilingRule",
    "Flaw",
    "Kind",
    "MandatoryStep",
    "NoticeRule",
    "NumberSeries",
    "Parameter",
    "ProcedureFault",
    "ProcedureRules",
    "Stage",
    "StartRule",
    "Switch",
    "TableGap",
    "procedure_rules",
]


def procedure_rules(data: Mapping[str, Any]) -> ProcedureRules:
    """Return the rules that the data of a `procedure.yaml` states.

    The JSON Schema has looked at its shape; what is looked at here is whether its
    parts fit: keys that are named exist, periods can be counted, what has no
    source says that it is proposed.

    Raises:
        ProcedureFault: Something does not fit; every flaw is listed with its place.
    """
    top = Section("", data)
    rules = _read(top)
    check_references(rules, top)
    if top.flaws:
        raise ProcedureFault(tuple(top.flaws))
    return rules


def _read(top: Section) -> ProcedureRules:
    key = top.word("id")
    parameters = {name: _parameter(name, part) for name, part in top.sections("parameters")}
    return ProcedureRules(
        key=ProcedureKey(key),
        kind=top.choice("kind", Kind, Kind.PROCEDURE),
        title=top.text("title"),
        summary=top.maybe_text("summary"),
        process=top.word("process", key),
        uses=top.words("uses"),
        law={part.word("id"): part.text("title") for part in top.items("law")},
        articles={
            name: Article(
                name, part.maybe_text("title"), part.word("text"), part.maybe_text("note")
            )
            for name, part in top.sections("articles")
        },
        number=_series(top),
        start=_start(top.section("start")) if top.has("start") else None,
        channels={
            name: Channel(name, part.text("title"), part.word("source", ""))
            for name, part in top.sections("channels")
        },
        lanes=_lanes(top.section("lanes")),
        roles={RoleKey(name): _role(name, part) for name, part in top.sections("roles")},
        stages=tuple(Stage(part.word("id"), part.text("title")) for part in top.items("stages")),
        deadlines={
            DeadlineKey(name): deadline_rule(name, part, _red_after(parameters))
            for name, part in top.sections("deadlines")
        },
        parameters=parameters,
        switches={name: _switch(name, part) for name, part in top.sections("switches")},
        mandatory=_mandatory(top),
        tiers=top.words("tiers"),
        measures=_measures(top.items("measures")),
        filings={name: _filing(name, part) for name, part in top.sections("filings")},
        calls={ElementId(name): _policy(part) for name, part in top.sections("calls")},
        policy=_policy(top.section("policy")),
        variables=_policy(top.section("variables")),
        documents={name: _document(name, part) for name, part in top.sections("documents")},
        notices={
            name: NoticeRule(name, part.maybe_text("title"), part.text("text"))
            for name, part in top.sections("notices")
        },
        outcomes={name: part.text("title") for name, part in top.sections("outcomes")},
        exempt=tuple(
            Exemption(
                part.word("rule"),
                part.word("element", ""),
                part.maybe_text("reason"),
                part.word("source", ""),
            )
            for part in top.items("exempt", bare="rule")
        ),
        gaps=tuple(
            TableGap(part.word("table"), part.text("reason"), part.word("source", ""))
            for part in top.items("gaps")
        ),
        opens=top.words("opens"),
        ladder=_ladder(top.section("ladder")) if top.has("ladder") else None,
        dunning=_dunning(top.section("dunning")) if top.has("dunning") else None,
        handing=_handing(top.section("handing")),
        deputy_votes=top.section("votes").choice("deputies", DeputyVotes, DeputyVotes.REFUSED),
        retention=retention_of(top, is_shared=top.data.get("kind") == Kind.SHARED),
    )


def _series(part: Section) -> NumberSeries | None:
    if not part.has("number"):
        return None
    number = part.section("number")
    pattern = number.word("rule")
    try:
        rule = NumberRule(pattern)
    except ValueError as error:
        number.note(
            "rule",
            "编号规则只能用 {authority_short}、{year}、{n}，其中 {year} 与 {n} 各一次",
            f"{error}; use {{authority_short}}, {{year}} and {{n}}",
        )
        rule = NumberRule("{year}-{n}")
    return NumberSeries(number.word("series"), rule)


def _start(part: Section) -> StartRule:
    return StartRule(
        message=part.word("message", ""),
        form=part.word("form"),
        roles=tuple(map(RoleKey, part.words("roles"))),
        fact=part.word("fact", ""),
        happened=part.word("happened", "happened_on"),
        timer=_timer(part.section("timer")) if part.has("timer") else None,
    )


def _timer(part: Section) -> Schedule:
    every = part.choice("every", Every)
    stated = part.data.get("day", 1)
    latest = DAYS_IN_A_WEEK if every is Every.WEEK else LATEST_DAY
    day = 0 if stated == "last" else stated
    if not isinstance(day, int) or isinstance(day, bool) or not 0 <= day <= latest:
        part.note("day", f"应是 1 至 {latest}，或 last", f"expected 1 to {latest}, or last")
        day = 1
    try:
        at = time.fromisoformat(part.word("at", "00:00"))
    except ValueError:
        part.note("at", "时刻应写成 09:00", "a time is written 09:00")
        at = time()
    return Schedule(every, day, at.replace(tzinfo=None), _policy(part.section("answers")))


def _ladder(part: Section) -> Ladder:
    part.must_have_source()
    every = part.section("every").period() if part.has("every") else RED_AFTER
    return Ladder(tuple(map(RoleKey, part.words("levels"))), every, part.word("source", ""))


def _dunning(part: Section) -> DunningRule:
    part.must_have_source()
    return DunningRule(part.words("by"), part.word("document", ""), part.word("source", ""))


def _lanes(part: Section) -> dict[str, RoleKey]:
    return {name: RoleKey(part.word(name)) for name in part.names()}


def _role(name: str, part: Section) -> Role:
    return Role(
        RoleKey(name),
        part.text("title"),
        part.choice("scope", Scope, Scope.AUTHORITY),
        outside=part.flag("outside"),
    )


def _parameter(name: str, part: Section) -> Parameter:
    stated = part.data.get("value")
    value = Decimal(str(stated)) if isinstance(stated, float) else stated
    if not isinstance(value, int | Decimal | str):
        part.note(
            "value", "参数值应是数、文字或 true/false", "expected a number, text or truth value"
        )
        value = ""
    unit = part.choice("unit", Unit) if part.has("unit") else None
    part.must_have_source()
    return Parameter(name, value, unit, part.word("source", ""))


def _red_after(parameters: Mapping[str, Parameter]) -> Period:
    parameter = parameters.get("card.red_after")
    try:
        return RED_AFTER if parameter is None else parameter.period
    except ValueError:
        return RED_AFTER


def _switch(name: str, part: Section) -> Switch:
    return Switch(
        name, part.flag("default"), part.text("title", Text(name)), part.word("source", "")
    )


def _mandatory(top: Section) -> frozenset[MandatoryStep]:
    steps = top.words("mandatory")
    known = set(MandatoryStep.__members__.values())
    for step in steps:
        if step not in known:
            words = ", ".join(MandatoryStep)
            top.note(
                "mandatory", f"没有必经环节“{step}”，可用：{words}", f"{step!r} is none of {words}"
            )
    return frozenset(MandatoryStep(step) for step in steps if step in known)


def _measures(parts: Iterable[Section]) -> dict[MeasureCode, Measure]:
    measures: dict[MeasureCode, Measure] = {}
    for weight, part in enumerate(parts, start=1):
        code = MeasureCode(part.word("code"))
        if code in measures:
            part.note("code", f"处理方式 {code} 重复", f"the measure {code} is there twice")
        measures[code] = Measure(
            code=code,
            title=part.text("title"),
            weight=part.number("weight", weight),
            effects=tuple(_effects(part)),
            source=part.word("source", ""),
            **_approval(part),
        )
    return measures


OTHERWISE = "otherwise"


def _approval(part: Section) -> dict[str, Any]:
    """Return a measure's approval: one organ, or one for each level of person (SUP-070)."""
    if not isinstance(part.data.get("approval"), Mapping):
        return {"approval": part.word("approval", DIRECT)}
    stated = part.section("approval")
    by_level = {level: stated.word(level) for level in stated.data}
    return {"approval": by_level.pop(OTHERWISE, ""), "by_level": by_level}


def _effects(part: Section) -> Iterator[EffectRule]:
    several = isinstance(part.data.get("effect"), list)
    stated = part.items("effect") if several else iter([part.section("effect")])
    for each in stated:
        if not each.data:
            continue
        if each.has("until") == each.has("for"):
            each.note("until", "until 与 for 须填其一，且只填其一", "give one of until and for")
            continue
        ends = (
            DeadlineKey(each.word("until")) if each.has("until") else each.section("for").period()
        )
        yield EffectRule(each.word("kind"), ends, each.word("source", ""))


def _filing(name: str, part: Section) -> FilingRule:
    deadline = part.word("deadline", "")
    return FilingRule(
        key=name,
        title=part.text("title"),
        message=part.word("message"),
        form=part.word("form", ""),
        by=tuple(map(RoleKey, part.words("by"))),
        deadline=DeadlineKey(deadline) if deadline else None,
        fact=part.word("fact", ""),
        late_message=part.section("late").word("message", ""),
        late_form=part.section("late").word("form", ""),
        into=part.word("into", ""),
        help=part.maybe_text("help"),
        confidential=part.flag("confidential"),
        source=part.word("source", ""),
        switch=part.word("switch", ""),
    )


def _document(name: str, part: Section) -> DocumentRule:
    return DocumentRule(
        key=name,
        title=part.text("title"),
        template=part.word("template"),
        docx=part.word("docx", ""),
        number=_series(part),
        required=part.words("required"),
        data=_policy(part.section("data")),
        served_to=part.words("served_to"),
        right_notice=part.flag("right_notice"),
    )


def _policy(part: Section) -> dict[str, object]:
    return {str(key): value for key, value in part.data.items()}


def _handing(part: Section) -> HandingRules:
    return HandingRules(
        transfer=_roles_by_role(part.section("transfer")),
        signers=_roles_by_role(part.section("signers")),
    )


def _roles_by_role(part: Section) -> dict[RoleKey, frozenset[RoleKey]]:
    return {RoleKey(name): frozenset(map(RoleKey, part.words(name))) for name in part.names()}
