"""Log-in and what comes before any other page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, g, redirect, render_template, request, session, url_for

from engine.commands.log_in import LoggedIn, accounts_of, log_in, log_in_as, log_out
from engine.desk import REHEARSAL, SYSTEM, Actor
from engine.desk.views.around import around
from web import navigation
from web.sentences import sentence
from web.visiting import TOKEN, ask, give, language, office, open_to_all, settings, visitor

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

pages = Blueprint("entrance", __name__)


@pages.get("/")
def home() -> Response:
    """Send each visitor to the first page of theirs."""
    here = ask(around)
    return redirect(navigation.first_page(here, is_admin=visitor().actor.is_admin))


@pages.get("/login")
@open_to_all
def log_in_page() -> str | Response:
    """Show the log-in page; in a rehearsal with the list of its people."""
    if g.visitor is not None:
        return redirect(url_for("entrance.home"))
    return page()


@pages.post("/login")
@open_to_all
def log_in_act() -> str | Response | tuple[str, int]:
    """Check name and password and open a session."""
    name = request.form.get("name", "").strip()
    outcome = log_in(
        office(),
        name,
        request.form.get("password", ""),
        hours=settings().session_hours,
        code=request.form.get("code", "").strip(),
    )
    if isinstance(outcome, LoggedIn):
        return enter(outcome)
    until = outcome.until.strftime("%H:%M") if outcome.until else ""
    return page(name, sentence(outcome.message_id, {"until": until}, language())), 401


@pages.post("/login/as")
@open_to_all
def log_in_as_act() -> Response:
    """Open a session as one of a rehearsal's people."""
    account = request.form.get("account", "")
    return enter(log_in_as(office(), account, hours=settings().session_hours))


@pages.post("/logout")
def log_out_act() -> Response:
    """End the session."""
    give(log_out, session.pop(TOKEN, ""))
    session.clear()
    return redirect(url_for("entrance.log_in_page"))


@pages.get("/language/<language>")
@open_to_all
def choose_language(language: str) -> Response:
    """Keep the reader's choice of language and go back."""
    session["language"] = "en" if language == "en" else "zh"
    return redirect(local(request.args.get("back", "")))


def page(name: str = "", error: str = "") -> str:
    """Return the log-in page; in a rehearsal with the list of its people."""
    people = office().ask(Actor(SYSTEM, ""), accounts_of) if office().kind == REHEARSAL else []
    return render_template(
        "entrance/log_in.html",
        name=name,
        error=error,
        people=people,
        elsewhere=bool(settings().oidc_issuer),
        back=local(request.values.get("back", "")),
    )


def enter(opened: LoggedIn, back: str = "") -> Response:
    """Keep an open session in the cookie and go on to where the visitor wanted to be."""
    chosen = session.get("language")
    session.clear()
    session[TOKEN] = opened.token
    if chosen:
        session["language"] = chosen
    return redirect(local(back or request.form.get("back", "")))


def local(address: str) -> str:
    """Return an address of ours; anything that would lead elsewhere becomes the first page."""
    return navigation.local(address, url_for("entrance.home"))
