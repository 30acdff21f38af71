"""Rehearse a draft at the pages of an office of its own, and keep what was done as a scenario.

The rehearsal's office is served by an application of its own below the draft's address; whoever
may see the draft may be anybody of its cast there. Nothing of it touches the office around it.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

import yaml
from flask import flash, redirect, request, session, url_for
from werkzeug.exceptions import NotFound

import bpmn
from engine.commands.drafts import save_draft_file
from engine.commands.log_in import log_in_as
from engine.commands.place_rehearsals import forget_rehearsal, place_rehearsal
from engine.desk.views.drafting import draft_files
from engine.errors import Fault, NotAllowed, Refusal
from engine.model.procedures import ProcedureFault
from engine.model.texts import Text
from engine.publishing.folders import RULES, Folder, FolderRefused, assembled
from engine.publishing.rehearsing import (
    Rehearsal,
    Written,
    begin_rehearsal,
    end_rehearsal,
    usual_cast,
    written,
)
from engine.publishing.scenarios import ScenarioRefused, ScenarioResult, Theatre, read_cast, run_one
from engine.publishing.scenarios.reading import Scenario
from engine.workflow.versions import rules_in
from web.administration.facts import fact_text
from web.designer.area import SHARED, found_in, own, page, pages
from web.designer.stage_pages import (
    ALWAYS,
    COOKIE,
    forget,
    held_of,
    home_of,
    prefix_of,
    this_node,
)
from web.failures import say
from web.office import font_folders
from web.texts import gettext as _
from web.visiting import TOKEN, ask, give, language, office, settings
from web.wording import full_day_text

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from engine.desk.views.drafting import DraftView
    from engine.store.tables import ProcedureDraft

CAST = "scenarios/cast.yaml"
NAMED = re.compile(r"[\w.-]{1,80}")


@pages.get("/<draft_id>/rehearsal")
def rehearsal(draft_id: str) -> str | Response:
    """Show who may act, where the clock stands and what was done so far."""
    view = own(draft_id)
    held = held_of(draft_id)
    if held is None:
        return redirect(url_for("designer.scenarios", draft_id=draft_id))
    return _shown(view, held.rehearsal)


@pages.post("/<draft_id>/rehearsal")
def rehearse(draft_id: str) -> Response:
    """Begin to rehearse; what was rehearsed before and not kept is gone."""
    row, files = ask(draft_files, draft_id)
    here = url_for("designer.scenarios", draft_id=draft_id)
    try:
        scenario, folder = _opening(row, files)
        home = home_of(draft_id)
        forget(draft_id)
        key = secrets.token_hex(16)
        begin_rehearsal(home, key, folder, scenario, row.revision).close()
        place_rehearsal(office(), draft_id, key, this_node())
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(here)
    except Fault as fault:
        flash(_("演练不能开始：%(why)s", why=str(fault)), "bad")
        return redirect(here)
    return redirect(url_for("designer.rehearsal", draft_id=draft_id))


@pages.post("/<draft_id>/rehearsal/clock")
def rehearsal_clock(draft_id: str) -> Response:
    """Move the clock; what falls due on the way happens."""
    own(draft_id)
    held = held_of(draft_id)
    if held is None:
        raise NotFound
    to = _moment(request.form.get("to", ""))
    try:
        if to is None or not held.rehearsal.move_to(to):
            flash(_("时间只能往后移：现在已是 %(now)s。", now=_told(held.rehearsal.now)), "bad")
    except Fault as fault:
        flash(_("途中有步骤执行失败：%(why)s", why=str(fault)), "bad")
    return redirect(url_for("designer.rehearsal", draft_id=draft_id))


@pages.post("/<draft_id>/rehearsal/as")
def rehearse_as(draft_id: str) -> Response:
    """Go to the pages as somebody of the cast."""
    own(draft_id)
    held = held_of(draft_id)
    name = request.form.get("name", "")
    account = held.rehearsal.accounts().get(name) if held is not None else None
    if held is None or account is None:
        raise NotFound
    opened = log_in_as(held.rehearsal.office, account, hours=ALWAYS)
    answer = redirect(prefix_of(draft_id) + "/")
    sealed = held.pages.session_interface.get_signing_serializer(held.pages)  # type: ignore[attr-defined]
    cookie = {TOKEN: opened.token, "language": session.get("language", language())}
    answer.set_cookie(
        COOKIE,
        sealed.dumps(cookie),
        path=prefix_of(draft_id),
        httponly=True,
        samesite="Lax",
        secure=settings().secure_cookies,
    )
    return answer


@pages.post("/<draft_id>/rehearsal/end")
def end_rehearsing(draft_id: str) -> str | Response:
    """Keep what was done as a scenario that passes, or give the rehearsal up."""
    view = own(draft_id)
    held = held_of(draft_id)
    here = url_for("designer.scenarios", draft_id=draft_id)
    if held is None:
        return redirect(here)
    if request.form.get("action") == "discard":
        _end(draft_id)
        flash(_("演练已放弃，没有留下场景。"), "ok")
        return redirect(here)
    name = request.form.get("name", "").strip()
    title = request.form.get("title", "").strip() or name
    path = f"scenarios/{name}.yaml"
    done = _so_far(held.rehearsal)
    wrong = _wrong(view, name, path, done)
    if wrong:
        return _shown(view, held.rehearsal, wrong={"name": wrong})
    content = _scenario_text(name, title, held.rehearsal, done)
    result = _played(draft_id, path, content)
    if not result.passed and request.form.get("action") != "keep":
        return _shown(view, held.rehearsal, failed=result)
    give(save_draft_file, draft_id, path, content, number=0)
    _end(draft_id)
    if result.passed:
        flash(_("已录成场景“%(title)s”，重新演练一遍，全部通过。", title=title), "ok")
    else:
        flash(_("已录成场景“%(title)s”，尚未通过，请修改。", title=title), "bad")
    return redirect(here)


def _end(draft_id: str) -> None:
    """End the rehearsal of a draft: its files go, and no node says any more that it has it."""
    forget(draft_id)
    end_rehearsal(home_of(draft_id))
    forget_rehearsal(office(), draft_id)


def _wrong(view: DraftView, name: str, path: str, done: Written) -> str:
    """Return why nothing can be kept under a name; "" where it can."""
    if not NAMED.fullmatch(name):
        return _("文件名用字母、数字、短横线。")
    if view.file(path) is not None:
        return _("已有同名的场景，请换一个文件名。")
    return _("还没有登记案件，没有可以留下的。") if done.is_empty else ""


def _shown(
    view: DraftView,
    found: Rehearsal,
    *,
    wrong: dict[str, str] | None = None,
    failed: ScenarioResult | None = None,
) -> str:
    done = _so_far(found)
    said = language()
    return page(
        "rehearsal",
        view,
        "scenarios",
        rehearsal=found,
        now=f"{found.now:%Y-%m-%dT%H:%M}",
        now_told=_told(found.now),
        people=[(name, found.titles.get(name, "")) for name in found.accounts()],
        steps=[_step_text(one) for one in done.steps] if not done.is_empty else [],
        unsaid=[fact_text(one) for one in done.unsaid],
        is_behind=found.revision != view.row.revision,
        given=request.form,
        wrong=wrong or {},
        failures=[
            f"{one.place} {one.step}：{one.en if said == 'en' else one.zh}"
            for one in (failed.failures if failed is not None else ())
        ],
    )


def _opening(row: ProcedureDraft, files: dict[str, bytes]) -> tuple[Scenario, Folder]:
    """Return where a rehearsal begins; a draft without a cast gets one.

    Raises:
        Refusal: The draft cannot be rehearsed as it stands.
    """
    begins = _moment(request.form.get("clock", ""))
    if begins is None:
        raise Refusal("rehearsal.clock")
    if any(one.severity is bpmn.Severity.ERROR for one in found_in(row, files)):
        raise Refusal("rehearsal.findings")
    try:
        if CAST not in files:
            content = usual_cast(rules_in(files[RULES]))
            give(save_draft_file, row.id, CAST, content, number=0)
            row, files = ask(draft_files, row.id)
        folder = assembled(row.procedure, files, SHARED)
        cast = read_cast(folder.scenarios, f"{row.procedure}/{CAST}")
    except ScenarioRefused as refused:
        told = refused.mistakes[0]
        raise Refusal("rehearsal.cast", why=told.en if language() == "en" else told.zh) from refused
    except (FolderRefused, bpmn.DiagramRefused, ProcedureFault) as refused:
        raise Refusal("rehearsal.findings") from refused
    return (
        Scenario(
            id="rehearsal",
            title=Text(row.title),
            source="",
            file="",
            begins=begins,
            cast=cast,
            earlier=(),
            parameters={},
            switches={},
            steps=(),
        ),
        folder,
    )


def _so_far(found: Rehearsal) -> Written:
    return found.office.ask(
        found.platform, written, found.procedure, found.people, found.began, found.zone
    )


def _scenario_text(name: str, title: str, found: Rehearsal, done: Written) -> bytes:
    scenario = {
        "id": name,
        "title": {"zh": title},
        "given": {"clock": f"{found.began:%Y-%m-%d %H:%M}", "cast": "standard"},
        "steps": list(done.steps),
    }
    head = _("# 由演练录成；步骤和预期都可以修改。")
    return f"{head}\n{_yaml(scenario)}".encode()


def _played(draft_id: str, path: str, content: bytes) -> ScenarioResult:
    row, files = ask(draft_files, draft_id)
    folder = assembled(row.procedure, {**files, path: content}, SHARED)
    theatre = Theatre(folder, fonts=font_folders(settings()))
    return run_one(folder, f"{row.procedure}/{path}", theatre)


def _step_text(step: dict[str, Any]) -> str:
    return _yaml([step]).rstrip("\n")


def _yaml(value: object) -> str:
    text: str = yaml.dump(
        value, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100, indent=2
    )
    return text


class _Plain(yaml.SafeDumper):
    """Writes everything out; what is the same twice is written twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _moment(typed: str) -> datetime | None:
    """Return a civil moment without a zone; None where none was typed."""
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return found.replace(tzinfo=None, second=0, microsecond=0)


def _told(now: datetime) -> str:
    return f"{full_day_text(now.date())} {now:%H:%M}"
