"""How the reader wishes to be told besides on the pages, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request, url_for

from engine.commands.notice_preferences import (
    drop_notice_address,
    prove_notice_address,
    save_notice_preference,
    set_notice_address,
    try_notice_address,
)
from engine.desk.views.notifying import own_wishes
from engine.errors import Refusal
from engine.model.notifying import SIGNED, Channel, Digest, Event
from web.acting import carried_out, then
from web.notices.views import pages
from web.notices.wording import channel_text, event_text, kind_text
from web.texts import gettext as _
from web.visiting import ask, give

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from werkzeug.wrappers import Response


@pages.get("/notices/settings")
def settings() -> str:
    """Show wishes and addresses."""
    found = ask(own_wishes)
    wish = found.preference
    return render_template(
        "notices/settings.html",
        events=[(event, event_text(event)) for event in Event],
        channels=[(channel, channel_text(channel)) for channel in Channel],
        wish=wish,
        digests=[(Digest.AT_ONCE, _("随时逐条")), (Digest.DAILY, _("每天汇总一次（红牌除外）"))],
        quiet=wish.quiet,
        addresses=found.addresses,
        offered={
            channel: [(kind, kind_text(kind)) for kind in kinds]
            for channel, kinds in found.offered.items()
        },
        kind=kind_text,
        unproved=found.unproved,
        signed=SIGNED,
    )


@pages.post("/notices/settings")
def settings_save() -> Response:
    """Keep the wishes."""
    form = request.form
    return _then(
        _("已保存。"),
        save_notice_preference,
        {event.value: form.getlist(f"on-{event}") for event in Event},
        digest=form.get("digest", ""),
        digest_at=form.get("digest_at", ""),
        quiet_from=form.get("quiet_from", ""),
        quiet_to=form.get("quiet_to", ""),
        workdays_only=form.get("workdays_only") == "yes",
    )


@pages.post("/notices/addresses/<channel>")
def address(channel: str) -> Response:
    """Keep an address."""
    form = request.form
    return _then(
        _("确认码已发往该邮箱，填入后才启用；此前仍用原地址。")
        if channel == Channel.MAIL
        else _("已保存。可以点“试发”核对。"),
        set_notice_address,
        channel,
        form.get(f"kind-{channel}", ""),
        form.get(f"address-{channel}", ""),
        secret=form.get(f"secret-{channel}", ""),
    )


@pages.post("/notices/addresses/<channel>/proof")
def address_proof(channel: str) -> Response:
    """Enter the code that was sent to a new address."""

    def prove() -> None:
        if give(prove_notice_address, channel, request.form.get(f"code-{channel}", "")) is None:
            raise Refusal("notify.proof_wrong")

    return carried_out(url_for("notices.settings"), _("地址已确认，即日起启用。"), prove)


@pages.post("/notices/addresses/<channel>/drop")
def address_drop(channel: str) -> Response:
    """Forget an address."""
    return _then(_("已删除，不再向该地址发送。"), drop_notice_address, channel)


@pages.post("/notices/addresses/<channel>/try")
def address_try(channel: str) -> Response:
    """Have a trial message sent."""
    return _then(_("已安排试发；一分钟内只发一次。"), try_notice_address, channel)


def _then(done: str, command: Callable[..., Any], *args: Any, **given: Any) -> Response:
    return then(url_for("notices.settings"), done, command, *args, **given)
