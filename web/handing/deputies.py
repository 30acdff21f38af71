"""我的代理: who acts for the reader, for whom the reader acts, and what waits there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from engine.commands.substitute import end_substitution, set_substitution
from engine.desk.views.handing import (
    colleagues,
    deputised_work,
    procedures_in_use,
    substitutions,
)
from engine.desk.views.register import roles_known
from web.acting import then
from web.forms import day_of
from web.handing.area import pages
from web.texts import gettext as _
from web.visiting import ask, language, today, visitor
from web.wording import full_day_text, step_name

if TYPE_CHECKING:
    from typing import Any

    from engine.desk.views.handing import DeputyLine


@pages.get("/deputies")
def deputies() -> str:
    """Show one's own deputies, and the work of those for whom one acts."""
    me = visitor().actor.person_id
    lines = ask(substitutions)
    return render_template(
        "handing/deputies.html",
        mine=[deputy_row(one) for one in lines if one.row.person_id == me],
        others=[deputy_row(one) for one in lines if one.row.deputy_id == me],
        work=[
            {
                "url": url_for("work.show", item_id=one.work_item_id),
                "name": step_name(one.name, one.properties, language()),
                "case": one.case_number,
                "title": one.case_title,
                "whose": one.whose,
            }
            for one in ask(deputised_work)
        ],
        people=[one for one in ask(colleagues) if one[0] != me],
        today=today().isoformat(),
        **deputy_choices(),
    )


@pages.post("/deputies")
def deputy_set() -> Any:
    """Let somebody act for the reader."""
    return set_from_form(url_for("handing.deputies"))


@pages.post("/deputies/<substitution_id>/end")
def deputy_end(substitution_id: str) -> Any:
    """End a deputy's time."""
    done = _("代理已终止，即时生效。")
    return then(url_for("handing.deputies"), done, end_substitution, substitution_id)


def set_from_form(back: str, person_id: str = "") -> Any:
    """Set a deputy as the form says, and go back."""
    first = day_of(request.form.get("valid_from"))
    last = day_of(request.form.get("valid_to"))
    if first is None or last is None:
        flash(_("请填写起止日期。"), "bad")
        return redirect(back)
    return then(
        back,
        _("已设定代理，并告知代理人。"),
        set_substitution,
        request.form.get("deputy", ""),
        valid_from=first,
        valid_to=last,
        procedure=request.form.get("procedure", ""),
        role=request.form.get("role", ""),
        reasons=request.form.get("reasons", ""),
        person_id=person_id,
    )


def deputy_choices() -> dict[str, Any]:
    """Return the choices of procedures and roles, each with one for all."""
    procedures = ask(procedures_in_use)
    roles = ask(roles_known)
    return {
        "procedures": [
            ("", _("全部流程")),
            *((key, title.say(language())) for key, title in procedures.items()),
        ],
        "roles": [
            ("", _("全部角色")),
            *sorted(
                ((key, title.say(language())) for key, title in roles.items()),
                key=lambda one: one[1],
            ),
        ],
    }


def deputy_row(line: DeputyLine) -> dict[str, Any]:
    """Return a deputy's time as a row shows it."""
    row = line.row
    return {
        "id": row.id,
        "person": line.person,
        "deputy": line.deputy,
        "from": full_day_text(row.valid_from),
        "to": full_day_text(row.valid_to),
        "procedure": row.procedure,
        "role": row.role,
        "reasons": row.reasons,
        "runs": line.runs,
    }
