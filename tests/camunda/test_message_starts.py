"""POST /message：没有案件等待的，由它开始的流程开立一件；没有这样的流程，说明原因。"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.store.tables import CaseRow, WorkItemRow
from tests.camunda.conftest import program_of
from tests.camunda.programs import Program, waiting
from tests.office import Town

SCOPES = ("read", "work", "start")


def begun_by_message(name: str = "Process_Wait", message: str = "arrived") -> bytes:
    """Return a diagram whose only start event waits for a message."""
    text = waiting(name).decode()
    start = '<bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>'
    assert start in text
    event = start.replace(
        "</bpmn:startEvent>",
        '<bpmn:messageEventDefinition id="arrives" messageRef="Message_2" /></bpmn:startEvent>',
    )
    named = f'<bpmn:message id="Message_2" name="{message}" />\n  <bpmn:message id="Message_1"'
    return text.replace(start, event).replace('<bpmn:message id="Message_1"', named).encode()


def clue(town: Town) -> dict[str, Any]:
    answers = {
        "channel": "CA5",
        "subject_id": town.people["陈某"],
        "received_on": "2026-03-02",
        "named": "anonymous",
        "object_kind": "enterprise_cadre",
        "domain": "general_duty",
        "summary": "检查发现推诿。",
        "secrecy": "internal",
    }
    typed = {key: {"value": value, "type": "String"} for key, value in answers.items()}
    return {
        **typed,
        "grounds": {"value": '["g4"]', "type": "Json"},
        "truthful_told": {"value": True, "type": "Boolean"},
    }


class TestWhatBegins:
    """消息开始事件由同名的消息开立案件。"""

    def test_a_published_procedure_begins_with_its_message(self, town: Town) -> None:
        clerk = program_of(town, "冯某", SCOPES)
        body = {
            "messageName": "clue_arrived",
            "processVariables": clue(town),
            "resultEnabled": True,
        }

        (told,) = clerk.post("/message", body, 200)

        case = town.one(sa.select(CaseRow))
        assert told["resultType"] == "ProcessDefinition"
        assert told["processInstance"]["id"] == case.id
        assert (case.channel, case.opened_by) == ("CA5", town.people["冯某"])
        assert not case.is_trial
        assert town.open_elements(case) == ["ut_screen"]

    def test_what_is_deployed_and_not_approved_is_rehearsed(
        self, town: Town, designer: Program
    ) -> None:
        designer.deploy(begun_by_message())

        assert designer.post("/message", {"messageName": "arrived", "businessKey": "b-1"}) is None

        case = town.one(sa.select(CaseRow))
        assert case.is_trial
        assert case.business_key == "b-1"
        designer.post("/message", {"messageName": "receipt", "processInstanceId": case.id})
        item = town.one(sa.select(WorkItemRow).where(WorkItemRow.case_id == case.id))
        assert item.element == "look"

    def test_a_case_that_waits_goes_first(self, town: Town, designer: Program) -> None:
        designer.deploy(begun_by_message(message="receipt"))
        designer.post("/message", {"messageName": "receipt"})
        designer.post("/message", {"messageName": "receipt"})

        assert len(town.all(sa.select(CaseRow))) == 1
        assert town.one(sa.select(WorkItemRow)).element == "look"

    def test_several_begin_only_if_all_are_meant(self, town: Town, designer: Program) -> None:
        designer.deploy(begun_by_message())
        designer.deploy(begun_by_message("Process_Other"), "other.bpmn", title="other")

        refused = designer.post("/message", {"messageName": "arrived"}, 400)
        assert "2 processes begin with the message" in refused["message"]
        designer.post("/message", {"messageName": "arrived", "all": True})

        assert len(town.all(sa.select(CaseRow))) == 2


class TestWhatDoesNot:
    """没有流程由它开始，没有权限，指明的案件不在等待：都说明原因。"""

    def test_a_message_that_begins_nothing_is_refused_with_a_sentence(
        self, town: Town, designer: Program
    ) -> None:
        designer.deploy(begun_by_message())

        refused = designer.post("/message", {"messageName": "nothing"}, 400)

        assert "no process begins with it" in refused["message"]
        assert town.all(sa.select(CaseRow)) == []

    def test_a_case_that_is_named_and_does_not_wait_begins_none(
        self, town: Town, designer: Program
    ) -> None:
        designer.deploy(begun_by_message())
        body = {"messageName": "arrived", "processInstanceId": "nobody"}

        designer.post("/message", body, 400)

        assert town.all(sa.select(CaseRow)) == []

    def test_to_begin_one_the_token_needs_the_scope_to_start(self, town: Town) -> None:
        clerk = program_of(town, "冯某", ("read", "work"))

        clerk.post("/message", {"messageName": "clue_arrived", "processVariables": clue(town)}, 403)

        assert town.all(sa.select(CaseRow)) == []
