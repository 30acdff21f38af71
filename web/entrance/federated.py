"""Log-in by the office's own identity provider: OpenID Connect, authorisation code with PKCE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import current_app, request, session, url_for
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.exceptions import NotFound

from engine.commands.log_in import LoggedIn
from engine.commands.log_in_elsewhere import log_in_elsewhere
from web.entrance.views import enter, local, page, pages
from web.sentences import sentence
from web.visiting import language, office, open_to_all, settings

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

log = structlog.get_logger(__name__)

PROVIDER, BACK = "provider", "oidc_back"
SECONDS = 10
UNAUTHORIZED, BAD_GATEWAY = 401, 502


def register_provider(app: Flask) -> None:
    """Know the identity provider of the settings, where there is one."""
    configured = app.extensions["wenze_settings"]
    if not configured.oidc_issuer:
        return
    issuer = configured.oidc_issuer.rstrip("/")
    OAuth(app).register(  # type: ignore[no-untyped-call]
        PROVIDER,
        client_id=configured.oidc_client_id,
        client_secret=configured.oidc_client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )


@pages.get("/login/elsewhere")
@open_to_all
def log_in_elsewhere_page() -> Response | tuple[str, int]:
    """Send the visitor to the identity provider."""
    client = _client()
    session[BACK] = local(request.args.get("back", ""))
    try:
        answer: Response = client.authorize_redirect(url_for("entrance.came_back", _external=True))
    except RequestException as error:
        log.warning("oidc.unreachable", kind=type(error).__name__)
        return page(error=sentence("log_in.elsewhere_away", {}, language())), BAD_GATEWAY
    return answer


@pages.get("/login/elsewhere/back")
@open_to_all
def came_back() -> Response | tuple[str, int]:
    """Check what the provider says and open a session for whom it has vouched."""
    client = _client()
    back = session.get(BACK, "")
    try:
        token = client.authorize_access_token()
    except RequestException as error:
        log.warning("oidc.unreachable", kind=type(error).__name__)
        return page(error=sentence("log_in.elsewhere_away", {}, language())), BAD_GATEWAY
    except (AuthlibBaseError, JoseError, ValueError) as error:
        log.warning("oidc.refused", kind=type(error).__name__)
        return page(error=sentence("log_in.elsewhere_refused", {}, language())), UNAUTHORIZED
    told: dict[str, Any] = token.get("userinfo") or {}
    outcome = log_in_elsewhere(
        office(),
        str(told.get("iss", "")),
        str(told.get("sub", "")),
        str(told.get(settings().oidc_claim) or ""),
        hours=settings().session_hours,
    )
    if isinstance(outcome, LoggedIn):
        return enter(outcome, back)
    return page(error=sentence(outcome.message_id, {}, language())), UNAUTHORIZED


def _client() -> Any:
    if not settings().oidc_issuer:
        raise NotFound
    return current_app.extensions["authlib.integrations.flask_client"].create_client(PROVIDER)
