"""Beside the interface: where its links lead, and what is not served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request, url_for

from engine.model.scopes import Scope
from web.camunda.area import PREFIX, answer, enter, error, pages, said
from web.visiting import open_to_all

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

beside = Blueprint("camunda_links", __name__)

LINKS = "/camunda/open/"
"""What the Modeler puts its links behind. An address that ends in ``cockpit/`` it would change to
one whose end no server is told."""
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


@beside.get("/.well-known/camunda-automation-platform/webapps")
@open_to_all
def webapps() -> Response:
    """Say where pages are, so that the Modeler's links lead to ours; there is nothing secret."""
    root = request.url_root.rstrip("/")
    return answer(
        {
            "adminUrl": f"{root}/admin/",
            "cockpitUrl": f"{root}{LINKS}",
            "tasklistUrl": f"{root}/inbox",
        }
    )


@beside.get(LINKS)
@beside.get(f"{LINKS}<path:rest>")
def follow(rest: str = "") -> AnyResponse:
    """Lead to the page of a case, or to the procedures, for who is logged in."""
    kind, _, name = rest.partition("/")
    if kind == "process-instance" and name:
        return redirect(url_for("cases.show", case_id=name))
    return redirect(url_for("administration.procedures"))


@pages.route("/", defaults={"rest": ""}, methods=METHODS)
@pages.route("/<path:rest>", methods=METHODS)
@open_to_all
def unserved(rest: str) -> Response:
    """Say that something is not served; to whom has a token."""
    refused = enter(Scope.READ)
    if refused is not None:
        return refused
    path = f"{PREFIX}/{rest}"
    message = said("camunda.unserved", method=request.method, path=path[:200])
    return error("NotImplementedException", message, 501)
