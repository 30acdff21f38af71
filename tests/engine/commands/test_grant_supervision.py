"""上级督办的授权：机关的上下级，下级授权，谁在看。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.grant_supervision import (
    end_supervision,
    grant_supervision,
    place_authority,
)
from engine.commands.organise import relate
from engine.commands.supervise_below import list_below, look_below
from engine.desk import Desk, Relation, system_actor
from engine.desk.views import case_view, timeline
from engine.desk.views.supervised import (
    is_watched,
    watches,
)
from engine.desk.views.supervising import below, case_below, cases_below
from engine.errors import NotAllowed, NotFound, Recused
from engine.store.tables import (
    CaseRow,
    Participant,
    PersonRow,
    SupervisionGrant,
)
from tests.engine.boardroom import Boardroom, refused
from tests.engine.commands.superior import TODAY, WHY, Above


class TestPlaces:
    """机关的上下级由平台登记；处于上级本身不给任何权限。"""

    def test_being_above_gives_nothing(self, above: Above) -> None:
        case = above.room.open()

        assert above.ask(below) == ()
        assert above.ask(cases_below).lines == ()
        for query in (case_below, case_view, timeline):
            with pytest.raises(NotFound):
                above.ask(query, case.id)
        with pytest.raises(NotFound):
            above.give(look_below, case.id, reason=WHY)

    def test_only_the_platform_places_an_authority(self, above: Above) -> None:
        refused(
            lambda: above.room.give("管理员", place_authority, "group", above=""),
            "authority.system_only",
            NotAllowed,
        )

    def test_nobody_stands_above_oneself(self, above: Above) -> None:
        for key, over in (("above", "group"), ("above", "above")):
            give = partial(
                above.room.office.give, system_actor(""), place_authority, key, above=over
            )
            refused(give, "authority.circle")

    def test_an_unknown_authority_is_not_placed(self, above: Above) -> None:
        with pytest.raises(NotFound):
            above.room.office.give(system_actor(""), place_authority, "nowhere", above="above")

    def test_who_stands_above_no_more_sees_no_more(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        assert [one.id for one in above.ask(cases_below).lines] == [case.id]

        above.room.office.give(system_actor(""), place_authority, "group", above="")

        assert above.ask(cases_below).lines == ()
        with pytest.raises(NotFound):
            above.ask(case_below, case.id)
        assert not above.room.office.ask(above.room.actor("管理员"), is_watched)
        assert not above.ask(watches)


class TestGranting:
    """督办视图由下级机关管理员授权：限流程、限期间、可收回；不授权即不可见 (SUP-042, SUP-062)."""

    def test_it_is_on_the_record_and_told_above(self, above: Above) -> None:
        row = above.grant()

        details = above.room.last(None, "supervision_granted")
        assert details["grant"] == row.id
        assert details["superior"] == above.authority_id
        assert details["procedures"] == ["board"]
        assert details["valid_to"] == "2026-12-31"
        assert above.notices(above.officer) == ["supervision.opened"]
        assert above.ask(watches)
        assert not above.ask(watches, by=above.clerk)

    def test_only_an_administrator_grants(self, above: Above) -> None:
        days = {"valid_from": TODAY, "valid_to": TODAY, "reasons": "督办"}
        for name in ("主席", "外人", "承办甲"):
            with pytest.raises(NotAllowed):
                above.room.give(name, grant_supervision, ["board"], **days)

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"procedures": []}, "supervision.procedures"),
            ({"procedures": ["board", "nothing"]}, "supervision.procedures"),
            ({"valid_from": date(2026, 2, 8)}, "supervision.days"),
            ({"valid_to": date(2026, 2, 8)}, "supervision.days"),
            ({"valid_to": date(2029, 2, 10)}, "supervision.days"),
            ({"reasons": " "}, "reasons.missing"),
            ({"superior_id": "elsewhere"}, "supervision.not_above"),
        ],
    )
    def test_it_is_refused_where_it_does_not_fit(
        self, above: Above, given: dict[str, Any], message: str
    ) -> None:
        usual = {
            "procedures": ["board"],
            "valid_from": TODAY,
            "valid_to": date(2026, 12, 31),
            "reasons": "督办",
        }
        refused(lambda: above.room.give("管理员", grant_supervision, **{**usual, **given}), message)

    def test_it_lasts_1096_days_at_most(self, above: Above) -> None:
        assert above.grant(valid_to=date(2029, 2, 9)).valid_to == date(2029, 2, 9)

    def test_where_nobody_stands_above_nothing_is_granted(self, room: Boardroom) -> None:
        days = {"valid_from": TODAY, "valid_to": TODAY, "reasons": "督办"}
        refused(
            lambda: room.give("管理员", grant_supervision, ["board"], **days),
            "supervision.not_above",
        )

    def test_it_counts_from_its_first_to_its_last_day(self, above: Above) -> None:
        above.grant(valid_from=date(2026, 2, 10), valid_to=date(2026, 2, 11))
        case = above.room.open()
        with pytest.raises(NotFound):
            above.ask(case_below, case.id)
        above.room.at(2026, 2, 10)
        assert above.ask(case_below, case.id).case.id == case.id
        above.room.at(2026, 2, 11, 23)
        assert above.ask(case_below, case.id).case.id == case.id
        above.room.at(2026, 2, 12)
        with pytest.raises(NotFound):
            above.ask(case_below, case.id)
        row = above.room.one(sa.select(SupervisionGrant))
        refused(
            lambda: above.room.give("管理员", end_supervision, row.id, reasons="期满"),
            "supervision.ended",
        )

    def test_taken_back_it_shows_nothing_from_that_moment(self, above: Above) -> None:
        row, case = above.grant(), above.room.open()
        assert above.ask(case_below, case.id).case.id == case.id

        above.room.give("管理员", end_supervision, row.id, reasons="督办事项已结束。")

        with pytest.raises(NotFound):
            above.ask(case_below, case.id)
        assert above.ask(below) == ()
        assert above.room.last(None, "supervision_ended")["reasons"] == "督办事项已结束。"
        refused(
            lambda: above.room.give("管理员", end_supervision, row.id, reasons="再收"),
            "supervision.ended",
        )

    def test_only_who_made_it_takes_it_back_with_reasons(self, above: Above) -> None:
        row = above.grant()
        refused(
            lambda: above.room.give("管理员", end_supervision, row.id, reasons=""),
            "reasons.missing",
        )
        with pytest.raises(NotAllowed):
            above.room.give("主席", end_supervision, row.id, reasons="不愿")
        foreign = replace(above.officer, is_admin=True)
        with pytest.raises(NotFound):
            above.give(end_supervision, row.id, reasons="越权", by=foreign)

    def test_secret_cases_only_where_it_says_so(self, above: Above) -> None:
        case = above.room.open()
        with above.room.office.database.begin() as session:
            session.execute(sa.update(CaseRow).values(secrecy="secret"))
        row = above.grant()
        with pytest.raises(NotFound):
            above.ask(case_below, case.id)
        assert above.ask(cases_below).lines == ()

        above.room.give("管理员", end_supervision, row.id, reasons="改授权")
        above.grant(with_secret=True)

        assert above.ask(case_below, case.id).case.id == case.id
        assert [one.id for one in above.ask(cases_below).lines] == [case.id]

    def test_rehearsals_are_never_shown(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        with above.room.office.database.begin() as session:
            session.execute(sa.update(CaseRow).values(is_trial=True))
        with pytest.raises(NotFound):
            above.ask(case_below, case.id)
        assert above.ask(cases_below).lines == ()


class TestWhoWatches:
    """只有上级机关的督办专员；其他岗位、被反映人、应回避的人看不到。"""

    def test_another_post_above_sees_nothing(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        with pytest.raises(NotFound):
            above.ask(case_below, case.id, by=above.clerk)
        for query in (below, cases_below):
            with pytest.raises(NotAllowed):
                above.ask(query, by=above.clerk)
        with pytest.raises(NotAllowed):
            above.give(list_below, by=above.clerk)

    def test_the_relation_gives_the_view_and_no_page_of_the_case(self, above: Above) -> None:
        above.grant()
        case = above.room.open()

        def relations(desk: Desk) -> frozenset[Relation]:
            return desk.standing(case).relations

        assert above.ask(relations) == {Relation.SUPERIOR}
        for query in (case_view, timeline):
            with pytest.raises(NotAllowed):
                above.ask(query, case.id)

    def test_who_acts_for_another_authority_does_not_watch(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        astray = replace(above.officer, authority_id=above.room.authority_id)
        with pytest.raises(NotFound):
            above.give(look_below, case.id, reason=WHY, by=astray)

    def test_the_subject_does_not_watch_the_own_case(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        with above.room.office.database.begin() as session:
            session.add(
                Participant(
                    authority_id=case.authority_id,
                    case_id=case.id,
                    person_id=above.officer.person_id,
                    role="subject",
                    since_at=above.room.clock.now(),
                )
            )
        assert above.ask(cases_below).lines == ()
        with pytest.raises(NotAllowed):
            above.ask(case_below, case.id)

    def test_a_relation_to_the_subject_bars(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        with above.room.office.database.begin() as session:
            row = session.get_one(PersonRow, above.room.people["陈某"])
            row.authority_id = above.authority_id
        system = system_actor(above.authority_id)
        pair = (above.officer.person_id, above.room.people["陈某"])
        above.room.office.give(system, relate, *pair, kind="kin")
        with pytest.raises(Recused):
            above.ask(case_below, case.id)
        with pytest.raises(Recused):
            above.give(look_below, case.id, reason=WHY)
