"""`serve` and `demo`: start the platform."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.publishing.folders import RULES, FolderRefused
from web.cli.saying import Console, console
from web.demo import DemoRefused, build, log_ins, shared_password
from web.keys import keys_in
from web.logs import set_up_logs
from web.office import open_installation
from web.server import Node, NotServable, Role, listen, parts_of, serving
from web.settings import Settings, SettingsRefused

if TYPE_CHECKING:
    from engine.desk import Office

PROCESSES = Path(__file__).parents[2] / "processes"
"""The procedures of this release, in a checkout and in an installed wheel alike."""
DATABASE = "wenze.db"


@click.command()
@click.option("--port", type=int, help="端口 / port to listen on")
@click.option("--host", help="监听地址 / address to listen on")
@click.option(
    "--role",
    type=click.Choice([str(role) for role in Role]),
    default=str(Role.ALL),
    show_default=True,
    help="本节点做什么 / what this node does (PostgreSQL)",
)
def serve(port: int | None, host: str | None, role: str) -> None:
    """启动平台 / Start the platform on the configured database."""
    out = console()
    settings = _with(out, out.settings, port, host)
    _serve(out, out.open(), settings, Role(role))


@click.command()
@click.option("--port", type=int, help="端口 / port to listen on")
@click.option("--host", help="监听地址 / address to listen on")
@click.option("--reset", is_flag=True, help="重建演练数据 / build the rehearsal anew")
@click.option("--build-only", is_flag=True, help="只建数据，不启动 / build it and do not start")
@click.option(
    "--processes",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=PROCESSES,
    show_default=True,
    help="流程所在文件夹 / where the procedures are",
)
def demo(
    port: int | None, host: str | None, processes: Path, *, reset: bool, build_only: bool
) -> None:
    """演练：建好人员、流程和示例案件，启动 / Rehearse: people, procedures, cases; start."""
    out = console()
    home = out.settings.home / "demo"
    settings = _with(out, replace(out.settings, home=home, database=""), port, host)
    if reset and home.exists():
        shutil.rmtree(home)
    if not (home / DATABASE).exists():
        _build(out, settings, processes)
    office = open_installation(settings)
    _print_log_ins(out, office)
    if build_only:
        office.database.close()
        return
    _serve(out, office, settings)


def _build(out: Console, settings: Settings, processes: Path) -> None:
    """Build beside the place and move it there, so that nothing half-built is ever served."""
    partial = settings.home.with_name(f"{settings.home.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    folders = sorted(path.parent for path in processes.glob(f"*/{RULES}"))
    try:
        build(replace(settings, home=partial), folders, tell=out.say)
    except (DemoRefused, FolderRefused) as refused:
        out.stop(refused.zh, refused.en)
    partial.rename(settings.home)


def _with(out: Console, settings: Settings, port: int | None, host: str | None) -> Settings:
    try:
        return replace(
            settings,
            port=settings.port if port is None else port,
            host=settings.host if host is None else host,
        )
    except SettingsRefused as refused:
        out.stop(str(refused), str(refused))


def _serve(out: Console, office: Office, settings: Settings, role: Role = Role.ALL) -> None:
    set_up_logs(settings.log_level)
    try:
        if role in {Role.WORKER, Role.SCHEDULER}:
            node = Node(parts_of(office, settings, role), office, serving(office))
            out.say(f"{role} 已启动（按 Ctrl+C 停止）", f"{role} runs (Ctrl+C stops)")
            node.run()
            return
        server = listen(office, settings, keys_in(settings.home), role=role)
    except NotServable as refused:
        office.database.close()
        out.stop(refused.zh, refused.en)
    out.say(
        f"请用浏览器打开 {server.address} （按 Ctrl+C 停止）",
        f"Open {server.address} in a browser (Ctrl+C stops)",
    )
    server.run()


def _print_log_ins(out: Console, office: Office) -> None:
    out.say(
        f"演练用登录名（口令均为 {shared_password()}；也可在登录页直接选人）：",
        f"Log-ins of the rehearsal (password {shared_password()}; or pick a person on the page):",
    )
    for one in log_ins(office):
        click.echo(f"  {one.authority:<10} {one.account:<8} {one.name}  {one.title}")


COMMANDS = (serve, demo)
