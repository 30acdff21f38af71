"""One call: who it is, what was sent, the command under its key and revision, the answer."""

from __future__ import annotations

from functools import cached_property, wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from flask import Response, current_app, g, request

from engine.commands.log_in import Visitor
from engine.commands.sign import signed
from engine.commands.tokens import Bearer, bearer_of
from engine.desk import Right
from engine.errors import NotFound
from engine.store.tables import CaseRow, WorkItemRow
from web.api.kept import KEY, Answer, keeping
from web.api.operations import SIGNATURE
from web.api.problems import Problem
from web.api.shapes import plain
from web.api.taking import Unreadable, from_text, read
from web.visiting import language, office

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.desk import Desk
    from web.api.operations import Operation
    from web.api.rates import Rates

JSON = "application/json"
BYTES = "application/octet-stream"
UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY
MOST_ERRORS = 20


class Call:
    """One request for an operation."""

    def __init__(self, operation: Operation, in_path: Mapping[str, str]) -> None:
        """Take the request at hand; nothing is checked yet."""
        self.operation = operation
        self.in_path = in_path

    def answer(self) -> Response:
        """Return what comes of it.

        Raises:
            Problem: It never reached a command.
            EngineError: As the command or query says.
        """
        bearer = bearer_of_request()
        if self.operation.scope not in bearer.scopes:
            scope = self.operation.scope.value
            raise Problem(HTTPStatus.FORBIDDEN, "api.scope", scope=scope)
        arguments = self.arguments()
        actor = bearer.actor
        if self.operation.signs and arguments.get(SIGNATURE):
            actor = signed(office(), actor, arguments[SIGNATURE])
        arguments.pop(SIGNATURE, None)
        if self.operation.takes_language:
            arguments["language"] = language()
        args, given = self._as_called(arguments)
        try:
            if self.operation.by_office:
                made = self._answer(self.operation.call(office(), actor, *args, **given), "")
            else:
                give = office().give if self.operation.changes else office().ask
                made = give(actor, self._told, *args, **given)
        except ValueError as error:
            if "after" in arguments or "before" in arguments:
                raise Problem(UNFIT, "api.cursor") from error
            raise
        answer = Response(made.body, made.status, made.headers)
        answer.headers["Content-Language"] = language()
        answer.headers["Vary"] = "Accept-Language, Authorization"
        return answer

    def arguments(self) -> dict[str, Any]:
        """Return what was sent, checked and read.

        Raises:
            NotFound: Something in the path is no id.
            Problem: The body is no JSON object, or does not fit.
        """
        operation = self.operation
        in_path = {
            name: from_text(operation.hints[name], text) for name, text in self.in_path.items()
        }
        for name, value in in_path.items():
            if not operation.fits_in_path[name].is_valid(value):
                raise NotFound(name)
        sent = self._body() if operation.method != "GET" else self._query()
        errors = sorted(operation.fits.iter_errors(sent), key=lambda one: str(one.path))
        if errors:
            places: dict[str, list[str]] = {}
            for one in errors[:MOST_ERRORS]:
                place = "/" + "/".join(str(part) for part in one.absolute_path)
                places.setdefault(place, []).append(one.message[:300])
            raise Problem(UNFIT, "api.unfit", errors=places)
        try:
            return {
                name: one if name == SIGNATURE else read(operation.hints[name], one, f"/{name}")
                for name, one in {**sent, **in_path}.items()
            }
        except Unreadable as error:
            places = {error.where: [error.kind]}
            raise Problem(UNFIT, "api.unfit", errors=places) from error

    def _query(self) -> dict[str, Any]:
        doubled = [name for name, one in request.args.lists() if len(one) > 1]
        if doubled:
            raise Problem(UNFIT, "api.unfit", errors={f"/{one}": ["twice"] for one in doubled})
        hints = self.operation.hints
        return {
            name: from_text(hints.get(name, str), one)
            for name, one in request.args.items()
            if name != "lang"
        }

    def _body(self) -> dict[str, Any]:
        content = request.get_data()
        if not content:
            return {}
        if request.mimetype != JSON:
            raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "api.json_only")
        try:
            sent = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, "api.no_json") from error
        if not isinstance(sent, dict):
            raise Problem(UNFIT, "api.unfit", errors={"/": ["object"]})
        return sent

    def _as_called(self, arguments: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return arguments by place and by name, as the callee takes them.

        Refusals are put into the chain of the case that the first argument names.
        """
        args = []
        for name, one in self.operation.parameters.items():
            if one.kind is one.KEYWORD_ONLY or name not in arguments:
                break
            args.append(arguments.pop(name))
        return args, arguments

    @cached_property
    def _told(self) -> Any:
        """Return the callee with its answer made, and kept, in the same transaction."""
        operation = self.operation
        key = (
            keeping(request.headers.get(KEY), request.method, request.path, request.get_data())
            if operation.changes
            else None
        )
        wanted = request.headers.get("If-Match")

        @wraps(operation.call)
        def told(desk: Desk, *args: Any, **given: Any) -> Answer:
            if key is not None and operation.keeps:
                before = key.before(desk)
                if before is not None:
                    return before
            if wanted is not None and operation.changes:
                self._must_be_at(desk, wanted)
            answer = self._rendered(desk, operation.call(desk, *args, **given))
            if key is not None and operation.keeps:
                key.keep(desk, answer)
            return answer

        return told

    def _rendered(self, desk: Desk, result: Any) -> Answer:
        desk.write()
        return self._answer(result, "" if self.operation.file else self._etag(desk))

    def _answer(self, result: Any, etag: str) -> Answer:
        if self.operation.file:
            return _file(*result)
        headers = {"ETag": etag} if etag else {}
        if self.operation.answers_nothing:
            return Answer(HTTPStatus.NO_CONTENT.value, b"", headers)
        headers["Content-Type"] = JSON
        return Answer(HTTPStatus.OK.value, orjson.dumps(plain(result)), headers)

    def _etag(self, desk: Desk) -> str:
        """Return the revision of the case or step that the path names, as an entity tag."""
        name = self.operation.revision_of
        row: WorkItemRow | CaseRow | None = None
        if name == "work_item_id":
            row = desk.session.get(WorkItemRow, self.in_path[name])
        elif name:
            row = desk.session.get(CaseRow, self.in_path[name])
        return f'"{row.revision}"' if row is not None else ""

    def _must_be_at(self, desk: Desk, wanted: str) -> None:
        """Refuse where somebody changed the case or step since it was read; locks the case.

        Raises:
            NotFound, NotAllowed, Recused: The actor may not see it.
            Problem: It has another revision.
        """
        name = self.operation.revision_of
        if not name:
            return
        load = desk.case_of_item if name == "work_item_id" else desk.case
        load(self.in_path[name], may=Right.SEE)
        if wanted.strip() not in {"*", self._etag(desk)}:
            raise Problem(HTTPStatus.PRECONDITION_FAILED, "api.changed")


def bearer_of_request() -> Bearer:
    """Return who calls, and count the call.

    Raises:
        Problem: No token or none that counts; too many calls in this minute.
    """
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    bearer = bearer_of(office(), secret.strip()) if kind.lower() == "bearer" else None
    if bearer is None:
        asked = {"WWW-Authenticate": 'Bearer realm="wenze"'}
        raise Problem(HTTPStatus.UNAUTHORIZED, "api.no_token", headers=asked)
    actor = bearer.actor
    g.visitor = Visitor(actor, bearer.name, bearer.account, bearer.language)
    g.language = request.accept_languages.best_match(("zh", "en")) or bearer.language
    structlog.contextvars.bind_contextvars(person=actor.person_id, token=bearer.token_id)
    rates: Rates = current_app.extensions["wenze_rates"]
    seconds = rates.wait(actor.account_id, office().clock.now())
    if seconds:
        raise Problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            "api.too_many",
            headers={"Retry-After": str(seconds)},
            most=rates.most,
            seconds=seconds,
        )
    return bearer


def _file(said: Any, content: bytes) -> Answer:
    """Return bytes as a download; browsers neither open nor guess them.

    Args:
        said: The media type, or what has one; anything else is bytes of no known type.
        content: The bytes.
    """
    kind = said if isinstance(said, str) else getattr(said, "media_type", BYTES)
    return Answer(
        HTTPStatus.OK.value,
        content,
        {
            "Content-Type": kind,
            "Content-Disposition": "attachment",
            "Content-Length": str(len(content)),
        },
    )
