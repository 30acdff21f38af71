"""Persons, posts, relations and log-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.accounts import lock_account, set_password, set_rights, unlock_account
from engine.commands.move_person import move_person
from engine.commands.organise import (
    STATUSES,
    add_person,
    describe_person,
    end_post,
    give_post,
    open_account,
    relate,
)
from engine.commands.passwords import hash_password
from engine.desk.views.register import (
    every_unit,
    everybody,
    people,
    person_card,
    roles_known,
    units,
)
from engine.errors import Refusal
from web.acting import then
from web.administration.area import page, pages
from web.failures import say
from web.forms import day_of
from web.statuses import person_status
from web.texts import gettext as _
from web.toolkit import PagerView
from web.visiting import ask, give, language, office, today
from web.wording import full_day_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response

    from engine.store.tables import UnitRow


@pages.get("/people", endpoint="people")
def listing() -> str:
    """Show the register by name."""
    search = request.args.get("q", "")
    found = ask(people, search=search, after=request.args.get("after", ""))
    titles = _titles()
    following = ""
    if found.after:
        following = url_for("administration.people", q=search or None, after=found.after)
    return page(
        "people",
        "people",
        lines=[
            {
                "url": url_for("administration.person", person_id=one.id),
                "name": one.name,
                "title": one.title,
                "unit": one.unit,
                "roles": _("、").join(titles.get(role, role) for role in one.roles),
            }
            for one in found.lines
        ],
        units=[("", _("（无）")), *((one.id, one.name) for one in ask(units))],
        search=search,
        pager=PagerView(_("按姓名排列"), next_url=following),
    )


@pages.post("/people")
def person_add() -> Response:
    """Add a person."""
    name = request.form.get("name", "").strip()
    if not name:
        flash(_("请填写姓名。"), "bad")
        return redirect(url_for("administration.people"))
    row = give(
        add_person,
        name,
        title=request.form.get("title", "").strip(),
        unit_id=request.form.get("unit") or None,
    )
    flash(_("已添加 %(name)s。", name=name), "ok")
    return redirect(url_for("administration.person", person_id=row.id))


@pages.get("/people/<person_id>")
def person(person_id: str) -> str:
    """Show a person with posts, relations and log-ins."""
    card = ask(person_card, person_id)
    titles, rows = _titles(), ask(every_unit)
    day = today()
    return page(
        "person",
        "people",
        who=card,
        posts=[
            {
                "id": post.id,
                "role": titles.get(post.role, post.role),
                "title": post.title,
                "unit": unit,
                "from": full_day_text(post.valid_from),
                "to": full_day_text(post.valid_to) if post.valid_to else "",
                "runs": post.valid_to is None or post.valid_to >= day,
            }
            for post, unit in card.posts
        ],
        relations=[
            {"kind": relation_text(kind), "name": name, "note": note}
            for kind, name, _id, note in card.relations
        ],
        roles=sorted(titles.items(), key=lambda one: one[1]),
        units=[("", _("（本人单位）")), *_open(rows)],
        places=[("", _("（无）")), *_open(rows, besides=card.row.unit_id)],
        others=[one for one in ask(everybody) if one[0] != person_id],
        kinds=[(kind, relation_text(kind)) for kind in RELATIONS],
        now=office().clock.now(),
        today=day,
        statuses=[(one, person_status(one)) for one in STATUSES],
    )


@pages.post("/people/<person_id>")
def person_describe(person_id: str) -> Response:
    """Say at what level a person is and whether still in service (SUP-025, SUP-070)."""
    return then(
        url_for("administration.person", person_id=person_id),
        _("级别和状态已更新。"),
        describe_person,
        person_id,
        level=request.form.get("level", ""),
        status=request.form.get("status", ""),
    )


@pages.post("/people/<person_id>/unit")
def person_move(person_id: str) -> Response:
    """Move a person to another unit, or call the person's post otherwise (SUP-017)."""
    return then(
        url_for("administration.person", person_id=person_id),
        _("单位和职务已更改。"),
        move_person,
        person_id,
        unit_id=request.form.get("unit") or None,
        title=request.form.get("title", ""),
        reasons=request.form.get("reasons", ""),
    )


