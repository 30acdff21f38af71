import pytest

from bpmn.running import NotWaiting, StateUnreadable, compile_definition, restore
from tests.bpmn.diagrams import chain, diagram, end, extensions, node, properties, start, user
from tests.bpmn.running.playing import Play


class TestASequence:
    """A token goes from node to node along the flows (BPMN 2.0.2, 13.2)."""

    def test_runs_from_start_to_end(self) -> None:
        play = Play(diagram(start(), user("a", "b"), end(), chain("s", "a", "b", "e")))

        play.do("a")
        play.do("b")

        assert play.over
        assert play.step.ended == ("e",)
        assert play.trace == [
            ("s", "entered"),
            ("s", "completed"),
            ("s__a", "taken"),
            ("a", "entered"),
            ("a", "completed"),
            ("a__b", "taken"),
            ("b", "entered"),
            ("b", "completed"),
            ("b__e", "taken"),
            ("e", "entered"),
            ("e", "completed"),
        ]

    def test_begins_at_nodes_without_incoming_flow_when_no_start_event_is_drawn(self) -> None:
        play = Play(diagram(user("a"), end(), chain("a", "e")))

        assert play.waiting == ["a"]

    def test_ends_where_no_flow_goes_on(self) -> None:
        play = Play(diagram(start(), user("a"), chain("s", "a")))

        play.do("a")

        assert play.step.ended == ("a",)

    def test_names_no_end_while_it_lives(self) -> None:
        play = Play(diagram(start(), user("a"), chain("s", "a")))

        assert not play.step.ended

    def test_may_use_the_names_that_the_token_engine_keeps_for_itself(self) -> None:
        play = Play(
            diagram(start("Start"), user("Root"), end("End"), chain("Start", "Root", "End"))
        )

        assert play.waiting == ["Root"]
        play.do("Root")
        assert play.step.ended == ("End",)
        assert {element for element, _ in play.trace} == {
            "Start",
            "Root",
            "End",
            "Start__Root",
            "Root__End",
        }
        assert ("P", "Start") in play.definition.elements


class TestAnItem:
    """A task that waits says for whom, by what form and under which provision."""

    def test_shows_what_the_diagram_gives_it(self) -> None:
        task = node(
            "userTask",
            "a",
            properties(article="篇1§8"),
            name="调查",
            camunda_candidateGroups="investigator, lead",
            camunda_candidateUsers="wang",
            camunda_assignee="li",
            camunda_formRef="report",
            camunda_priority="50",
        )
        lanes = (
            '<laneSet id="ls"><lane id="l" name="调查组"><flowNodeRef>a</flowNodeRef>'
            "</lane></laneSet>"
        )
        play = Play(diagram(lanes, start(), task, chain("s", "a")))

        item = play.item("a")

        assert (item.name, item.lane, item.kind) == ("调查", "调查组", "user")
        assert item.candidate_groups == ("investigator", "lead")
        assert item.candidate_users == ("wang",)
        assert (item.assignee, item.form_ref, item.priority) == ("li", "report", "50")
        assert item.properties == {"article": "篇1§8"}

    def test_evaluates_what_begins_with_an_equals_sign_when_it_opens(self) -> None:
        task = node(
            "userTask",
            "a",
            properties(stage='="stage " + step'),
            name='="复核 " + step',
            camunda_candidateGroups="=groups",
            camunda_assignee="=nobody",
        )
        play = Play(
            diagram(start(), task, chain("s", "a")),
            variables={"step": "二", "groups": ["x", "y"]},
        )

        play.put(step="三")

        item = play.item("a")
        assert (item.name, item.properties) == ("复核 二", {"stage": "stage 二"})
        assert item.candidate_groups == ("x", "y")
        assert not item.assignee

    def test_waits_for_an_outside_worker_by_topic(self) -> None:
        task = node("serviceTask", "a", camunda_type="external", camunda_topic="notify")
        play = Play(diagram(start(), task, end(), chain("s", "a", "e")))

        assert (play.item("a").kind, play.item("a").topic) == ("external", "notify")
        play.do("a", sent=True)
        assert play.over
        assert play.variables == {"sent": True}

    def test_is_manual_where_the_task_is_manual_or_has_no_type(self) -> None:
        play = Play(diagram(user("u"), node("manualTask", "m"), node("task", "t")))

        assert {i.element: str(i.kind) for i in play.instance.items} == {
            "u": "user",
            "m": "manual",
            "t": "manual",
        }

    def test_keeps_its_id_over_reloads(self) -> None:
        play = Play(diagram(start(), user("a", "b"), chain("s", "a"), chain("s", "b")))
        before = play.item("b").id

        play.do("a")

        assert play.item("b").id == before

    def test_cannot_be_completed_twice(self) -> None:
        play = Play(diagram(start(), user("a", "b"), chain("s", "a", "b")))
        key = play.item("a").id
        play.do("a")

        with pytest.raises(NotWaiting, match="waits no longer") as refused:
            play.instance.complete(key, {})

        assert "已办结" in refused.value.zh

    def test_is_not_a_gateway_nor_anything_that_does_not_exist(self) -> None:
        play = Play(diagram(start(), user("a"), chain("s", "a")))

        for key in ("1", "2", "99", ""):
            with pytest.raises(NotWaiting):
                play.instance.complete(key, {})
        with pytest.raises(NotWaiting):
            play.instance.visible("99")


