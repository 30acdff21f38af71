"""One's own one-time codes: enrolled with a square that a telephone reads, and switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup

from engine.commands.one_time_codes import (
    begin_enrolment,
    confirm_enrolment,
    remove_codes,
    uses_codes,
)
from engine.commands.sign import signed
from engine.errors import NotAllowed, Refusal
from web.acting import then_signed
from web.failures import say
from web.handing.area import pages
from web.texts import gettext as _
from web.visiting import ask, office, visitor

if TYPE_CHECKING:
    from typing import Any

    from engine.commands.one_time_codes import Enrolment


@pages.get("/account/codes")
def codes() -> str:
    """Show whether the reader's account uses one-time codes."""
    return _page()


@pages.post("/account/codes")
def codes_act() -> Any:
    """Begin, confirm or switch off; each with the password entered again."""
    action = request.form.get("action", "")
    password = request.form.get("password", "")
    here = url_for("handing.codes")
    if action == "remove":
        return then_signed(here, _("动态口令已停用。"), password, remove_codes)
    if action == "confirm":
        return then_signed(
            here,
            _("动态口令已启用，可用于签名。"),
            password,
            confirm_enrolment,
            request.form.get("code", "").strip(),
            is_for_log_in=request.form.get("log_in") == "yes",
        )
    try:
        actor = signed(office(), visitor().actor, password)
        return _page(office().give(actor, begin_enrolment))
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(here)


def _page(enrolment: Enrolment | None = None) -> str:
    return render_template(
        "handing/codes.html",
        used=ask(uses_codes),
        enrolment=enrolment,
        square=_square(enrolment.uri) if enrolment is not None else "",
    )


def _square(uri: str) -> Markup:
    """Return the square as SVG; what it says is ours, not a visitor's."""
    drawn = segno.make(uri, error="m").svg_inline(
        scale=5, border=2, dark="#000", light="#fff", omitsize=False
    )
    return Markup(drawn)  # noqa: S704 -- drawn here from numbers
