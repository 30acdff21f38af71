"""One series per authority, procedure, series and year; what is not used is an empty number."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.model.numbering import NumberRule
from engine.store.database import Database
from engine.store.numbering import allot, mark_empty, mark_used
from engine.store.tables import AuthorityRow, NumberAllotted

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
RULE = NumberRule("{authority_short}问〔{year}〕{n}号")


@pytest.fixture
def authority(database: Database) -> str:
    with database.begin() as session:
        row = AuthorityRow(key="a", name="某公司", short_name="某")
        session.add(row)
        session.flush()
        return row.id


def number(session: Session, authority: str, **changed: object) -> NumberAllotted:
    given = {"procedure": "p01", "series": "case", "year": 2026, "case_id": "c", **changed}
    return allot(session, RULE, authority_id=authority, authority_short="某", now=AT, **given)  # type: ignore[arg-type]


class TestAllotting:
    """Numbers follow one another without a gap."""

    def test_each_series_and_each_year_begins_at_one(
        self, database: Database, authority: str
    ) -> None:
        with database.begin() as session:
            given = [
                number(session, authority).text,
                number(session, authority).text,
                number(session, authority, year=2027).text,
                number(session, authority, series="decision").text,
            ]
        assert given == ["某问〔2026〕1号", "某问〔2026〕2号", "某问〔2027〕1号", "某问〔2026〕1号"]

    def test_a_number_rolled_back_is_given_again(self, database: Database, authority: str) -> None:
        with pytest.raises(RuntimeError), database.begin() as session:
            number(session, authority)
            raise RuntimeError
        with database.begin() as session:
            assert number(session, authority).n == 1

    def test_a_number_given_for_a_document_is_used_at_once(
        self, database: Database, authority: str
    ) -> None:
        with database.begin() as session:
            assert number(session, authority).state == "allotted"
            row = number(session, authority, used_for="d")
            assert (row.state, row.used_for) == ("used", "d")

    @pytest.mark.postgres
    def test_two_at_once_get_two_numbers(self, database: Database, authority: str) -> None:
        if database.is_sqlite:
            pytest.skip("SQLite in memory has one connection; the file's lock is tested elsewhere")
        with database.begin() as session:
            number(session, authority)
        together, got = Barrier(2), []

        def take() -> None:
            together.wait()
            with database.begin() as session:
                got.append(number(session, authority).n)

        threads = [Thread(target=take) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(got) == [2, 3]


class TestEmptyNumbers:
    """A number allotted but not used is recorded as 空号, never given again."""

    def test_it_is_marked_once_and_the_series_goes_on(
        self, database: Database, authority: str
    ) -> None:
        with database.begin() as session:
            text = number(session, authority).text
        with database.begin() as session:
            assert mark_empty(session, authority, text)
        with database.begin() as session:
            assert not mark_empty(session, authority, text)
            assert not mark_empty(session, authority, "某问〔2026〕9号")
            assert number(session, authority).n == 2

    def test_a_used_number_says_what_for(self, database: Database, authority: str) -> None:
        with database.begin() as session:
            text = number(session, authority).text
            session.flush()
            mark_used(session, authority, text, "d")
        with database.reading() as session:
            row = session.scalars(sa.select(NumberAllotted)).one()
        assert (row.state, row.used_for) == ("used", "d")
