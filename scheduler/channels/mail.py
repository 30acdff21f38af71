"""Mail by SMTP over TLS, with the standard library."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.ports import Message

SECONDS = 15
LONGEST = 254
PLAIN = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}", re.ASCII)
"""The addresses that are taken; stricter than RFC 5321, so that nothing hides in one."""
TLS, STARTTLS, NONE = "tls", "starttls", "none"
WAYS = (STARTTLS, TLS, NONE)


class NotPosted(OSError):
    """The mail server did not take a message; the text names the server and its code."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The operator's mail server.

    Attributes:
        host: Its name; empty where no mail is sent.
        tls: ``starttls``, ``tls`` (from the first byte) or ``none`` (a relay on this machine).
        sender: The address in `From`.
        domains: The domains that mail goes to, in lower case; none of the others gets any.
        context: What the server's certificate is checked by; the system's if none is given.
    """

    host: str = ""
    port: int = 587
    tls: str = STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    domains: tuple[str, ...] = ()
    context: ssl.SSLContext | None = None

    def admits(self, address: str) -> bool:
        """Return whether mail goes to this address."""
        if len(address) > LONGEST or not PLAIN.fullmatch(address):
            return False
        return address.rpartition("@")[2].lower() in self.domains

    def send(self, address: str, message: Message) -> None:
        """Send a message to one address; its Message-ID is the same for each attempt.

        Raises:
            ValueError: Mail does not go there.
            NotPosted: The server cannot be reached, or refused.
        """
        if not self.admits(address):
            raise ValueError("mail does not go to this address")
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, address, message.subject
        mail["Date"] = format_datetime(message.sent_at)
        mail["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence notice answers
        mail.set_content("\n\n".join(message.lines) + "\n")
        try:
            with self._open() as server:
                server.send_message(mail)
        except smtplib.SMTPResponseException as error:
            raise NotPosted(f"{self.host}: {error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotPosted(f"{self.host}: {type(error).__name__}") from error

    @contextmanager
    def _open(self) -> Iterator[smtplib.SMTP]:
        context = self.context or ssl.create_default_context()
        if self.tls == TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        with server:
            if self.tls == STARTTLS:
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            yield server
