"""What the columns of a ledger are called and say, on the page and in the file."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from flask_babel import Babel, force_locale

from engine.commands.make_exports import Wording, run_export
from web.figures import figure_rows, figures_head
from web.statuses import outcome_text, secrecy_text, status_text
from web.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.desk import Desk, Office
    from engine.desk.views.ledger import LedgerLine
    from engine.documents.spreadsheet import Cell
    from engine.model.procedure_rules import ProcedureRules
    from engine.store.outbox import Job

TRANSLATIONS = Path(__file__).parents[1] / "translations"
WIDTHS = {"number": 24, "title": 44, "procedure": 24, "subject": 16, "handler": 16, "stage": 16}
USUAL_WIDTH = 13


def column_titles() -> dict[str, str]:
    """Return what each column is called."""
    return {
        "number": _("案号"),
        "title": _("案由"),
        "procedure": _("流程"),
        "subject": _("被问责人"),
        "status": _("状态"),
        "stage": _("阶段"),
        "handler": _("承办人"),
        "last_day": _("最近期限"),
        "outcome": _("处理结果"),
        "channel": _("来源渠道"),
        "secrecy": _("密级"),
        "opened": _("登记日期"),
        "closed": _("办结日期"),
    }


def cell(desk: Desk, line: LedgerLine, column: str, language: str) -> Cell:
    """Return what a column says of a case."""
    case, calendar = line.case, desk.calendar()
    rules: ProcedureRules = desk.office.versions.get(desk.session, case.version_id).rules
    stage = next((one.title.say(language) for one in rules.stages if one.id == case.stage), "")
    channel = rules.channels.get(line.channel)
    said: dict[str, Cell] = {
        "number": case.number,
        "title": case.title,
        "procedure": rules.title.say(language),
        "subject": _("、").join(line.subjects),
        "status": status_text(case.status),
        "stage": stage,
        "handler": _("、").join(line.handlers),
        "last_day": line.last_day,
        "outcome": outcome_text(case.outcome, rules, language),
        "channel": channel.title.say(language) if channel is not None else line.channel,
        "secrecy": secrecy_text(line.secrecy),
        "opened": calendar.day_of(case.opened_at),
        "closed": calendar.day_of(case.closed_at) if case.closed_at is not None else None,
    }
    return said[column]


@contextmanager
def wording(language: str) -> Iterator[Wording]:
    """Give the words of a ledger in a language, outside of any request."""
    with _speaker().app_context(), force_locale("en" if language == "en" else "zh_Hans_CN"):
        head = {
            column: (title, WIDTHS.get(column, USUAL_WIDTH))
            for column, title in column_titles().items()
        }
        yield Wording(
            name=_("台账"),
            head=head,
            say=lambda desk, line, column: cell(desk, line, column, language),
            figures_name=_("统计"),
            figures_head=figures_head(),
            figures=lambda found: figure_rows(found, language),
        )


def make_export(office: Office, job: Job) -> None:
    """Do a job of kind ``export``."""
    run_export(office, job, wording)


@cache
def _speaker() -> Flask:
    """Return an application that does nothing but know the translations."""
    app = Flask("wenze.words")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, default_locale="zh_Hans_CN")
    return app
