"""不变的语句：每种数据库编译一次，直接交给驱动；类型、监听、错误与其他语句一样。"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.store.prepared import Prepared
from engine.store.tables import CalendarDay, Effect

if TYPE_CHECKING:
    from engine.store.database import Database

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
_EFFECTS = cast("sa.Table", Effect.__table__)
ADD = Prepared(sa.insert(_EFFECTS))
ALL = Prepared(
    sa.select(_EFFECTS.c.key, _EFFECTS.c.result, _EFFECTS.c.happened_at).order_by(_EFFECTS.c.key)
)


def effect(key: str) -> dict[str, Any]:
    return {"key": key, "kind": "mail", "result": {"at": [1, "二"]}, "happened_at": AT}


class TestTypes:
    """Values go in and come out as they do with any other statement."""

    def test_instants_and_json_come_back_as_they_were(self, database: Database) -> None:
        with database.begin() as session:
            ADD.write(session.connection(), effect("a"))
            ADD.write(session.connection(), [effect("b"), effect("c")])
            rows = ALL.rows(session.connection(), {})
        assert rows == [(key, {"at": [1, "二"]}, AT) for key in "abc"]

    def test_days_are_compared_and_given_as_days(self, database: Database) -> None:
        days = sa.select(sa.literal(date(2026, 3, 5)), sa.bindparam("day", type_=sa.Date))
        with database.reading() as session:
            rows = Prepared(days).rows(session.connection(), {"day": date(2026, 3, 6)})
        assert rows == [(date(2026, 3, 5), date(2026, 3, 6))]

    def test_what_needs_no_turning_is_what_the_driver_gave(self, database: Database) -> None:
        with database.reading() as session:
            rows = Prepared(sa.select(sa.literal(1), sa.literal("一"))).rows(
                session.connection(), {}
            )
        assert [tuple(row) for row in rows] == [(1, "一")]

    def test_a_list_of_values_is_refused(self, database: Database) -> None:
        some = Prepared(sa.select(CalendarDay.day).where(CalendarDay.is_workday.in_((True, False))))
        with (
            database.reading() as session,
            pytest.raises(ValueError, match="no constant length"),
        ):
            some.rows(session.connection(), {})


class TestErrors:
    """What the database refuses is raised as SQLAlchemy raises it."""

    def test_a_key_that_is_taken_is_an_integrity_error(self, database: Database) -> None:
        with pytest.raises(IntegrityError, match="INSERT INTO"), database.begin() as session:
            ADD.write(session.connection(), [effect("a"), effect("a")])

    def test_a_connection_that_is_gone_is_given_up(self, database: Database) -> None:
        if database.is_sqlite:
            pytest.skip("a file does not go away")
        with pytest.raises(DBAPIError) as raised, database.begin() as session:
            connection = session.connection()
            driver: Any = connection.connection.driver_connection
            with database.engine.connect() as other:
                other.execute(sa.select(sa.func.pg_terminate_backend(driver.info.backend_pid)))
            ALL.rows(connection, {})
        assert raised.value.connection_invalidated


class TestListeners:
    """Who listens to the statements of a database hears these too."""

    def test_they_hear_each_begin_and_end(self, database: Database) -> None:
        heard: list[str] = []

        def hear(_on: object, _cursor: object, sql: str, *_rest: object) -> None:
            heard.append(sql.split(maxsplit=1)[0])

        for moment in ("before_cursor_execute", "after_cursor_execute"):
            sa.event.listen(database.engine, moment, hear)
        with database.begin() as session:
            ADD.write(session.connection(), effect("a"))
        assert [word for word in heard if word != "BEGIN"] == ["INSERT", "INSERT"]

    def test_they_hear_of_an_error(self, database: Database) -> None:
        heard: list[bool] = []

        def hear(context: sa.ExceptionContext) -> None:
            heard.append(isinstance(context.sqlalchemy_exception, DBAPIError))

        sa.event.listen(database.engine, "handle_error", hear)
        nowhere = Prepared(sa.select(sa.literal_column("nothing")))
        with pytest.raises(DBAPIError), database.reading() as session:
            nowhere.rows(session.connection(), {})
        assert heard == [True]
