"""多人会签的环节：顺序会签、并行会签、或签、票签；办理中增加、减少会签人。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.change_signers import add_signer, remove_signer
from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.open_case import open_case
from engine.desk.handing import ReceiverUnfit
from engine.errors import AlreadyTaken, NotAllowed, Refusal
from engine.store.tables import CaseRow, WorkItemRow
from tests.engine.boardroom import Boardroom, published

TASK = '<userTask id="ut_inquire" name="调查" camunda:formRef="inquire">'
PLAIN = '<camunda:property name="stage" value="inquiry"/>'


def signing(
    room: Boardroom,
    signers: Sequence[str] = ("承办甲", "承办乙", "保护员"),
    *,
    until: str = "",
    in_turn: bool = False,
    weight: str = "",
) -> CaseRow:
    """Open a case whose inquiry these people sign, until the condition holds."""
    people = ", ".join(f'"{room.people[name]}"' for name in signers)
    condition = f"<completionCondition>{until}</completionCondition>" if until else ""
    several = (
        f'<multiInstanceLoopCharacteristics isSequential="{str(in_turn).lower()}" '
        f"camunda:collection='[{people}]' camunda:elementVariable=\"one\">{condition}"
        "</multiInstanceLoopCharacteristics>"
    )
    properties = '<camunda:property name="act" value="countersign"/>'
    if weight:
        for name, person in room.people.items():
            weight = weight.replace(name, person)
        properties += f"<camunda:property name=\"weight\" value='{weight}'/>"

    def edit(path: str, text: str) -> str:
        if not path.endswith(".bpmn"):
            return text
        head, tail = text.split(TASK)
        body, rest = tail.split("</userTask>", maxsplit=1)
        body = body.replace('name="fact" value="inquired"', 'name="note" value=""')
        task = TASK.replace('"inquire">', '"sign" camunda:assignee="=one">')
        return f"{head}{task}{body.replace(PLAIN, PLAIN + properties)}{several}</userTask>{rest}"

    published(room, edit, date(2026, 1, 2))
    given = {"channel": "CA1", "facts": "推诿扯皮", "subject_id": room.people["陈某"]}
    case: CaseRow = room.give("受理员", open_case, "board", given)
    return case


def items(room: Boardroom, case: CaseRow, *states: str) -> list[WorkItemRow]:
    return room.all(
        sa.select(WorkItemRow)
        .where(
            WorkItemRow.case_id == case.id,
            WorkItemRow.element == "ut_inquire",
            WorkItemRow.state.in_(states or ("open", "claimed")),
        )
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
    )


def of(room: Boardroom, case: CaseRow, name: str) -> WorkItemRow:
    return next(one for one in items(room, case) if f"p:{room.people[name]}" in one.candidates)


def sign(room: Boardroom, case: CaseRow, name: str, *, agrees: bool = True, **more: Any) -> None:
    answers = {"agrees": agrees, "reasons": "据卷。", **more}
    room.give(name, complete_work, of(room, case, name).id, answers)


def is_over(room: Boardroom, case: CaseRow) -> bool:
    return "ut_decide" in room.waits_for(case)


class TestWaysOfSigning:
    """会签方式由完成条件写明：`votes_for`、`votes_against`、`votes_given` 是至今的票数。"""

    def test_all_at_once_it_is_over_when_all_have_signed(self, room: Boardroom) -> None:
        case = signing(room)
        assert len(items(room, case)) == 3
        for name in ("保护员", "承办甲"):
            sign(room, case, name)
        assert not is_over(room, case)
        sign(room, case, "承办乙")
        assert is_over(room, case)

    def test_in_turn_the_next_is_asked_after_the_one_before(self, room: Boardroom) -> None:
        case = signing(room, in_turn=True)
        for name in ("承办甲", "承办乙", "保护员"):
            assert len(items(room, case)) == 1
            sign(room, case, name)
        assert is_over(room, case)

    def test_one_refusal_may_end_it(self, room: Boardroom) -> None:
        case = signing(room, until="votes_against &gt; 0")
        sign(room, case, "承办甲")
        sign(room, case, "承办乙", agrees=False)
        assert is_over(room, case)
        assert len(items(room, case, "withdrawn")) == 1

    def test_any_one_is_enough_where_the_procedure_says_so(self, room: Boardroom) -> None:
        case = signing(room, until="votes_for &gt;= 1")
        sign(room, case, "承办甲", agrees=False)
        assert not is_over(room, case)
        sign(room, case, "承办乙")
        assert is_over(room, case)

    def test_weights_count_to_more_than_half(self, room: Boardroom) -> None:
        """甲 3 票，其余各 1 票，共 5 票：甲一人 3 票，过半数。"""
        case = signing(
            room, until="votes_for &gt; 5 / 2", weight='=if one = "承办甲" then 3 else 1'
        )
        sign(room, case, "承办乙")
        assert not is_over(room, case)
        sign(room, case, "承办甲")
        assert is_over(room, case)
        results: Any = room.case(case).variables["ut_inquire_results"]
        assert results[0]["votes_for"] == 4

    def test_two_of_three_is_a_threshold(self, room: Boardroom) -> None:
        case = signing(room, until="votes_for / nrOfInstances &gt;= 2 / 3")
        sign(room, case, "承办甲")
        assert not is_over(room, case)
        sign(room, case, "保护员")
        assert is_over(room, case)

    def test_a_signature_is_a_plain_yes_or_no(self, room: Boardroom) -> None:
        case = signing(room)
        with pytest.raises(Refusal):
            room.give("承办甲", complete_work, of(room, case, "承办甲").id, {"agrees": "perhaps"})

    def test_a_no_gives_its_reasons(self, room: Boardroom) -> None:
        case = signing(room)
        with pytest.raises(Refusal, match=r"reasons\.missing"):
            sign(room, case, "承办甲", agrees=False, reasons=" ")

    @pytest.mark.parametrize("weight", ["heavy", "-1", "NaN"])
    def test_a_weight_is_a_number_from_nought(self, room: Boardroom, weight: str) -> None:
        case = signing(room, weight=weight)
        with pytest.raises(Refusal, match=r"countersign\.weight"):
            sign(room, case, "承办甲")


class TestAddingASigner:
    """并加签：在办的会签人可以再加一人，其签名同样计入。"""

    def test_the_added_one_must_sign_too(self, room: Boardroom) -> None:
        case = signing(room, ("承办甲", "承办乙"))
        item = room.give("承办甲", claim_work, of(room, case, "承办甲").id)
        added = room.give(
            "承办甲", add_signer, item.id, room.people["主席"], reasons="请主席一并核签。"
        )
        assert "signing.asked" in room.told("主席")
        sign(room, case, "承办甲")
        sign(room, case, "承办乙")
        assert not is_over(room, case)
        assert of(room, case, "主席").id == added.id

    def test_in_a_sequence_the_added_one_comes_last(self, room: Boardroom) -> None:
        case = signing(room, ("承办甲", "承办乙"), in_turn=True)
        item = room.give("承办甲", claim_work, of(room, case, "承办甲").id)
        room.give("承办甲", add_signer, item.id, room.people["主席"], reasons="请主席核签。")
        assert len(items(room, case)) == 1
        sign(room, case, "承办甲")
        sign(room, case, "承办乙")
        assert len(items(room, case)) == 1
        assert of(room, case, "主席").state == "open"

    def test_who_signs_already_or_has_a_conflict_is_not_added(self, room: Boardroom) -> None:
        case = signing(room)
        item = room.give("承办甲", claim_work, of(room, case, "承办甲").id)
        for who, why, error in (
            ("承办乙", r"handing\.not_fit|signing\.asked_already", Refusal),
            ("承办丙", r"handing\.", ReceiverUnfit),
        ):
            with pytest.raises(error, match=why):
                room.give("承办甲", add_signer, item.id, room.people[who], reasons="加。")

    def test_only_who_holds_an_instance_adds_with_reasons(self, room: Boardroom) -> None:
        case = signing(room)
        item = of(room, case, "承办甲")
        with pytest.raises(Refusal, match=r"reasons\.missing"):
            room.give("承办甲", add_signer, item.id, room.people["主席"], reasons="")
        with pytest.raises(NotAllowed, match=r"handing\.not_yours"):
            room.give("承办甲", add_signer, item.id, room.people["主席"], reasons="加。")

    def test_a_step_of_one_person_is_no_such_step(self, room: Boardroom) -> None:
        item = room.claim("承办甲", room.open(), "ut_inquire")
        with pytest.raises(Refusal, match=r"signing\.not_multi"):
            room.give("承办甲", add_signer, item.id, room.people["承办乙"], reasons="加。")


class TestRemovingASigner:
    """减签：只能减自己加的、还没有签的；流程规定的会签人谁也不能减。"""

    def added(self, room: Boardroom) -> tuple[CaseRow, WorkItemRow]:
        case = signing(room, ("承办甲", "承办乙"))
        item = room.give("承办甲", claim_work, of(room, case, "承办甲").id)
        return case, room.give(
            "承办甲", add_signer, item.id, room.people["主席"], reasons="请核签。"
        )

    def test_the_added_one_is_no_longer_asked(self, room: Boardroom) -> None:
        case, added = self.added(room)
        room.give("承办甲", remove_signer, added.id, reasons="主席出差。")
        sign(room, case, "承办甲")
        sign(room, case, "承办乙")
        assert is_over(room, case)
        assert room.last(case, "signer_removed")["person"] == room.people["主席"]

    def test_those_of_the_procedure_are_never_removed(self, room: Boardroom) -> None:
        case, _ = self.added(room)
        with pytest.raises(NotAllowed, match=r"signing\.not_added"):
            room.give("承办甲", remove_signer, of(room, case, "承办乙").id, reasons="减。")

    def test_who_did_not_add_removes_nobody(self, room: Boardroom) -> None:
        _, added = self.added(room)
        with pytest.raises(NotAllowed, match=r"signing\.not_added"):
            room.give("承办乙", remove_signer, added.id, reasons="减。")
        with pytest.raises(Refusal, match=r"reasons\.missing"):
            room.give("承办甲", remove_signer, added.id, reasons=" ")

    def test_once_signed_it_stays(self, room: Boardroom) -> None:
        case, added = self.added(room)
        sign(room, case, "主席")
        with pytest.raises(AlreadyTaken, match=r"item\.done"):
            room.give("承办甲", remove_signer, added.id, reasons="减。")
