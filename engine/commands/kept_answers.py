"""Answers kept for a program's request that comes twice, in the transaction of the first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.store.tables import KeptAnswer

if TYPE_CHECKING:
    from engine.desk import Desk

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class KeptBefore:
    """An answer as it was given.

    Attributes:
        request: SHA-256 of method, path and body, in hex.
        status: HTTP status.
        body: As it was sent; nothing confidential.
        headers: Of the answer.
    """

    request: str
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def kept_answer(desk: Desk, key: str) -> KeptBefore | None:
    """Return the answer kept under the actor's key in the last 24 hours, or None."""
    row = desk.session.get(KeptAnswer, (desk.actor.account_id, key))
    if row is None or row.made_at <= desk.now() - KEPT_FOR:
        return None
    headers = {name: str(value) for name, value in row.headers.items()}
    return KeptBefore(row.request, row.status, row.body, headers)


def keep_answer(desk: Desk, key: str, answer: KeptBefore) -> None:
    """Keep an answer under the actor's key; what is older than 24 hours goes.

    The key is the row's: of two requests at once the later finds it taken, and is given again.
    """
    old = sa.delete(KeptAnswer).where(KeptAnswer.made_at <= desk.now() - KEPT_FOR)
    desk.session.execute(old.execution_options(synchronize_session="fetch"))
    desk.session.add(
        KeptAnswer(
            account_id=desk.actor.account_id,
            key=key,
            request=answer.request,
            status=answer.status,
            body=answer.body,
            headers=dict(answer.headers),
            made_at=desk.now(),
        )
    )
    desk.session.flush()
