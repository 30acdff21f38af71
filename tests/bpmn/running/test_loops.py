from datetime import date
from decimal import Decimal

import pytest

from bpmn.running import StepFailed
from tests.bpmn.diagrams import (
    boundary,
    chain,
    diagram,
    extensions,
    node,
    properties,
    start,
    timer,
    user,
)
from tests.bpmn.running.playing import Play


def _several(
    inner: str = "",
    *,
    sequential: bool = False,
    collection: str = "members",
    tag: str = "userTask",
    before: str = "",
    body: str = "",
    **attributes: str,
) -> bytes:
    marked = "true" if sequential else "false"
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="{marked}" '
        f'camunda:collection="{collection}" camunda:elementVariable="member">{inner}'
        "</multiInstanceLoopCharacteristics>"
    )
    task = node(tag, "m", before + loop + body, **attributes)
    return diagram(start(), task, user("z"), chain("s", "m", "z"))


_THREE = {"members": ["甲", "乙", "丙"]}
_ENOUGH = '<completionCondition xsi:type="tFormalExpression">{}</completionCondition>'


class TestAParallelMultiInstance:
    """It runs once for each item, all at once (BPMN 2.0.2, 13.3.7)."""

    def test_opens_an_item_for_each_member(self) -> None:
        play = Play(_several(camunda_assignee="=member"), variables=_THREE)

        assert [i.assignee for i in play.instance.items] == ["甲", "乙", "丙"]
        assert [i.loop for i in play.instance.items] == [(1, 3), (2, 3), (3, 3)]

    def test_gives_each_instance_variables_of_its_own(self) -> None:
        play = Play(_several(), variables=_THREE)

        seen = play.instance.visible(play.item("m", 1).id)

        assert seen == {
            **_THREE,
            "member": "乙",
            "loopCounter": 1,
            "nrOfInstances": 3,
            "nrOfActiveInstances": 3,
            "nrOfCompletedInstances": 0,
        }

    def test_counts_as_instances_complete(self) -> None:
        play = Play(_several(), variables=_THREE)

        play.do("m", 2)

        seen = play.instance.visible(play.item("m").id)
        assert (seen["nrOfActiveInstances"], seen["nrOfCompletedInstances"]) == (2, 1)

    def test_loses_nothing_and_gathers_in_the_order_of_the_items(self) -> None:
        play = Play(_several(), variables={**_THREE, "vote": "before"})

        play.do("m", 2, vote="反对", reasons="三")
        play.do("m", 0, vote="同意", reasons="一")
        play.do("m", 0, vote="弃权", reasons="二")

        assert play.waiting == ["z"]
        assert play.variables == {
            **_THREE,
            "vote": "before",
            "m_results": [
                {"vote": "同意", "reasons": "一"},
                {"vote": "弃权", "reasons": "二"},
                {"vote": "反对", "reasons": "三"},
            ],
        }

    def test_gathers_what_the_diagram_names_under_the_name_it_gives(self) -> None:
        named = properties(outputCollection="votes", outputElement="{who: member, vote: vote}")
        play = Play(_several(before=named), variables=_THREE)

        for vote in ("同意", "反对", "同意"):
            play.do("m", vote=vote)

        assert play.variables["votes"] == [
            {"who": "甲", "vote": "同意"},
            {"who": "乙", "vote": "反对"},
            {"who": "丙", "vote": "同意"},
        ]
        assert "m_results" not in play.variables

    def test_ends_early_when_its_completion_condition_holds(self) -> None:
        enough = _ENOUGH.format("nrOfCompletedInstances &gt;= 2")
        play = Play(_several(enough), variables=_THREE)

        play.do("m", 0, a=1)
        step = play.do("m", 1, a=3)

        assert len(step.withdrawn) == 1
        assert play.waiting == ["z"]
        assert play.variables["m_results"] == [{"a": 1}, {"a": 3}]

    def test_may_read_what_the_last_instance_wrote(self) -> None:
        play = Play(_several(_ENOUGH.format("veto")), variables=_THREE)

        play.do("m", veto=False)
        play.do("m", veto=True)

        assert play.waiting == ["z"]

    def test_over_nothing_is_over_at_once(self) -> None:
        play = Play(_several(), variables={"members": []})

        assert play.waiting == ["z"]
        assert play.variables["m_results"] == []

    def test_over_what_is_no_list_fails_the_step(self) -> None:
        for bad in ("甲", 1, None):
            with pytest.raises(StepFailed, match="no list"):
                Play(_several(), variables={"members": bad})

    def test_may_run_a_number_of_times(self) -> None:
        loop = (
            '<multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">n + 1'
            "</loopCardinality></multiInstanceLoopCharacteristics>"
        )
        file = diagram(start(), node("userTask", "m", loop), chain("s", "m"))

        assert Play(file, variables={"n": 2}).count("m") == 4  # the loop and three instances
        for bad in (-2, Decimal("0.5"), "x"):
            with pytest.raises(StepFailed, match="whole number"):
                Play(file, variables={"n": bad})
        with pytest.raises(StepFailed, match="at most"):
            Play(file, variables={"n": 10_000})

    def test_is_cancelled_as_a_whole_at_its_boundary(self) -> None:
        loop = '<multiInstanceLoopCharacteristics camunda:collection="members"/>'
        play = Play(
            diagram(
                start(), node("userTask", "m", loop), boundary("late", "m", timer("P1D")),
                user("z", "y"), chain("s", "m", "z"), chain("late", "y"),
            ),
            variables=_THREE,
        )  # fmt: skip
        play.do("m")

        step = play.fire("late")

        assert len(step.withdrawn) == 2
        assert play.waiting == ["y"]

    def test_catches_the_error_of_one_instance_at_its_boundary(self) -> None:
        loop = '<multiInstanceLoopCharacteristics camunda:collection="members"/>'
        play = Play(
            diagram(
                start(), node("userTask", "m", loop),
                boundary("x", "m", "<errorEventDefinition/>"), user("y"), chain("s", "m"),
                chain("x", "y"),
            ),
            variables=_THREE,
        )  # fmt: skip

        play.err("m", "E9")

        assert play.waiting == ["y"]

    def test_runs_a_sub_process_for_each_item(self) -> None:
        body = start("is") + user("i") + chain("is", "i")
        play = Play(_several(tag="subProcess", body=body), variables=_THREE)

        assert play.waiting == ["i", "i", "i"]
        assert play.instance.visible(play.item("i", 2).id)["member"] == "丙"
        play.do("i", 1, found="二")
        play.do("i", 1, found="三")
        play.do("i", 0, found="一")

        assert play.variables["m_results"] == [{"found": "一"}, {"found": "二"}, {"found": "三"}]

    def test_runs_over_a_data_object_by_its_name(self) -> None:
        loop = (
            "<multiInstanceLoopCharacteristics><loopDataInputRef>d1</loopDataInputRef>"
            '<inputDataItem id="di" name="member"/></multiInstanceLoopCharacteristics>'
        )
        data = (
            '<dataObject id="d0"/><dataObjectReference id="d1" name="members" dataObjectRef="d0"/>'
        )
        task = node("userTask", "m", loop, camunda_assignee="=member")
        play = Play(diagram(data, start(), task, chain("s", "m")), variables=_THREE)

        assert play.item("m", 1).assignee == "乙"

    def test_keeps_dates_and_decimals_of_its_items(self) -> None:
        things = [{"day": date(2026, 4, 8), "sum": Decimal("1.50")}, {"day": None, "sum": 2}]
        play = Play(_several(), variables={"members": things})

        assert play.instance.visible(play.item("m").id)["member"] == things[0]

    def test_has_its_properties_in_the_trace_once_as_a_whole(self) -> None:
        play = Play(_several(before=properties(fact="discussed")), variables=_THREE)

        for _ in _THREE["members"]:
            assert play.item("m").properties == {"fact": "discussed"}
            play.do("m")

        stated = [t for t in play.step.trace if t.properties]
        assert [(t.element, str(t.event)) for t in stated] == [("m", "completed")]

    def test_leaves_its_input_parameters_out_of_the_results(self) -> None:
        mapped = extensions(
            '<camunda:inputOutput><camunda:inputParameter name="hint">x</camunda:inputParameter>'
            "</camunda:inputOutput>"
        )
        play = Play(_several(before=mapped), variables={"members": [1]})

        play.do("m", vote=1)

        assert play.variables["m_results"] == [{"vote": 1}]


