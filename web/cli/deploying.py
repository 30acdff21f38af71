"""`deploy`: a checked procedure becomes a draft, and by a second person a published version."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

import bpmn
from engine.commands.accounts import actor_of
from engine.commands.publish_version import approve_version, draft_version
from engine.desk import SYSTEM, Actor, Desk
from engine.errors import NotFound, Refusal
from engine.publishing.checks import check_folder
from engine.publishing.folders import FolderRefused, read_folder, read_zip
from engine.publishing.manifests import digest_of_manifest, manifest_of
from web.cli.checking import print_report
from web.cli.saying import FAILED, Console, console
from web.office import font_folders

if TYPE_CHECKING:
    from engine.desk import Office
    from engine.publishing.folders import Folder


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--by", required=True, help="起草人的登录名 / log-in of who drafts it")
@click.option("--approve", help="批准人的登录名 / log-in of who approves it; another person")
@click.option(
    "--from",
    "since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="生效日，缺省为今日 / day of effect; today if not given",
)
@click.option(
    "--shared",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("processes/shared"),
    show_default=True,
    help="压缩包所用公共子流程的位置 / where the shared folders of a zip are",
)
def deploy(
    source: Path, by: str, approve: str | None, since: datetime | None, shared: Path
) -> None:
    """检查并部署流程文件夹或 ZIP / Check a folder or zip and deploy it as a draft."""
    out = console()
    try:
        folder = read_folder(source) if source.is_dir() else read_zip(source.read_bytes(), shared)
        report = check_folder(folder, fonts=font_folders(out.settings))
    except FolderRefused as refused:
        out.stop(refused.zh, refused.en)
    except bpmn.DiagramRefused as refused_diagram:
        lines = "\n".join(out.finding(finding) for finding in refused_diagram.findings)
        out.stop(lines, lines, FAILED)
    print_report(out, report)
    if not report.passed:
        out.stop("未通过检查，没有部署。", "It did not pass and is not deployed.", FAILED)
    office = out.open()
    try:
        _deploy(out, office, folder, report.as_json(), by=by, approve=approve, since=since)
    except (Refusal, NotFound) as refusal:
        out.refuse(refusal)
    finally:
        office.database.close()


def _deploy(
    out: Console,
    office: Office,
    folder: Folder,
    report: dict[str, object],
    *,
    by: str,
    approve: str | None,
    since: datetime | None,
) -> None:
    manifest = manifest_of(folder)
    version = office.give(
        _actor(out, office, by),
        draft_version,
        folder.procedure,
        manifest=manifest,
        digest=digest_of_manifest(manifest),
        files={**folder.files, **folder.scenarios},
        report=report,
    )
    if approve is None:
        out.say(
            f"{folder.procedure} 第 {version.number} 版已存为草稿，须由另一人批准后发布。",
            f"{folder.procedure} {version.number} is a draft; another person must approve it.",
        )
        return
    approver = _actor(out, office, approve)
    effective_on: date = since.date() if since else office.ask(approver, _today)
    office.give(approver, approve_version, version.id, effective_on=effective_on)
    out.say(
        f"{folder.procedure} 第 {version.number} 版已发布，自 {effective_on} 起生效。",
        f"{folder.procedure} {version.number} is published, in effect from {effective_on}.",
    )


def _actor(out: Console, office: Office, account: str) -> Actor:
    try:
        return office.ask(Actor(SYSTEM, ""), actor_of, account)
    except NotFound:
        out.stop(f"没有登录名 {account}。", f"There is no log-in {account}.")


def _today(desk: Desk) -> date:
    return desk.today()


COMMANDS = (deploy,)
