"""Print what an inbox's first page with its counts costs at 200,000 open work items.

Run: python tools/postgres.py run -- python tools/bench_inbox.py
Fills a database of its own on the server that WENZE_TEST_POSTGRES names: 200,000 open items, 300
users, 60 groups of very different size, five groups a user. Each statement of the page is timed
through the raw driver, prepared as the platform's own are, the fastest of seven, so that others'
work on the machine counts less; beside the bare query of the page: the first twenty lines of the
reader's principals in the order of their index, and nothing else.

The page asks for its twenty lines, the counts of every lamp and of its views, the procedures in
which something waits, and the number beside the way to it, which stands on every page.
"""

import os
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store import migrations
from engine.store.database import Database, open_database
from engine.store.queries.inbox import inbox_counts, inbox_page
from engine.store.queries.waiting import waiting_by_procedure, waiting_for
from engine.store.tables import (
    AuthorityRow,
    Card,
    CaseRow,
    DeadlineRow,
    InboxRow,
    VersionRow,
    WorkItemRow,
)

SERVER = "WENZE_TEST_POSTGRES"
ITEMS, USERS, GROUPS, GROUPS_A_USER = 200_000, 300, 60, 5
ROUNDS, ATTEMPTS = 90, 7
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
MILLI = 1_000
MOST = 5.0
"""What the page with the counts of its lamps may cost the database; median, in milliseconds."""
AUTHORITY, VERSION = "a" * 36, "v" * 36
GROUP = f"'r:{AUTHORITY}:g' || floor(power(random(), 2) * {GROUPS})::int"
"""The groups' shares fall with the root of their number: the largest has 26,000 items."""
BARE = """
SELECT DISTINCT found.work_item_id, found.due_at
FROM unnest(%s::text[]) AS one(principal)
CROSS JOIN LATERAL (
  SELECT i.work_item_id, i.due_at FROM inbox i WHERE i.principal = one.principal
  ORDER BY i.due_at, i.work_item_id LIMIT 20) AS found
ORDER BY found.due_at, found.work_item_id LIMIT 20
"""


def _fill(database: Database) -> None:
    """Fill the tables by statements over series; what is not named is empty."""
    number = "lpad(i::text, 36, '0')"
    due = f"timestamptz '{NOW.isoformat()}' + (random() * 60 - 4) * interval '1 day'"
    with database.engine.begin() as connection:
        connection.exec_driver_sql("SELECT setseed(0.26)")
        _insert(connection, AuthorityRow, 1, id=f"'{AUTHORITY}'", key="'a'")
        _insert(connection, VersionRow, 1, id=f"'{VERSION}'", authority_id=f"'{AUTHORITY}'")
        owner = {"authority_id": f"'{AUTHORITY}'"}
        case = {**owner, "case_id": number}
        _insert(
            connection,
            CaseRow,
            ITEMS,
            id=number,
            version_id=f"'{VERSION}'",
            number="'某问〔2026〕' || i || '号'",
            title="'某厂设备大修期间推诿扯皮致停产的问题 ' || i",
            procedure="'p'",
            **owner,
        )
        _insert(
            connection,
            WorkItemRow,
            ITEMS,
            id=number,
            item=number,
            name="'调查并提交书面报告'",
            state="'open'",
            deadline_key="'DL-1'",
            **case,
        )
        _insert(
            connection,
            DeadlineRow,
            ITEMS,
            id=number,
            key="'DL-1'",
            state="'running'",
            last_day=f"({due})::date",
            **case,
        )
        _insert(
            connection,
            InboxRow,
            ITEMS,
            principal=GROUP,
            work_item_id=number,
            due_at=due,
            **case,
        )
        connection.exec_driver_sql("UPDATE inbox SET warn_at = due_at - interval '3 day'")
        connection.exec_driver_sql(
            "UPDATE deadline SET last_day = (inbox.due_at - interval '1 day')::date "
            "FROM inbox WHERE inbox.work_item_id = deadline.case_id"
        )
        _insert(
            connection,
            Card,
            ITEMS // 40,
            id=number,
            deadline_id="lpad((i * 37)::text, 36, '0')",
            colour="'red'",
            **{**case, "case_id": "lpad((i * 37)::text, 36, '0')"},
        )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def _insert(connection: sa.Connection, of: Any, count: int, **given: str) -> None:
    """Insert `count` rows; columns that are not given get an empty value of their type."""
    columns = {
        column.name: given.get(column.name) or _empty(column)
        for column in of.__table__.columns
        if not column.nullable or column.name in given
    }
    names = ", ".join(f'"{name}"' for name in columns)
    connection.exec_driver_sql(
        f'INSERT INTO "{of.__table__.name}" ({names}) '  # noqa: S608 -- our own names
        f"SELECT {', '.join(columns.values())} FROM generate_series(1, {count}) AS i"
    )


