"""列表与收件箱的查询计划：表大了也不逐行扫描（issue 8，PostgreSQL）。"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from engine.desk import Desk
from engine.desk.views import boxes, case_list, inbox, inbox_numbers, own_cases
from engine.desk.views.ledger import LedgerChoice, ledger
from engine.desk.views.notices import notices, unread_notices
from engine.model.lamps import Lamp
from engine.store.due import due_now
from engine.store.outbox import claim_jobs, orphaned_jobs, uncalled_jobs
from tests.engine.boardroom import MONDAY, Boardroom
from tests.engine.on_postgresql import boardroom_on_postgresql

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

HEAP = 20_000
LARGE = {"case_file", "work_item", "inbox", "due", "notice", "outbox_job", "deadline"}
"""Tables that hold a heap of rows; the others are small, and read whole with right."""

Asked = list[tuple[str, Any]]

MANY = (
    """INSERT INTO case_file SELECT (jsonb_populate_record(t, jsonb_build_object(
       'id', md5('case' || n), 'number', 'heap ' || n,
       'version_id', CASE WHEN n % 10 = 1 THEN t.version_id ELSE md5('version' || n % 40) END,
       'closed_at', CASE WHEN n % 2 = 0 THEN t.opened_at END,
       'opened_at', t.opened_at - n * interval '1 minute'))).*
       FROM case_file t, generate_series(1, :heap) n WHERE t.id = :of""",
    """INSERT INTO work_item SELECT (jsonb_populate_record(t, jsonb_build_object(
       'id', md5('item' || n), 'case_id', md5('case' || n), 'item', 'heap ' || n,
       'opened_at', t.opened_at - n * interval '1 minute',
       'state', CASE WHEN n % 2 = 0 THEN 'done' ELSE 'open' END,
       'completed_by', CASE WHEN n % 2 = 0 THEN md5('person' || n % 300) END))).*
       FROM work_item t, generate_series(1, :heap) n WHERE t.case_id = :of""",
    """INSERT INTO inbox SELECT (jsonb_populate_record(t, jsonb_build_object(
       'work_item_id', md5('item' || n), 'case_id', md5('case' || n),
       'due_at', t.due_at + n * interval '1 minute',
       'principal', CASE WHEN n % 200 = 1 THEN t.principal ELSE 'g:' || n % 200 END))).*
       FROM inbox t, generate_series(1, :heap, 2) n WHERE t.case_id = :of""",
    """INSERT INTO deadline SELECT (jsonb_populate_record(t, jsonb_build_object(
       'id', md5(t.id || n), 'case_id', md5('case' || n)))).*
       FROM deadline t, generate_series(1, :heap) n WHERE t.case_id = :of""",
    """INSERT INTO due SELECT (jsonb_populate_record(t, jsonb_build_object(
       'id', md5(t.id || n), 'case_id', md5('case' || n), 'ref', t.ref || n,
       'state', CASE WHEN n % 4 = 0 THEN 'armed' ELSE 'fired' END))).*
       FROM due t, generate_series(1, :heap) n WHERE t.case_id = :of""",
    """INSERT INTO notice SELECT (jsonb_populate_record(t, jsonb_build_object(
       'id', md5(t.id || n), 'person_id', md5('person' || n % 300)))).*
       FROM notice t, generate_series(1, :heap) n
       WHERE t.id = (SELECT min(id) FROM notice)""",
    """INSERT INTO outbox_job (id, kind, key, payload, state, not_before, attempts, last_error)
       SELECT md5('job' || n), 'mail', 'heap ' || n, '{}',
       CASE WHEN n % 100 = 0 THEN 'todo' ELSE 'done' END,
       timestamptz '2026-02-09 01:00Z' - n * interval '1 second', 0, ''
       FROM generate_series(1, :heap) n""",
)


@pytest.fixture(scope="module")
def heaped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Boardroom]:
    """The boardroom with twenty thousand cases beside its own."""
    with boardroom_on_postgresql(tmp_path_factory.mktemp("heap")) as room:
        database = room.office.database
        served = room.served()
        case = room.open()
        with database.begin() as session:
            session.execute(sa.text("SET LOCAL session_replication_role = replica"))
            for statement in MANY:
                session.execute(sa.text(statement), {"heap": HEAP, "of": case.id})
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("ANALYZE"))
        assert served.id
        yield room


@contextmanager
def listening(room: Boardroom) -> Iterator[Asked]:
    """Give what is asked of the database meanwhile."""
    asked: Asked = []
    engine = room.office.database.engine

    def hear(
        _connection: Any,
        _cursor: Any,
        statement: str,
        given: Any,
        _context: Any,
        _many: bool,  # noqa: FBT001
    ) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append((statement, given))

    sa.event.listen(sa.Engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", hear)
    assert engine is room.office.database.engine


def scanned(room: Boardroom, asked: Asked) -> list[str]:
    """Return the large tables that a plan reads row by row, each with its statement."""
    found: list[str] = []
    driver: Any = room.office.database.engine.raw_connection()
    with driver.cursor() as cursor:
        for statement, given in asked:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", given)
            (plans,) = cursor.fetchone()
            found += [
                f"{table}: {statement}" for table in _whole(plans[0]["Plan"]) if table in LARGE
            ]
    driver.rollback()
    driver.close()
    return found


def _whole(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from _whole(part)


QUERIES: dict[str, tuple[str, Callable[[Desk], object]]] = {
    "inbox": ("承办甲", inbox),
    "inbox, second page": ("承办甲", lambda desk: inbox(desk, after=inbox(desk, limit=5).after)),
    "inbox, red": ("承办甲", lambda desk: inbox(desk, lamp=Lamp.RED)),
    "inbox, newest": ("承办甲", lambda desk: inbox(desk, sort="opened")),
    "inbox, own": ("承办甲", lambda desk: inbox(desk, mine=True)),
    "inbox numbers": ("承办甲", inbox_numbers),
    "cases": ("承办甲", case_list),
    "cases that run": ("承办甲", lambda desk: case_list(desk, is_closed=False)),
    "own matters": ("陈某", own_cases),
    "ledger": ("承办甲", lambda desk: ledger(desk, LedgerChoice())),
    "what one has done": ("承办甲", boxes.done_work),
    "what one has opened": ("受理员", boxes.started_cases),
    "copies": ("承办甲", boxes.copied_cases),
    "what one watches": ("承办甲", boxes.watched_cases),
    "counts of boxes": ("承办甲", boxes.box_counts),
    "notices": ("陈某", notices),
    "unread notices": ("陈某", unread_notices),
}


class TestListsOfPages:
    """读者看的每个列表，都由索引找到。"""

    @pytest.mark.parametrize("name", QUERIES)
    def test_no_large_table_is_read_row_by_row(self, heaped: Boardroom, name: str) -> None:
        reader, query = QUERIES[name]
        with listening(heaped) as asked:
            heaped.office.ask(heaped.actor(reader), query)
        assert asked
        assert scanned(heaped, asked) == []


class TestWhatTheClockAsks:
    """每秒要问的：到期的、待办的副作用。"""

    def test_what_is_due(self, heaped: Boardroom) -> None:
        with listening(heaped) as asked, heaped.office.database.reading() as session:
            due_now(session, MONDAY, 200)
        assert scanned(heaped, asked) == []

    def test_jobs_to_be_carried(self, heaped: Boardroom) -> None:
        with listening(heaped) as asked, heaped.office.database.reading() as session:
            assert len(uncalled_jobs(session, MONDAY, 50)) == 50
            assert orphaned_jobs(session, MONDAY, 50) == []
        assert len(claim_jobs(heaped.office.database, MONDAY, 5)) == 5
        assert scanned(heaped, asked) == []


class TestTheHeapItself:
    """检验的前提：表确实大；逐行扫描确实会被发现。"""

    def test_a_scan_would_be_seen(self, heaped: Boardroom) -> None:
        told = scanned(heaped, [("SELECT * FROM case_file WHERE title LIKE '%x%'", None)])
        assert [one.split(":")[0] for one in told] == ["case_file"]
