"""事项箱与台账在 PostgreSQL 上：数据再多，也不整表扫描。"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.desk.views.boxes import (
    copied_cases,
    done_work,
    own_drafts,
    started_cases,
    watched_cases,
)
from engine.desk.views.exports import own_exports
from engine.desk.views.inbox import inbox
from engine.desk.views.ledger import LedgerChoice, ledger
from engine.store.tables import (
    CaseRow,
    CopyRow,
    Draft,
    Export,
    InboxRow,
    OwnNote,
    Participant,
    Recusal,
    WorkItemRow,
    new_id,
)
from tests.engine.boardroom import MONDAY, Boardroom
from tests.engine.on_postgresql import boardroom_on_postgresql

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

SIZE = 20_000
LARGE = {
    table.__tablename__
    for table in (CaseRow, WorkItemRow, InboxRow, CopyRow, Draft, OwnNote, Participant, Recusal)
}
PEOPLE = ("承办甲", "承办乙", "监事甲", "监事乙")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Boardroom]:
    """The boardroom on PostgreSQL with 20,000 cases, and as many lines in every box."""
    home: Path = tmp_path_factory.mktemp("plans")
    with boardroom_on_postgresql(home) as filled:
        fill(filled)
        yield filled


def fill(room: Boardroom) -> None:
    """Copy one case many times over; each person has a two-hundredth of every box."""
    case = room.open()
    item = room.item(case, "ut_inquire")
    plain = {"authority_id": room.authority_id}
    people = [room.people[name] for name in PEOPLE] + [new_id() for _ in range(196)]
    with room.office.database.begin() as session:
        session.execute(sa.text("SET session_replication_role = replica"))  # no foreign keys
        row = session.get_one(CaseRow, case.id)
        step = session.get_one(WorkItemRow, item.id)
        cases: list[dict[str, Any]] = []
        items: list[dict[str, Any]] = []
        boxes: dict[Any, list[dict[str, Any]]] = {
            one: [] for one in (CopyRow, Draft, OwnNote, Participant, Recusal, InboxRow, Export)
        }
        columns = [one.key for one in sa.inspect(CaseRow).columns if one.key != "state"]
        steps = [one.key for one in sa.inspect(WorkItemRow).columns]
        for number in range(SIZE):
            at, who = MONDAY - timedelta(minutes=number), people[number % len(people)]
            one, done = new_id(), new_id()
            copied = {key: getattr(row, key) for key in columns}
            cases.append(
                copied | {"id": one, "number": f"n{number:06d}", "opened_at": at, "opened_by": who}
            )
            worked = {key: getattr(step, key) for key in steps} | {"case_id": one}
            items.append(
                worked | {"id": done, "state": "done", "completed_by": who, "completed_at": at}
            )
            about = plain | {"case_id": one}
            boxes[CopyRow].append(
                about
                | {"id": new_id(), "person_id": who, "sent_by": who, "sent_at": at, "note": ""}
            )
            boxes[Draft].append(
                about | {"work_item_id": done, "person_id": who, "data": {}, "saved_at": at}
            )
            boxes[OwnNote].append(
                about | {"person_id": who, "watched_at": at, "tags": [], "follow_up": ""}
            )
            boxes[Participant].append(
                about | {"id": new_id(), "person_id": new_id(), "role": "subject", "since_at": at}
            )
            boxes[Recusal].append(
                about
                | {
                    "id": new_id(),
                    "person_id": new_id(),
                    "kind": "declared",
                    "state": "granted",
                    "reasons": "x",
                    "requested_by": who,
                    "requested_at": at,
                    "decision_reasons": "",
                }
            )
            boxes[InboxRow].append(
                about
                | {
                    "principal": f"p:{who}",
                    "due_at": at,
                    "warn_at": at,
                    "work_item_id": done,
                }
            )
        session.execute(sa.insert(CaseRow), cases)
        session.execute(sa.insert(WorkItemRow), items)
        for table, rows in boxes.items():
            if rows:
                session.execute(sa.insert(table), rows)
    with room.office.database.engine.connect().execution_options(
        isolation_level="AUTOCOMMIT"
    ) as connection:
        connection.execute(sa.text("ANALYZE"))


def scanned(room: Boardroom, name: str, query: Callable[..., Any], **given: Any) -> list[str]:
    """Return what a query of somebody's reads whole, of the tables that grow."""
    engine = room.office.database.engine
    asked: list[tuple[str, Any]] = []

    def note(_one: Any, _two: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH", "(")):
            asked.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", note)
    room.office.ask(room.actor(name), query, **given)
    sa.event.remove(engine, "before_cursor_execute", note)
    assert asked
    with engine.connect() as connection:
        return [
            line
            for statement, parameters in asked
            for (line,) in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
            if "Seq Scan" in line and any(f" on {table} " in line for table in LARGE)
        ]


BOXES: dict[str, tuple[str, Callable[..., Any], dict[str, Any]]] = {
    "待办": ("承办甲", inbox, {}),
    "已办": ("承办甲", done_work, {}),
    "我发起的": ("承办甲", started_cases, {}),
    "抄送我的": ("承办甲", copied_cases, {}),
    "草稿": ("承办甲", own_drafts, {}),
    "关注": ("承办甲", watched_cases, {}),
    "导出": ("承办甲", own_exports, {}),
    "台账": ("受理员", ledger, {"choice": LedgerChoice()}),
    "台账，按案号": ("受理员", ledger, {"choice": LedgerChoice(sort="number")}),
    "台账，在办": ("受理员", ledger, {"choice": LedgerChoice(state="open")}),
}


class TestPlans:
    """每个箱子的一页，只读那一页。"""

    @pytest.mark.parametrize("name", BOXES)
    def test_no_table_that_grows_is_read_whole(self, room: Boardroom, name: str) -> None:
        who, query, given = BOXES[name]
        assert scanned(room, who, query, **given) == []
