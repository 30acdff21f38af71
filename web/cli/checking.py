"""`check` and `lint`: what a designer runs on a folder or a file."""

from __future__ import annotations

import io
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

import bpmn
from bpmn.lint import as_json, exit_code, lines
from bpmn.lint import lint as lint_diagram
from engine.publishing.checks import check_folder
from engine.publishing.folders import RULES, FolderRefused, read_folder
from web.cli.saying import FAILED, Console, console
from web.office import font_folders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.publishing.checks import Report
    from engine.publishing.scenarios import ScenarioResult


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--quiet", "-q", is_flag=True, help="只列出问题 / list only what is wrong")
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    default=lambda: os.cpu_count() or 1,
    help="同时检查几个（默认：处理器数） / how many at once (as many as there are cores)",
)
def check(folders: tuple[Path, ...], *, quiet: bool, jobs: int) -> None:
    """检查流程文件夹：规则、表单、流程图、决策表、文书、场景 / Check folders of procedures."""
    out = console()
    failed = 0
    for passed, said in _checked(out, list(expanded(folders)), quiet=quiet, jobs=jobs):
        click.echo(said, nl=False)
        failed += not passed
    if failed:
        out.say(f"{failed} 个文件夹未通过。", f"{failed} folders did not pass.")
        sys.exit(FAILED)
    out.say("全部通过。", "All passed.")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "is_json", is_flag=True, help="输出 JSON / print JSON")
def lint(files: tuple[Path, ...], *, is_json: bool) -> None:
    """检查流程图 / Check diagrams, together with each other."""
    out = console()
    findings: list[bpmn.Finding] = []
    diagrams: dict[str, bpmn.Diagram] = {}
    decisions: set[str] = set()
    for path in files:
        try:
            if path.suffix == ".dmn":
                model = bpmn.dmn.read_decisions(path.read_bytes(), name=str(path))
                decisions |= set(model.decisions)
            else:
                diagrams[str(path)] = bpmn.read_diagram(path.read_bytes(), name=str(path))
        except bpmn.DiagramRefused as refused:
            findings += refused.findings
    for name, diagram in diagrams.items():
        others = {other: one for other, one in diagrams.items() if other != name}
        findings += lint_diagram(diagram, others=others, decisions=decisions)
    if is_json:
        click.echo(as_json(findings))
    else:
        for line in lines(findings, language=out.language):
            click.echo(line)
        if not findings:
            out.say("没有发现问题。", "Nothing is wrong.")
    sys.exit(exit_code(findings))


def expanded(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the procedures among folders; a folder of folders gives those in it.

    So ``processes/*`` checks each procedure, and each shared folder by itself.
    """
    for folder in folders:
        if folder.is_dir() and not (folder / RULES).is_file():
            yield from sorted(one.parent for one in folder.glob(f"*/{RULES}"))
        else:
            yield folder


def _checked(
    out: Console, folders: list[Path], *, quiet: bool, jobs: int
) -> Iterator[tuple[bool, str]]:
    """Yield for each folder, in order, whether it passed and what is to be printed."""
    one = partial(_told, out, quiet=quiet)
    jobs = min(jobs, len(folders))
    if jobs < 2:  # noqa: PLR2004 -- one after another needs no other process
        yield from map(one, folders)
        return
    with ProcessPoolExecutor(jobs) as processes:
        yield from processes.map(one, folders)


def _told(out: Console, path: Path, *, quiet: bool) -> tuple[bool, str]:
    """Check one folder; return whether it passed and what is to be printed."""
    with redirect_stdout(io.StringIO()) as said:
        passed = _check(out, path, quiet=quiet)
    return passed, said.getvalue()


def _check(out: Console, path: Path, *, quiet: bool) -> bool:
    """Check one folder and print what was found; return whether it passed."""
    try:
        folder = read_folder(path)
        report = check_folder(folder, fonts=font_folders(out.settings))
    except FolderRefused as refused:
        out.say(f"✗ {path}：{refused.zh}", f"✗ {path}: {refused.en}")
        return False
    except bpmn.DiagramRefused as refused_diagram:
        out.say(f"✗ {path}", f"✗ {path}")
        for finding in refused_diagram.findings:
            click.echo(out.finding(finding))
        return False
    if not (quiet and report.passed):
        print_report(out, report)
    return report.passed


def print_report(out: Console, report: Report) -> None:
    """Print what the checks of a folder gave."""
    mark = "✓" if report.passed else "✗"
    passed = sum(one.passed for one in report.scenarios)
    out.say(
        f"{mark} {report.procedure}：{len(report.errors)} 处错误，"
        f"{len(report.findings) - len(report.errors)} 处提示，决策表 {len(report.tables)} 张，"
        f"场景 {passed}/{len(report.scenarios)} 通过",
        f"{mark} {report.procedure}: {len(report.errors)} errors, "
        f"{len(report.findings) - len(report.errors)} warnings, {len(report.tables)} tables, "
        f"{passed} of {len(report.scenarios)} scenarios passed",
    )
    for finding in report.findings:
        click.echo(out.finding(finding))
    for result in report.scenarios:
        if not result.passed:
            for line in failure_lines(out, result):
                click.echo(line)


def failure_lines(out: Console, result: ScenarioResult) -> Iterator[str]:
    """Yield what went wrong in a scenario, with its place."""
    yield f"  ✗ {result.id} {result.title.say(out.language)}"
    for failure in result.failures:
        text = out.pick(failure.zh, failure.en)
        yield f"      {failure.file} {failure.place} ({failure.step}) {text}"


COMMANDS = (check, lint)