class TestElements:
    """A definition names every element as it was drawn."""

    def test_are_found_by_process_and_id(self) -> None:
        task = node(
            "userTask",
            "a",
            "<documentation>说明</documentation>" + properties(article="x"),
            name="甲",
            camunda_formRef="f",
        )
        play = Play(diagram(start(), task, chain("s", "a")))

        element = play.definition.elements["P", "a"]

        assert (element.type, element.name, element.documentation) == ("userTask", "甲", "说明")
        assert dict(element.properties) == {"article": "x"}
        assert element.camunda["formRef"] == "f"

    def test_trace_carries_properties_evaluated_at_that_moment(self) -> None:
        task = node("userTask", "a", properties(fact='=if x then "yes" else "no"', stage="s1"))
        play = Play(diagram(start(), task, chain("s", "a")), variables={"x": False})

        step = play.do("a", x=True)

        completed = next(t for t in step.trace if t.element == "a" and t.event == "completed")
        assert completed.properties == {"fact": "yes", "stage": "s1"}
        assert completed.variables == {"x": True}


class TestAState:
    """The state is small, versioned, and holds nothing of the definition."""

    FILE = diagram(start(), user("a"), chain("s", "a"))

    def test_begins_with_the_version_of_its_format(self) -> None:
        assert Play(self.FILE).step.state[0] == 1

    def test_of_a_later_format_is_refused(self) -> None:
        play = Play(self.FILE)
        for state in (b"", b"\x02" + play.step.state[1:], b"\x01rubbish"):
            with pytest.raises(StateUnreadable):
                restore(play.definition, state, play.world)

    def test_of_another_process_is_refused(self) -> None:
        play = Play(self.FILE)
        other = compile_definition({"o.bpmn": diagram(start(), process="Q")}, "Q")

        with pytest.raises(StateUnreadable):
            restore(other, play.step.state, play.world)

    def test_survives_variables_whose_names_hurt_the_token_engine(self) -> None:
        play = Play(
            diagram(start(), user("a", "b"), chain("s", "a", "b")),
            variables={"typename": "UUID", "$": {"$": "number"}, "__class__": 1},
        )

        play.do("a", typename={"typename": "x"}, data_objects=[1])

        assert play.variables == {
            "typename": {"typename": "x"},
            "$": {"$": "number"},
            "__class__": 1,
            "data_objects": [1],
        }


def test_input_parameters_are_local_and_output_parameters_pass_out() -> None:
    """`camunda:inputOutput` gives a task a scope of its own (Camunda 7, variable mapping)."""
    mapping = extensions(
        '<camunda:inputOutput><camunda:inputParameter name="n">=total + 1'
        "</camunda:inputParameter>"
        '<camunda:inputParameter name="list"><camunda:list><camunda:value>x</camunda:value>'
        "<camunda:value>=total</camunda:value></camunda:list></camunda:inputParameter>"
        '<camunda:outputParameter name="seen">=n * 10</camunda:outputParameter>'
        "</camunda:inputOutput>"
    )
    play = Play(
        diagram(start(), node("userTask", "a", mapping), user("b"), chain("s", "a", "b")),
        variables={"total": 4},
    )

    visible = play.instance.visible(play.item("a").id)
    assert (visible["n"], visible["list"], visible["total"]) == (5, ["x", 4], 4)
    play.do("a", n=7, other=1)

    assert play.variables == {"total": 4, "other": 1, "seen": 70}
