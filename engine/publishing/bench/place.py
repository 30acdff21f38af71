"""The office that is measured: a few cases that are worked on beside a heap of open ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
import zstandard

from engine.clock import SystemClock
from engine.commands.open_case import open_case
from engine.commands.organise import open_account
from engine.commands.tokens import create_token
from engine.desk import REHEARSAL, Actor, Desk, Office, open_office, system_actor
from engine.model.scopes import Scope
from engine.publishing.bench.timing import LOOP, settle
from engine.store.tables import CaseRow, PersonRow
from engine.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

STATE = 20_000
"""Bytes of the state that the bare transaction updates, as JSON; packed they are a quarter."""
STATES = 500
HEAP = "heap %"
"""What the numbers of cases begin with that nobody works on."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the office is that processes of a measurement open.

    Attributes:
        url: The database's address.
        home: Its folder of files and keys.
        key: The master key of its vault, 32 bytes.
    """

    url: str
    home: Path
    key: bytes = field(repr=False)

    def open(self) -> Office:
        """Open the office; the caller closes its database."""
        vault = Vault({"k1": self.key}, "k1")
        return open_office(self.url, self.home, vault, birth=REHEARSAL, clock=SystemClock())


def furnish(place: Place, *, cases: int, worked: int) -> str:
    """Settle the office, open cases to be worked on, lay a heap beside them.

    Args:
        place: An empty database.
        cases: How many open cases nobody works on; each has a reminder that can fall due.
        worked: How many are worked on, 1 or more.

    Returns:
        A token for ``/api/v1`` of the clerk who works.
    """
    office = place.open()
    try:
        settle(office)
        for _ in range(worked - 1):
            start(office)
        secret = _token(office)
        with office.database.begin() as session:
            _heap(session, cases)
            _bare(session)
        with office.database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("ANALYZE"))
    finally:
        office.database.close()
    return secret


def start(office: Office) -> None:
    """Open one more case."""
    actor, subject = people(office)
    office.give(actor, open_case, LOOP.name, {"summary": "计时"}, subject_id=subject)


def people(office: Office) -> tuple[Actor, str]:
    """Return the clerk, and the id of whom cases are about."""
    with office.database.reading() as session:
        rows = {row.name: row for row in session.scalars(sa.select(PersonRow))}
    clerk = rows["办理"]
    return Actor(clerk.id, clerk.authority_id), rows["相关"].id


def worked_cases(session: Session) -> list[str]:
    """Return the ids of the cases that are worked on, oldest first."""
    query = sa.select(CaseRow.id).where(~CaseRow.number.like(HEAP)).order_by(CaseRow.id)
    return list(session.scalars(query))


def server_version(place: Place) -> str:
    """Return the version of the server as it names itself."""
    office = place.open()
    try:
        with office.database.reading() as session:
            return str(session.scalar(sa.text("SHOW server_version")))
    finally:
        office.database.close()


def _token(office: Office) -> str:
    clerk, _ = people(office)
    platform = system_actor(clerk.authority_id)
    account = office.give(platform, open_account, clerk.person_id, "clerk")
    signed = Actor(clerk.person_id, clerk.authority_id, account.id, has_signed=True)
    day = office.ask(platform, _today)
    return office.give(
        signed, create_token, "bench", [Scope.READ.value, Scope.WORK.value], expires_on=day
    ).secret


def _today(desk: Desk) -> date:
    return desk.today()


def _heap(session: Session, cases: int) -> None:
    """Copy one open case so many times, with its task, inbox, deadlines and what falls due."""
    of = worked_cases(session)[0]
    changed = {
        "case_file": {"id": "md5('case' || n)", "number": "'heap ' || n"},
        "work_item": {
            "id": "md5('item' || n)",
            "case_id": "md5('case' || n)",
            "item": "'heap ' || n",
        },
        "inbox": {"work_item_id": "md5('item' || n)", "case_id": "md5('case' || n)"},
        "deadline": {"id": "md5(t.id || n)", "case_id": "md5('case' || n)"},
        "due": {
            "id": "md5(t.id || n)",
            "case_id": "md5('case' || n)",
            "ref": "md5(t.ref || n)",
        },
    }
    tables = CaseRow.metadata.tables
    for table, told in changed.items():
        names = [column.name for column in tables[table].columns]
        said = ", ".join(told.get(name, f't."{name}"') for name in names)
        into = ", ".join(f'"{name}"' for name in names)
        key = "t.id" if table == "case_file" else "t.case_id"
        session.execute(
            sa.text(
                f"INSERT INTO {table} ({into}) SELECT {said} FROM {table} t,"  # noqa: S608 -- names are ours
                f" generate_series(1, {cases}) n WHERE {key} = :of"
            ),
            {"of": of},
        )


def _bare(session: Session) -> None:
    """Make what the floors work on: states, rows, and what falls due."""
    for sql in (
        "CREATE TABLE bare_state (id int PRIMARY KEY, state bytea)",
        "CREATE TABLE bare_row (id bigserial PRIMARY KEY, text text)",
        "CREATE TABLE bare_due (id int PRIMARY KEY, due_at timestamptz, state text)",
        "INSERT INTO bare_due SELECT n, now(), 'armed' FROM generate_series(1, 100000) n",
        "CREATE INDEX bare_due_armed ON bare_due (state, due_at, id)",
    ):
        session.execute(sa.text(sql))
    session.execute(
        sa.text(f"INSERT INTO bare_state SELECT n, :state FROM generate_series(1, {STATES}) n"),  # noqa: S608 -- a number of ours
        {"state": packed({"step": 0, "tasks": list(_tasks())})},
    )


def packed(state: Mapping[str, Any]) -> bytes:
    """Return a state as it lies in the database, as those of cases do."""
    return zstandard.compress(orjson.dumps(state), 3)


def changed(state: bytes) -> bytes:
    """Return a state one step further: unpacked, parsed, changed, written and packed again."""
    body = orjson.loads(zstandard.decompress(state))
    body["step"] += 1
    return packed(body)


def _tasks() -> Iterator[dict[str, object]]:
    """Return so many tasks that their JSON has the bytes of `STATE`."""
    size = 0
    for number in count():
        digest = sha256(str(number).encode()).hexdigest()
        task = {"id": digest[:32], "spec": f"ut_{number % 20}", "state": 64, "of": digest[32:40]}
        size += len(orjson.dumps(task)) + 1
        if size > STATE:
            return
        yield task
