"""What the engine needs and others implement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime


class Note(Protocol):
    """Notes an attribute of a span."""

    def __call__(self, name: str, value: str | int) -> None:
        """Note it; nothing personal."""
        ...


class Jobs(Protocol):
    """Carries side effects out of a command's transaction.

    A job is enqueued within the transaction of the command and runs after its
    commit, at least once; `key` makes its effect happen once.
    """

    def enqueue(
        self,
        session: Any,
        kind: str,
        key: str,
        payload: Mapping[str, Any],
        *,
        not_before: datetime | None = None,
    ) -> None:
        """Write a job into the caller's transaction.

        Args:
            session: The command's own database session.
            kind: Which worker function takes it, such as ``preview``.
            key: Unique for the effect; a second job of the same key is dropped.
            payload: JSON values; never a confidential value.
            not_before: Aware; the job waits until then.
        """
        ...


class Tracer(Protocol):
    """Follows what the platform does, for whoever watches it; never told anything personal."""

    def span(self, kind: str, name: str) -> AbstractContextManager[Note]:
        """Follow what happens within: how long it takes, and whether it broke off.

        Args:
            kind: ``request``, ``command``, ``query``, ``job`` or ``sql``.
            name: What it is, by a name of ours: no id, no address, no value.

        Returns:
            What notes an attribute of it, under the same rule.
        """
        ...


class Files(Protocol):
    """Keeps bytes by their SHA-256 digest, outside the database and the web root."""

    def put(self, content: bytes) -> str:
        """Store `content` durably and return its SHA-256 as 64 hex digits."""
        ...

    def get(self, digest: str) -> bytes:
        """Return the bytes of `digest`, verified against it.

        Raises:
            KeyError: There are none.
            ValueError: They no longer have this digest.
        """
        ...

    def drop(self, digest: str) -> None:
        """Forget the bytes of `digest`, if there are any; only what was kept for a time."""
        ...

    def set_aside(self, digest: str) -> None:
        """Put the bytes of `digest` aside, if there are any: still read, no longer relied on.

        Whoever puts the same bytes meanwhile stores them anew. So after some time, in which
        every transaction that relied on them has ended, what is aside can be dropped safely.
        """
        ...

    def put_back(self, digest: str) -> None:
        """Let what was set aside be relied on again, if it is still there."""
        ...

    def drop_aside(self, digest: str) -> None:
        """Forget what was set aside, if there is any; never what was stored anew meanwhile."""
        ...


class Seals(Protocol):
    """Puts an electronic seal on documents before they are issued.

    It is asked outside of any transaction, and may ask a service elsewhere. What it gives
    back is what is looked at and issued.
    """

    def seal(self, pdf: bytes, *, authority_id: str, title: str) -> bytes:
        """Return `pdf` with the authority's electronic seal.

        Raises:
            OSError: The service cannot be reached; the document is not prepared.
        """
        ...


class Channels(Protocol):
    """Carries notices out of the platform: by mail, to robots and to webhooks.

    It is asked outside of any transaction. What it takes is short and holds nothing secret.
    """

    def offers(self, kind: str) -> bool:
        """Return whether this installation sends to addresses of `kind` at all."""
        ...

    def admits(self, kind: str, address: str) -> bool:
        """Return whether `address` is one of `kind` that this installation may send to.

        Only its form and the operator's list are looked at; where it leads is looked at
        again when something is sent.
        """
        ...

    def send(self, kind: str, address: str, secret: str, message: Message) -> None:
        """Send a message; at least once, its id tells the receiver a repetition.

        Raises:
            OSError: The receiver cannot be reached, or did not take it.
            ValueError: The address may not be sent to.
        """
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out by a channel.

    Attributes:
        id: The same for each attempt; letters and digits.
        subject: One line.
        lines: One for each notice, 1 or more.
        events: The kinds of events that it tells of.
        sent_at: Aware; by the office's clock.
    """

    id: str
    subject: str
    lines: tuple[str, ...]
    events: tuple[str, ...]
    sent_at: datetime

    @property
    def text(self) -> str:
        """Return subject and lines, one below the other."""
        return "\n".join((self.subject, *self.lines))