class TestInstancesThatComeAndGo:
    """Instances are added and removed while the activity runs."""

    def test_one_more_is_opened_beside_the_others(self) -> None:
        play = Play(_several(camunda_assignee="=member"), variables=_THREE)

        play.add("m", "丁")

        assert [i.assignee for i in play.instance.items] == ["甲", "乙", "丙", "丁"]
        assert [i.loop for i in play.instance.items] == [(1, 4), (2, 4), (3, 4), (4, 4)]
        assert play.instance.visible(play.item("m").id)["nrOfInstances"] == 4
        for vote in "1234":
            play.do("m", vote=vote)
        assert play.waiting == ["z"]
        assert play.variables["m_results"] == [{"vote": vote} for vote in "1234"]

    def test_one_that_is_removed_leaves_no_result(self) -> None:
        play = Play(_several(), variables=_THREE)
        play.do("m", vote=1)

        step = play.remove("m")

        assert len(step.withdrawn) == 1
        play.do("m", vote=3)
        assert play.variables["m_results"] == [{"vote": 1}, {"vote": 3}]

    def test_the_last_that_is_removed_ends_the_activity(self) -> None:
        play = Play(_several(), variables={"members": [1]})

        play.remove("m")

        assert play.waiting == ["z"]
        assert play.variables["m_results"] == []

    def test_in_sequence_they_are_added_at_the_end_and_the_next_follows_a_removed_one(
        self,
    ) -> None:
        play = Play(_several(sequential=True, camunda_assignee="=member"), variables=_THREE)

        play.add("m", "丁")
        play.remove("m")
        for number, who in enumerate("乙丙丁", 1):
            assert (play.item("m").assignee, play.item("m").loop) == (who, (number, 3))
            play.do("m")
        assert play.waiting == ["z"]

    def test_an_item_inside_a_sub_process_stands_for_its_instance(self) -> None:
        body = start("is") + user("i", "k") + chain("is", "i") + chain("is", "k")
        play = Play(_several(tag="subProcess", body=body), variables=_THREE)

        step = play.remove("i")

        assert len(step.withdrawn) == 2
        assert play.waiting == ["i", "k", "i", "k"]

    def test_nothing_else_has_instances(self) -> None:
        play = Play(diagram(start(), user("a"), chain("s", "a")))

        with pytest.raises(ValueError, match="no multi-instance"):
            play.add("a", 1)


