"""The routes of `/api/v1`: one for each operation, one for the document."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

import orjson
from flask import Blueprint, Response, g, request

from web.api.calls import Call
from web.api.document import document
from web.api.problems import Problem, answer_to
from web.api.rates import Rates
from web.api.table import OPERATIONS
from web.visiting import open_to_all

if TYPE_CHECKING:
    from flask import Flask
    from flask_wtf.csrf import CSRFProtect

    from web.api.operations import Operation

PREFIX = "/api/v1"

pages = Blueprint("api", __name__, url_prefix=PREFIX)


def register(app: Flask, csrf: CSRFProtect, most: int) -> None:
    """Give `app` the interface.

    It asks for a token at every call and reads no cookie, so that no form of another site
    can use it; the check of forms leaves it out.

    Args:
        app: The application.
        csrf: Its check of forms.
        most: Calls a minute of one log-in.
    """
    app.extensions["wenze_rates"] = Rates(most)
    csrf.exempt(pages)
    app.before_request(_unknown)
    app.register_blueprint(pages)


@pages.get("/openapi.json")
@open_to_all
def openapi() -> Response:
    """Return the OpenAPI 3.1 document; it holds nothing of any authority."""
    return Response(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    return orjson.dumps(document(OPERATIONS, PREFIX))


def _unknown() -> Response | None:
    """Answer a path or method that there is not, before the pages' own error does."""
    if not request.path.startswith(f"{PREFIX}/") or request.routing_exception is None:
        return None
    g.language = request.accept_languages.best_match(("zh", "en")) or "zh"
    return answer_to(request.routing_exception)


def _act(operation: Operation, /, **in_path: str) -> Response:
    g.visitor = None
    g.language = request.accept_languages.best_match(("zh", "en")) or "zh"
    return Call(operation, in_path).answer()


def _failed(error: Exception) -> Response:
    answer = answer_to(error)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _routes() -> None:
    for operation in OPERATIONS:
        view: Any = partial(_act, operation)
        view.__name__ = operation.name
        pages.add_url_rule(
            operation.path.replace("{", "<").replace("}", ">"),
            endpoint=operation.name,
            view_func=open_to_all(view),
            methods=[operation.method],
            provide_automatic_options=False,
        )


_routes()
pages.register_error_handler(Problem, _failed)
pages.register_error_handler(Exception, _failed)
