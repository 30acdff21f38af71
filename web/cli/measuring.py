"""`dmn-tck` and `bench`: how right, and how fast."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bpmn.dmn.tck import run_kit
from web.cli.saying import FAILED


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


COMMANDS = (dmn_tck,)
