"""Errors as `application/problem+json` (RFC 9457), with our sentences in the reader's language."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from flask import Response, request
from werkzeug.exceptions import HTTPException

from engine.errors import AnswersRefused, Fault, NotAllowed, NotFound, Refusal
from web.failures import say
from web.sentences import sentence
from web.texts import gettext as _
from web.visiting import language

if TYPE_CHECKING:
    from collections.abc import Mapping

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A request that does not reach a command.

    Attributes:
        status: HTTP status.
        message_id: Which sentence is said.
        params: What the sentence names.
        errors: Place in the request to what is wrong there.
        headers: Of the answer.
    """

    def __init__(
        self,
        status: HTTPStatus,
        message_id: str,
        *,
        errors: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        **params: object,
    ) -> None:
        """Say what is wrong."""
        super().__init__(message_id)
        self.status = status
        self.message_id = message_id
        self.params = params
        self.errors = errors or {}
        self.headers = dict(headers or {})


def answer_to(error: Exception) -> Response:
    """Return the answer to a request that failed."""
    if isinstance(error, Problem):
        detail = sentence(error.message_id, error.params, language())
        answer = problem(error.status, error.message_id, detail, errors=error.errors)
        answer.headers.update(error.headers)
        return answer
    if isinstance(error, Refusal):
        status = HTTPStatus.FORBIDDEN if isinstance(error, NotAllowed) else HTTPStatus.CONFLICT
        errors: dict[str, list[str]] = {}
        if isinstance(error, AnswersRefused):
            errors = {
                place: [sentence(key, params, language()) for key, params in said]
                for place, said in error.errors.items()
            }
        return problem(status, error.message_id, say(error), errors=errors, rule=error.rule)
    if isinstance(error, NotFound):
        return problem(HTTPStatus.NOT_FOUND, "not_found", sentence("api.not_found", {}, language()))
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.code or 500)
        return problem(status, status.name.lower(), sentence("api.http", {}, language()))
    log.error("api.failed", path=request.path, exc_info=error)
    code = "fault" if isinstance(error, Fault) else "defect"
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, code, _fault())


def problem(
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    errors: Mapping[str, list[str]] | None = None,
    rule: str = "",
) -> Response:
    """Return a problem document.

    Args:
        status: HTTP status.
        code: The message id, which does not change with the language.
        detail: What is wrong and what to do, in the reader's language.
        errors: Place to what is wrong there.
        rule: The provision relied on.
    """
    said: dict[str, Any] = {
        "type": f"urn:wenze:{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
    }
    if errors:
        said["errors"] = dict(errors)
    if rule:
        said["rule"] = rule
    answer = Response(orjson.dumps(said), status.value, content_type=MEDIA_TYPE)
    answer.headers["Content-Language"] = language()
    answer.headers["Vary"] = "Accept-Language"
    return answer


def _fault() -> str:
    return _(
        "此次操作没有生效，已有记录未受影响。请稍后重试；仍不行的，请告诉平台管理员发生的时间。"
    )
