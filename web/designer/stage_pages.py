"""The pages of a rehearsal's office, handed on below the address of its draft.

Whoever may see the draft may be anybody of its cast there. Each process opens the rehearsals that
it is asked for; their files are the only truth. They lie in the home of one node: where others have
homes of their own, they say on which node it is.
"""

from __future__ import annotations

import hashlib
import socket
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import current_app, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from engine.commands.place_rehearsals import rehearsal_place
from engine.publishing.rehearsing import Rehearsal, open_rehearsal, rehearsal_id
from web.designer.area import own, pages
from web.keys import KEY_BYTES, Keys
from web.office import font_folders
from web.visiting import RECORDING, office, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

    from engine.desk import Office
    from web.settings import Settings

COOKIE = "wenze_rehearsal"
FACTORY = "wenze_factory"
"""What makes pages of an office; the application says it of itself, since it holds this area."""
METHODS = ["GET", "POST"]
ALWAYS = 24 * 366 * 20
"""Hours of a log-in in a rehearsal: its clock leaps over months."""
MOST_OPEN = 4
"""How many rehearsals a process keeps open; each is opened again when it is asked for."""
_KEY, _LOCK = "wenze_rehearsals", "wenze_rehearsals_lock"


@dataclass(frozen=True, slots=True)
class Held:
    """A rehearsal that this process has open, with its pages."""

    rehearsal: Rehearsal
    pages: Flask


@pages.route("/<draft_id>/rehearsal/pages/", defaults={"path": ""}, methods=METHODS)
@pages.route("/<draft_id>/rehearsal/pages/<path:path>", methods=METHODS)
def rehearsal_pages(draft_id: str, path: str) -> Response:
    """Hand a request on to the rehearsal's own pages; they check their forms themselves."""
    own(draft_id)
    held = held_of(draft_id)
    if held is None:
        if place_elsewhere(draft_id):
            return redirect(url_for("designer.scenarios", draft_id=draft_id))
        raise NotFound
    acts = request.method != "GET"
    if acts:
        held.rehearsal.tick()
    prefix = prefix_of(draft_id)
    environ = {
        key: value
        for key, value in request.environ.items()
        if not key.startswith(("werkzeug.", "flask."))
    }
    environ |= {"SCRIPT_NAME": prefix, "PATH_INFO": "/" + path.encode().decode("latin-1")}
    answer = Response.from_app(held.pages.wsgi_app, environ, buffered=True)
    if acts:
        held.rehearsal.tick()
    _keep_inside(answer, prefix)
    return answer


def is_rehearsed(draft_id: str) -> bool:
    """Return whether a rehearsal of the draft goes on, in files that this node can open."""
    return bool(rehearsal_here(draft_id))


def rehearsal_here(draft_id: str) -> str:
    """Return which rehearsal of a draft lies in this node's home; "" for none.

    One that was begun anew, or ended, at another node is gone: what lies here of it is no more.
    """
    here = rehearsal_id(home_of(draft_id))
    noted = rehearsal_place(office(), draft_id)
    return here if noted is not None and noted.run == here else ""


def place_elsewhere(draft_id: str) -> str:
    """Return the node on which a draft is being rehearsed, where that is another; else ""."""
    noted = rehearsal_place(office(), draft_id)
    return noted.place if noted is not None and noted.run != rehearsal_id(home_of(draft_id)) else ""


def this_node() -> str:
    """Return what this node is called: the machine, and the home that it keeps there."""
    return f"{socket.gethostname()}:{settings().home.absolute()}"


def _keep_inside(answer: Response, prefix: str) -> None:
    """Lead a redirect to a page of the rehearsal, where it names one without the prefix."""
    parts = urlsplit(answer.headers.get("Location", ""))
    if parts.path and not parts.netloc and not parts.path.startswith(prefix):
        answer.headers["Location"] = prefix + parts._replace(scheme="").geturl()


def held_of(draft_id: str) -> Held | None:
    """Return the rehearsal of a draft, opened where this process has another or none."""
    home = home_of(draft_id)
    key = rehearsal_here(draft_id)
    with _lock():
        every = _all()
        found = every.get(draft_id)
        if found is not None and found.rehearsal.id == key:
            found.rehearsal.catch_up()
            return found
        _close(draft_id)
        if not key or (opened := open_rehearsal(home, font_folders(settings()))) is None:
            return None
        while len(every) >= MOST_OPEN:
            _close(next(iter(every)))
        every[draft_id] = Held(opened, _application(opened, draft_id))
        return every[draft_id]


def _application(opened: Rehearsal, draft_id: str) -> Flask:
    create_app = cast("Callable[[Office, Settings, Keys], Flask]", current_app.extensions[FACTORY])
    secret = str(current_app.secret_key or "").encode()
    cookies = hashlib.sha256(secret + opened.id.encode()).digest()
    keys = Keys("k1", {"k1": cookies[:KEY_BYTES]}, cookies, cookies)
    own_settings = replace(settings(), session_hours=ALWAYS, oidc_issuer="")
    app = create_app(opened.office, own_settings, keys)
    app.config.update(
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_PATH=prefix_of(draft_id),
        **{RECORDING: url_for("designer.rehearsal", draft_id=draft_id)},
    )
    return app


def forget(draft_id: str) -> None:
    """Close the rehearsal of a draft, where this process has it open; its files stay."""
    with _lock():
        _close(draft_id)


def _close(draft_id: str) -> None:
    held = _all().pop(draft_id, None)
    if held is not None:
        held.rehearsal.close()


def _all() -> dict[str, Held]:
    found: dict[str, Held] = current_app.extensions.setdefault(_KEY, {})
    return found


def _lock() -> threading.Lock:
    found: threading.Lock = current_app.extensions.setdefault(_LOCK, threading.Lock())
    return found


def home_of(draft_id: str) -> Path:
    """Return the folder of a draft's rehearsal."""
    return settings().home / "rehearsals" / draft_id


def prefix_of(draft_id: str) -> str:
    """Return the path below which a rehearsal's pages are."""
    return url_for("designer.rehearsal_pages", draft_id=draft_id).rstrip("/")
