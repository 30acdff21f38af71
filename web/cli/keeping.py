"""`backup`, `restore` and `rotate-keys`: that nothing is lost, and nothing lies open."""

from __future__ import annotations

from pathlib import Path

import click

from engine.commands.rotate_keys import note_rotation, rewrap_keys
from engine.desk import system_actor
from engine.store.backups import NotEmbedded
from engine.store.nodes import AlreadyServed, hold_alone
from web.cli.saying import console
from web.keeping import NotRestorable, back_up
from web.keeping import restore as put_back
from web.keys import begin_rotation, end_rotation


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


@click.command("rotate-keys")
def rotate() -> None:
    """更换保密字段的主密钥 / Change the vault's master key; stop the servers first."""
    out = console()
    before = out.open()
    try:
        hold = hold_alone(before.database)
    except AlreadyServed:
        out.stop(
            "平台正在运行。请先停止全部节点再更换密钥；没有任何改动。",
            "The platform is being served. Stop every node first; nothing was changed.",
        )
    finally:
        before.database.close()
    keys = begin_rotation(out.settings.home)
    office = out.open(keys=keys)
    platform = system_actor("")
    count = 0
    try:
        while done := office.give(platform, rewrap_keys):
            count += done
        dropped = sorted(set(keys.masters) - {keys.current})
        office.give(platform, note_rotation, dropped=dropped)
        end_rotation(out.settings.home)
    finally:
        hold.release()
        office.database.close()
    out.say(
        f"已更换：{count} 把案件密钥改由 {keys.current} 包裹，旧主密钥 "
        f"{'、'.join(dropped)} 已移除。"
        "请备份新的 keys.toml；更换前的备份仍须用当时的密钥恢复。",
        f"Rotated: {count} data keys are wrapped by {keys.current}; {', '.join(dropped)} is gone. "
        "Back up the new keys.toml; earlier backups still need the keys that were beside them.",
    )


COMMANDS = (backup, restore, rotate)