@pages.post("/people/<person_id>/posts")
def post_give(person_id: str) -> Response:
    """Give a person a post."""
    first = day_of(request.form.get("valid_from"))
    if first is None:
        raise BadRequest
    return then(
        url_for("administration.person", person_id=person_id),
        _("已任职。"),
        give_post,
        person_id,
        request.form.get("role", ""),
        valid_from=first,
        valid_to=day_of(request.form.get("valid_to")),
        unit_id=request.form.get("unit") or None,
        title=request.form.get("title", "").strip(),
        reasons=request.form.get("reasons", ""),
    )


@pages.post("/people/<person_id>/posts/<post_id>")
def post_end(person_id: str, post_id: str) -> Response:
    """End a post."""
    last = day_of(request.form.get("last_day"))
    if last is None:
        raise BadRequest
    url = url_for("administration.person", person_id=person_id)
    reasons = request.form.get("reasons", "")
    return then(url, _("任职已终止。"), end_post, post_id, last_day=last, reasons=reasons)


@pages.post("/people/<person_id>/relations")
def relation_add(person_id: str) -> Response:
    """Note a relation with another person."""
    return then(
        url_for("administration.person", person_id=person_id),
        _("已登记关系。"),
        relate,
        person_id,
        request.form.get("other", ""),
        kind=request.form.get("kind", ""),
        note=request.form.get("note", "").strip(),
    )


@pages.post("/people/<person_id>/accounts")
def account_open(person_id: str) -> Response:
    """Give a person a log-in; the password is hashed before the transaction begins."""
    url = url_for("administration.person", person_id=person_id)
    try:
        hashed = hash_password(request.form.get("password", ""))
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url)
    name = request.form.get("name", "").strip()
    is_admin = request.form.get("is_admin") == "yes"
    done = _("已开通账号 %(name)s。", name=name)
    return then(
        url,
        done,
        open_account,
        person_id,
        name,
        password_hash=hashed,
        is_admin=is_admin,
        reasons=request.form.get("reasons", ""),
    )


@pages.post("/people/<person_id>/accounts/<name>")
def account_change(person_id: str, name: str) -> Response:
    """Lock or unlock a log-in, give or take its rights, or give it another password."""
    url = url_for("administration.person", person_id=person_id)
    action = request.form.get("action")
    reasons = request.form.get("reasons", "")
    if action == "lock":
        return then(url, _("账号已停用。"), lock_account, name, reasons=reasons)
    if action == "unlock":
        return then(url, _("账号已恢复。"), unlock_account, name, reasons=reasons)
    if action == "give":
        done = _("已授予管理权。")
        return then(url, done, set_rights, name, is_admin=True, reasons=reasons)
    if action == "take":
        done = _("已收回管理权。")
        return then(url, done, set_rights, name, is_admin=False, reasons=reasons)
    try:
        hashed = hash_password(request.form.get("password", ""))
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url)
    done = _("口令已更换，原有登录已退出。")
    return then(url, done, set_password, name, hashed, reasons=reasons)


RELATIONS = ("kin", "superior", "interest", "other")


def relation_text(kind: str) -> str:
    """Return what a relation is called (SUP-017)."""
    return {
        "kin": _("亲属"),
        "superior": _("上下级"),
        "interest": _("利益关系"),
        "other": _("其他"),
    }.get(kind, kind)


def _open(rows: Sequence[UnitRow], *, besides: str | None = None) -> list[tuple[str, str]]:
    """Return the units that take somebody in, and the one where somebody is already."""
    return [(one.id, one.name) for one in rows if one.closed_on is None or one.id == besides]


def _titles() -> dict[str, str]:
    return {key: title.say(language()) for key, title in ask(roles_known).items()}
