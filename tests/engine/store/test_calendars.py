"""An authority's calendar as the tables hold it, and the versions that are in force."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import pytest

from engine.errors import NotFound
from engine.store.calendars import calendar_version, is_changed, load_calendar, mark_changed
from engine.store.database import Database
from engine.store.tables import (
    AuthorityRow,
    CalendarDay,
    CalendarYear,
    ProcedureFile,
    VersionRow,
)
from engine.store.versions import read_version, version_in_force

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)


@pytest.fixture
def authority(database: Database) -> str:
    with database.begin() as session:
        row = AuthorityRow(key="a", name="某公司", short_name="某", zone="Asia/Urumqi")
        session.add(row)
        session.flush()
        return row.id


class TestCalendars:
    """`cal.year_data`: a year without a row counts Monday to Friday and is provisional."""

    def test_an_empty_calendar_is_version_nought(self, database: Database, authority: str) -> None:
        with database.reading() as session:
            calendar = load_calendar(session, authority)
        assert (calendar.version, calendar.published_years) == (0, frozenset())
        assert str(calendar.zone) == "Asia/Urumqi"

    def test_years_and_days_are_read(self, database: Database, authority: str) -> None:
        with database.begin() as session:
            session.add(CalendarYear(authority_id=authority, year=2026, version=3, changed_at=AT))
            for day, works in ((date(2026, 2, 14), True), (date(2026, 2, 17), False)):
                session.add(CalendarDay(authority_id=authority, day=day, is_workday=works))
        with database.reading() as session:
            calendar = load_calendar(session, authority)
            assert calendar_version(session, authority) == 3
        assert calendar.is_workday(date(2026, 2, 14))  # a Saturday, made up
        assert not calendar.is_workday(date(2026, 2, 17))  # New Year's Day, a Tuesday

    def test_an_authority_that_is_not_there_has_none(self, database: Database) -> None:
        with database.reading() as session, pytest.raises(NotFound):
            load_calendar(session, "nobody")

    def test_a_change_is_known_in_its_own_transaction_only(
        self, database: Database, authority: str
    ) -> None:
        with database.begin() as session:
            mark_changed(session, authority)
            assert is_changed(session, authority)
            assert not is_changed(session, "other")
        with database.begin() as session:
            assert not is_changed(session, authority)


class TestVersions:
    """“Latest” binds when the case opens (design.md §4)."""

    def test_the_newest_published_version_of_the_day_is_in_force(
        self, database: Database, authority: str
    ) -> None:
        with database.begin() as session:
            for number, state, day in (
                (1, "published", None),
                (2, "published", date(2026, 3, 9)),
                (3, "draft", None),
                (4, "retired", None),
            ):
                session.add(
                    VersionRow(
                        authority_id=authority,
                        procedure="p01",
                        number=number,
                        state=state,
                        manifest={},
                        digest="d",
                        drafted_at=AT,
                        effective_on=day,
                    )
                )
        with database.reading() as session:
            found = {
                day: version_in_force(session, authority, "p01", date(2026, 3, day))
                for day in (8, 9)
            }
            assert {day: row.number for day, row in found.items() if row} == {8: 1, 9: 2}
            assert version_in_force(session, authority, "p02", date(2026, 3, 9)) is None
            assert version_in_force(session, "other", "p01", date(2026, 3, 9)) is None

    def test_a_version_is_read_with_every_byte(self, database: Database, authority: str) -> None:
        digest = hashlib.sha256(b"id: p01").hexdigest()
        with database.begin() as session:
            session.add(ProcedureFile(digest=digest, content=b"id: p01"))
            row = VersionRow(
                authority_id=authority,
                procedure="p01",
                number=1,
                manifest={"files": {"p01/procedure.yaml": digest}},
                digest="d",
                drafted_at=AT,
            )
            session.add(row)
            session.flush()
            version_id = row.id
        with database.reading() as session:
            version = read_version(session, version_id)
            assert version.files == {"p01/procedure.yaml": b"id: p01"}
            with pytest.raises(NotFound):
                read_version(session, "none")
