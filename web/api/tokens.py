"""访问令牌: tokens are made, seen and revoked here; and the page to try the interface."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.commands.sign import signed
from engine.commands.tokens import create_token, revoke_token, tokens
from engine.errors import NotAllowed, Refusal
from engine.model.scopes import Scope
from web.failures import say
from web.texts import gettext as _
from web.visiting import ask, civil, give, office, today, visitor

if TYPE_CHECKING:
    from engine.commands.tokens import NewToken

pages = Blueprint("tokens", __name__)


@pages.get("/account/tokens")
def listing() -> str:
    """Show the reader's tokens; an administrator's page has those of the authority, too."""
    return _page()


@pages.post("/account/tokens")
def create() -> Any:
    """Make a token, with the password entered again; it is shown on the page that follows."""
    try:
        last = date.fromisoformat(request.form.get("expires_on", ""))
    except ValueError:
        flash(_("请填写令牌的最后有效日。"), "bad")
        return redirect(url_for("tokens.listing"))
    try:
        actor = signed(office(), visitor().actor, request.form.get("password", ""))
        made = office().give(
            actor,
            create_token,
            request.form.get("name", ""),
            request.form.getlist("scope"),
            expires_on=last,
            account_name=request.form.get("account", "").strip(),
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url_for("tokens.listing"))
    return _page(made)


@pages.post("/account/tokens/<token_id>/revoke")
def revoke(token_id: str) -> Any:
    """Revoke a token at once."""
    try:
        give(revoke_token, token_id)
        flash(_("令牌已撤销，即时失效。"), "ok")
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
    return redirect(url_for("tokens.listing"))


@pages.get("/account/api")
def trying() -> str:
    """Show the page on which the interface is tried."""
    return render_template("tokens/trying.html", document_url=url_for("api.openapi"))


def scope_texts() -> dict[str, str]:
    """Return what each scope is called."""
    return {
        Scope.READ.value: _("查看：本人能看到的"),
        Scope.WORK.value: _("办理：办理事项、案件和消息"),
        Scope.START.value: _("立案：登记线索、发起案件"),
        Scope.DEPLOY.value: _("部署：提交和发布流程"),
        Scope.ADMIN.value: _("管理：以管理员身份操作"),
    }


def _page(made: NewToken | None = None) -> str:
    is_admin = visitor().actor.is_admin
    return render_template(
        "tokens/list.html",
        lines=ask(tokens, of_all=is_admin),
        is_admin=is_admin,
        me=visitor().account,
        made=made,
        scopes=scope_texts(),
        today=today(),
        day=lambda instant: civil(instant).date(),
    )
