"""派生子案：相关、附加、连带问责（S0篇5§13）；母案与子案互链（procedures C25、P15）。"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.link_cases import ChildNow, note_child, open_child
from engine.commands.open_case import open_case
from engine.desk import Desk, Right
from engine.desk.advance import set_variables
from engine.errors import AnswersRefused, NotAllowed, Refusal, StepFault
from engine.store.record import verify
from engine.store.tables import AuditEntry, CaseRow, LinkedCase, OutboxJob, Participant
from tests.bpmn.diagrams import a_process, bpmn, chain, end, node, properties, start
from tests.engine.commands.conftest import Town
from tests.engine.commands.kin import carry, field, publish, reread, service, task

SUBJECT_FIELD = field(
    "subject_id", "select", valuesKey="people_subject", properties={"person": "subject"}
)
ROOTS = '<message id="M" name="news"/><message id="M2" name="word"/>'


def mother(
    town: Town,
    *,
    subject_from: str = "=who",
    answers: str = '={facts: "牵连"}',
    procedure: str = "daughter",
    relation: str = "joint",
    until: str = "closed",
    awaited: str = "",
) -> None:
    """Publish a procedure that opens children for the people of its form and waits for them."""
    opens = service(
        "st_open",
        "wenze.open-case",
        procedure=procedure,
        subject_from=subject_from,
        relation=relation,
        answers=answers,
        into="asked",
    )
    waits = service("st_wait", "wenze.await-children", until=until, relation=awaited)
    body = (
        start(),
        task("ut_go"),
        opens,
        waits,
        task("ut_decide", "supervisory_board"),
        end(),
        chain("s", "ut_go", "st_open", "st_wait", "ut_decide", "e"),
    )
    publish(
        town,
        "mother",
        bpmn(a_process(*body, process="mother"), roots=ROOTS),
        forms={"start": [field("who", "taglist", valuesKey="everybody"), field("facts")]},
        opens=["daughter"],
        variables={"children": [], "asked": None, "who": None, "everybody": []},
    )


def daughter(town: Town) -> None:
    """Publish the child: one look, whose answers say what it came to."""
    look = node(
        "userTask",
        "ut_look",
        properties(status="investigating"),
        name="ut_look",
        camunda_candidateGroups="verifier",
        camunda_formRef="look",
    )
    closing = node("endEvent", "e", properties(outcome="sanctioned", status="closed"))
    body = (
        start(),
        look,
        task("ut_close"),
        closing,
        chain("s", "ut_look", "ut_close", "e"),
    )
    publish(
        town,
        "daughter",
        bpmn(a_process(*body, process="daughter")),
        forms={
            "start": [
                SUBJECT_FIELD,
                field("facts", validate={"required": True}),
            ],
            "look": [field("conclusion")],
        },
        variables={"parent": None, "conclusion": None, "children": []},
        outcomes={"sanctioned": {"title": "已处理"}},
    )


def begun(town: Town, *people: str, **more: Any) -> CaseRow:
    """Open the mother for these people and let her ask for her children."""
    case: CaseRow = town.give("受理甲", open_case, "mother", {"facts": "x", **more})
    who = [town.people[name] for name in people]

    def name_them(desk: Desk) -> None:
        set_variables(desk, desk.case(case.id, may=Right.ADVANCE), {"who": who})

    town.give("system", name_them)
    town.do("初核甲", case, "ut_go")
    return reread(town, case.id)


def links(town: Town, case: CaseRow) -> list[LinkedCase]:
    return town.all(
        sa.select(LinkedCase)
        .where(LinkedCase.case_id == case.id)
        .order_by(LinkedCase.asked_at, LinkedCase.id)
    )


def value(case: CaseRow, name: str) -> Any:
    return case.variables[name]


def facts(town: Town, case: CaseRow) -> list[str]:
    return town.all(
        sa.select(AuditEntry.fact)
        .where(AuditEntry.case_id == case.id)
        .order_by(AuditEntry.sequence)
    )


def unheard() -> ChildNow:
    """Return how a child stands that nobody asked for, of a parent that is not there."""
    return ChildNow(
        id="c",
        parent_id="p",
        number="",
        procedure="",
        relation="",
        subject_id="",
        status="",
        outcome=None,
        is_closed=False,
        conclusion=None,
        revision=1,
    )


class TestOpening:
    """每名责任人一件子案，各在自己的事务中立案，恰好一次。"""

    def test_each_child_may_have_a_relation_of_its_own(self, town: Town) -> None:
        daughter(town)
        mother(town, subject_from='=for one in who return {id: one, relation: "additional"}')

        case = begun(town, "陈某")

        assert [row.relation for row in links(town, case)] == ["additional"]

    def test_there_is_one_child_for_each_person(self, town: Town) -> None:
        daughter(town)
        mother(town)
        case = begun(town, "陈某", "车间主任")

        assert [row.state for row in links(town, case)] == ["opening", "opening"]
        carry(town)

        children = [reread(town, row.child_id) for row in links(town, case)]
        assert [child.parent_id for child in children] == [case.id, case.id]
        assert [child.relation for child in children] == ["joint", "joint"]
        assert [child.opened_by for child in children] == ["system", "system"]
        assert children[0].variables["parent"] == {
            "id": case.id,
            "number": case.number,
            "procedure": "mother",
            "relation": "joint",
        }
        subjects = town.all(sa.select(Participant.person_id).where(Participant.role == "subject"))
        assert set(subjects) == {town.people["陈某"], town.people["车间主任"]}

    def test_the_parent_knows_them_at_once_and_as_they_go_on(self, town: Town) -> None:
        daughter(town)
        mother(town)
        case = begun(town, "陈某")
        (asked,) = value(case, "asked")
        assert asked["subject_id"] == town.people["陈某"]
        assert value(case, "children")[0]["state"] == "opening"

        carry(town)

        (known,) = value(reread(town, case.id), "children")
        assert (known["id"], known["state"], known["status"]) == (
            asked["id"],
            "open",
            "investigating",
        )
        assert known["number"] == reread(town, asked["id"]).number

    def test_a_job_that_is_carried_twice_opens_one_child(self, town: Town) -> None:
        daughter(town)
        mother(town)
        case = begun(town, "陈某")
        job = town.one(sa.select(OutboxJob).where(OutboxJob.kind == "open_child"))

        first = town.give("system", open_child, job.payload)
        again = town.give("system", open_child, job.payload)

        assert first.id == links(town, case)[0].child_id
        assert again is None
        assert len(town.all(sa.select(CaseRow).where(CaseRow.parent_id == case.id))) == 1

    def test_a_fault_before_the_commit_leaves_nothing_and_it_opens_later(self, town: Town) -> None:
        daughter(town)
        mother(town)
        case = begun(town, "陈某")
        job = town.one(sa.select(OutboxJob).where(OutboxJob.kind == "open_child"))

        def die(moment: str, command: str) -> None:
            if (moment, command) == ("before_commit", "open_child"):
                raise ConnectionError

        town.office.hook = die
        with pytest.raises(ConnectionError):
            town.give("system", open_child, job.payload)
        town.office.hook = None
        assert town.all(sa.select(CaseRow).where(CaseRow.parent_id == case.id)) == []

        carry(town)

        assert links(town, case)[0].state == "open"

    def test_nobody_in_particular_gives_one_child_without_a_subject(self, town: Town) -> None:
        daughter(town)
        mother(town, subject_from="")
        case = begun(town)
        carry(town)

        (row,) = links(town, case)
        assert row.subject_id is None
        assert reread(town, row.child_id).title == "daughter"

    def test_a_list_of_nobody_opens_none_and_waits_for_none(self, town: Town) -> None:
        daughter(town)
        mother(town)
        case = begun(town)

        assert links(town, case) == []
        assert town.open_elements(case) == ["ut_decide"]

    def test_each_may_have_answers_of_its_own(self, town: Town) -> None:
        daughter(town)
        mother(town, subject_from='=for p in who return {id: p, answers: {facts: "各自"}}')
        case = begun(town, "陈某")
        carry(town)

        child = reread(town, links(town, case)[0].child_id)
        assert child.variables["facts"] == "各自"

    def test_it_is_on_both_records(self, town: Town) -> None:
        daughter(town)
        mother(town)
        case = begun(town, "陈某")
        carry(town)

        assert [one for one in facts(town, case) if one.startswith("child")] == [
            "child_asked",
            "child_opened",
        ]
        child = links(town, case)[0].child_id
        (opened,) = town.all(
            sa.select(AuditEntry).where(
                AuditEntry.case_id == child, AuditEntry.fact == "case_opened"
            )
        )
        assert (opened.details["parent"], opened.details["relation"]) == (case.id, "joint")
        with town.office.database.reading() as session:
            assert list(verify(session)) == []


class TestWhatIsRefused:
    """子案的立案材料与他人提交的同样审查；审查在母案办理的当时。"""

    def test_answers_that_the_form_refuses_refuse_the_step(self, town: Town) -> None:
        daughter(town)
        mother(town, answers="={}")

        with pytest.raises(AnswersRefused):
            begun(town, "陈某")

        (case,) = town.all(sa.select(CaseRow).where(CaseRow.procedure == "mother"))
        assert town.open_elements(case) == ["ut_go"]
        assert links(town, case) == []

    def test_a_procedure_that_is_not_in_force_here_is_refused(self, town: Town) -> None:
        mother(town, procedure="elsewhere")

        with pytest.raises(Refusal, match="no_procedure"):
            begun(town, "陈某")

    def test_a_person_who_is_not_in_the_register_is_refused(self, town: Town) -> None:
        daughter(town)
        mother(town, subject_from='="nobody"')

        with pytest.raises(Refusal, match="no_person"):
            begun(town)

    def test_more_than_a_hundred_at_once_are_refused(self, town: Town) -> None:
        daughter(town)
        mother(town, subject_from="=for i in 1..101 return null")

        with pytest.raises(Refusal, match="too_many"):
            begun(town)

    def test_people_cannot_give_the_platforms_commands(self, town: Town) -> None:
        now = unheard()

        with pytest.raises(NotAllowed):
            town.give("监事甲", open_child, {"key": "k"})
        with pytest.raises(NotAllowed):
            town.give("监事甲", note_child, "p", now)

    def test_an_expression_that_fails_stops_the_step(self, town: Town) -> None:
        daughter(town)
        mother(town, subject_from="=[1..1000000]")

        with pytest.raises((StepFault, Refusal)):
            begun(town)

    def test_a_word_that_says_no_state_stops_the_step(self, town: Town) -> None:
        daughter(town)
        mother(town, until="someday")

        with pytest.raises(StepFault, match="until"):
            begun(town, "陈某")
