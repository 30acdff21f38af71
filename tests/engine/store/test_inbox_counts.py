"""待办的件数：数到 999 为止，再多只说“超过”；每一项只数一次，红黄牌不因待办多而数错。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from engine.model.lamps import Lamp
from engine.store.queries.inbox import InboxCounts, inbox_counts, lamps_under
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
from engine.store.tables.base import new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from engine.store.database import Database

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)
NEVER = datetime(9999, 12, 30, tzinfo=UTC)
ME, OFFICE, TEAM = "p:me", "r:a:clerk", "r:a:team"


@dataclass
class Pile:
    """Writes items into inboxes, all of one authority."""

    session: Session
    authority: str
    version: str

    def case(self, procedure: str = "p") -> str:
        case = CaseRow(
            authority_id=self.authority,
            version_id=self.version,
            procedure=procedure,
            number=new_id(),
            title="推诿扯皮致停产",
            opened_at=NOW,
            opened_by="me",
        )
        self.session.add(case)
        self.session.flush()
        return case.id

    def add(
        self,
        number: int,
        *principals: str,
        due: datetime = NOW + 9 * DAY,
        case: str = "",
        state: str = "open",
        clock: str = "running",
    ) -> str:
        """Put so many items of one case into the inboxes; return the case's deadline."""
        case = case or self.case()
        clock_of = self.deadline(case, due, clock) if due != NEVER or clock != "running" else ""
        items = [
            {
                "id": new_id(),
                "authority_id": self.authority,
                "case_id": case,
                "item": new_id(),
                "kind": "user",
                "process": "p",
                "element": "ut",
                "name": "核查",
                "state": state,
                "deadline_key": "DL-1" if clock_of else "",
                "opened_at": NOW,
                "revision": 1,
                **_EMPTY,
            }
            for _ in range(number)
        ]
        lines = [
            {
                "principal": principal,
                "due_at": due,
                "warn_at": NEVER if due == NEVER else due - 3 * DAY,
                "work_item_id": item["id"],
                "authority_id": self.authority,
                "case_id": case,
            }
            for item in items
            for principal in principals
        ]
        self.session.execute(sa.insert(WorkItemRow), items)
        self.session.execute(sa.insert(InboxRow), lines)
        return clock_of

    def deadline(self, case: str, due: datetime, state: str) -> str:
        row = DeadlineRow(
            authority_id=self.authority,
            case_id=case,
            key="DL-1",
            state=state,
            event_on=NOW.date(),
            event_at=NOW,
            recorded_at=NOW,
            last_day=date(2026, 3, 1),
            expires_at=due,
            warn_at=due,
        )
        self.session.add(row)
        self.session.flush()
        return row.id

    def red(self, number: int, due: datetime, *principals: str) -> None:
        """Put items whose deadline has its red card into the inboxes."""
        case = self.case()
        deadline = self.add(number, *principals, due=due, case=case)
        self.session.add(
            Card(
                authority_id=self.authority,
                case_id=case,
                deadline_id=deadline,
                colour="red",
                given_on=NOW.date(),
                given_at=NOW,
            )
        )
        self.session.flush()

    def counts(self, *principals: str, **more: Any) -> InboxCounts:
        return inbox_counts(self.session, principals or (ME, OFFICE, TEAM), NOW, **more)


_EMPTY: dict[str, Any] = {
    "callers": [],
    "lane": "",
    "role": "clerk",
    "form": "",
    "topic": "",
    "properties": {},
    "candidates": [],
    "holds": [],
}


@pytest.fixture
def pile(database: Database) -> Any:
    """An authority in whose inboxes nothing waits yet."""
    with database.begin() as session:
        authority = AuthorityRow(key="a", name="某机关", short_name="某")
        session.add(authority)
        session.flush()
        version = VersionRow(
            authority_id=authority.id,
            procedure="p",
            number=1,
            manifest={},
            digest="d",
            drafted_at=NOW,
        )
        session.add(version)
        session.flush()
        yield Pile(session, authority.id, version.id)


