"""The application: one office, its pages and its errors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, g, request, session
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

from web import (
    administration,
    api,
    batches,
    boxes,
    camunda,
    cases,
    designer,
    entrance,
    exports,
    failures,
    filing,
    frontend,
    handing,
    inbox,
    interference,
    ledger,
    moving,
    notices,
    own,
    public,
    registering,
    reports,
    search,
    standing,
    visiting,
    watching,
    work,
)
from web.tracing import follow_requests
from web.watching.metrics import measure

if TYPE_CHECKING:
    from engine.desk import Office
    from web.keys import Keys
    from web.settings import Settings

HERE = Path(__file__).parent
FORM_BYTES = 2_000_000


def create_app(office: Office, settings: Settings, keys: Keys) -> Flask:
    """Return the application over one office.

    Everything that a page does is a command or a query of the engine; nothing here
    decides. Every route needs a log-in unless it says otherwise.
    """
    app = Flask("web", root_path=str(HERE))
    app.config.update(
        SECRET_KEY=keys.cookies,
        SESSION_COOKIE_NAME="wenze",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=settings.upload_megabytes * 1_000_000 + FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
        BABEL_TRANSLATION_DIRECTORIES=str(HERE / "translations"),
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.extensions["wenze_office"] = office
    app.extensions["wenze_settings"] = settings
    app.extensions[designer.stage_pages.FACTORY] = create_app
    measure(app)
    follow_requests(app)
    entrance.register_provider(app)
    Babel(app, locale_selector=_locale)
    app.before_request(visiting.require_visitor)
    csrf = CSRFProtect(app)  # after the visitor is known: its refusal is a page too
    frontend.register_kit(app)
    app.after_request(frontend.secure)
    app.after_request(visiting.never_cache)
    app.context_processor(visiting.page_context)
    failures.register(app)
    api.register(app, csrf, settings.api_calls)
    csrf.exempt(camunda.pages)
    csrf.exempt(designer.stage_pages.rehearsal_pages)  # the pages behind it check their own
    for area in AREAS:
        app.register_blueprint(area)
    return app


AREAS = (
    entrance.pages,
    inbox.pages,
    moving.pages,
    interference.pages,
    boxes.pages,
    batches.pages,
    exports.pages,
    ledger.pages,
    work.pages,
    handing.pages,
    cases.pages,
    registering.pages,
    reports.pages,
    reports.received,
    notices.pages,
    search.pages,
    own.pages,
    public.pages,
    standing.pages,
    filing.pages,
    administration.pages,
    designer.pages,
    watching.pages,
    camunda.pages,
    camunda.beside,
    api.token_pages,
)


def _locale() -> str:
    """Return the reader's language: what was chosen, else the account's, else the office's."""
    chosen = request.args.get("lang") or session.get("language") or g.get("language")
    if request.args.get("lang") in {"zh", "en"}:
        session["language"] = request.args["lang"]
    settings: Settings = g.settings
    return "en" if (chosen or settings.language) == "en" else "zh_Hans_CN"
