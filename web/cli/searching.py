"""`search rebuild`: what the search finds is made anew of the records."""

from __future__ import annotations

import click

from engine.commands.rebuild_search import ORDER, Rebuilt, rebuild_search, searchable
from engine.desk import system_actor
from web.cli.saying import console

WORDS = {"person": ("人员", "people"), "case": ("案件", "cases"), "document": ("文书", "documents")}


@click.group()
def search() -> None:
    """检索 / The full-text search."""


@search.command()
@click.option(
    "--from",
    "begin",
    default="",
    metavar="KIND:ID",
    help="从中断处继续 / go on where it was interrupted, as it printed",
)
@click.option(
    "--batch", default=500, type=click.IntRange(1, 5000), help="每批多少 / how many a time"
)
def rebuild(begin: str, batch: int) -> None:
    """重建检索索引 / Rebuild the index; the platform may run meanwhile."""
    out = console()
    kind, _colon, after = begin.partition(":")
    if kind not in {"", *ORDER}:
        out.stop(
            f"--from 须为 {'、'.join(ORDER)} 之一加冒号和编号，如中断时所示。",
            f"--from is one of {', '.join(ORDER)}, a colon and an id, as it was printed.",
        )
    office = out.open()
    platform = system_actor("")
    done = 0
    now = Rebuilt(kind or ORDER[0], after, 0)
    try:
        total = office.ask(platform, searchable)
        while not now.is_over:
            now = office.give(platform, rebuild_search, now.kind, now.after, most=batch)
            done += now.count
            zh, en = WORDS[now.kind]
            out.say(
                f"{done}/{total}　{zh}　继续：--from {now.kind}:{now.after}",
                f"{done}/{total}  {en}  go on: --from {now.kind}:{now.after}",
            )
    finally:
        office.database.close()
    out.say(f"检索索引已重建，共 {done} 条。", f"The search index is rebuilt: {done} entries.")


COMMANDS = (search,)