def _empty(column: sa.Column[Any]) -> str:
    kind = type(column.type).__name__
    return {
        "Integer": "0",
        "Boolean": "false",
        "Date": "date '2026-03-02'",
        "Instant": f"timestamptz '{NOW.isoformat()}'",
        "JSON": "'{}'",
        "LargeBinary": "''::bytea",
    }.get(kind, "''")


def _principals(user: int) -> list[str]:
    """Return the principals of a user: oneself and five groups, from the widest to the rarest."""
    steps = [(user * (7 + 4 * n) + n) % GROUPS for n in range(GROUPS_A_USER)]
    return [f"p:{user:036}", *(f"r:{AUTHORITY}:g{group}" for group in sorted(set(steps)))]


def _statements(
    database: Database, ask: Callable[[Session], object]
) -> tuple[list[tuple[str, Any]], float]:
    """Return what is said to the database, and how long the platform took for it, in ms."""
    said: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, text: str, given: Any, _x: Any, _m: Any) -> None:
        said.append((text, given))

    with database.reading() as session:
        engine = session.get_bind()
        sa.event.listen(engine, "before_cursor_execute", note)
        begun = perf_counter()
        ask(session)
        took = (perf_counter() - begun) * MILLI
        sa.event.remove(engine, "before_cursor_execute", note)
    return said, took


def _timed(cursor: Any, statements: list[tuple[str, Any]]) -> float:
    """Return what statements take together, each the fastest of its attempts; in ms."""
    total = 0.0
    for text, given in statements:
        taken = []
        for _attempt in range(ATTEMPTS):
            begun = perf_counter()
            cursor.execute(text, given, prepare=True)
            cursor.fetchall()
            taken.append(perf_counter() - begun)
        total += min(taken)
    return total * MILLI


def main() -> None:
    """Fill, measure, print; ends with 1 where the page costs more than it may."""
    server = os.environ.get(SERVER)
    if not server:
        print(f"{SERVER} names no server; see tools/postgres.py")
        return
    name = f"wenze_bench_{secrets.token_hex(4)}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    url = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    database = open_database(url)
    try:
        migrations.upgrade(database)
        begun = perf_counter()
        _fill(database)
        print(f"filled {ITEMS:,} items in {perf_counter() - begun:.0f} s")
        code = _measure(database)
    finally:
        database.close()
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()
    sys.exit(code)


def _measure(database: Database) -> int:
    pages, platform, bare, whole, visible = [], [], [], [], []
    raw = database.engine.raw_connection()
    driver: Any = raw.driver_connection
    with driver.cursor() as cursor:
        for round_ in range(ROUNDS):
            principals = _principals(round_ * 7 % USERS)

            def first_page(session: Session, of: list[str] = principals) -> None:
                inbox_page(session, of, NOW)
                inbox_counts(session, of, NOW)

            def all_of_it(session: Session, of: list[str] = principals) -> None:
                first_page(session, of)
                waiting_by_procedure(session, of)
                waiting_for(session, of)

            said, _ = _statements(database, first_page)
            pages.append(_timed(cursor, said))
            said, took = _statements(database, all_of_it)
            whole.append(_timed(cursor, said))
            platform.append(took)
            bare.append(_timed(cursor, [(BARE, (principals,))]))
            cursor.execute("SELECT count(*) FROM inbox WHERE principal = ANY(%s)", (principals,))
            visible.append(cursor.fetchone()[0])
    raw.close()
    warm = slice(ROUNDS // 6, None)
    least, most = min(visible), max(visible)
    print(f"a reader sees {least:,} to {most:,} items, median {median(visible):,.0f}")
    for label, found in (
        ("bare query of the first page", bare),
        ("page and the counts of its lamps", pages),
        ("all that the page asks: database", whole),
        ("all that the page asks: platform", platform),
    ):
        late = quantiles(found[warm], n=20)[-1]
        print(f"{label:<32} {median(found[warm]):6.2f} ms, 95% within {late:6.2f}")
    return 0 if median(pages[warm]) <= MOST else 1


if __name__ == "__main__":
    main()
