"""统计：每个数字都由案件痕迹算出，点开就是台账里的那几件 (SUP-060)。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.decide import decide
from engine.commands.extend_deadline import decide_extension, request_extension
from engine.commands.file import file
from engine.commands.organise import give_post
from engine.commands.recuse import declare_interest
from engine.desk.views.counting import statistics
from engine.desk.views.figures import Figure, Statistics
from engine.desk.views.ledger import ledger_total, read_choice, written_choice
from engine.errors import NotAllowed
from engine.store.tables import CaseRow, Notice, Participant
from tests.engine.boardroom import Boardroom, refused

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def watched(room: Boardroom) -> Boardroom:
    """The boardroom with a supervision officer."""
    room.give(
        "管理员", give_post, room.people["外人"], "supervision_officer", valid_from=date(2026, 1, 1)
    )
    return room


def counted(room: Boardroom, since: date = FIRST, until: date = LAST) -> Statistics:
    found: Statistics = room.office.ask(room.actor("外人"), statistics, since, until)
    return found


def figures_in(found: Statistics) -> Iterator[Figure]:
    """Yield every figure that counts cases."""
    yield from (found.opened, found.closed, found.running, found.yellow, found.red)
    for flow in (*found.by_procedure, *found.by_month):
        yield from (one for one in (flow.opened, flow.closed, flow.running) if one is not None)
    yield from (*found.measures, *found.extensions, *found.appeals, *found.deviations)
    for late in found.late:
        yield from (late.yellow, late.red)
    yield from (one.done for one in found.durations)


def lived(room: Boardroom) -> list[CaseRow]:
    """Let four cases live: one served and appealed, one decided, one late, one extended."""
    served = room.served()
    room.give("陈某", file, served.id, "appeal", {"request": "请求。"})
    motion = room.move(served, element="ut_review", appeal_result="revoked", measures=[])
    room.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree")
    room.give("主席", decide, motion.id)
    decided = room.decided()
    late = room.open()
    extended = room.open()
    request = room.give("承办甲", request_extension, extended.id, "DL-B-1", reasons="证人在外。")
    room.give("主席", decide_extension, request.id, granted=True, reasons="准。")
    last = room.deadline(late, "DL-B-1").last_day
    room.at(last.year, last.month, last.day + 1)
    return [served, decided, late, extended]


class TestEveryFigure:
    """看板数据不可手填：每个数字等于其链接到的台账件数 (SUP-060)。"""

    def test_it_is_the_number_of_cases_that_the_ledger_lists(self, watched: Boardroom) -> None:
        lived(watched)
        found = counted(watched)

        seen = 0
        for figure in figures_in(found):
            choice = read_choice(figure.cases)
            assert written_choice(choice) == dict(figure.cases)
            total = watched.office.ask(watched.actor("外人"), ledger_total, choice)
            assert total == figure.count, figure
            seen += figure.count > 0
        assert seen >= 12

    def test_there_is_nothing_that_a_figure_could_be_typed_into(self) -> None:
        from engine.store import tables  # noqa: PLC0415 -- every table there is

        names = {table.name for table in tables.Record.metadata.sorted_tables}
        assert {name for name in names if "statistic" in name or "figure" in name} == set()


class TestWhatIsCounted:
    """期间内登记的案件；办结按办结日，在办按现在。"""

    def test_a_life(self, watched: Boardroom) -> None:
        cases = lived(watched)
        found = counted(watched)

        # the case whose decision was revoked is closed
        assert (found.opened.count, found.closed.count, found.running.count) == (4, 1, 3)
        flow = found.by_procedure[0]
        assert (flow.key, flow.opened.count) == ("board", 4)
        assert {one.key: one.count for one in found.measures} == {
            "talk_admonish": 2,  # the one that was revoked on appeal was imposed, too
            "cancel_merit": 2,
        }
        assert found.measures[0].title is not None
        assert found.yellow.count == 2
        assert found.red.count == 0
        late = {one.key: (one.yellow.count, one.red.count) for one in found.late}
        assert late == {"DL-B-1": (1, 0), "DL-B-5": (1, 0)}  # the decided one was not served
        assert {one.key: one.count for one in found.extensions} == {"granted": 1}
        appeals = {one.key: one.count for one in found.appeals}
        assert appeals == {"appeal_pending": 0, "revoked": 1}
        assert {one.key: one.count for one in found.deviations} == {"late": 2}
        assert cases[0].procedure in found.titles

    def test_months_are_civil_and_cut_to_the_period(self, watched: Boardroom) -> None:
        watched.open()
        watched.at(2026, 3, 1, 0)
        watched.open()

        found = counted(watched, date(2026, 2, 9), date(2026, 3, 15))

        months = {one.key: (one.opened.count, dict(one.opened.cases)) for one in found.by_month}
        assert months == {
            "2026-02-01": (1, {"since": "2026-02-09", "until": "2026-02-28"}),
            "2026-03-01": (1, {"since": "2026-03-01", "until": "2026-03-15"}),
        }

    def test_a_year_has_twelve_months(self, watched: Boardroom) -> None:
        assert len(counted(watched).by_month) == 12
        assert counted(watched).by_procedure == ()

    def test_what_was_registered_before_is_not_counted(self, watched: Boardroom) -> None:
        watched.open()
        found = counted(watched, date(2026, 2, 10), LAST)
        assert (found.opened.count, found.running.count) == (0, 1)

    def test_closed_by_the_day_of_closing(self, watched: Boardroom) -> None:
        watched.open()
        watched.at(2026, 3, 2)
        with watched.office.database.begin() as session:
            session.execute(sa.update(CaseRow).values(closed_at=watched.clock.now()))
        assert counted(watched, FIRST, date(2026, 3, 1)).closed.count == 0
        found = counted(watched, date(2026, 3, 2), date(2026, 3, 2))
        assert (found.opened.count, found.closed.count, found.running.count) == (0, 1, 0)

    def test_how_long_a_stage_took_is_the_mean_of_its_days(self, watched: Boardroom) -> None:
        first, second = watched.open(), watched.open()
        watched.at(2026, 2, 10)
        watched.do("承办甲", first, "ut_inquire", facts_found="停产。", allowed_measures=[])
        watched.at(2026, 2, 13)
        watched.do("承办甲", second, "ut_inquire", facts_found="停产。", allowed_measures=[])

        stage = next(one for one in counted(watched).durations if one.key == "DL-B-1")

        assert stage.tenths == 25  # one day and four days
        assert stage.done.count == 2
        assert stage.allowed is not None
        assert stage.title is not None

    def test_who_proposed_and_has_read_the_notice(self, watched: Boardroom) -> None:
        case = watched.open()
        now = watched.clock.now()
        with watched.office.database.begin() as session:
            for name, read in (("举报人", now), ("受理员", None)):
                here: dict[str, Any] = {
                    "authority_id": case.authority_id,
                    "case_id": case.id,
                    "person_id": watched.people[name],
                }
                session.add(Participant(**here, role="proposer", since_at=now))
                for _each in range(2):
                    session.add(
                        Notice(**here, key="told", text={"zh": "告知"}, sent_at=now, read_at=read)
                    )
        found = counted(watched).informed
        assert (found.told, found.read) == (2, 1)

    def test_what_a_procedure_names_no_more_keeps_its_key(self, watched: Boardroom) -> None:
        lived(watched)
        with watched.office.database.begin() as session:
            session.execute(sa.text("UPDATE sanction SET measure = 'gone'"))
            session.execute(sa.text("UPDATE card SET reason = 'DL-GONE'"))
            session.execute(sa.text("UPDATE deadline SET key = 'GONE-' || key WHERE state = 'met'"))
        found = counted(watched)
        assert [(one.key, one.title) for one in found.measures] == [("gone", None)]
        assert [(one.key, one.title) for one in found.late] == [("DL-GONE", None)]
        assert all(one.title is None and one.allowed is None for one in found.durations)


class TestWhoCounts:
    """督办专员和管理员；与己有关、应回避的案件不计。"""

    def test_nobody_else(self, watched: Boardroom) -> None:
        assert (
            watched.office.ask(watched.actor("管理员"), statistics, FIRST, LAST).opened.count == 0
        )
        for name in ("主席", "承办甲", "陈某"):
            with pytest.raises(NotAllowed):
                watched.office.ask(watched.actor(name), statistics, FIRST, LAST)

    def test_not_what_one_is_recused_from(self, watched: Boardroom) -> None:
        case = watched.open()
        watched.give(
            "管理员",
            give_post,
            watched.people["承办乙"],
            "supervision_officer",
            valid_from=date(2026, 1, 1),
        )
        watched.give("承办乙", declare_interest, case.id, reasons="同学。")
        mine = watched.office.ask(watched.actor("承办乙"), statistics, FIRST, LAST)
        assert (mine.opened.count, counted(watched).opened.count) == (0, 1)

    def test_a_period_has_an_order_and_an_end(self, watched: Boardroom) -> None:
        for since, until in ((LAST, FIRST), (date(2023, 1, 1), date(2026, 1, 2))):
            refused(partial(counted, watched, since, until), "statistics.period")
        assert len(counted(watched, date(2023, 1, 1), date(2026, 1, 1)).by_month) == 37


class TestPlans:
    """统计只读期间内的案件：多年前办结的再多，也不整表扫描。"""

    def test_no_question_reads_every_case(self, watched: Boardroom) -> None:
        lived(watched)
        engine = watched.office.database.engine
        asked: list[tuple[str, Any]] = []

        def note(_one: Any, _two: Any, statement: str, parameters: Any, *_more: Any) -> None:
            asked.append((statement, parameters))

        sa.event.listen(engine, "before_cursor_execute", note)
        counted(watched)
        sa.event.remove(engine, "before_cursor_execute", note)

        with engine.connect() as connection:
            plans = [
                str(line[-1])
                for statement, parameters in asked
                if "case_file" in statement and statement.lstrip().startswith("SELECT")
                for line in connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}", parameters
                )
            ]
        of_cases = [one for one in plans if " case_file" in one]
        assert len(of_cases) >= 12
        assert [one for one in of_cases if one.startswith("SCAN")] == []
