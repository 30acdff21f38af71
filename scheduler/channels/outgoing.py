"""The channels of one installation, as its settings allow them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scheduler.channels import robots
from scheduler.channels.mail import MailServer
from scheduler.channels.reaching import NotReached, Reach, post

if TYPE_CHECKING:
    from engine.ports import Message

MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Implements `engine.ports.Channels`; without a server or a host nothing goes out by it."""

    mail: MailServer = field(default_factory=MailServer)
    reach: Reach = field(default_factory=Reach)

    def offers(self, kind: str) -> bool:
        """Return whether this installation sends to addresses of `kind` at all."""
        if kind == MAIL:
            return bool(self.mail.host and self.mail.domains)
        return kind in robots.KINDS and bool(self.reach.hosts)

    def admits(self, kind: str, address: str) -> bool:
        """Return whether an address is well formed and on the operator's list."""
        if not self.offers(kind):
            return False
        return self.mail.admits(address) if kind == MAIL else self.reach.admits(address)

    def send(self, kind: str, address: str, secret: str, message: Message) -> None:
        """Send a message.

        Raises:
            ValueError: The address may not be sent to.
            OSError: The receiver cannot be reached, or did not take it.
        """
        if not self.admits(kind, address):
            raise ValueError("this address may not be sent to")
        if kind == MAIL:
            self.mail.send(address, message)
            return
        posting = robots.KINDS[kind](address, secret, message)
        answer = post(posting.address, posting.body, posting.headers, self.reach)
        refusal = robots.refusal_in(answer)
        if refusal and kind != "generic":
            raise NotReached(f"the robot refused: {refusal}")
