"""A body at its motion as the page draws it: members, meters, conditions, the one button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for

from web.casefacts import answered, chosen_names, circumstance_facts, clue, steps_done, summary
from web.citations import laws_of
from web.clocks import clock_of
from web.forms import form_view, title_of
from web.statuses import conflict_text, vote_tag
from web.texts import gettext as _
from web.toolkit import (
    ActionBar,
    ActionView,
    CheckView,
    ClockView,
    FactView,
    FieldError,
    FormView,
    LawView,
    MeterView,
    NoteView,
    PersonView,
    TagView,
    Tone,
)
from web.visiting import civil
from web.wording import step_name, weekday_text
from web.work.deciding import (
    KEY,
    condition_check,
    decide_action,
    is_hidden,
    majority_meter,
    quorum_meter,
)
from web.work.sitting import SittingView, sitting_view

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from engine.desk.assembly import Member
    from engine.desk.views import CaseView
    from engine.desk.views.meeting import MeetingView


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member in the list of opinions.

    Attributes:
        presence: 到会, 缺席 or 已回避.
        said: The reasons of the vote, or of the absence.
        vote: None where none was given.
    """

    key: str
    person: PersonView
    presence: str
    said: str
    vote: TagView | None
    is_out: bool
    can_be_absent: bool


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """The page of a collective step.

    Attributes:
        motion: The newest motion's id; empty before one was put.
        may_speak: The reader has still to vote on it.
        stands_in: Id and name of members for whom the reader may vote as a deputy.
        form: For a motion, or for a new one; None where the reader does not sit.
    """

    item_id: str
    name: str
    case_number: str
    case_title: str
    case_url: str
    notes: tuple[NoteView, ...]
    summary: str
    quorum: MeterView | None
    quorum_tag: TagView
    members: tuple[MemberView, ...]
    motion: str
    motion_note: str
    proposal: tuple[FactView, ...]
    votes: tuple[FactView, ...]
    majority: MeterView | None
    checks: tuple[CheckView, ...]
    decide: ActionView
    may_speak: bool
    stands_in: tuple[tuple[str, str], ...]
    form: FormView | None
    bar: ActionBar | None
    title: str
    clock: ClockView | None
    laws: tuple[LawView, ...]
    facts: tuple[FactView, ...]
    clue: tuple[FactView, ...]
    done: tuple[FactView, ...]
    sitting: SittingView
    circumstances: tuple[FactView, ...]


def meeting_page(
    meeting: MeetingView,
    case: CaseView,
    today: date,
    language: str,
    *,
    reader: tuple[str, str],
    answers: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
) -> MeetingPage:
    """Return the page of a collective step."""
    task, assembly = meeting.task, meeting.assembly
    rules = task.version.rules
    sits = meeting.me is not None and not meeting.me.recused
    motion = assembly.motion
    counted = assembly.tally
    checks = tuple(condition_check(one, meeting, language) for one in assembly.conditions)
    may_speak = sits and motion is not None and meeting.me is not None and not meeting.me.opinion
    may_speak = may_speak and motion is not None and motion.closed_at is None
    hides_votes = is_hidden(meeting)
    return MeetingPage(
        item_id=task.item.id,
        name=step_name(task.item.name, task.item.properties, language),
        case_number=task.case.number,
        case_title=task.case.title,
        case_url=url_for("cases.show", case_id=task.case.id),
        notes=tuple(
            NoteView(one.message, Tone.BAD, _("未能提交。")) for one in errors if not one.path
        ),
        summary=_(
            "应到 %(entitled)s 人，到会 %(present)s 人，缺席 %(absent)s 人，回避 %(recused)s 人。",
            entitled=counted.entitled,
            present=counted.present,
            absent=len(counted.absent),
            recused=len(counted.recused),
        ),
        quorum=quorum_meter(assembly),
        quorum_tag=TagView(_("已达法定人数"), Tone.OK, "check")
        if counted.is_quorate
        else TagView(_("未达法定人数"), Tone.BAD, "x"),
        members=tuple(
            _member(one, meeting, can_note=sits or meeting.convenes) for one in assembly.members
        ),
        motion=motion.id if motion is not None else "",
        motion_note=_motion_note(meeting, today),
        proposal=answered(task.form, motion.answers, language, names=chosen_names(task.data))
        if task.form is not None and motion is not None
        else (),
        votes=(FactView(_("待表态"), str(len(counted.missing))),)
        if hides_votes
        else (
            FactView(_("同意"), str(counted.in_favour)),
            FactView(_("不同意"), str(counted.against)),
            FactView(_("弃权"), str(counted.abstained)),
            FactView(_("待表态"), str(len(counted.missing))),
        ),
        majority=None if hides_votes else majority_meter(assembly),
        checks=checks,
        decide=decide_action(assembly, checks, sits=sits),
        may_speak=may_speak,
        stands_in=tuple(
            (one.person_id, one.name)
            for one in meeting.stands_in
            if one.opinion is None and motion is not None and motion.closed_at is None
        ),
        form=_form(meeting, language, answers, errors) if sits else None,
        bar=_bar(meeting) if sits else None,
        title=title_of(task.form, language)
        if task.form is not None
        else step_name(task.item.name, task.item.properties, language),
        clock=clock_of(task.deadline, rules, today, language, names=case.names)
        if task.deadline is not None
        else None,
        laws=laws_of(task.citations, rules, language),
        facts=summary(case, today, language),
        clue=clue(case, language),
        done=steps_done(case, today, language),
        sitting=sitting_view(meeting, reader, today),
        circumstances=(
            *circumstance_facts(task.circumstances, task.version, language),
            *_allowed(meeting, language),
        ),
    )


