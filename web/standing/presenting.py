"""The register of sanctions and the board of like cases, as their pages draw them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import url_for

from web.statuses import person_status
from web.texts import gettext as _
from web.texts import ngettext
from web.toolkit import FactView, TagView, Tone
from web.visiting import civil
from web.wording import full_day_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.desk.views.consistency import ConsistencyBoard
    from engine.desk.views.standing import SanctionLine, StandingCard, StandingLine
    from engine.model.consistency import Comparison
    from engine.model.restrictions import Restriction
    from engine.store.tables import PersonnelRequest


@dataclass(frozen=True, slots=True)
class PersonRowView:
    """A person in the list."""

    url: str
    name: str
    title: str
    unit: str
    status: str
    sanctions: str
    held: str
    until: str
    warnings: TagView | None


@dataclass(frozen=True, slots=True)
class EffectRowView:
    """An effect over time."""

    what: str
    measure: str
    span: str
    source: str
    case_number: str
    state: TagView


@dataclass(frozen=True, slots=True)
class AnswerRowView:
    """A request with the register's answer."""

    asked: str
    what: str
    answer: TagView
    grounds: tuple[str, ...]
    free: str


@dataclass(frozen=True, slots=True)
class PersonPageView:
    """A person's page."""

    person_id: str
    name: str
    lead: str
    tags: tuple[TagView, ...]
    effects: tuple[EffectRowView, ...]
    sanctions: tuple[tuple[str, str, str, TagView], ...]
    answers: tuple[AnswerRowView, ...]
    may_ask: bool
    year: int
    today: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """Like cases side by side."""

    title: str
    tag: TagView
    rows: tuple[tuple[FactView, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class BoardView:
    """The consistency board."""

    note: str
    groups: tuple[GroupView, ...]


def effect_text(kind: str) -> str:
    """Return what an effect is called (SUP-023, SUP-044); a procedure's own word as it stands."""
    return {
        "bars_awards": _("取消评优评先资格"),
        "bars_equal_post": _("不得任相当职务"),
        "bars_promotion": _("不得提拔"),
        "personnel_basis": _("作为考核任用依据"),
        "warning_record": _("黄牌警告"),
    }.get(kind, kind)


def line_view(line: StandingLine) -> PersonRowView:
    """Return a line of the list."""
    return PersonRowView(
        url=url_for("standing.person", person_id=line.id),
        name=line.name,
        title=line.title,
        unit=line.unit,
        status=person_status(line.status),
        sanctions=ngettext("%(num)s 项", "%(num)s 项", line.sanctions),
        held=_("、").join(effect_text(kind) for kind in line.kinds) or _("无"),
        until=full_day_text(line.until) if line.until else "",
        warnings=_warnings(line.warnings),
    )


def card_page(card: StandingCard, today: date, language: str) -> PersonPageView:
    """Return a person's page."""
    person = card.person
    warned = _warnings(card.warnings)
    status = TagView(person_status(person.status))
    return PersonPageView(
        person_id=person.id,
        name=person.name,
        lead=" · ".join(one for one in (person.title, card.unit, person.level) if one),
        tags=(status, warned) if warned is not None else (status,),
        effects=tuple(_effect(one, today, language) for one in reversed(card.restrictions)),
        sanctions=tuple(_sanction(one, language) for one in card.sanctions),
        answers=tuple(_answer(row, name, language) for row, name in card.requests),
        may_ask=card.may_ask,
        year=card.today.year,
        today=card.today.isoformat(),
    )


def board_page(board: ConsistencyBoard, language: str) -> BoardView:
    """Return the consistency board."""
    return BoardView(
        note=ngettext(
            "%(num)s 组同类案件的处理相差两档以上，请核对。",
            "%(num)s 组同类案件的处理相差两档以上，请核对。",
            board.hints,
        )
        if board.hints
        else _("没有同类案件的处理相差两档以上。"),
        groups=tuple(_group(one, board, language) for one in board.comparisons),
    )


def _warnings(count: int) -> TagView | None:
    if not count:
        return None
    text = ngettext("黄牌警告 %(num)s 次有效", "黄牌警告 %(num)s 次有效", count)
    return TagView(text, Tone.NEAR, "alert-triangle")


def _effect(one: Restriction, today: date, language: str) -> EffectRowView:
    if one.holds_on(today):
        state = TagView(_("影响期内"), Tone.BAD, "lock")
    elif today < one.begins_on:
        state = TagView(_("尚未生效"), Tone.NEAR, "hourglass")
    else:
        state = TagView(_("期满解除"), Tone.OK, "check")
    return EffectRowView(
        what=effect_text(one.kind),
        measure=one.title[1] if language == "en" else one.title[0],
        span=_(
            "%(first)s 至 %(last)s",
            first=full_day_text(one.begins_on),
            last=full_day_text(one.last_day),
        ),
        source=one.source or _("平台补充"),
        case_number=one.case_number,
        state=state,
    )


def _sanction(line: SanctionLine, language: str) -> tuple[str, str, str, TagView]:
    states = {
        "in_force": TagView(_("有效"), Tone.PLAIN),
        "ended": TagView(_("期满"), Tone.OK, "check"),
        "revoked": TagView(_("已撤销，档案更正"), Tone.OK, "check"),
        "changed": TagView(_("已变更"), Tone.OPEN),
    }
    title = line.title[1] if language == "en" else line.title[0]
    state = states.get(line.row.state, TagView(line.row.state))
    return title, full_day_text(line.row.decided_on), line.case_number, state


def _answer(row: PersonnelRequest, name: str, language: str) -> AnswerRowView:
    if row.kind == "award":
        what = _("%(year)s 年度评优评先", year=row.year)
    else:
        equal = _("与原职务相当") if row.equal else _("其他职务")
        what = _(
            "%(day)s 起任%(post)s（%(equal)s）",
            day=full_day_text(row.for_day),
            post=row.post,
            equal=equal,
        )
    at = civil(row.asked_at)
    return AnswerRowView(
        asked=_("%(name)s，%(day)s", name=name, day=full_day_text(at.date())),
        what=what,
        answer=TagView(_("不受限制"), Tone.OK, "check")
        if row.answer == "granted"
        else TagView(_("受限制"), Tone.BAD, "x"),
        grounds=tuple(_ground(one, language) for one in row.grounds if isinstance(one, dict)),
        free=_("%(day)s 起解除", day=full_day_text(row.free_on)) if row.free_on else "",
    )


def _ground(ground: Mapping[str, Any], language: str) -> str:
    return _(
        "%(effect)s：%(measure)s，至 %(day)s，依据 %(source)s%(case)s",
        effect=effect_text(str(ground.get("kind", ""))),
        measure=ground.get("en" if language == "en" else "zh", ""),
        day=full_day_text(date.fromisoformat(str(ground.get("until")))),
        source=ground.get("source") or _("平台补充"),
        case=_("，案件 %(number)s", number=ground["case"]) if ground.get("case") else "",
    )


def _group(one: Comparison, board: ConsistencyBoard, language: str) -> GroupView:
    title = board.procedures[one.procedure].say(language)
    by = _("同一情形") if one.by == "situation" else _("同一档次")
    tag = (
        TagView(_("相差 %(steps)s 档", steps=one.apart), Tone.BAD, "alert-triangle")
        if one.is_hint
        else TagView(_("相差 %(steps)s 档", steps=one.apart), Tone.OK, "check")
    )
    return GroupView(
        title=_("%(procedure)s：%(by)s %(key)s", procedure=title, by=by, key=one.key),
        tag=tag,
        rows=tuple(
            (
                FactView(each.case, each.case, url=url_for("cases.show", case_id=each.case_id)),
                each.tier or "—",
                _("、").join(
                    board.measures[one.procedure, code].say(language)
                    if (one.procedure, code) in board.measures
                    else code
                    for code in each.measures
                )
                or _("没有处理"),
                full_day_text(date.fromisoformat(each.made_on)),
            )
            for each in one.outcomes
        ),
    )
