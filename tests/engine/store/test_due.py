"""What is due is a query over rows; a row is claimed by one sweep only (SUP-053)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.store.database import Database
from engine.store.due import Due, claim_due, due_now, next_due, put_off
from engine.store.tables import DueRow

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def rows(database: Database) -> dict[str, str]:
    """Rows that are due now, were due before, and will be."""
    with database.begin() as session:
        made = {
            name: DueRow(authority_id="a", kind="recount", ref="c", due_at=at)
            for name, at in (("now", AT), ("before", AT - HOUR), ("after", AT + HOUR))
        }
        session.add_all(made.values())
        session.flush()
        return {name: row.id for name, row in made.items()}


class TestDue:
    """Late, never lost: the oldest come first."""

    def test_what_is_due_comes_oldest_first(self, database: Database, rows: dict[str, str]) -> None:
        with database.reading() as session:
            both = [Due(rows[name], "a", "recount") for name in ("before", "now")]
            assert due_now(session, AT, 9) == both
            assert due_now(session, AT, 1) == both[:1]
            assert next_due(session) == AT - HOUR

    def test_a_row_fires_once(self, database: Database, rows: dict[str, str]) -> None:
        with database.begin() as session:
            fired = claim_due(session, rows["now"], AT)
            assert fired is not None
            assert (fired.state, fired.fired_at) == ("fired", AT)
        with database.begin() as session:
            assert claim_due(session, rows["now"], AT) is None
            assert claim_due(session, rows["after"], AT) is None

    def test_what_failed_waits_twice_as_long_each_time_up_to_an_hour(
        self, database: Database, rows: dict[str, str]
    ) -> None:
        with database.begin() as session:
            assert put_off(session, rows["now"], AT) == 1
        with database.reading() as session:
            assert due_now(session, AT, 9) == [Due(rows["before"], "a", "recount")]
            assert len(due_now(session, AT + timedelta(seconds=2), 9)) == 2
        with database.begin() as session:
            session.get_one(DueRow, rows["now"]).failures = 20
            put_off(session, rows["now"], AT)
        with database.reading() as session:
            assert session.get_one(DueRow, rows["now"]).not_before == AT + HOUR
