"""`/healthz`, `/readyz` and `/metrics`: for load balancers and monitoring."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST

from web.visiting import office, open_to_all, settings
from web.watching.metrics import metrics_of
from web.watching.readiness import BAD, checks_of

pages = Blueprint("watching", __name__)

UNAVAILABLE = 503


@pages.get("/healthz")
@open_to_all
def health() -> Response:
    """Say that the process lives; asks nothing of the database."""
    return Response("ok\n", mimetype="text/plain")


@pages.get("/readyz")
@open_to_all
def readiness() -> tuple[Response, int]:
    """Say whether the node can serve, and what a person should look at."""
    checks = checks_of(office())
    is_ready = all(check.state != BAD for check in checks)
    content = {
        "ready": is_ready,
        "checks": {check.name: {"state": check.state, "value": check.value} for check in checks},
    }
    return jsonify(content), 200 if is_ready else UNAVAILABLE


@pages.get("/metrics")
@open_to_all
def metrics() -> Response:
    """Give the metrics to whoever bears the token of the settings; to nobody without one."""
    token = settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)
    return Response(metrics_of(office()), content_type=CONTENT_TYPE_LATEST)
