"""The area's routes hang on this blueprint, and how a button's act is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect

from engine.commands.sign import signed
from engine.errors import AlreadyTaken, NotAllowed, Refusal
from web.failures import say
from web.visiting import give, office, visitor

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

pages = Blueprint("handing", __name__)


def then(url: str, done: str, command: Any, *args: Any, **given: Any) -> Response:
    """Give a command; say what came of it on the page that follows."""
    return _said(url, done, lambda: give(command, *args, **given))


def then_signed(url: str, done: str, password: str, command: Any, *args: Any, **given: Any) -> Any:
    """Give a command as one who has just entered the password, or a code, again."""

    def act() -> None:
        actor = signed(office(), visitor().actor, password)
        office().give(actor, command, *args, **given)

    return _said(url, done, act)


def _said(url: str, done: str, act: Any) -> Response:
    try:
        act()
        flash(done, "ok")
    except AlreadyTaken as taken:
        flash(say(taken), "bad")
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
    return redirect(url)
