"""Counts the figures of an authority for a period, from the traces of its cases alone (统计).

No figure is stored or can be typed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.views.case_list import countable_cases
from engine.desk.views.figures import (
    APPEAL_PENDING,
    Duration,
    Figure,
    Flow,
    Informed,
    Lateness,
    Statistics,
)
from engine.desk.views.oversight import must_oversee
from engine.desk.views.traces import (
    APPEAL,
    APPEALED,
    DEVIATION,
    DONE,
    EXTENSION,
    MEASURE,
    RED,
    YELLOW,
)
from engine.errors import Refusal
from engine.model.identifiers import DeadlineKey, MeasureCode
from engine.model.periods import Period
from engine.model.procedure_rules import ProcedureRules
from engine.model.texts import Text
from engine.store.queries.conditions import on_days
from engine.store.tables import (
    Card,
    CaseRow,
    DeadlineRow,
    DecisionRow,
    Deviation,
    ExtensionRequest,
    Notice,
    Participant,
    SanctionRow,
)

LONGEST = timedelta(days=1_096)
"""The longest period that is counted at once; proposed."""
PROPOSER = "proposer"


def statistics(desk: Desk, since: date, until: date) -> Statistics:
    """Return the authority's figures for a period.

    Args:
        desk: Of a supervision officer or an administrator.
        since: The first day.
        until: The last day; at most 1096 days later.

    Raises:
        NotAllowed: It is somebody else.
        Refusal: The days are in the wrong order, or too far apart.

    Source: SUP-060 (看板数据源自案件痕迹), SUP-058; S0篇8 L633; what is counted is proposed.
    """
    must_oversee(desk)
    if until < since or until - since > LONGEST:
        raise Refusal("statistics.period", rule="SUP-060", longest=LONGEST.days)
    return _Counting(desk, since, until).whole()


class _Counting:
    """Counts one period; each question is bounded by an index over its cases."""

    def __init__(self, desk: Desk, since: date, until: date) -> None:
        self._desk = desk
        self._since, self._until = since, until
        calendar = desk.calendar()
        mine = countable_cases(desk)
        self._opened = sa.and_(mine, *on_days(CaseRow.opened_at, since, until, calendar))
        self._closed = sa.and_(mine, *on_days(CaseRow.closed_at, since, until, calendar))
        self._running = sa.and_(mine, CaseRow.closed_at.is_(None))
        self._rules = self._newest_rules()

    def whole(self) -> Statistics:
        """Return every figure."""
        flows = self._by_procedure()
        cards = self._cards()
        return Statistics(
            since=self._since,
            until=self._until,
            opened=Figure(sum(one.opened.count for one in flows), self._in()),
            closed=Figure(sum(one.closed.count for one in flows), self._ended()),
            running=Figure(
                sum(one.running.count for one in flows if one.running), {"state": "open"}
            ),
            titles={key: rules[0].title for key, rules in self._rules.items()},
            by_procedure=flows,
            by_month=self._by_month(),
            measures=self._measures(),
            yellow=self._carded(YELLOW),
            red=self._carded(RED),
            late=cards,
            durations=self._durations(),
            extensions=self._each(ExtensionRequest, ExtensionRequest.state, EXTENSION),
            appeals=self._appeals(),
            deviations=self._each(Deviation, Deviation.kind, DEVIATION),
            informed=self._informed(),
        )

    def _newest_rules(self) -> dict[str, list[ProcedureRules]]:
        """Return the rules of every procedure that has a case here, the newest version first."""
        found: dict[str, list[ProcedureRules]] = {}
        rows = self._desk.session.execute(
            sa.union(  # one question by each index, where one with OR would read every case
                *(
                    sa.select(CaseRow.procedure, CaseRow.version_id).where(condition)
                    for condition in (self._opened, self._closed, self._running)
                )
            )
        ).all()
        for procedure, version_id in sorted(rows, key=lambda row: str(row[1]), reverse=True):
            rules = self._desk.office.versions.get(self._desk.session, version_id).rules
            found.setdefault(procedure, []).append(rules)
        return found

    def _in(self, **more: str) -> dict[str, str]:
        days = {"since": self._since.isoformat(), "until": self._until.isoformat()}
        return {**days, **{name: value for name, value in more.items() if value}}

    def _ended(self, **more: str) -> dict[str, str]:
        days = {"closed_since": self._since.isoformat(), "closed_until": self._until.isoformat()}
        return {**days, **more}

    def _counted(self, condition: sa.ColumnElement[bool]) -> dict[str, int]:
        rows = self._desk.session.execute(
            sa.select(CaseRow.procedure, sa.func.count())
            .where(condition)
            .group_by(CaseRow.procedure)
        )
        return {row[0]: row[1] for row in rows}

    def _by_procedure(self) -> tuple[Flow, ...]:
        opened, closed = self._counted(self._opened), self._counted(self._closed)
        running = self._counted(self._running)
        return tuple(
            Flow(
                key,
                rules[0].title,
                Figure(opened.get(key, 0), self._in(procedure=key)),
                Figure(closed.get(key, 0), self._ended(procedure=key)),
                Figure(running.get(key, 0), {"procedure": key, "state": "open"}),
            )
            for key, rules in sorted(self._rules.items(), key=lambda one: one[1][0].title.zh)
        )

    def _by_month(self) -> tuple[Flow, ...]:
        months = list(_months(self._since, self._until))
        opened = self._in_each(months, CaseRow.opened_at, self._opened)
        closed = self._in_each(months, CaseRow.closed_at, self._closed)
        return tuple(
            Flow(
                first.replace(day=1).isoformat(),
                None,
                Figure(opened[at], {"since": first.isoformat(), "until": last.isoformat()}),
                Figure(
                    closed[at],
                    {"closed_since": first.isoformat(), "closed_until": last.isoformat()},
                ),
                None,
            )
            for at, (first, last) in enumerate(months)
        )

    def _in_each(
        self, months: list[tuple[date, date]], column: Any, condition: sa.ColumnElement[bool]
    ) -> list[int]:
        calendar = self._desk.calendar()
        sums = [
            sa.func.count(sa.case((sa.and_(sa.true(), *on_days(column, first, last, calendar)), 1)))
            for first, last in months
        ]
        return list(self._desk.session.execute(sa.select(*sums).where(condition)).one())

    def _of_cases(self, table: Any, *columns: Any) -> sa.Select[Any]:
        return (
            sa.select(*columns, sa.func.count(sa.distinct(CaseRow.id)))
            .select_from(CaseRow)
            .join(table, table.case_id == CaseRow.id)
            .where(self._opened)
            .group_by(*columns)
            .order_by(*columns)
        )

    def _each(self, table: Any, column: Any, trace: str) -> tuple[Figure, ...]:
        rows = self._desk.session.execute(self._of_cases(table, column))
        return tuple(Figure(count, self._in(trace=trace, of=key), str(key)) for key, count in rows)

    def _measures(self) -> tuple[Figure, ...]:
        rows = self._desk.session.execute(self._of_cases(SanctionRow, SanctionRow.measure))
        figures = [
            Figure(count, self._in(trace=MEASURE, of=key), str(key), self._measure(str(key)))
            for key, count in rows
        ]
        return tuple(sorted(figures, key=lambda one: (-one.count, one.key)))

    def _measure(self, code: str) -> Text | None:
        for versions in self._rules.values():
            for rules in versions:
                if MeasureCode(code) in rules.measures:
                    return rules.measures[MeasureCode(code)].title
        return None

    def _carded(self, colour: str) -> Figure:
        count = self._desk.session.scalar(
            sa.select(sa.func.count(sa.distinct(CaseRow.id)))
            .join(Card, Card.case_id == CaseRow.id)
            .where(self._opened, Card.colour == colour)
        )
        return Figure(count or 0, self._in(trace=colour))

    def _cards(self) -> tuple[Lateness, ...]:
        rows = self._desk.session.execute(
            self._of_cases(Card, CaseRow.procedure, Card.reason, Card.colour)
        )
        found: dict[tuple[str, str], dict[str, int]] = {}
        for procedure, key, colour, count in rows:
            found.setdefault((procedure, key), {})[colour] = count
        return tuple(
            Lateness(
                procedure,
                key,
                self._deadline(procedure, key),
                *(
                    Figure(
                        counts.get(colour, 0), self._in(procedure=procedure, trace=colour, of=key)
                    )
                    for colour in (YELLOW, RED)
                ),
            )
            for (procedure, key), counts in found.items()
        )

    def _deadline(self, procedure: str, key: str) -> Text | None:
        for rules in self._rules[procedure]:
            if DeadlineKey(key) in rules.deadlines:
                return rules.deadlines[DeadlineKey(key)].title
        return None

    def _allowed(self, procedure: str, key: str) -> Period | None:
        rule = self._rules[procedure][0].deadlines.get(DeadlineKey(key))
        return rule.period if rule is not None else None

    def _durations(self) -> tuple[Duration, ...]:
        """Return how long it took from the days that began deadlines to those that met them."""
        rows: Any = self._desk.session.execute(
            sa.select(
                CaseRow.procedure,
                DeadlineRow.key,
                DeadlineRow.event_on,
                DeadlineRow.ended_on,
                DeadlineRow.case_id,
            )
            .join(DeadlineRow, DeadlineRow.case_id == CaseRow.id)
            .where(self._opened, DeadlineRow.state == "met", DeadlineRow.ended_on.is_not(None))
        )
        days: dict[tuple[str, str], list[int]] = {}
        cases: dict[tuple[str, str], set[str]] = {}
        for procedure, key, began, ended, case_id in rows:
            days.setdefault((procedure, key), []).append((ended - began).days)
            cases.setdefault((procedure, key), set()).add(case_id)
        return tuple(
            Duration(
                procedure,
                key,
                self._deadline(procedure, key),
                round(10 * sum(of) / len(of)),
                self._allowed(procedure, key),
                Figure(
                    len(cases[procedure, key]), self._in(procedure=procedure, trace=DONE, of=key)
                ),
            )
            for (procedure, key), of in sorted(days.items())
        )

    def _appeals(self) -> tuple[Figure, ...]:
        pending = self._desk.session.scalar(
            sa.select(sa.func.count())
            .select_from(CaseRow)
            .where(self._opened, CaseRow.status == APPEAL_PENDING)
        )
        rows = self._desk.session.execute(
            self._of_cases(DecisionRow, DecisionRow.outcome).where(DecisionRow.kind == APPEALED)
        )
        return (
            Figure(pending or 0, self._in(status=APPEAL_PENDING), APPEAL_PENDING),
            *(
                Figure(count, self._in(trace=APPEAL, of=outcome), str(outcome))
                for outcome, count in rows
            ),
        )

    def _informed(self) -> Informed:
        """Return how many of those who proposed were told something, and how many have read it."""
        told = sa.func.count(sa.distinct(Participant.id))
        read = sa.func.count(sa.distinct(sa.case((Notice.read_at.is_not(None), Participant.id))))
        row = self._desk.session.execute(
            sa.select(told, read)
            .select_from(CaseRow)
            .join(Participant, Participant.case_id == CaseRow.id)
            .join(
                Notice,
                sa.and_(Notice.case_id == CaseRow.id, Notice.person_id == Participant.person_id),
            )
            .where(self._opened, Participant.role == PROPOSER)
        ).one()
        return Informed(row[0], row[1])


def _months(since: date, until: date) -> Iterable[tuple[date, date]]:
    """Yield the civil months of a period, the first and last cut to it."""
    first = since
    while (first.year, first.month) < (until.year, until.month):
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, following - timedelta(days=1)
        first = following
    yield first, until
