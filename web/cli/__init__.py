"""The command line `wenze`; every line of its help is in Chinese and English."""

from __future__ import annotations

import click

from web.cli import (
    accounts,
    checking,
    deploying,
    keeping,
    measuring,
    recording,
    retiring,
    running,
    searching,
    serving,
)
from web.cli.saying import LANGUAGES, Console
from web.settings import SettingsRefused, read_settings

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    help="输出的语言 / language of what is printed; the setting if not given",
)
@click.pass_context
def main(context: click.Context, lang: str | None) -> None:
    """问责流程平台 / Wenze: accountability procedures as executable BPMN."""
    try:
        settings = read_settings()
    except SettingsRefused as refused:
        raise click.ClickException(str(refused)) from refused
    context.obj = Console(settings, lang or settings.language)


for group in (
    checking,
    running,
    deploying,
    serving,
    keeping,
    recording,
    retiring,
    accounts,
    measuring,
    searching,
):
    for command in group.COMMANDS:
        main.add_command(command)
