"""The picture of the authority's seal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, request, url_for
from werkzeug.exceptions import NotFound

from engine.commands.set_seal import own_seal, set_seal
from web.acting import then
from web.administration.area import page, pages
from web.texts import gettext as _
from web.visiting import ask

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


@pages.get("/seal", endpoint="seal")
def seal_page() -> str:
    """Show the seal in use, and the form by which another is uploaded."""
    return page("seal", "seal", has_seal=ask(own_seal) is not None)


@pages.get("/seal.png")
def seal_image() -> Response:
    """Give the picture itself."""
    content = ask(own_seal)
    if content is None:
        raise NotFound
    return Response(content, mimetype="image/png")


@pages.post("/seal")
def seal_upload() -> AnyResponse:
    """Upload a picture."""
    sent = request.files.get("image")
    here = url_for("administration.seal")
    if sent is None or not sent.filename:
        flash(_("请选择图片。"), "bad")
        return redirect(here)
    return then(here, _("已上传印章图片。"), set_seal, sent.read())
