"""How a button's act is given, and how the page that follows says what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect

from engine.commands.sign import signed
from engine.errors import NotAllowed, Refusal
from web.failures import say
from web.visiting import give, office, visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response


def then(url: str, done: str, command: Any, *args: Any, **given: Any) -> Response:
    """Give a command; say what came of it on the page that follows."""
    return carried_out(url, done, lambda: give(command, *args, **given))


def then_signed(
    url: str, done: str, password: str, command: Any, *args: Any, **given: Any
) -> Response:
    """Give a command as one who has just entered the password, or a code, again."""

    def act() -> None:
        actor = signed(office(), visitor().actor, password)
        office().give(actor, command, *args, **given)

    return carried_out(url, done, act)


def carried_out(url: str, done: str, act: Callable[[], object], *, refused: str = "") -> Response:
    """Act; say what came of it on the page that follows.

    Args:
        url: Where it goes on.
        done: What is said once it is done.
        act: What is done; it may be refused.
        refused: Where it goes on if it was refused; `url` if not given.

    Raises:
        NotAllowed: The visitor has no right to it; the area's page says so.
    """
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(refused or url)
    flash(done, "ok")
    return redirect(url)
