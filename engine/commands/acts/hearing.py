"""Acts on the hearing of the subject: call it in time, record it, answer each point (C05)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.acts.record_defence import RecordDefence
from engine.desk import Desk, Fact
from engine.desk.advance import visible
from engine.desk.holders import SUBJECT, participants
from engine.desk.notices import tell
from engine.desk.values import day_of, value_at
from engine.errors import Refusal
from engine.store.tables import CaseRow, WorkItemRow

SOURCE = "S0篇1§7;S3 L59§14"
NOTICE = "hearing_notice"
DAYS = 3
"""Working days between the notice and the hearing where the step states none; proposed."""


class CallHearing:
    """`call_hearing`: the subject is told in time when and where to speak.

    Source: procedures C05 (告知); S3 L51; the length of the notice is proposed.
    """

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse a hearing without day or place, or sooner than the notice allows."""
        day = day_of(answers.get("hearing_on"))
        if day is None or not str(answers.get("hearing_place") or "").strip():
            raise Refusal("hearing.incomplete", rule=SOURCE)
        written = str(item.properties.get(NOTICE) or "")
        days = int(written) if written.isdecimal() else DAYS
        calendar = desk.calendar(case.authority_id)
        today = calendar.day_of(desk.now())
        first = calendar.workday_after(today, days) if days else today
        if day < first:
            raise Refusal("hearing.too_soon", rule=SOURCE, days=days, first=first.isoformat())

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Tell the subject; give `hearing` {on, place, time, called_on}."""
        day = day_of(answers.get("hearing_on"))
        assert day is not None  # noqa: S101 -- `check` holds it
        place = str(answers.get("hearing_place"))
        told = tell(
            desk,
            case,
            participants(desk, case, SUBJECT),
            "hearing.called",
            day=day.isoformat(),
            place=place,
        )
        desk.record(
            case, Fact.HEARING_CALLED, item=item.id, on=day.isoformat(), place=place, told=told
        )
        return {
            "hearing": {
                "on": day,
                "place": place,
                "time": str(answers.get("hearing_time") or ""),
                "called_on": desk.calendar(case.authority_id).day_of(desk.now()),
            }
        }


class Hearing(RecordDefence):
    """`hearing`: what was said, and how each point is answered; or why it was not held.

    Source: S3 L59§14 应当听取被问责人的陈述和申辩，并且记录在案；对其合理意见，应当予以采纳.
    """

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse a record of before the hearing, without words, or with a point unanswered."""
        day = day_of(value_at(visible(desk, case, item), "hearing.on"))
        if day is None:
            raise Refusal("hearing.not_called", rule=SOURCE)
        if desk.calendar(case.authority_id).day_of(desk.now()) < day:
            raise Refusal("hearing.ahead", rule=SOURCE, on=day.isoformat())
        if answers.get("hearing_held") is not True:
            if not str(answers.get("hearing_absence") or "").strip():
                raise Refusal("hearing.absence_missing", rule=SOURCE)
            return
        if not str(answers.get("hearing_statement") or "").strip():
            raise Refusal("hearing.statement_missing", rule=SOURCE)
        super().check(desk, case, item, answers)
