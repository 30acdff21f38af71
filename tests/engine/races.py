"""What tests of races share: the boardroom on PostgreSQL, two commands brought together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.publish_version import approve_version
from engine.store.tables import CaseRow, VersionRow, WorkItemRow
from tests.engine.boardroom import Boardroom, draft_of
from tests.engine.interleaving import Met, meet
from tests.engine.on_postgresql import boardroom_on_postgresql

BOTH_ORDERS = pytest.mark.parametrize("turned", [False, True], ids=["as_named", "turned"])


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Boardroom]:
    """The boardroom on PostgreSQL, on Monday 9 February 2026."""
    with boardroom_on_postgresql(tmp_path) as found:
        yield found


def in_turn(room: Boardroom, turned: bool, one: Any, other: Any) -> Met:  # noqa: FBT001 -- of the parameter
    """Let two meet, the other first where `turned`; what is told stays in the order named."""
    if not turned:
        return meet(room.office, one, other)
    met = meet(room.office, other, one)
    return Met(met.second, met.first, met.second_waited)


def published(room: Boardroom, *changes: tuple[str, str]) -> VersionRow:
    version = drafted(room, *changes)
    row: VersionRow = room.give(
        "管理员", approve_version, version.id, effective_on=date(2026, 1, 1)
    )
    return row


def drafted(room: Boardroom, *changes: tuple[str, str]) -> VersionRow:
    def edit(path: str, text: str) -> str:
        if path.endswith(".bpmn"):
            for old, new in changes:
                assert old in text
                text = text.replace(old, new)
        return text

    return draft_of(room.office, room.actor("设计员"), edit)


def sound(room: Boardroom, case: CaseRow) -> None:
    """Hold that the record is whole, and that nothing was completed twice."""
    assert room.breaches() == []
    done = room.all(
        sa.select(WorkItemRow.id).where(WorkItemRow.case_id == case.id, WorkItemRow.state == "done")
    )
    assert room.facts(case).count("work_completed") == len(done)
