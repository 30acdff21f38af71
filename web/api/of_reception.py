"""Operations of who receives the public's reports, and of the register of sanctions."""

from __future__ import annotations

from functools import partial

from engine.commands.reports import (
    ask_reporter,
    name_reporter_of,
    open_report_file,
    refuse_report,
    register_report,
)
from engine.commands.request_personnel import request_appointment, request_award
from engine.desk.views.reports import report_lines
from engine.desk.views.standing import standing_card, standings
from engine.model.scopes import Scope
from web.api.operations import Operation
from web.api.reading.reports import whole_report
from web.api.reading.standing import consistency

_get = partial(Operation, "GET", scope=Scope.READ, changes=False)
_post = partial(Operation, "POST", scope=Scope.WORK, changes=True)
_look = partial(Operation, "GET", scope=Scope.READ, changes=True, keeps=False)

REPORTS = (
    _get("/reports", report_lines, tag="reports"),
    _look("/reports/{report_id}", whole_report, tag="reports"),
    _look("/reports/{report_id}/files/{digest}", open_report_file, tag="reports", file=True),
    _post("/reports/{report_id}/question", ask_reporter, tag="reports"),
    _post("/reports/{report_id}/refusal", refuse_report, tag="reports"),
    _post("/reports/{report_id}/reporter", name_reporter_of, tag="reports", keeps=False),
    Operation(
        "POST", "/reports/{report_id}/case", register_report, Scope.START, "reports", changes=True
    ),
)

STANDING = (
    _get("/standing", standings, tag="standing"),
    _get("/standing/consistency", consistency, tag="standing"),
    _get("/standing/people/{person_id}", standing_card, tag="standing"),
    _post("/standing/people/{person_id}/award", request_award, tag="standing"),
    _post("/standing/people/{person_id}/appointment", request_appointment, tag="standing"),
)

OPERATIONS = (*REPORTS, *STANDING)
