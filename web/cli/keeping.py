"""`backup` and `restore`: that nothing is lost."""

from __future__ import annotations

from pathlib import Path

import click

from engine.store.backups import NotEmbedded
from web.cli.saying import console
from web.keeping import NotRestorable, back_up
from web.keeping import restore as put_back


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """备份 / Back up database and files, and the keys beside them."""
    out = console()
    office = out.open()
    try:
        made = back_up(office, out.settings.home, file)
    except FileExistsError as there:
        out.stop(f"{there} 已存在，不覆盖。", f"{there} exists and is not overwritten.")
    except NotEmbedded:
        out.stop(
            "数据库在 PostgreSQL 上：请用 pg_dump 备份数据库，并另行备份 "
            f"{out.settings.home} 中的文件和密钥。",
            "The database is on PostgreSQL: back it up by pg_dump, and the files and keys in "
            f"{out.settings.home} beside it.",
        )
    finally:
        office.database.close()
    out.say(
        f"已备份到 {made.archive}（另有 {made.files} 个文件）；密钥在 {made.keys}，请分开保存。",
        f"Backed up to {made.archive} (with {made.files} files); the keys are in {made.keys}: "
        "keep them apart.",
    )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--keys",
    type=click.Path(dir_okay=False, path_type=Path),
    help="密钥文件；缺省为备份旁的 / the keys; those beside the backup if not given",
)
def restore(file: Path, keys: Path | None) -> None:
    """恢复 / Restore a backup into an empty home."""
    out = console()
    try:
        count = put_back(file, out.settings.home, keys)
    except NotRestorable as refused:
        out.stop(refused.zh, refused.en)
    out.say(
        f"已恢复到 {out.settings.home}（{count} 个文件）。请运行 wenze verify。",
        f"Restored into {out.settings.home} ({count} files). Run wenze verify.",
    )


COMMANDS = (backup, restore)