def _allowed(meeting: MeetingView, language: str) -> tuple[FactView, ...]:
    """Return the set that the tables leave open; measures outside of it need more (SUP-029)."""
    task = meeting.task
    codes = task.data.get(str(task.item.properties.get("allowed") or "allowed_measures"))
    if not isinstance(codes, list):
        return ()
    measures = task.version.rules.measures
    titles = [measures[code].title.say(language) for code in codes if code in measures]
    return (FactView(_("可选的方式"), _("、").join(titles)),) if titles else ()


def _member(member: Member, meeting: MeetingView, *, can_note: bool) -> MemberView:
    opinion = member.opinion
    presence, said, vote = _("到会"), "", None
    if member.recused:
        presence, said = _("已回避"), conflict_text(member.recused)
    elif opinion is not None and not opinion.present:
        presence, said = _("缺席"), opinion.reasons
    elif opinion is not None:
        said, vote = opinion.reasons, vote_tag(opinion.vote)
        if member.deputy:
            said = _("（%(name)s代为表决）%(said)s", name=member.deputy, said=said)
    elif meeting.assembly.motion is not None:
        vote = TagView(_("待表态"), Tone.NEAR, "hourglass")
    is_me = meeting.me is not None and member.person_id == meeting.me.person_id
    return MemberView(
        key=member.person_id,
        person=PersonView(
            member.name,
            meeting.titles.get(member.person_id, ""),
            recused=bool(member.recused),
            me=is_me,
        ),
        presence=presence,
        said=said,
        vote=vote,
        is_out=bool(member.recused),
        can_be_absent=can_note
        and meeting.assembly.motion is not None
        and opinion is None
        and not member.recused
        and not is_me
        and meeting.assembly.motion.closed_at is None,
    )


def _motion_note(meeting: MeetingView, today: date) -> str:
    motion = meeting.assembly.motion
    if motion is None:
        return ""
    names = {one.person_id: one.name for one in meeting.assembly.members}
    at = civil(motion.put_at)
    return _(
        "第 %(number)s 号议案，%(name)s 于 %(day)s %(time)s 提出",
        number=motion.number,
        name=names.get(motion.put_by, ""),
        day=weekday_text(at.date(), today),
        time=f"{at:%H:%M}",
    )


def _form(
    meeting: MeetingView,
    language: str,
    answers: Mapping[str, Any] | None,
    errors: tuple[FieldError, ...],
) -> FormView | None:
    form, motion = meeting.task.form, meeting.assembly.motion
    if form is None:
        return None
    begun = motion.answers if motion is not None else {}
    return form_view(
        KEY,
        form,
        {**meeting.task.data, **begun, **(answers or {})},
        language,
        action_url=url_for("work.motion", item_id=meeting.task.item.id),
        errors=tuple(one for one in errors if one.path),
    )


def _bar(meeting: MeetingView) -> ActionBar:
    again = meeting.assembly.motion is not None
    label = _("提交新议案，原有表态作废") if again else _("提交议案")
    procedure = (
        ActionView(
            _("回避"),
            url=url_for("cases.recusal", case_id=meeting.task.case.id),
            title=_("声明本人的利害关系，或申请他人回避"),
        ),
    )
    return ActionBar(
        primary=ActionView(label, "motion", icon="send", validate=True), procedure=procedure
    )
