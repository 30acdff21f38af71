"""`retire` and `retired`: closed cases leave the daily tables; their packages are taken out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.accounts import actor_of
from engine.commands.retire import (
    case_numbered,
    decide_retirement,
    open_archive,
    propose_retirement,
    retirable,
    retirements,
)
from engine.desk import SYSTEM, Actor, system_actor
from engine.errors import NotFound, Refusal
from web.cli.saying import console

if TYPE_CHECKING:
    from engine.desk import Office
    from web.cli.saying import Console

EVERYWHERE = Actor(SYSTEM, "")


@click.command()
@click.option("--as", "account", required=True, help="以哪个管理员登录名 / as this administrator")
@click.option("--propose", is_flag=True, help="提出移出 / propose what may leave")
@click.option("--approve", default="", metavar="ID", help="批准这一批 / approve this round")
@click.option("--reject", default="", metavar="ID", help="不批准 / reject it")
@click.option("--reasons", default="", help="理由 / why")
def retire(account: str, approve: str, reject: str, reasons: str, *, propose: bool) -> None:
    """移出期满案件；不加选项只列出 / Retire closed cases; lists them where nothing else is said.

    平台运行时逐件办理 / the running platform carries an approved round, case by case.
    """
    out = console()
    office = out.open()
    try:
        actor = office.ask(EVERYWHERE, actor_of, account)
        if propose:
            made = office.give(actor, propose_retirement, reasons=reasons)
            out.say(
                f"已提出 {made.id}，共 {made.total} 件，等另一名管理员批准。",
                f"Proposed {made.id}, {made.total} cases; another administrator approves it.",
            )
        elif approve or reject:
            office.give(
                actor,
                decide_retirement,
                approve or reject,
                approved=bool(approve),
                reasons=reasons,
            )
            out.say("已决定。", "Decided.")
        else:
            _list(out, office, actor)
    except (NotFound, Refusal) as refused:
        out.refuse(refused)
    finally:
        office.database.close()


def _list(out: Console, office: Office, actor: Actor) -> None:
    found = office.ask(actor, retirable)
    for one in found:
        click.echo(f"  {one.number}  {one.procedure}  {one.closed_at:%Y-%m-%d}")
    out.say(
        f"{len(found)} 件可移出（未作改动）。", f"{len(found)} may leave (nothing was changed)."
    )
    for row in office.ask(actor, retirements):
        click.echo(f"  {row.id}  {row.state}  {row.done + row.kept}/{row.total}")


@click.command()
@click.argument("number")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--reason", required=True, help="为何调取，记入查阅记录 / why; on the access record")
def retired(number: str, file: Path, reason: str) -> None:
    """调取已移出案件的档案包 / Take out the package of a case that has left, by its number."""
    out = console()
    if file.exists():
        out.stop(f"{file} 已存在，不覆盖。", f"{file} exists and is not overwritten.")
    office = out.open()
    try:
        case_id, authority = office.ask(EVERYWHERE, case_numbered, number)
        item, content = office.give(system_actor(authority), open_archive, case_id, reason=reason)
    except (NotFound, Refusal) as refused:
        out.refuse(refused)
    finally:
        office.database.close()
    file.write_bytes(content)
    out.say(f"已写入 {file}，SHA-256 {item.digest}。", f"Wrote {file}, SHA-256 {item.digest}.")


COMMANDS = (retire, retired)
