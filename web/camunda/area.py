"""The interface's routes hang on this blueprint: who asks, with which scope, and its errors.

Every route has a scope; who brings no token is asked for one (401), since Camunda's Modeler
looks there whether it must ask for credentials.
"""

from __future__ import annotations

import re
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import orjson
import structlog
from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException

from engine.commands.tokens import Bearer, bearer_of
from engine.errors import (
    AlreadyTaken,
    AnswersRefused,
    NotAllowed,
    NotFound,
    Refusal,
    StepFault,
)
from engine.model.scopes import Scope
from web.sentences import sentence
from web.visiting import office, open_to_all, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.desk import Desk

log = structlog.get_logger(__name__)

PREFIX = "/engine-rest"
JSON = "application/json"
WHOLE = re.compile(r"-?[0-9]{1,18}")
"""A whole number in the address."""
P = ParamSpec("P")
T = TypeVar("T")

pages = Blueprint("camunda", __name__, url_prefix=PREFIX)


class BadBody(Exception):
    """The request cannot be read: a message id with its parameters."""

    def __init__(self, message_id: str, **params: object) -> None:
        """Say which part, as the sentences of this interface name it."""
        super().__init__(message_id)
        self.message_id = message_id
        self.params = params


def serves(method: str, rule: str, scope: Scope) -> Callable[[Callable[..., Any]], Any]:
    """Let a view answer `method` at `rule` for tokens with `scope`."""

    def served(view: Callable[..., Any]) -> Callable[..., Any]:
        pages.add_url_rule(
            rule,
            endpoint=f"{view.__name__}_{method.lower()}",
            view_func=_guarded(view, scope),
            methods=[method],
        )
        return view

    return served


@cache
def _guarded(view: Callable[..., Any], scope: Scope) -> Callable[..., Response]:
    """Return a view behind its scope; the same one at each of its rules."""

    @wraps(view)
    def guarded(**named: Any) -> Response:
        refused = enter(scope)
        if refused is not None:
            return refused
        return answered(view, named)

    return open_to_all(guarded)


def give(command: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Give a command as the token's person."""
    return office().give(bearer().actor, command, *args, **kwargs)


def ask(query: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask a query as the token's person."""
    return office().ask(bearer().actor, query, *args, **kwargs)


def bearer() -> Bearer:
    """Return who asks; only in a view that `serves` guards."""
    found: Bearer = g.bearer
    return found


def answer(value: object, status: int = 200) -> Response:
    """Return `value` as JSON; the client of npm reads no other content type."""
    return Response(orjson.dumps(value), status=status, mimetype=JSON)


def done() -> Response:
    """Return an answer without content."""
    response = Response(status=204)
    response.headers.pop("Content-Type", None)
    return response


def body() -> dict[str, Any]:
    """Return the JSON object of a request; an empty one where nothing was sent.

    Raises:
        BadBody: It is no object.
    """
    if not request.get_data(cache=True):
        return {}
    try:
        found = orjson.loads(request.get_data(cache=True))
    except orjson.JSONDecodeError as error:
        raise BadBody("camunda.body", part="JSON") from error
    if not isinstance(found, dict):
        raise BadBody("camunda.body", part="JSON")
    return found


def asked() -> dict[str, Any]:
    """Return what a query asks for: its parameters, and its body where it has one."""
    return {**request.args.to_dict(), **(body() if request.method == "POST" else {})}


def whole(data: Mapping[str, Any], name: str, default: int | None = None) -> int:
    """Return a whole number of a request.

    Raises:
        BadBody: It is none, or missing where there is no default.
    """
    value = data.get(name)
    if value is None and default is not None:
        return default
    if isinstance(value, str) and WHOLE.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**53:
        raise BadBody("camunda.body", part=name)
    return value


def text(data: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """Return a text of a request.

    Raises:
        BadBody: It is none, or missing where there is no default.
    """
    value = data.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise BadBody("camunda.body", part=name)
    return value


def page_of(rows: list[Any], data: Mapping[str, Any]) -> list[Any]:
    """Return the part of a list that `firstResult` and `maxResults` ask for."""
    first, most = whole(data, "firstResult", 0), whole(data, "maxResults", 1_000)
    return rows[max(first, 0) :][: max(most, 0)]


def language() -> str:
    """Return the language of sentences: what the client accepts, else the installation's."""
    return request.accept_languages.best_match(["zh", "en"]) or settings().language


def said(message_id: str, **params: object) -> str:
    """Return a sentence in the client's language."""
    return sentence(message_id, params, language())


def error(kind: str, message: str, status: int, **more: object) -> Response:
    """Return an error as Camunda's clients read it."""
    return answer({"type": kind, "message": message, "code": None, **more}, status)


def answered(  # noqa: PLR0911 -- one for each family of errors
    view: Callable[..., Any], named: Mapping[str, Any]
) -> Response:
    """Return what a view answers; whatever it raises is an answer, too: this is a door."""
    try:
        response: Response = view(**named)
    except BadBody as bad:
        return error("InvalidRequestException", said(bad.message_id, **bad.params), 400)
    except AnswersRefused as refused:
        return error(
            "InvalidRequestException",
            sentence(refused.message_id, refused.params, language()),
            400,
            fields=sorted(refused.errors),
        )
    except NotAllowed as refused_right:
        return error(
            "AuthorizationException",
            sentence(refused_right.message_id, refused_right.params, language()),
            403,
        )
    except Refusal as refusal:
        status = 409 if isinstance(refusal, AlreadyTaken) else 400
        message = sentence(refusal.message_id, refusal.params, language())
        return error("InvalidRequestException", message, status)
    except NotFound as missing:
        return error("RestException", said("camunda.not_found", name=str(missing)), 404)
    except StepFault as fault:
        reason = fault.en if language() == "en" else fault.zh
        message = said("camunda.step", element=fault.element, reason=reason)
        return error("ProcessEngineException", message, 500)
    except HTTPException as refused_http:
        return error(
            "InvalidRequestException",
            said("camunda.body", part=refused_http.name),
            refused_http.code or 400,
        )
    except Exception as broken:
        log.exception("engine_rest.failed", path=request.path, kind=type(broken).__name__)
        return error("ProcessEngineException", said("camunda.fault"), 500)
    return response


def enter(scope: Scope) -> Response | None:
    """Find out who asks, before a view runs; return what refuses, or None."""
    sent = request.authorization
    found = None
    if sent is not None and sent.type == "basic":
        found = bearer_of(office(), sent.password or "", account=sent.username or "")
    elif sent is not None and sent.type == "bearer":
        found = bearer_of(office(), sent.token or "")
    if found is None:
        refused = error("AuthenticationException", said("camunda.unauthorized"), 401)
        refused.headers["WWW-Authenticate"] = 'Basic realm="Wenze", charset="UTF-8"'
        return refused
    g.bearer = found
    structlog.contextvars.bind_contextvars(person=found.actor.person_id, token=found.token_id)
    if scope not in found.scopes:
        return error("AuthorizationException", said("camunda.scope", scope=scope.value), 403)
    return None
