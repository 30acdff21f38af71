"""Answers that are kept: a request that comes twice with one key is done once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from engine.commands.kept_answers import KeptBefore, keep_answer, kept_answer
from web.api.problems import Problem

if TYPE_CHECKING:
    from engine.desk import Desk

KEY = "Idempotency-Key"
LONGEST_KEY = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: status, body and headers."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Keeping:
    """The key of one request, with the digest of what it asks."""

    key: str
    request: str

    def before(self, desk: Desk) -> Answer | None:
        """Return the answer given before to the same request, or None.

        Raises:
            Problem: The key was used for another request.
        """
        found = kept_answer(desk, self.key)
        if found is None:
            return None
        if found.request != self.request:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "api.key_reused", key=self.key)
        return Answer(found.status, found.body, dict(found.headers))

    def keep(self, desk: Desk, answer: Answer) -> None:
        """Keep an answer, in the transaction of what it tells of."""
        keep_answer(
            desk,
            self.key,
            KeptBefore(self.request, answer.status, answer.body, answer.headers),
        )


def keeping(key: str | None, method: str, path: str, body: bytes) -> Keeping | None:
    """Return the key of a request, or None where it has none.

    Raises:
        Problem: The key is empty, longer than 100 characters, or has others than visible ASCII.
    """
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not all("!" <= one <= "~" for one in key):
        raise Problem(HTTPStatus.BAD_REQUEST, "api.key", longest=LONGEST_KEY)
    said = b"\n".join((method.encode(), path.encode(), body))
    return Keeping(key, hashlib.sha256(said).hexdigest())
