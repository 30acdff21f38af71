"""A case as its page and its tabs draw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import url_for

from engine.desk.rights import Right, permits
from engine.model.procedure_rules import Stage
from web.clocks import clock_of
from web.statuses import outcome_text, status_text
from web.texts import gettext as _
from web.texts import ngettext
from web.toolkit import ClockView, Lamp, LinkView, PersonView, StageState, StageView, TagView, Tone
from web.visiting import civil
from web.wording import day_text, remaining_text, step_name, weekday_text

if TYPE_CHECKING:
    from engine.desk.views import CaseLine, CaseView, DeadlineView
    from engine.desk.views.linked import Linked
    from engine.model.procedure_rules import ProcedureRules
    from engine.store.tables import WorkItemRow


@dataclass(frozen=True, slots=True)
class HeadView:
    """The top of every tab of a case.

    Attributes:
        work: What the reader can do here now; None if nothing.
        filings: What may be filed for a participant on paper.
        may_withdraw: The case may still be withdrawn, before a decision.
        may_merge: The case may still be merged into an earlier one.
    """

    case_id: str
    title: str
    number: str
    subjects: tuple[PersonView, ...]
    procedure: str
    tags: tuple[TagView, ...]
    stages: tuple[StageView, ...]
    tabs: tuple[LinkView, ...]
    work: LinkView | None
    filings: tuple[LinkView, ...]
    may_request: bool
    may_withdraw: bool
    may_merge: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """A step that waits, or was done; `move_url` leads to where it may be sent.

    Attributes:
        dun_url: Where a reminder notice is sent for it; empty where the reader may not now.
        dunned: How often it was dunned, in words; empty where it was not.
    """

    name: str
    url: str
    holder: PersonView | None
    offered: str
    clock: ClockView | None
    when: str
    move_url: str = ""
    dun_url: str = ""
    dunned: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineRowView:
    """A deadline with its clock, its cards and the way to ask for more time."""

    clock: ClockView
    cards: tuple[str, ...]
    extend_url: str
    shifts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseRowView:
    """A case in the list."""

    url: str
    number: str
    title: str
    procedure: str
    status: TagView
    opened: str


def head_view(view: CaseView, tab: str, today: date, language: str, reader: str) -> HeadView:
    """Return the top of a case's page with the tab that is open."""
    row, rules = view.row, view.version.rules
    tabs = (
        ("show", _("概况"), None),
        ("timeline", _("时间线"), None),
        ("deadlines", _("期限"), len(view.deadlines)),
        ("documents", _("文书"), len(view.documents)),
        ("people", _("人员"), len(view.parts)),
        *(
            (("companions", _("协同"), None),)
            if permits(Right.SEE, view.standing.relations)
            else ()
        ),
    )
    tags = [TagView(status_text(row.status), Tone.ACCENT)]
    outcome = outcome_text(row.outcome, rules, language)
    if outcome:
        tags.append(TagView(outcome, Tone.OK))
    if view.incidents:
        tags.append(TagView(_("流程受阻，待管理员处理"), Tone.BAD, "alert-triangle"))
    mine = next((one for one in _open(view) if _offered_to(one, view, reader)), None)
    return HeadView(
        case_id=row.id,
        title=row.title,
        number=row.number,
        subjects=tuple(
            PersonView(one.name, role_text(one.role, rules, language))
            for one in view.parts
            if one.role == "subject"
        ),
        procedure=_(
            "%(title)s 第 %(number)s 版",
            title=rules.title.say(language),
            number=view.version.number,
        ),
        tags=tuple(tags),
        stages=_stages(view, today, language),
        tabs=tuple(
            LinkView(label, url_for(f"cases.{name}", case_id=row.id), count, current=name == tab)
            for name, label, count in tabs
        ),
        work=LinkView(_("办理：%(name)s", name=mine.name), url_for("work.show", item_id=mine.id))
        if mine is not None
        else None,
        filings=tuple(
            LinkView(
                _("代为登记：%(title)s", title=rule.title.say(language)),
                url_for("filing.write", case_id=row.id, key=rule.key),
            )
            for rule in view.filings
        ),
        may_request=permits(Right.REQUEST, view.standing.relations),
        may_withdraw=permits(Right.WITHDRAW, view.standing.relations)
        and row.closed_at is None
        and not view.decisions,
        may_merge=permits(Right.MERGE, view.standing.relations)
        and row.closed_at is None
        and not view.decisions,
    )


def open_items(
    view: CaseView, today: date, language: str, reader: str, found: Linked
) -> tuple[ItemView, ...]:
    """Return the steps that wait, with who has them, their clocks and reminders."""
    rules = view.version.rules
    clocks: dict[str, DeadlineView] = {}
    for one in sorted(view.deadlines, key=lambda each: each.row.round):
        clocks[one.row.key] = one
    views = []
    for item in _open(view):
        deadline = clocks.get(item.deadline_key)
        holder = view.names.get(item.claimed_by or "", "")
        views.append(
            ItemView(
                name=step_name(item.name, item.properties, language),
                url=url_for("work.show", item_id=item.id)
                if _offered_to(item, view, reader)
                else "",
                holder=PersonView(holder, me=item.claimed_by == reader) if holder else None,
                offered=_("、").join(
                    role_text(one, rules, language) for one in item.role.split(",") if one
                ),
                clock=clock_of(deadline, rules, today, language, full=False)
                if deadline is not None
                else None,
                when=weekday_text(civil(item.opened_at).date(), today),
                dun_url=url_for("cases.dunning", case_id=view.row.id, item_id=item.id)
                if item.id in found.may_dun
                else "",
                dunned=ngettext("已催办 %(num)s 次", "已催办 %(num)s 次", len(notices))
                if (notices := found.dunnings.get(item.id, ()))
                else "",
                move_url=url_for("moving.show", item_id=item.id)
                if permits(Right.SEE, view.standing.relations)
                else "",
            )
        )
    return tuple(views)


