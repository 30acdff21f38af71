"""The main navigation: what each kind of visitor finds in the bar, and where each begins."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import request, url_for

from engine.desk import Relation
from engine.desk.reports import PROTECTORS
from engine.desk.restricting import READERS
from web.texts import gettext as _
from web.toolkit import LinkView

if TYPE_CHECKING:
    from engine.desk.views.around import Around


PARTS = {
    ("inbox", "work"),
    ("inbox", "handing"),
    ("inbox", "moving"),
    ("inbox", "boxes"),
    ("inbox", "batches"),
    ("inbox", "exports"),
    ("cases", "ledger"),
    ("cases", "filing"),
    ("administration", "designer"),
}
"""Areas of their own that belong to an entry of the bar."""

SUPERVISION = Relation.SUPERVISION.value
DESIGNER = "process_designer"


def entries(here: Around, *, is_admin: bool) -> tuple[LinkView, ...]:
    """Return the entries of the bar for who is here; subjects and reporters have none.

    An entry is current on every page of its area.
    """
    links = []
    if here.has_post:
        links += [
            _entry(_("待办"), "inbox.listing", count=here.waiting),
            _entry(_("案件"), "cases.listing"),
            _entry(_("登记线索"), "registering.choose"),
            _entry(_("消息"), "notices.listing", count=here.unread),
        ]
    if here.roles & PROTECTORS:
        links.append(_entry(_("来信"), "received.listing"))
    if here.roles & READERS:
        links.append(_entry(_("影响期"), "standing.listing"))
    if is_admin:
        links.append(_entry(_("管理"), "administration.overview"))
    elif SUPERVISION in here.roles:
        links.append(_entry(_("督办"), "administration.late"))
    elif DESIGNER in here.roles:
        links.append(_entry(_("流程"), "administration.procedures"))
    return tuple(links)


def first_page(here: Around, *, is_admin: bool) -> str:
    """Return the address at which a visitor begins.

    Officers begin at what waits for them, administrators without a post at the platform,
    subjects and reporters at their own matter.
    """
    if here.has_post:
        return url_for("inbox.listing")
    return url_for("administration.overview" if is_admin else "own.listing")


def local(address: str, otherwise: str) -> str:
    """Return `address` if it is one of ours; what would lead elsewhere becomes `otherwise`."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or "\\" in address:
        return otherwise
    if not address.startswith("/") or address.startswith("//"):
        return otherwise
    return address


def _entry(label: str, endpoint: str, count: int | None = None) -> LinkView:
    area = endpoint.split(".", maxsplit=1)[0]
    current = request.blueprint == area or (area, request.blueprint) in PARTS
    return LinkView(label, url_for(endpoint), count=count, current=current)
