"""`dmn-tck` and `bench`: how right, and how fast."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from bpmn.dmn.tck import run_kit
from engine.publishing.bench import Times, growth, times
from web.bench import Plan, Unmeasurable, measure, replaced, report
from web.cli.saying import FAILED, Console, console

PAGE = str(Path(__file__).parents[2] / "docs" / "performance.md")


@click.command("dmn-tck")
@click.argument("kit", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--level", type=click.IntRange(2, 3), help="只运行该级别 / only this level")
@click.option("--failures", is_flag=True, help="列出每个失败 / list each failure")
def dmn_tck(kit: Path, level: int | None, *, failures: bool) -> None:
    """运行 DMN 兼容性测试集 / Run the DMN Technology Compatibility Kit."""
    result = run_kit(kit, level=level)
    if failures:
        for failure in result.failures:
            click.echo(str(failure))
    click.echo(f"passed {result.passed} of {result.total}")
    if result.failures:
        sys.exit(FAILED)


@click.command()
@click.option("--completed", default=20, show_default=True, help="已办任务数 / tasks done before")
@click.option("--rounds", default=30, show_default=True, help="计时次数 / completions to be timed")
def bench(completed: int, rounds: int) -> None:
    """办结一项任务的耗时与下限之比 / Time one task completion against its floor."""
    out = console()
    out.say(
        f"办结一项任务（案件已办 {completed} 项），毫秒，中位数，{rounds} 次：",
        f"One task completion (case with {completed} done), milliseconds, median of {rounds}:",
    )
    _print(out, times(completed=completed, rounds=rounds))
    server = os.environ.get(SERVER) or out.settings.database
    if server.startswith("postgresql"):
        _print(out, times(server, completed=completed, rounds=rounds))
    else:
        out.say(
            f"  postgresql：未指明服务器（{SERVER} 或 WENZE_DATABASE）",
            f"  postgresql: no server is named ({SERVER} or WENZE_DATABASE)",
        )
    out.say("流程状态随已办任务数的变化：", "The diagram's state against its length:")
    for one in growth(20, 1_000):
        out.say(
            f"  {one.tasks:>5} 项：每步访问 {one.held} 个任务，状态 {one.state} 字节，"
            f"每步 {one.step:.2f} 毫秒",
            f"  {one.tasks:>5} tasks: {one.held} tasks visited a step, {one.state} bytes of "
            f"state, {one.step:.2f} ms a step",
        )


def _print(out: Console, found: Times) -> None:
    out.say(
        f"  {found.backend:<11} {found.total:.2f}（95% 在 {found.slow:.2f} 内）= 语言 "
        f"{found.language:.2f} + 规则 {found.rules:.2f} + 存储 {found.store:.2f}；"
        f"{found.statements} 条语句，下限 {found.floor:.2f}，比值 {found.ratio:.2f}",
        f"  {found.backend:<11} {found.total:.2f} (95% within {found.slow:.2f}) = language "
        f"{found.language:.2f} + rules {found.rules:.2f} + store {found.store:.2f}; "
        f"{found.statements} statements, floor {found.floor:.2f}, ratio {found.ratio:.2f}",
    )


@click.command("bench-office")
@click.option("--cases", default=100_000, show_default=True, help="在办案件数 / open cases")
@click.option("--worked", default=300, show_default=True, help="办理的案件 / cases worked on")
@click.option("--seconds", default=5.0, show_default=True, help="每项计时 / seconds for each")
@click.option("--timers", default=10_000, show_default=True, help="同时到期 / due at once")
@click.option(
    "--clients", default=(1, 2, 4), multiple=True, show_default=True, help="进程数 / processes"
)
@click.option(
    "--write",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    is_flag=False,
    flag_value=PAGE,
    help="写入文档 / write the result into this page (docs/performance.md)",
)
def bench_office(write: Path | None, **wanted: Any) -> None:
    """一个单位的吞吐量，在 PostgreSQL 上 / What an office carries, on PostgreSQL.

    中断后再次运行，从断处继续 / an interrupted run goes on when it is given again.
    """
    out = console()
    server = os.environ.get(SERVER) or out.settings.database
    if not server.startswith("postgresql"):
        out.stop(
            f"未指明 PostgreSQL 服务器（{SERVER} 或 WENZE_DATABASE）。",
            f"No server of PostgreSQL is named ({SERVER} or WENZE_DATABASE).",
        )
    try:
        found = measure(
            server,
            Plan(**wanted),
            out.settings.home / "bench-office.json",
            tell=lambda stage: click.echo(f"… {stage}", err=True),
        )
    except Unmeasurable as refused:
        out.stop(refused.zh, refused.en)
    click.echo(report(found))
    if write is not None:
        write.write_text(replaced(write.read_text("utf-8"), report(found)), "utf-8")


SERVER = "WENZE_TEST_POSTGRES"
COMMANDS = (dmn_tck, bench, bench_office)
