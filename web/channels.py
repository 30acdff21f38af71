"""The channels that notices leave by, as the settings of this installation allow them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.channels import MailServer, Outgoing, Reach

if TYPE_CHECKING:
    from web.settings import Settings


def channels_of(settings: Settings) -> Outgoing | None:
    """Return the channels of an installation; None where its settings name none."""
    if not settings.mail_server and not settings.notice_hosts:
        return None
    mail = MailServer(
        settings.mail_server,
        settings.mail_port,
        settings.mail_tls,
        settings.mail_user,
        settings.mail_password,
        settings.mail_from,
        _listed(settings.mail_domains),
    )
    return Outgoing(mail, Reach(_listed(settings.notice_hosts), settings.notice_private))


def _listed(text: str) -> tuple[str, ...]:
    """Return the parts of a setting that is separated by commas, in lower case."""
    return tuple(part.strip().lower() for part in text.split(",") if part.strip())
