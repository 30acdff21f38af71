"""母案与子案之间的消息。"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.store.tables import CaseRow, MessageRow
from tests.bpmn.diagrams import a_process, bpmn, chain, end, node, properties, start
from tests.engine.commands.conftest import Town
from tests.engine.commands.kin import carry, field, publish, reread, service, task
from tests.engine.commands.test_link_cases import ROOTS, begun, links


def talking(town: Town, correlation: str) -> CaseRow:
    """Publish a mother who sends `word` with this correlation once her children are there."""
    throws = node(
        "intermediateThrowEvent",
        "ev_word",
        properties(correlation=correlation) + '<messageEventDefinition messageRef="M2"/>',
    )
    opens = service(
        "st_open",
        "wenze.open-case",
        procedure="listener",
        subject_from="=who",
        relation='="joint"',
    )
    body = (
        start(),
        task("ut_go"),
        opens,
        task("ut_say"),
        throws,
        task("ut_after"),
        end(),
        chain("s", "ut_go", "st_open", "ut_say", "ev_word", "ut_after", "e"),
    )
    publish(
        town,
        "mother",
        bpmn(a_process(*body, process="mother"), roots=ROOTS),
        forms={"start": [field("facts")]},
        variables={"children": [], "who": None},
    )
    catches = node("intermediateCatchEvent", "ev", '<messageEventDefinition messageRef="M2"/>')
    publish(
        town,
        "listener",
        bpmn(
            a_process(
                start(),
                catches,
                task("ut_heard"),
                end(),
                chain("s", "ev", "ut_heard", "e"),
                process="listener",
            ),
            roots=ROOTS,
        ),
        variables={"parent": None},
    )
    case = begun(town, "陈某", "车间主任")
    carry(town)
    town.do("初核甲", case, "ut_say")
    carry(town)
    return case


class TestMessages:
    """母案与子案以消息相通；子案收到的各自恰好一次。"""

    @pytest.mark.parametrize(
        ("correlation", "heard"), [("children", 2), ("children:joint", 2), ("children:related", 0)]
    )
    def test_the_parent_speaks_to_its_children(
        self, town: Town, correlation: str, heard: int
    ) -> None:
        case = talking(town, correlation)

        opened = [town.open_elements(reread(town, one.child_id)) for one in links(town, case)]
        assert opened.count(["ut_heard"]) == heard
        assert len(town.all(sa.select(MessageRow))) == heard

    def test_an_expression_names_one_child(self, town: Town) -> None:
        case = talking(town, "=children[2].id")

        opened = [town.open_elements(reread(town, one.child_id)) for one in links(town, case)]
        assert opened == [[], ["ut_heard"]]

    def test_the_word_parent_goes_to_the_parent(self, town: Town) -> None:
        case = talking(town, "parent")

        assert reread(town, case.id).parent_id is None
        assert town.all(sa.select(MessageRow)) == []
