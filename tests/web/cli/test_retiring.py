"""`wenze retire` 与 `wenze retired`：列出、提出、批准；调取档案包。"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import SystemClock
from engine.commands.organise import add_person, open_account
from engine.commands.retire import KIND, run_retirement
from engine.desk import system_actor
from engine.publishing.bench.place import start
from engine.publishing.bench.timing import settle
from engine.store.tables import AuthorityRow, CaseRow, Retirement
from scheduler.jobs import drain
from tests.web.cli.conftest import Wenze
from web.office import open_installation
from web.settings import Settings

LONG_AGO = datetime(2011, 3, 1, tzinfo=UTC)


@pytest.fixture
def number(home: Path) -> str:
    """The number of a case that was closed fifteen years ago; ``one`` and ``two`` administer."""
    office = open_installation(Settings(home=home), birth="rehearsal", clock=SystemClock())
    settle(office)
    start(office)
    with office.database.begin() as session:
        row = session.scalars(sa.select(CaseRow)).first()
        assert row is not None
        authority, found = session.scalars(sa.select(AuthorityRow.id)).one(), row.number
        row.closed_at, row.status = LONG_AGO, "closed"
        for table in ("due", "deadline", "work_item"):
            session.execute(
                sa.text(f"UPDATE {table} SET state = 'withdrawn' WHERE case_id = :of"),  # noqa: S608 -- names of ours
                {"of": row.id},
            )
    platform = system_actor(authority)
    for name in ("one", "two"):
        person = office.give(platform, add_person, name)
        office.give(platform, open_account, person.id, name, is_admin=True)
    office.database.close()
    return found


class TestRetire:
    """不加选项只列出；一人提出，另一人批准。"""

    def test_listed_proposed_approved_carried_and_taken_out(
        self, wenze: Wenze, home: Path, tmp_path: Path, number: str
    ) -> None:
        listed = wenze("retire", "--as", "one")
        assert listed.exit_code == 0, listed.output
        assert number in listed.output
        assert "1 may leave (nothing was changed)" in listed.output
        made = wenze("retire", "--as", "one", "--propose", "--reasons", "期满。")
        assert "1 cases; another administrator approves it" in made.output
        round_id = made.output.split()[1].rstrip(",")
        own = wenze("retire", "--as", "one", "--approve", round_id, "--reasons", "同意。")
        assert own.exit_code == 2
        assert "Another administrator" in own.output
        done = wenze("retire", "--as", "two", "--approve", round_id, "--reasons", "同意。")
        assert "Decided" in done.output
        office = open_installation(Settings(home=home))
        drain(office, {KIND: run_retirement})
        office.database.close()
        assert f"{round_id}  done  1/1" in wenze("retire", "--as", "one").output
        package = tmp_path / "package.zip"
        taken = wenze("retired", number, package, "--reason", "多年后有人询问。")

        assert taken.exit_code == 0, taken.output
        assert hashlib.sha256(package.read_bytes()).hexdigest() in taken.output
        again = wenze("retired", number, package, "--reason", "多年后有人询问。")
        assert "exists and is not overwritten" in again.output

    def test_rejected_nothing_leaves(self, wenze: Wenze, home: Path, number: str) -> None:
        assert number
        made = wenze("retire", "--as", "one", "--propose", "--reasons", "期满。")
        round_id = made.output.split()[1].rstrip(",")
        wenze("retire", "--as", "two", "--reject", round_id, "--reasons", "缓办。")
        office = open_installation(Settings(home=home))
        with office.database.reading() as session:
            state = session.scalar(sa.select(Retirement.state))
        office.database.close()

        assert state == "rejected"

    def test_an_unknown_administrator_or_case_is_said(
        self, wenze: Wenze, tmp_path: Path, number: str
    ) -> None:
        assert number
        assert wenze("retire", "--as", "nobody").exit_code == 2
        told = wenze("retired", "none", tmp_path / "x.zip", "--reason", "多年后有人询问。")
        assert "There is no none" in told.output
