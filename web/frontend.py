"""The built front end and the page kit, as a Flask application uses them.

`register_kit` gives templates what the macros in `templates/kit` call. No database is read here.
"""

import hashlib
from pathlib import Path

import orjson
from flask import Flask, Response, url_for
from markupsafe import Markup

from web import wording
from web.texts import gettext as _

DIST = Path(__file__).parent / "static" / "dist"
"""Where `web/assets/build.mjs` writes."""

ASSETS = (
    "app.js",
    "tabler.css",
    "wenze.css",
    "viewer.js",
    "viewer.css",
    "form-viewer.zh.js",
    "form-viewer.en.js",
    "form-viewer.css",
    "modeler.zh.js",
    "modeler.en.js",
    "modeler.css",
    "table-editor.js",
    "table-editor.css",
    "form-editor.zh.js",
    "form-editor.en.js",
    "form-editor.css",
    "designer.css",
)
"""What pages load; `make assets` writes all of them."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The policy of every page. Inline styles are lengths that are data, and what bpmn-js sets."""

UNBUILT = "0"

MOST_SHOWN = 999
"""A count that lists show in full; see `engine.store.queries.counting.MOST_COUNTED`."""


def missing_assets(dist: Path = DIST) -> tuple[str, ...]:
    """Return the names in `ASSETS` that are not built, so that a server can say so at its start."""
    return tuple(name for name in ASSETS if not (dist / name).is_file())


class AssetDigests:
    """Digests of built files, so that a browser keeps a file as long as it stays the same."""

    def __init__(self, dist: Path = DIST) -> None:
        self._dist = dist
        self._known: dict[str, tuple[int, str]] = {}

    def digest(self, name: str) -> str:
        """Return the first 10 hex digits of the file's SHA-256; `0` while it is not built."""
        path = self._dist / name
        try:
            changed = path.stat().st_mtime_ns
        except FileNotFoundError:
            return UNBUILT
        known = self._known.get(name)
        if known is None or known[0] != changed:
            known = (changed, hashlib.sha256(path.read_bytes()).hexdigest()[:10])
            self._known[name] = known
        return known[1]


def json_block(value: object) -> Markup:
    """Return `value` as JSON that is safe inside a `<script type="application/json">` element."""
    text = orjson.dumps(value).decode()
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 — the three characters that could end the element are gone


def short_digest(digest: str) -> str:
    """Return the first and last digits of a digest: `9f3a71e0…c27e40`; short ones stay whole."""
    head, tail = 8, 6
    return digest if len(digest) <= head + tail else f"{digest[:head]}…{digest[-tail:]}"


def counted(number: int) -> Markup:
    """Return a count as lists show it: past 999 it says only that there are more.

    Counting ends there (`engine.store.queries.counting`): nobody reads further, and an inbox of
    an office would cost more to count than to show.
    """
    if number <= MOST_SHOWN:
        return Markup(number)  # noqa: S704 -- a number
    shown = Markup('<span aria-hidden="true">{}+</span><span class="visually-hidden">{}</span>')
    return shown.format(MOST_SHOWN, _("超过 %(num)s", num=MOST_SHOWN))


def register_kit(app: Flask) -> None:
    """Give `app`'s templates the filters and functions that the page kit calls.

    Needs Flask-Babel (`_`) and Flask-WTF's CSRFProtect (`csrf_token`) on the same application.
    """
    digests = AssetDigests()

    def asset(name: str) -> str:
        return url_for("static", filename=f"dist/{name}", v=digests.digest(name))

    app.jinja_env.globals.update(asset=asset)
    app.jinja_env.filters.update(
        day=wording.day_text,
        full_day=wording.full_day_text,
        weekday=wording.weekday_text,
        full_weekday=wording.full_weekday_text,
        lamp_word=wording.lamp_word,
        remaining=wording.remaining_text,
        headline=wording.headline,
        strip_text=wording.strip_text,
        json_block=json_block,
        short_digest=short_digest,
        counted=counted,
    )


def secure(response: Response) -> Response:
    """Set the headers that every page carries; for `app.after_request`."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response