def deadline_rows(view: CaseView, today: date, language: str) -> tuple[DeadlineRowView, ...]:
    """Return the deadlines with their clocks, those that run first."""
    rules = view.version.rules
    may_request = permits(Right.REQUEST, view.standing.relations)
    found = []
    for one in view.deadlines:
        rule = one.deadline.rule
        extendable = (
            rule.extension is not None
            and len(one.deadline.extensions) < rule.extension.times
            and one.row.state == "running"
            and may_request
        )
        found.append(
            DeadlineRowView(
                clock=clock_of(one, rules, today, language, names=view.names),
                cards=tuple(
                    _(
                        "%(day)s 记%(colour)s",
                        day=weekday_text(card.given_on, today),
                        colour=_("黄牌") if card.colour == "yellow" else _("红牌"),
                    )
                    for card in one.cards
                ),
                extend_url=url_for("cases.extension", case_id=view.row.id, key=str(rule.key))
                if extendable
                else "",
                shifts=_shifts(one, today),
            )
        )
    return tuple(found)


def case_row(line: CaseLine, rules: ProcedureRules, today: date, language: str) -> CaseRowView:
    """Return a case of the list."""
    text = outcome_text(line.outcome, rules, language) or status_text(line.status)
    tone = Tone.OK if line.closed_at is not None else Tone.ACCENT
    return CaseRowView(
        url=url_for("cases.show", case_id=line.id),
        number=line.number,
        title=line.title,
        procedure=rules.title.say(language),
        status=TagView(text, tone),
        opened=weekday_text(civil(line.opened_at).date(), today),
    )


def _open(view: CaseView) -> list[WorkItemRow]:
    return [
        one for one in view.items if one.state in {"open", "claimed"} and one.kind != "external"
    ]


def _offered_to(item: WorkItemRow, view: CaseView, reader: str) -> bool:
    if item.state == "claimed":
        return item.claimed_by == reader
    return not view.standing.principals.isdisjoint(item.candidates)


def _stages(view: CaseView, today: date, language: str) -> tuple[StageView, ...]:
    rules: tuple[Stage, ...] = view.version.rules.stages
    ids = [stage.id for stage in rules]
    at = ids.index(view.row.stage) if view.row.stage in ids else 0
    finished: dict[str, date] = {}
    for item in view.items:
        if item.completed_at is not None:
            stage_id = str(item.properties.get("stage", ""))
            day = civil(item.completed_at).date()
            finished[stage_id] = max(finished.get(stage_id, day), day)
    running = _of_stage(view)
    stages = []
    for number, stage in enumerate(rules):
        state = StageState.TODO
        if number < at or (number == at and view.row.closed_at is not None):
            state = StageState.DONE
        elif number == at:
            state = StageState.NOW
        elif view.row.closed_at is not None:
            state = StageState.POSSIBLE
        note = ""
        if state is StageState.DONE and stage.id in finished:
            note = day_text(finished[stage.id], today)
        elif state is StageState.NOW and running:
            clock = clock_of(running[0], view.version.rules, today, language, full=False)
            note = remaining_text(clock) if clock.lamp is not Lamp.DONE else ""
        stages.append(StageView(stage.title.say(language), state, note))
    return tuple(stages)


def _of_stage(view: CaseView) -> list[DeadlineView]:
    """Return the running deadlines of the present stage, by the steps that keep them.

    One that no step keeps, such as the period for an appeal, counts where the stage has
    none of its own; what is kept by a step of another stage never does.
    """
    here = view.row.stage
    own: set[str] = set()
    others: set[str] = set()
    for item in view.items:
        is_here = str(item.properties.get("stage") or here) == here
        if item.state in {"open", "claimed"} or is_here:
            own.add(item.deadline_key)
        else:
            others.add(item.deadline_key)
    running = [one for one in view.deadlines if one.row.state == "running"]
    kept = [one for one in running if one.row.key in own]
    return kept or [one for one in running if one.row.key not in others]


def _shifts(view: DeadlineView, today: date) -> tuple[str, ...]:
    """Return how the last day moved, each shift with its day."""
    found = []
    for entry in view.row.history:
        known = entry if isinstance(entry, dict) else {}
        before, after = str(known.get("from", "")), str(known.get("to", ""))
        if before and before != after:
            found.append(
                _(
                    "%(at)s：%(before)s → %(after)s",
                    at=day_text(civil(datetime.fromisoformat(str(known["at"]))).date(), today),
                    before=weekday_text(date.fromisoformat(before), today),
                    after=weekday_text(date.fromisoformat(after), today),
                )
            )
    return tuple(found)


def role_text(key: str, rules: ProcedureRules, language: str) -> str:
    """Return what a role is called, by the procedure; an unknown one as it stands."""
    titles = {str(role.key): role.title for role in rules.roles.values()}
    return titles[key].say(language) if key in titles else key