class TestExactly:
    """What is few is counted one by one."""

    def test_nothing_is_nothing(self, pile: Pile) -> None:
        counts = pile.counts()

        assert (counts.total, counts.mine, counts.groups, counts.is_capped) == (0, 0, 0, False)
        assert set(counts.lamps.values()) == {0}

    def test_each_lamp_has_its_own(self, pile: Pile) -> None:
        pile.add(4, OFFICE)
        pile.add(3, OFFICE, due=NOW + DAY)
        pile.add(2, OFFICE, due=NOW - DAY)
        pile.red(1, NOW - 2 * DAY, OFFICE)
        pile.add(5, OFFICE, due=NEVER)
        pile.add(6, OFFICE, due=NEVER, clock="suspended")

        counts = pile.counts()

        assert counts.lamps == {
            Lamp.OK: 4,
            Lamp.NEAR: 3,
            Lamp.YELLOW: 2,
            Lamp.RED: 1,
            Lamp.HELD: 6,
            Lamp.DONE: 0,
            Lamp.NONE: 5,
        }
        assert (counts.total, counts.is_capped) == (21, False)

    def test_the_same_lamps_stand_beside_a_filter(self, pile: Pile) -> None:
        pile.add(4, OFFICE)
        pile.red(1, NOW - 2 * DAY, OFFICE, TEAM)
        pile.add(5, OFFICE, due=NEVER, state="claimed")
        everybody = (ME, OFFICE, TEAM)

        def lamps(**filters: Any) -> dict[Lamp, int]:
            found = lamps_under(pile.session, everybody, NOW, **filters)
            return {lamp: number for lamp, number in found.items() if number}

        assert lamps() == {Lamp.OK: 4, Lamp.RED: 1, Lamp.NONE: 5}
        assert lamps(mine=True) == {Lamp.NONE: 5}
        assert lamps(search="停产", procedure="p", mine=False) == {Lamp.OK: 4, Lamp.RED: 1}
        assert lamps(procedure="q") == {}

    def test_an_item_of_two_groups_is_one(self, pile: Pile) -> None:
        pile.add(3, OFFICE, TEAM)

        assert pile.counts().total == 3
        assert waiting_for(pile.session, (ME, OFFICE, TEAM)) == 3
        assert waiting_by_procedure(pile.session, (ME, OFFICE, TEAM)) == {"p": 3}

    def test_what_is_claimed_waits_for_no_group(self, pile: Pile) -> None:
        pile.add(2, ME, state="claimed")
        pile.add(3, OFFICE)

        counts = pile.counts()

        assert (counts.total, counts.mine, counts.groups) == (5, 2, 3)

    def test_a_barred_case_is_not_counted(self, pile: Pile) -> None:
        barred = pile.case()
        pile.add(3, OFFICE, case=barred, due=NOW - DAY)
        pile.add(1, OFFICE)

        assert pile.counts(barred_cases=[barred]).total == 1
        assert waiting_for(pile.session, (OFFICE,), barred_cases=[barred]) == 1
        assert waiting_by_procedure(pile.session, (OFFICE,), barred_cases=[barred]) == {"p": 1}


class TestUpToAThousand:
    """Nobody reads further than 999: of more it is only known that there are more."""

    @pytest.mark.parametrize("there", [999, 1_000, 1_001])
    def test_the_thousandth_is_where_it_ends(self, pile: Pile, there: int) -> None:
        pile.add(there, OFFICE)

        counts = pile.counts()

        assert counts.total == counts.lamps[Lamp.OK] == min(there, 1_000)
        assert counts.is_capped == (there > 999)

    def test_of_long_inboxes_procedures_are_not_counted(self, pile: Pile) -> None:
        pile.add(1_000, OFFICE)

        assert waiting_by_procedure(pile.session, (OFFICE,)) is None

    def test_many_of_two_groups_are_counted_once(self, pile: Pile) -> None:
        pile.add(600, OFFICE, TEAM)

        assert pile.counts().total == 600

    def test_a_few_of_the_other_lamps_stay_exact(self, pile: Pile) -> None:
        pile.add(1_300, OFFICE)
        pile.add(7, OFFICE, due=NOW + DAY)
        pile.add(15, ME, state="claimed", due=NOW - DAY)

        counts = pile.counts()

        assert counts.lamps[Lamp.OK] == 1_000
        assert (counts.lamps[Lamp.NEAR], counts.lamps[Lamp.YELLOW]) == (7, 15)
        assert (counts.mine, counts.groups) == (15, 1_000)

    def test_yellow_is_right_where_red_is_taken_away(self, pile: Pile) -> None:
        """1,100 late, of them 200 red: 900 yellow, though more than 999 are late."""
        pile.red(200, NOW - 2 * DAY, OFFICE)
        pile.add(900, OFFICE, due=NOW - DAY)

        counts = pile.counts()

        assert (counts.lamps[Lamp.RED], counts.lamps[Lamp.YELLOW]) == (200, 900)
        assert (counts.total, counts.is_capped) == (1_000, True)

    def test_more_yellow_than_are_counted_is_cut_too(self, pile: Pile) -> None:
        pile.red(200, NOW - 2 * DAY, OFFICE)
        pile.add(1_250, OFFICE, due=NOW - DAY)

        assert pile.counts().lamps[Lamp.YELLOW] == 1_000
