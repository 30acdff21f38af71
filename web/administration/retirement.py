"""期满移出: closed cases whose time is over, the round that is going, the rounds before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for

from engine.commands.retire import (
    decide_retirement,
    propose_retirement,
    retirable,
    retirements,
)
from web.acting import then
from web.administration.area import page, pages
from web.moments import instant_text
from web.texts import gettext as _
from web.visiting import ask, visitor

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

SHOWN = 50


@pages.get("/retirement", endpoint="retirement")
def retirement_page() -> str:
    """Show what may leave, as a dry run, and the rounds with their progress."""
    found = ask(retirable)
    rounds = ask(retirements)
    states = {
        "proposed": _("待批准"),
        "rejected": _("未批准"),
        "running": _("正在移出"),
        "done": _("已完成"),
    }
    return page(
        "retirement",
        "retirement",
        found=found[:SHOWN],
        total=len(found),
        rounds=rounds,
        states=states,
        waiting=next((one for one in rounds if one.state == "proposed"), None),
        is_own=any(
            one.state == "proposed" and one.proposed_by == visitor().actor.person_id
            for one in rounds
        ),
        is_going=any(one.state in {"proposed", "running"} for one in rounds),
        instant=instant_text,
    )


@pages.post("/retirement")
def retirement_propose() -> Response:
    """Propose a round."""
    return then(
        url_for("administration.retirement"),
        _("已提出，等另一名管理员批准。"),
        propose_retirement,
        reasons=request.form.get("reasons", ""),
    )


@pages.post("/retirement/<retirement_id>")
def retirement_decide(retirement_id: str) -> Response:
    """Approve or reject a round that another administrator proposed."""
    approved = request.form.get("action") == "grant"
    return then(
        url_for("administration.retirement"),
        _("已批准，正在后台逐件移出。") if approved else _("未批准，案件留在日常库。"),
        decide_retirement,
        retirement_id,
        approved=approved,
        reasons=request.form.get("reasons", ""),
    )
