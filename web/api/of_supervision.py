"""Operations of supervision between authorities, and of an authority's figures."""

from __future__ import annotations

from functools import partial

from engine.commands.exports import order_statistics
from engine.commands.grant_supervision import end_supervision, grant_supervision
from engine.commands.supervise_below import answer_above, ask_below
from engine.desk.views.counting import statistics
from engine.desk.views.supervised import asked_from_above, watched_from_above
from engine.model.scopes import Scope
from web.api.operations import Operation
from web.api.reading.supervising import case_watched, cases_watched

TAG = "supervision"
_get = partial(Operation, "GET", scope=Scope.READ, tag=TAG, changes=False)
_look = partial(Operation, "GET", scope=Scope.READ, tag=TAG, changes=True, keeps=False)
_post = partial(Operation, "POST", scope=Scope.WORK, tag=TAG, changes=True)
_set = partial(Operation, "POST", scope=Scope.ADMIN, tag=TAG, changes=True)

OPERATIONS = (
    _look("/supervised-cases", cases_watched),
    _look("/supervised-cases/{case_id}", case_watched),
    _post("/supervised-cases/{case_id}/notices", ask_below),
    _get("/supervision-notices", asked_from_above),
    _post("/supervision-notices/{notice_id}/answer", answer_above),
    _get("/supervision-grants", watched_from_above),
    _set("/supervision-grants", grant_supervision),
    _set("/supervision-grants/{grant_id}/end", end_supervision),
    _get("/statistics", statistics),
    _post("/statistics/exports", order_statistics),
)
