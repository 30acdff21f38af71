"""上级督办通知: what an authority above asked about a case, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for

from engine.commands.supervise_below import answer_above
from engine.desk.views import case_view
from engine.desk.views.supervised import asked_from_above
from web.acting import then
from web.cases.frame import pages, tab_page
from web.moments import moment_text
from web.texts import gettext as _
from web.toolkit import TagView, Tone
from web.visiting import ask, today
from web.wording import weekday_text

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from engine.desk.views.supervised import NoticeLine
    from engine.store.tables import SupervisionNotice


@pages.get("/cases/<case_id>/above", endpoint="above")
def above_tab(case_id: str) -> str:
    """Show what authorities above asked about a case."""
    view = ask(case_view, case_id)
    return tab_page(
        "above",
        view,
        waiting=[_asked(one) for one in ask(asked_from_above, case_id=case_id)],
        answered=[_asked(one) for one in ask(asked_from_above, case_id=case_id, answered=True)],
    )


@pages.post("/cases/<case_id>/above/<notice_id>")
def above_answer(case_id: str, notice_id: str) -> AnyResponse:
    """Answer what an authority above asked."""
    return then(
        url_for("cases.above", case_id=case_id),
        _("已答复，上级机关可以看到。"),
        answer_above,
        notice_id,
        answer=request.form.get("answer", ""),
    )


def notice_parts(row: SupervisionNotice) -> dict[str, Any]:
    """Return a notice in words, with the mark of how it stands."""
    if row.answered_at is not None:
        state = TagView(_("已答复"), Tone.OK)
    elif today() > row.answer_by:
        state = TagView(_("逾期未答复"), Tone.BAD)
    else:
        state = TagView(_("待答复"), Tone.OPEN)
    return {
        "id": row.id,
        "number": row.number,
        "text": row.text,
        "sent": moment_text(row.sent_at),
        "answer_by": weekday_text(row.answer_by, today()),
        "state": state,
        "answer": row.answer,
        "answered": moment_text(row.answered_at),
    }


def _asked(line: NoticeLine) -> dict[str, Any]:
    return {
        **notice_parts(line.row),
        "superior": line.superior,
        "by": line.answered_by,
        "may_answer": line.may_answer,
    }
