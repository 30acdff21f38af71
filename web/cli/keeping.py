"""`verify`, `backup` and `restore`: that the record holds, and is not lost."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from engine.store.access import verify_access
from engine.store.backups import NotEmbedded
from engine.store.record import heads_of
from engine.store.record import verify as verify_record
from web.cli.saying import FAILED, Console, console
from web.keeping import NotRestorable, back_up
from web.keeping import restore as put_back


@click.command()
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="与先前导出的链头比对 / compare with heads exported earlier",
)
@click.option(
    "--export",
    type=click.Path(dir_okay=False, path_type=Path),
    help="导出现在的链头 / export the present heads",
)
def verify(heads: Path | None, export: Path | None) -> None:
    """核验审计记录 / Verify the chains of the record."""
    out = console()
    known = _read_heads(out, heads) if heads is not None else None
    office = out.open()
    with office.database.reading() as session:
        breaches = [*verify_record(session, known), *verify_access(session)]
        present = heads_of(session)
    office.database.close()
    for breach in breaches:
        click.echo(f"  {breach.stream} #{breach.sequence} {breach.kind}: {breach.detail}")
    entries = sum(count for count, _ in present.values())
    out.say(
        f"{len(present)} 条链，{entries} 条记录，{len(breaches)} 处断裂。",
        f"{len(present)} chains, {entries} entries, {len(breaches)} breaches.",
    )
    if known is None:
        out.say(
            "未与先前导出的链头比对：若链尾被整体改写，单凭本库无法发现。"
            "请以 --export 定期导出，另处保存。",
            "Not compared with heads exported earlier: a tail rewritten as a whole cannot be seen "
            "from the database alone. Export heads regularly by --export and keep them elsewhere.",
        )
    if breaches:
        sys.exit(FAILED)
    if export is not None:
        export.write_bytes(orjson.dumps(present, option=orjson.OPT_INDENT_2))


def _read_heads(out: Console, path: Path) -> dict[str, tuple[int, str]]:
    try:
        data = orjson.loads(path.read_bytes())
        return {stream: (int(head[0]), str(head[1])) for stream, head in data.items()}
    except (orjson.JSONDecodeError, AttributeError, TypeError, ValueError, IndexError):
        out.stop(f"{path} 不是导出的链头文件。", f"{path} is no file of exported heads.")


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


COMMANDS = (verify, backup, restore)
