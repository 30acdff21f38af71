"""Register a clue: choose the procedure, fill its start form, get the number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from engine.commands.register_clue import register_clue
from engine.commands.reports import register_report
from engine.desk.views import case_view, start_view
from engine.desk.views.own import has_own_matter
from engine.desk.views.registering import registrable
from engine.errors import AnswersRefused, NotAllowed, Refusal
from web.failures import say
from web.forms import errors_of, form_view, sent_answers, sent_files, title_of
from web.registering.presenting import choices, receipt
from web.texts import gettext as _
from web.toolkit import ActionBar, ActionView, FieldError, NoteView, Tone
from web.visiting import ask, give, language, today

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from werkzeug.wrappers import Response

pages = Blueprint("registering", __name__, url_prefix="/register")

UNFIT, REFUSED = 422, 409


@pages.get("")
def choose() -> str | Response:
    """Show the procedures under which the reader may register; go on where there is one."""
    found = ask(registrable)
    if len(found) == 1:
        return redirect(url_for("registering.form", procedure=found[0].procedure))
    return render_template("registering/choose.html", choices=choices(found, language()))


@pages.get("/<procedure>")
def form(procedure: str) -> str:
    """Show the start form of a procedure."""
    return _page(procedure)


@pages.post("/<procedure>")
def act(procedure: str) -> str | Response | tuple[str, int]:
    """Open the case."""
    answers = sent_answers()
    report = request.args.get("report", "")
    try:
        if report:
            case = give(register_report, report, procedure, answers, sent_files())
        else:
            case = give(register_clue, procedure, answers, sent_files())
    except AnswersRefused as refused:
        _version, start_form, _data = ask(start_view, procedure)
        errors = errors_of(refused, start_form, language())
        return _page(procedure, answers, errors), UNFIT
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _page(procedure, answers, (FieldError("", say(refusal)),)), REFUSED
    if ask(has_own_matter, case.id):
        return redirect(url_for("own.matter", case_id=case.id))
    return redirect(url_for("registering.done", case_id=case.id))


@pages.get("/done/<case_id>")
def done(case_id: str) -> str:
    """Show the number of the case that was opened, and a receipt to print."""
    view = ask(case_view, case_id)
    return render_template("registering/done.html", view=receipt(view, today(), language()))


def _page(
    procedure: str,
    answers: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
) -> str:
    version, start_form, data = ask(start_view, procedure, language=language())
    begin = {"received_on": today().isoformat(), **data, **(answers or {})}
    view = None
    if start_form is not None:
        view = form_view(
            "clue",
            start_form,
            begin,
            language(),
            action_url=url_for(
                "registering.act", procedure=procedure, report=request.args.get("report")
            ),
            errors=errors,
        )
    return render_template(
        "registering/form.html",
        form=view,
        bar=ActionBar(ActionView(_("登记"), "register", icon="send", validate=True)),
        title=title_of(start_form, language()) if start_form is not None else "",
        procedure=version.rules.title.say(language()),
        summary=version.rules.summary.say(language()) if version.rules.summary else "",
        notes=[NoteView(one.message, Tone.BAD, _("未能登记。")) for one in errors]
        if view is None  # a form says at its head what is wrong
        else [],
    )
