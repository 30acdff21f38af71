"""`verify`, `export-record` and `record-key`: that the record holds, here and elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from engine.commands.anchor_record import ALL, note_check
from engine.desk import system_actor
from engine.store.access import verify_access
from engine.store.anchors import verify_anchors
from engine.store.exporting import VERIFIER, export_record
from engine.store.record import heads_of
from engine.store.record import verify as verify_record
from engine.vault import RecordKey, has_signed
from web.cli.saying import FAILED, Console, console
from web.keys import keys_in


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
@click.option(
    "--key",
    "keys",
    multiple=True,
    help="可信的签名公钥，缺省为本安装的 / public key to trust; this installation's if not given",
)
def verify(heads: Path | None, export: Path | None, keys: tuple[str, ...]) -> None:
    """核验审计记录 / Verify the chains of the record and their anchors."""
    out = console()
    known = _read_heads(out, heads) if heads is not None else None
    office = out.open()
    trusted = keys or (RecordKey(keys_in(out.settings.home).record).public,)
    with office.database.reading() as session:
        breaches = [
            *verify_record(session, known),
            *verify_access(session),
            *verify_anchors(session, has_signed, trusted),
        ]
        present = heads_of(session)
    office.give(
        system_actor(""), note_check, scope=ALL, streams=len(present), breaches=len(breaches)
    )
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
            "未与先前导出的链头比对：若链尾连同链头和锚定被整体改写，单凭本库无法发现。"
            "请以 wenze export-record 定期导出，另处保存。",
            "Not compared with heads exported earlier: a tail rewritten together with its head and "
            "the anchors cannot be seen from the database alone. "
            "Run wenze export-record regularly and keep the archive elsewhere.",
        )
    if breaches:
        sys.exit(FAILED)
    if export is not None:
        export.write_bytes(orjson.dumps(present, option=orjson.OPT_INDENT_2))


@click.command("export-record")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """导出审计记录及核验程序 / Export the record with a verifier that needs no platform."""
    out = console()
    office = out.open()
    try:
        with office.database.reading() as session:
            entries = export_record(session, file)
    except FileExistsError:
        out.stop(f"{file} 已存在，不覆盖。", f"{file} exists and is not overwritten.")
    finally:
        office.database.close()
    public = RecordKey(keys_in(out.settings.home).record).public
    out.say(
        f"已导出 {entries} 条记录到 {file}。核验：python3 {VERIFIER} {file} --key {public}"
        f"（{VERIFIER} 在压缩包内，公钥请另处保存）。",
        f"Exported {entries} entries to {file}. Verify: python3 {VERIFIER} {file} --key {public} "
        f"({VERIFIER} is in the archive; keep the key elsewhere).",
    )


@click.command("record-key")
def key() -> None:
    """显示记录的签名公钥 / Print the public key that anchors of the record are signed with."""
    click.echo(RecordKey(keys_in(console().settings.home).record).public)


def _read_heads(out: Console, path: Path) -> dict[str, tuple[int, str]]:
    try:
        data = orjson.loads(path.read_bytes())
        return {stream: (int(head[0]), str(head[1])) for stream, head in data.items()}
    except (orjson.JSONDecodeError, AttributeError, TypeError, ValueError, IndexError):
        out.stop(f"{path} 不是导出的链头文件。", f"{path} is no file of exported heads.")


COMMANDS = (verify, export, key)
