"""Notices as administrators see them: what could not be sent, and the words that go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for

from engine.commands.deliver_notices import send_again
from engine.commands.notice_templates import (
    BODY_LENGTH,
    SUBJECT_LENGTH,
    change_notice_template,
    reset_notice_template,
)
from engine.desk.views.notifying import sample, sending, template, templates
from engine.errors import NotAllowed, Refusal
from engine.model.notifying import VARIABLES, unknown_variables
from web.acting import then
from web.administration.area import page, pages
from web.failures import say
from web.moments import instant_text
from web.notices.wording import channel_text, event_text
from web.texts import gettext as _
from web.visiting import ask, give, language

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

LANGUAGES = ("zh", "en")


@pages.get("/notices", endpoint="notices")
def notices_page() -> str:
    """Show what could not be sent, and the words in use."""
    found = ask(sending)
    return page(
        "notices",
        "notices",
        stuck=found.stuck,
        counts=found.counts,
        channel=channel_text,
        when=instant_text,
        lines=[
            (one, event_text(one.event), one.words.subject[language()]) for one in ask(templates)
        ],
    )


@pages.post("/notices/jobs/<job_id>")
def notices_again(job_id: str) -> Response:
    """Have notices sent again that were given up."""
    return then(url_for("administration.notices"), _("已安排重发。"), send_again, job_id)


@pages.get("/notices/<event>")
def notice_template(event: str) -> str:
    """Show the words for a kind of event, and the form by which they are changed."""
    return _template_page(event)


@pages.post("/notices/<event>")
def notice_template_act(event: str) -> str | Response:
    """Show how changed words would read, or keep them."""
    given = {
        part: {one: request.form.get(f"{part}-{one}", "") for one in LANGUAGES}
        for part in ("subject", "body")
    }
    if "preview" in request.form:
        return _template_page(event, given)
    try:
        reasons = request.form.get("reasons", "")
        changed = give(
            change_notice_template, event, given["subject"], given["body"], reasons=reasons
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _template_page(event, given, error=say(refusal))
    flash(_("已保存为新的一版。") if changed else _("没有改动。"), "ok")
    return redirect(url_for("administration.notice_template", event=event))


@pages.post("/notices/<event>/reset")
def notice_template_reset(event: str) -> Response:
    """Put the platform's words back into use."""
    here = url_for("administration.notice_template", event=event)
    reasons = request.form.get("reasons", "")
    return then(here, _("已恢复平台默认。"), reset_notice_template, event, reasons=reasons)


def _template_page(
    event: str, given: dict[str, dict[str, str]] | None = None, *, error: str = ""
) -> str:
    line, history = ask(template, event)
    shown = given or {"subject": dict(line.words.subject), "body": dict(line.words.body)}
    return page(
        "notice_template",
        "notices",
        event=line.event,
        label=event_text(line.event),
        line=line,
        shown=shown,
        error=error,
        unknown=[
            name
            for part in shown.values()
            for text in part.values()
            for name in unknown_variables(text)
        ],
        previews=[
            (one, sample(shown["subject"][one], one), sample(shown["body"][one], one))
            for one in LANGUAGES
        ],
        history=[(row, name, instant_text(row.changed_at)) for row, name in history],
        variables=VARIABLES,
        lengths=(SUBJECT_LENGTH, BODY_LENGTH),
    )
