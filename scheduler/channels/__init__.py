"""How notices leave the platform: mail, robots, webhooks; see `engine.ports.Channels`."""

from __future__ import annotations

from scheduler.channels.mail import MailServer
from scheduler.channels.outgoing import Outgoing
from scheduler.channels.reaching import Reach

__all__ = ["MailServer", "Outgoing", "Reach"]
