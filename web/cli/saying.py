"""What every command of the command line has: settings, a language, and how it ends."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import click

from engine.errors import NotFound, Refusal
from web.office import open_installation
from web.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpmn import Finding
    from engine.desk import Office
    from web.settings import Settings

LANGUAGES = ("zh", "en")
FAILED, UNUSABLE = 1, 2
"""Exit codes: something was found; the command could not be done."""


@dataclass(frozen=True, slots=True)
class Console:
    """What a command prints with.

    Attributes:
        settings: Of this installation.
        language: zh or en.
    """

    settings: Settings
    language: str

    def say(self, zh: str, en: str) -> None:
        """Print a line in the reader's language."""
        click.echo(self.pick(zh, en))

    def pick(self, zh: str, en: str) -> str:
        """Return the text of the reader's language."""
        return en if self.language == "en" else zh

    def stop(self, zh: str, en: str, code: int = UNUSABLE) -> NoReturn:
        """Print why the command ends here, and end it."""
        click.echo(self.pick(zh, en), err=True)
        sys.exit(code)

    def refuse(self, refusal: Refusal | NotFound) -> NoReturn:
        """Print a refusal of the engine in the reader's language, and end."""
        if isinstance(refusal, NotFound):
            self.stop(f"没有找到：{refusal}", f"There is no {refusal}.")
        told = sentence(refusal.message_id, refusal.params, self.language)
        self.stop(told, told)

    def finding(self, finding: Finding) -> str:
        """Return a finding as one line: place, rule, sentence."""
        where = f"{finding.file}:{finding.line}" if finding.line else finding.file
        word = {"error": ("错误", "error"), "warning": ("提示", "warning")}[finding.severity]
        text = self.pick(finding.zh, finding.en)
        return f"  {where} {finding.element or '-'} [{self.pick(*word)} {finding.rule}] {text}"

    def open(self, **options: Any) -> Office:
        """Open the office of this installation."""
        return open_installation(self.settings, **options)


def console() -> Console:
    """Return the console of the command that runs."""
    found = click.get_current_context().obj
    assert isinstance(found, Console)  # noqa: S101 -- the group puts it there
    return found


def numbered(lines: list[str]) -> Iterator[str]:
    """Yield lines with their numbers."""
    yield from (f"{number:>3}. {line}" for number, line in enumerate(lines, start=1))
