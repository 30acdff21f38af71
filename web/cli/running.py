"""`run`: play a diagram headless, and see what it does."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

import bpmn
from bpmn.playing import Outcome, Played, play, stub
from web.cli.saying import UNUSABLE, Console, console

if TYPE_CHECKING:
    from collections.abc import Mapping

CODES = {Outcome.ENDED: 0, Outcome.WAITING: 3, Outcome.INCIDENT: 4}
"""Exit codes, beside 2 for what is refused."""

_BEIJING = ZoneInfo("Asia/Shanghai")


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--process", metavar="ID", help="只启动这个流程 / begin only this process")
@click.option(
    "--inputs", metavar="JSON", default="{}", help="初始变量 / the variables to begin with"
)
@click.option(
    "--clock", metavar="ISO", help="时钟的起点 / where the clock begins (2026-03-02T09:00+08:00)"
)
@click.option(
    "--complete",
    type=click.Choice(("all", "ask")),
    default="all",
    show_default=True,
    help="任务一律办结，或逐一询问 / complete all work, or ask for each",
)
@click.option("--trace", is_flag=True, help="列出经过 / print what happened, an element a line")
@click.option("--stub", "stubs", is_flag=True, help="补上图中缺的 / supply what the drawing lacks")
def run(
    files: tuple[Path, ...],
    *,
    process: str | None,
    inputs: str,
    clock: str | None,
    complete: str,
    trace: bool,
    stubs: bool,
) -> None:
    """不用数据库试运行流程图 / Play diagrams against a case in memory.

    返回码：0 已结束，2 被拒绝，3 还在等待，4 出错 / exit 0 ended, 2 refused, 3 waiting, 4 incident.
    """
    out = console()
    given = _inputs(out, inputs)
    now = _clock(out, clock)
    contents = {str(path): path.read_bytes() for path in files}
    try:
        if stubs:
            contents, supplied = stub(contents, inputs=tuple(given))
            for each in supplied:
                value = each.value or "–"
                out.say(
                    f"已补：{each.element} {each.what} = {value}",
                    f"supplied: {each.element} {each.what} = {value}",
                )
        played = play(
            contents,
            now=now,
            process=process,
            inputs=given,
            answer=_ask if complete == "ask" else lambda _: {},
            outside=stubs,
        )
    except (bpmn.DiagramRefused, bpmn.dmn.DecisionRefused) as refused:
        for finding in refused.findings:
            click.echo(out.finding(finding).strip(), err=True)
        sys.exit(UNUSABLE)
    _tell(out, played, trace=trace)
    sys.exit(CODES[played.outcome])


def _inputs(out: Console, text: str) -> dict[str, object]:
    try:
        found = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        out.stop(f"--inputs 不是 JSON：{error}", f"--inputs is no JSON: {error}")
    if not isinstance(found, dict):
        out.stop("--inputs 应是 JSON 对象。", "--inputs must be a JSON object.")
    return found


def _clock(out: Console, text: str | None) -> datetime:
    if text is None:
        return datetime(2026, 1, 5, 1, tzinfo=UTC)  # the same run gives the same trace on any day
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        out.stop(
            f"--clock“{text}”不是时刻。请写如 2026-03-02T09:00+08:00。",
            f"--clock {text!r} is no instant. Write it like 2026-03-02T09:00+08:00.",
        )
    return found if found.tzinfo else found.replace(tzinfo=_BEIJING)


def _ask(item: bpmn.Item) -> Mapping[str, object] | None:
    """Ask what an item gives: a JSON object; an empty line is none, `-` leaves it undone."""
    while True:
        label = f"{item.element} {item.name}".strip()
        text = click.prompt(f"{label} ({{…}}, -)", default="{}", show_default=False, err=True)
        if text.strip() == "-":
            return None
        try:
            found = json.loads(text, parse_float=Decimal)
        except ValueError:
            continue
        if isinstance(found, dict):
            return found


def _tell(out: Console, played: Played, *, trace: bool) -> None:
    if trace:
        for line in played.trace:
            click.echo(f"{line.element} {line.event}")
    for assumed in played.assumed:
        out.say(f"假定：{assumed}", f"assumed: {assumed}")
    for incident in played.incidents:
        text = out.pick(incident.zh, incident.en)
        click.echo(f"{incident.process} {incident.element} {text}", err=True)
    outcome = {
        Outcome.ENDED: ("已结束。", "It ended."),
        Outcome.WAITING: ("还在等待：", "It waits at "),
        Outcome.INCIDENT: ("出错停下。", "It stopped at an incident."),
    }[played.outcome]
    waiting = ", ".join(played.waiting) if played.outcome is Outcome.WAITING else ""
    click.echo(out.pick(*outcome) + waiting, err=True)
    for process, variables in played.variables.items():
        shown = json.dumps(dict(variables), default=_plain, ensure_ascii=False, sort_keys=True)
        click.echo(f"{process} {shown}" if len(played.variables) > 1 else shown)


def _plain(value: Any) -> object:
    """Return a variable as JSON writes it; numbers stay exact as texts do."""
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return int(value) if whole else str(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else bpmn.feel.to_text(value)


COMMANDS = (run,)
