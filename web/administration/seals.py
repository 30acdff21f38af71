"""The picture of the authority's seal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, request, url_for
from werkzeug.exceptions import NotFound

from engine.commands.set_seal import KEY, own_seal, remove_seal, set_seal
from engine.desk.views.settings import changes
from engine.model.settings import Area
from web.acting import then
from web.administration.area import page, pages
from web.administration.setting_words import line_of
from web.texts import gettext as _
from web.visiting import ask

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


@pages.get("/seal", endpoint="seal")
def seal_page() -> str:
    """Show the seal in use, the forms that change it or take it down, and its changes."""
    return page(
        "seal",
        "seal",
        has_seal=ask(own_seal) is not None,
        changes=[line_of(one) for one in ask(changes, area=Area.SEAL, key=KEY).lines],
    )


@pages.get("/seal.png")
def seal_image() -> Response:
    """Give the picture itself."""
    content = ask(own_seal)
    if content is None:
        raise NotFound
    return Response(content, mimetype="image/png")


@pages.post("/seal")
def seal_upload() -> AnyResponse:
    """Upload a picture, or take down the one in use."""
    reasons = request.form.get("reasons", "")
    if request.form.get("action") == "remove":
        return then(
            url_for("administration.seal"), _("已撤下印章图片。"), remove_seal, reasons=reasons
        )
    sent = request.files.get("image")
    here = url_for("administration.seal")
    if sent is None or not sent.filename:
        flash(_("请选择图片。"), "bad")
        return redirect(here)
    return then(here, _("已上传印章图片。"), set_seal, sent.read(), reasons=reasons)
