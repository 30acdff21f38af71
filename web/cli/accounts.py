"""`users`: authorities and log-ins from the command line, for who runs the machine."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from engine.commands.accounts import (
    accounts_in,
    authorities_in,
    lock_account,
    set_password,
    set_rights,
    unlink_identity,
    unlock_account,
)
from engine.commands.change_calendar import NATIONAL, CalendarWrong, national_days, publish_year
from engine.commands.grant_supervision import place_authority
from engine.commands.organise import (
    add_authority,
    add_person,
    give_post,
    open_account,
)
from engine.commands.passwords import hash_password
from engine.desk import SYSTEM, Actor, Desk, system_actor
from engine.errors import NotFound, Refusal
from web.cli.saying import Console, console

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.desk import Office

EVERYWHERE = Actor(SYSTEM, "")
GIVE, TAKE = "give", "take"
REASONS = click.option(
    "--reasons", default="", help="理由，列入更改历史 / why; kept in the history"
)


@click.group()
def users() -> None:
    """办理机关和登录名 / Authorities and log-ins."""


@users.command("list")
def list_users() -> None:
    """列出登录名 / List the log-ins."""
    out = console()
    office = out.open()
    for one in office.ask(EVERYWHERE, accounts_in):
        marks = [
            out.pick("管理员", "administrator") if one.is_admin else "",
            "" if one.is_active else out.pick("已锁定", "locked"),
            out.pick("暂时锁定", "locked for a while") if one.locked_until else "",
            "" if one.has_password else out.pick("无口令", "no password"),
        ]
        told = ", ".join(mark for mark in marks if mark)
        click.echo(f"{one.authority:<12} {one.name:<16} {one.person}  {one.title}  {told}".rstrip())
    office.database.close()


@users.command("authority")
@click.argument("key")
@click.argument("name")
@click.argument("short")
def authority(key: str, name: str, short: str) -> None:
    """设立办理机关：标识、名称、简称 / Add an authority: key, name, short name."""
    out = console()
    office = out.open()
    row = _give(out, office, EVERYWHERE, add_authority, key, name=name, short_name=short)
    this_year = office.clock.now().year
    for year in (this_year - 1, this_year, this_year + 1):
        try:
            days = national_days(year)
        except CalendarWrong:
            out.say(f"{year} 年放假安排未公布，暂定。", f"{year} is not arranged yet: provisional.")
            continue
        office.give(system_actor(row.id), publish_year, year, days, source=NATIONAL)
    office.database.close()
    out.say(f"已设立 {name}（{key}）。", f"Added {name} ({key}).")


@users.command("above")
@click.argument("key")
@click.argument("above", default="")
def placed(key: str, above: str) -> None:
    """登记上级机关：本级标识、上级标识（空即无） / Say which authority stands above another."""
    out = console()
    office = out.open()
    row = _give(out, office, EVERYWHERE, place_authority, key, above=above)
    office.database.close()
    if above:
        out.say(
            f"{row.name} 的上级机关为 {above}；督办视图由 {row.name} 的管理员授权。",
            f"{above} stands above {row.name}, whose administrator grants what it may watch.",
        )
    else:
        out.say(f"{row.name} 没有上级机关。", f"Nobody stands above {row.name}.")


@users.command("add")
@click.argument("account")
@click.option("--name", required=True, help="姓名 / the person's name")
@click.option("--authority", "key", help="办理机关标识 / key of the authority, if several")
@click.option("--title", default="", help="职务 / title")
@click.option("--role", "roles", multiple=True, help="岗位角色 / role of a post; repeatable")
@click.option("--admin", is_flag=True, help="平台管理员 / administers the platform")
@click.password_option(help="口令；不写则询问 / the password; asked for if not given")
def add(
    *,
    account: str,
    name: str,
    key: str | None,
    title: str,
    roles: tuple[str, ...],
    password: str,
    admin: bool,
) -> None:
    """登记人员并开登录名 / Add a person with a log-in."""
    out = console()
    office = out.open()
    actor = system_actor(_authority(out, office, key))
    hashed = _hashed(out, password)
    _give(
        out,
        office,
        actor,
        _add_person,
        account,
        name=name,
        title=title,
        roles=roles,
        hashed=hashed,
        is_admin=admin,
    )
    office.database.close()
    out.say(f"已开登录名 {account}。", f"Added the log-in {account}.")


@users.command("password")
@click.argument("account")
@click.password_option(help="口令；不写则询问 / the password; asked for if not given")
@REASONS
def password_of(account: str, password: str, reasons: str) -> None:
    """重设口令，已登录的会话即刻失效 / Set another password; open sessions end."""
    out = console()
    _on_account(out, set_password, account, _hashed(out, password), reasons=reasons)
    out.say(f"{account} 的口令已重设。", f"The password of {account} is set.")


@users.command("unlink")
@click.argument("account")
@REASONS
def unlink(account: str, reasons: str) -> None:
    """解除与统一身份认证的绑定 / Forget who a log-in is at the identity provider."""
    out = console()
    _on_account(out, unlink_identity, account, reasons=reasons)
    out.say(f"{account} 的绑定已解除。", f"{account} is bound no more.")


@users.command("lock")
@click.argument("account")
@REASONS
def lock(account: str, reasons: str) -> None:
    """停用登录名，已登录的会话即刻失效 / Close a log-in; open sessions end."""
    out = console()
    _on_account(out, lock_account, account, reasons=reasons)
    out.say(f"{account} 已锁定。", f"{account} is locked.")


@users.command("unlock")
@click.argument("account")
@REASONS
def unlock(account: str, reasons: str) -> None:
    """恢复停用或锁定的登录名 / Open a closed or locked log-in again."""
    out = console()
    _on_account(out, unlock_account, account, reasons=reasons)
    out.say(f"{account} 已解锁。", f"{account} is unlocked.")


@users.command("rights")
@click.argument("account")
@click.argument("act", type=click.Choice([GIVE, TAKE]))
@REASONS
def rights(account: str, act: str, reasons: str) -> None:
    """授予（give）或收回（take）平台管理权 / Give or take the rights of an administrator."""
    out = console()
    _on_account(out, set_rights, account, is_admin=act == GIVE, reasons=reasons)
    if act == GIVE:
        out.say(f"{account} 可管理平台。", f"{account} administers the platform.")
    else:
        out.say(f"{account} 不可管理平台。", f"{account} does not administer the platform.")


def _add_person(
    desk: Desk,
    account: str,
    *,
    name: str,
    title: str,
    roles: tuple[str, ...],
    hashed: str,
    is_admin: bool,
) -> None:
    """Add a person, the posts and the log-in in one transaction."""
    person = add_person(desk, name, title=title)
    today: date = desk.today()
    for role in roles:
        give_post(desk, person.id, role, valid_from=today, title=title)
    open_account(desk, person.id, account, password_hash=hashed, is_admin=is_admin)


def _authority(out: Console, office: Office, key: str | None) -> str:
    """Return the id of the authority that is named, or of the only one there is."""
    rows = office.ask(EVERYWHERE, authorities_in)
    found = [row.id for row in rows if key in (None, row.key)]
    known = ", ".join(row.key for row in rows)
    if not rows:
        out.stop(
            "还没有办理机关；请先运行 wenze users authority。",
            "There is no authority yet; run wenze users authority first.",
        )
    if len(found) != 1:
        out.stop(
            f"请以 --authority 指明办理机关：{known}",
            f"Name the authority by --authority: {known}",
        )
    return found[0]


def _hashed(out: Console, password: str) -> str:
    try:
        return hash_password(password)
    except Refusal as refusal:
        out.refuse(refusal)


def _on_account(
    out: Console, command: Callable[..., object], account: str, *args: str, **named: object
) -> None:
    office = out.open()
    key = next((o.authority for o in office.ask(EVERYWHERE, accounts_in) if o.name == account), "")
    if not key:
        out.stop(f"没有登录名 {account}。", f"There is no log-in {account}.")
    actor = system_actor(_authority(out, office, key))
    _give(out, office, actor, command, account, *args, **named)
    office.database.close()


def _give(
    out: Console, office: Office, actor: Actor, command: Any, *args: Any, **named: Any
) -> Any:
    """Give a command, and say its refusal."""
    try:
        return office.give(actor, command, *args, **named)
    except (Refusal, NotFound) as refusal:
        office.database.close()
        out.refuse(refusal)


COMMANDS = (users,)