class TestASequentialMultiInstance:
    """It runs once for each item, one after another (BPMN 2.0.2, 13.3.7)."""

    def test_opens_one_item_after_another(self) -> None:
        play = Play(_several(sequential=True, camunda_assignee="=member"), variables=_THREE)

        for number, who in enumerate(_THREE["members"], 1):
            (item,) = play.instance.items
            assert (item.assignee, item.loop) == (who, (number, 3))
            assert play.instance.visible(item.id)["nrOfActiveInstances"] == 1
            play.do("m", seen=who)

        assert play.waiting == ["z"]
        assert play.variables["m_results"] == [{"seen": "甲"}, {"seen": "乙"}, {"seen": "丙"}]

    def test_takes_the_items_as_they_were_when_it_began(self) -> None:
        play = Play(_several(sequential=True, camunda_assignee="=member"), variables=_THREE)

        play.put(members=[])
        play.do("m")

        assert play.item("m").assignee == "乙"

    def test_ends_early_when_its_completion_condition_holds(self) -> None:
        file = _several(_ENOUGH.format("loopCounter = 1"), sequential=True)
        play = Play(file, variables=_THREE)

        play.do("m")
        play.do("m")

        assert play.waiting == ["z"]


class TestAStandardLoop:
    """It runs again while its condition holds (BPMN 2.0.2, 13.3.6)."""

    @staticmethod
    def _file(attributes: str = "", condition: str = "again") -> bytes:
        asked = (
            f'<loopCondition xsi:type="tFormalExpression">{condition}</loopCondition>'
            if condition
            else ""
        )
        loop = f"<standardLoopCharacteristics {attributes}>{asked}</standardLoopCharacteristics>"
        return diagram(start(), node("userTask", "m", loop), user("z"), chain("s", "m", "z"))

    def test_runs_at_least_once_when_it_asks_afterwards(self) -> None:
        play = Play(self._file(), variables={"again": False})

        play.do("m")

        assert play.waiting == ["z"]

    def test_may_not_run_at_all_when_it_asks_before(self) -> None:
        play = Play(self._file('testBefore="true"'), variables={"again": False})

        assert play.waiting == ["z"]

    def test_runs_until_the_condition_holds_no_longer(self) -> None:
        play = Play(self._file('testBefore="true"'), variables={"again": True})

        assert play.instance.visible(play.item("m").id)["loopCounter"] == 0
        play.do("m")
        assert play.instance.visible(play.item("m").id)["loopCounter"] == 1
        play.do("m", again=False)

        assert play.waiting == ["z"]
        assert play.variables == {"again": False}

    def test_runs_no_oftener_than_its_maximum(self) -> None:
        play = Play(self._file('loopMaximum="2"', condition=""))

        play.do("m")
        play.do("m")

        assert play.waiting == ["z"]
