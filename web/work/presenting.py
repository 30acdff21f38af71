"""A work item as its page draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for

from engine.commands.acts.papers import ISSUES, SERVES
from engine.desk.handing import DELEGATED
from engine.desk.happenings import HAPPENED
from web.casefacts import (
    answered,
    chosen_names,
    circumstance_facts,
    clue,
    steps_done,
    summary,
)
from web.citations import laws_of
from web.clocks import clock_of
from web.failures import say
from web.forms import form_view, title_of
from web.papers import AttachmentView, attachment_view, document_view
from web.texts import gettext as _
from web.toolkit import (
    ActionBar,
    ActionView,
    ClockView,
    DocumentView,
    FactView,
    FieldError,
    FormView,
    LawView,
    LinkView,
    NoteView,
    TagView,
    Tone,
)
from web.visiting import civil
from web.wording import step_name, weekday_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from engine.desk.views import CaseView, TaskView

COLLECTIVE = "collective"
KEY = "task"


@dataclass(frozen=True, slots=True)
class TaskPage:
    """The page of a work item.

    Attributes:
        form: None where the step has no form or is not the reader's to do.
        bar: None where nothing can be done here.
        title: Of the form.
        signs: The password is asked for again.
        proves: A day in the past may be entered; its proof is asked for.
        prepares: What the button that makes the document says; empty for none.
        answers: Of a step that is done.
        claimable: It waits and nobody has it yet.
    """

    item_id: str
    name: str
    case_number: str
    case_title: str
    case_url: str
    stage: str
    tags: tuple[TagView, ...]
    notes: tuple[NoteView, ...]
    form: FormView | None
    bar: ActionBar | None
    title: str
    signs: bool
    proves: bool
    prepares: str
    clock: ClockView | None
    laws: tuple[LawView, ...]
    circumstances: tuple[FactView, ...]
    facts: tuple[FactView, ...]
    clue: tuple[FactView, ...]
    done: tuple[FactView, ...]
    answers: tuple[FactView, ...]
    documents: tuple[DocumentView, ...]
    attachments: tuple[AttachmentView, ...]
    claimable: bool


def task_page(
    task: TaskView,
    case: CaseView,
    today: date,
    language: str,
    reader: str,
    *,
    answers: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
    done: Mapping[str, Any] | None = None,
) -> TaskPage:
    """Return the page of a work item.

    Args:
        task: The item, with its form.
        case: The case it belongs to.
        today: The civil day at the authority.
        language: zh or en.
        reader: The person who looks.
        answers: What was sent and refused; takes the place of the data to begin from.
        errors: What is wrong with it.
        done: What was answered, where the step is done and the reader may see it.
    """
    item = task.item
    act = str(item.properties.get("act", ""))
    can_do = task.refusal is None
    documents = tuple(
        document_view(row, case, today)
        for row in case.documents
        if row.key == item.properties.get("document") and case.sees_file
    )
    rules = task.version.rules
    stage_id = str(item.properties.get("stage") or task.case.stage)
    stage = next((one.title for one in rules.stages if one.id == stage_id), None)
    missing_paper = act == ISSUES and not _is_prepared(case, item.properties, today)
    return TaskPage(
        item_id=item.id,
        name=step_name(item.name, item.properties, language),
        case_number=task.case.number,
        case_title=task.case.title,
        case_url=url_for("cases.show", case_id=task.case.id),
        stage=stage.say(language) if stage else "",
        tags=_tags(task),
        notes=_notes(task, errors, today),
        form=_form(task, language, answers, errors) if can_do else None,
        bar=_bar(task, act, missing_paper=missing_paper, reader=reader) if can_do else None,
        title=title_of(task.form, language)
        if task.form is not None
        else step_name(item.name, item.properties, language),
        signs=can_do and act == ISSUES,
        proves=can_do and _asks_for_day(task),
        prepares=_prepares(act, item.properties) if can_do else "",
        clock=clock_of(task.deadline, rules, today, language, names=case.names)
        if task.deadline is not None
        else None,
        laws=laws_of(task.citations, rules, language),
        circumstances=circumstance_facts(task.circumstances, task.version, language),
        facts=summary(case, today, language),
        clue=clue(case, language),
        done=steps_done(case, today, language),
        answers=_answers(task, done, language),
        documents=documents,
        attachments=tuple(
            attachment_view(row, case, today)
            for row in case.attachments
            if row.work_item_id in {item.id, None} or can_do
        ),
        claimable=can_do and item.state == "open",
    )


def _answers(task: TaskView, done: Mapping[str, Any] | None, language: str) -> tuple[FactView, ...]:
    if task.form is None or not done:
        return ()
    return answered(task.form, done, language, names=chosen_names(task.data))


def _form(
    task: TaskView,
    language: str,
    answers: Mapping[str, Any] | None,
    errors: tuple[FieldError, ...],
) -> FormView | None:
    if task.form is None:
        return None
    return form_view(
        KEY,
        task.form,
        {**task.data, **(answers or {})},
        language,
        action_url=url_for("work.act", item_id=task.item.id),
        draft_url=url_for("work.draft", item_id=task.item.id),
        errors=errors,
        saved=_("已载入您上次暂存的内容") if task.draft and not errors else "",
    )


def _bar(task: TaskView, act: str, *, missing_paper: bool, reader: str) -> ActionBar:
    label = {ISSUES: _("签发"), SERVES: _("登记送达")}.get(act, _("提交"))
    why_not = _("请先生成待签文本并核对，再签发。") if missing_paper else ""
    if DELEGATED in task.item.holds:
        why_not = _("此项是委派给您办理的：暂存后在“转办与会签”页交回，由委派人提交。")
    case_id = task.case.id
    procedure = []
    extension = _extension(task)
    if extension is not None:
        procedure.append(extension)
    procedure.append(
        ActionView(
            _("回避"),
            url=url_for("cases.recusal", case_id=case_id),
            title=_("声明本人的利害关系，或申请他人回避"),
        )
    )
    mine = task.item.claimed_by == reader and not task.item.holds
    return ActionBar(
        primary=ActionView(label, "submit", icon="send", why_not=why_not, validate=True),
        save=ActionView(_("暂存"), "save") if task.form is not None else None,
        procedure=tuple(procedure),
        back=ActionView(_("退领"), "release", title=_("退回本组，由他人领取")) if mine else None,
    )


def _extension(task: TaskView) -> ActionView | None:
    """Return the way to ask for more time, or why there is none; None where it cannot be asked."""
    if task.deadline is None or task.deadline.deadline.rule.extension is None:
        return None
    deadline = task.deadline.deadline
    policy = deadline.rule.extension
    url = url_for("cases.extension", case_id=task.case.id, key=str(deadline.rule.key))
    why_not = ""
    if policy is not None and len(deadline.extensions) >= policy.times:
        why_not = _(
            "不能再申请延期：已延长 %(times)s 次，规则只许 %(times)s 次。", times=policy.times
        )
    return ActionView(_("申请延期"), "extend", url="" if why_not else url, why_not=why_not)


def _tags(task: TaskView) -> tuple[TagView, ...]:
    tags = []
    if str(task.item.properties.get("confidential", "")).lower() == "true":
        tags.append(TagView(_("调查阶段，承办人以外不可见"), icon="lock"))
    if task.item.properties.get("mandatory"):
        tags.append(TagView(_("必经环节"), Tone.ACCENT))
    return tuple(tags)


def _notes(task: TaskView, errors: tuple[FieldError, ...], today: date) -> tuple[NoteView, ...]:
    notes = []
    if task.form is None:  # a form says at its head what is wrong
        notes = [NoteView(one.message, Tone.BAD, _("未能提交。")) for one in errors]
    if task.item.state == "done" and task.item.completed_at is not None:
        at = civil(task.item.completed_at)
        said = _(
            "%(name)s 已于 %(day)s %(time)s 办结。",
            name=task.holder,
            day=weekday_text(at.date(), today),
            time=f"{at:%H:%M}",
        )
        notes.append(NoteView(said, Tone.OK))
    elif task.signs:
        link = LinkView(_("会签"), url_for("handing.show", item_id=task.item.id))
        notes.append(NoteView(_("请您会签此项。"), Tone.ACCENT, link=link))
    elif task.refusal is not None:
        notes.append(NoteView(say(task.refusal), Tone.NEAR, _("您现在不能办理此项。")))
    return tuple(notes)


def _prepares(act: str, properties: Mapping[str, Any]) -> str:
    if not properties.get("document") or act == SERVES:
        return ""
    return _("生成待签文本") if act == ISSUES else _("生成预览")


def _is_prepared(case: CaseView, properties: Mapping[str, Any], today: date) -> bool:
    key = properties.get("document")
    return any(
        row.key == key and row.state == "prepared" and row.pdf and row.issued_on == today
        for row in case.documents
    )


def _asks_for_day(task: TaskView) -> bool:
    if task.form is None:
        return False
    named = str(task.item.properties.get("happened") or HAPPENED)
    return any(str(field.get("key")) == named for field in task.form.fields())
