"""审计记录按链分区（PostgreSQL）：每条链在一个分区里，任何分区都只能追加。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from engine.store import migrations, record
from engine.store.database import Database, open_database
from engine.store.partitions import PARTS, make_partitions, partitions_of
from engine.store.tables import AuditEntry
from tests.postgres import fresh_database

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
STREAMS = [f"case:{number:036d}" for number in range(64)]
CHAIN = sa.select(AuditEntry).where(AuditEntry.stream == STREAMS[0])


@pytest.fixture
def database() -> Iterator[Database]:
    with fresh_database() as url:
        found = open_database(url)
        with found.begin() as session:
            for stream in STREAMS:
                for fact in ("case_opened", "case_closed"):
                    record.append(
                        session,
                        stream,
                        authority_id="a",
                        case_id=stream.removeprefix("case:"),
                        recorded_at=NOW,
                        actor="p",
                        fact=fact,
                        details={},
                    )
        yield found
        found.close()


def plan(database: Database, query: sa.Select[Any]) -> str:
    asked = query.compile(database.engine, compile_kwargs={"literal_binds": True})
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SET enable_seqscan = off")  # few rows would be read whole
        return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {asked}"))


class TestOnTheEmbeddedDatabase:
    """内嵌数据库不分区。"""

    def test_the_record_is_one_table(self) -> None:
        found = open_database("sqlite://")
        migrations.upgrade(found)
        with found.engine.begin() as connection:
            make_partitions(connection, "audit_entry")
            assert partitions_of(connection, "audit_entry") == ()
        found.close()


@pytest.mark.postgres
class TestParts:
    """一条链全在一个分区里，链分布在各分区。"""

    def test_a_chain_lies_in_one_part_and_chains_in_all(self, database: Database) -> None:
        with database.engine.connect() as connection:
            parts = partitions_of(connection, "audit_entry")
            held = [
                set(connection.scalars(sa.text(f"SELECT DISTINCT stream FROM {part}")))  # noqa: S608 -- ours
                for part in parts
            ]

        assert len(parts) == PARTS
        assert sorted(stream for one in held for stream in one) == STREAMS
        assert all(held)

    def test_a_number_stands_once_in_its_chain(self, database: Database) -> None:
        with database.reading() as session:
            entry = session.scalars(sa.select(AuditEntry).limit(1)).one()
            values = {
                column.key: getattr(entry, column.key) for column in AuditEntry.__table__.columns
            }
        with pytest.raises(DBAPIError, match="duplicate key"), database.begin() as session:
            session.execute(sa.insert(AuditEntry), [values])

    def test_the_chains_verify(self, database: Database) -> None:
        with database.reading() as session:
            assert list(record.verify(session)) == []


@pytest.mark.postgres
class TestGuards:
    """不论从总表还是直接对分区，数据库都拒绝修改、删除和清空。"""

    @pytest.mark.parametrize("verb", ["UPDATE {} SET fact = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
    def test_every_part_refuses(self, database: Database, verb: str) -> None:
        with database.engine.connect() as connection:
            parts = ("audit_entry", *partitions_of(connection, "audit_entry"))
        for part in parts:
            with (
                pytest.raises(DBAPIError, match="append-only"),
                database.engine.begin() as connection,
            ):
                connection.exec_driver_sql(verb.format(part))


@pytest.mark.postgres
class TestPlans:
    """写入、核验、时间线各只碰一个分区，且走索引。"""

    @pytest.mark.parametrize(
        "query",
        [
            CHAIN.order_by(AuditEntry.sequence),
            CHAIN.where(AuditEntry.sequence < 9).order_by(AuditEntry.sequence.desc()).limit(20),
            CHAIN.where(AuditEntry.sequence == 2),
        ],
        ids=["verifying and exporting it", "a page of the timeline", "what an anchor saw"],
    )
    def test_a_chain_is_read_from_the_index_of_its_part(
        self, database: Database, query: sa.Select[Any]
    ) -> None:
        said = plan(database, query)

        assert "Seq Scan" not in said
        assert said.count("audit_entry_") >= 1
        assert len({part for part in range(PARTS) if f"audit_entry_{part}" in said}) == 1

    def test_a_case_s_entries_are_found_by_index_in_every_part(self, database: Database) -> None:
        case = STREAMS[0].removeprefix("case:")
        said = plan(database, sa.select(AuditEntry).where(AuditEntry.case_id == case))

        assert "Seq Scan" not in said
