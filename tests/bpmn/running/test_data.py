"""Data objects are variables of their scope, data stores of the case's file.

Source: OMG BPMN 2.0.2, 10.4.1 and 10.4.2; issue 4 (data).
"""

import pytest

from bpmn import DiagramRefused
from tests.bpmn.diagrams import (
    MESSAGE,
    MESSAGE2,
    SIGNAL,
    a_process,
    boundary,
    bpmn,
    chain,
    condition,
    diagram,
    end,
    extensions,
    flow,
    node,
    start,
    timer,
    user,
)  # fmt: skip
from tests.bpmn.running.playing import Play


def _object(name: str) -> str:
    """Return a data object `o` and a reference to it, as a modeller draws them."""
    return f'<dataObject id="o"/><dataObjectReference id="oref" name="{name}" dataObjectRef="o"/>'


def _store(name: str, key: str = "store") -> str:
    return f'<dataStoreReference id="{key}" name="{name}"/>'


def _io(name: str) -> str:
    """Return an input and an output called `name`, ids `din` and `dout`."""
    return (
        f'<ioSpecification><dataInput id="din" name="{name}"/><dataOutput id="dout" '
        f'name="{name}"/><inputSet><dataInputRefs>din</dataInputRefs></inputSet>'
        "<outputSet><dataOutputRefs>dout</dataOutputRefs></outputSet></ioSpecification>"
    )


def _input(source: str, target: str = "din", inner: str = "") -> str:
    return (
        f'<dataInputAssociation id="ia"><sourceRef>{source}</sourceRef>'
        f"<targetRef>{target}</targetRef>{inner}</dataInputAssociation>"
    )


def _output(target: str, source: str = "<sourceRef>dout</sourceRef>", inner: str = "") -> str:
    return (
        f'<dataOutputAssociation id="oa">{source}<targetRef>{target}</targetRef>{inner}'
        "</dataOutputAssociation>"
    )


class TestADataObject:
    """It is the variable of its name, in the scope that it is drawn in."""

    def test_of_a_process_is_a_variable_of_the_process(self) -> None:
        file = diagram(_object("报告"), start(), user("a"), end(), chain("s", "a", "e"))
        play = Play(file)

        play.do("a", 报告="属实")

        assert play.variables == {"报告": "属实"}

    def test_of_a_sub_process_ends_with_it(self) -> None:
        inside = _object("note") + start("i") + user("a") + chain("i", "a")
        file = diagram(
            start(), node("subProcess", "sub", inside), user("b"), chain("s", "sub", "b")
        )
        play = Play(file, variables={"note": "outer"})
        assert play.instance.visible(play.item("a").id)["note"] is None

        play.do("a", note="inner", kept=1)

        assert play.variables == {"note": "outer", "kept": 1}

    def test_without_a_name_has_that_of_what_it_refers_to(self) -> None:
        loop = '<multiInstanceLoopCharacteristics camunda:collection="r2"/>'
        named = (
            '<dataObject id="o" name="members"/><dataObjectReference id="r2" dataObjectRef="o"/>'
        )
        file = diagram(named, start(), node("userTask", "a", loop), chain("s", "a"))

        assert Play(file, variables={"members": [1, 2]}).waiting == ["a", "a"]

    def test_without_any_name_has_its_id(self) -> None:
        loop = '<multiInstanceLoopCharacteristics camunda:collection="o"/>'
        file = diagram(
            '<dataObject id="o"/>', start(), node("userTask", "a", loop), chain("s", "a")
        )

        assert Play(file, variables={"o": [1]}).waiting == ["a"]


class TestAnInputAssociation:
    """It gives the activity the value under the name of its input."""

    def test_names_the_input(self) -> None:
        task = node("userTask", "a", _io("given") + _input("oref"))
        play = Play(diagram(_object("doc"), start(), task, chain("s", "a")), variables={"doc": 7})

        seen = play.instance.visible(play.item("a").id)

        assert (seen["given"], seen["doc"]) == (7, 7)
        play.do("a")
        assert play.variables == {"doc": 7}

    def test_of_what_is_not_there_gives_null(self) -> None:
        task = node("userTask", "a", _io("given") + _input("oref"))
        play = Play(diagram(_object("doc"), start(), task, chain("s", "a")))

        assert play.instance.visible(play.item("a").id)["given"] is None

    def test_may_transform(self) -> None:
        task = node(
            "userTask", "a",
            _io("total") + _input("oref", inner="<transformation>sum(doc)</transformation>"),
        )  # fmt: skip
        file = diagram(_object("doc"), start(), task, chain("s", "a"))
        play = Play(file, variables={"doc": [1, 2]})

        assert play.instance.visible(play.item("a").id)["total"] == 3

    def test_may_assign(self) -> None:
        assignment = "<assignment><from>doc + 1</from><to>next</to></assignment>"
        task = node("userTask", "a", _io("given") + _input("oref", inner=assignment))
        file = diagram(_object("doc"), start(), task, chain("s", "a"))

        seen = Play(file, variables={"doc": 1})
        assert seen.instance.visible(seen.item("a").id)["next"] == 2

    def test_as_bpmn_io_draws_it_shows_what_is_read_and_copies_nothing(self) -> None:
        placeholder = '<property id="p" name="__targetRef_placeholder"/>'
        task = node("userTask", "a", placeholder + _input("oref", "p"))
        play = Play(diagram(_object("doc"), start(), task, chain("s", "a")), variables={"doc": 7})

        assert play.instance.visible(play.item("a").id) == {"doc": 7}


class TestAnOutputAssociation:
    """It writes the activity's output to the data object."""

    def test_writes_the_named_output(self) -> None:
        task = node("userTask", "a", _io("made") + _output("oref"))
        play = Play(diagram(_object("doc"), start(), task, end(), chain("s", "a", "e")))

        play.do("a", made="x")

        assert play.variables["doc"] == "x"

    def test_without_a_source_leaves_it_to_the_task(self) -> None:
        task = node("userTask", "a", _output("oref", ""))
        play = Play(diagram(_object("doc"), start(), task, end(), chain("s", "a", "e")))

        play.do("a", doc="x")

        assert play.variables == {"doc": "x"}


class TestEvents:
    """What an event carries or brings has the name of its data."""

    def test_a_message_carries_what_is_associated(self) -> None:
        throw = node("intermediateThrowEvent", "t", _input_of_event("oref") + MESSAGE)
        play = Play(
            diagram(_object("doc"), start(), throw, chain("s", "t")), variables={"doc": 1, "x": 2}
        )

        assert play.thrown == [("message", "msg", {"doc": 1})]

    def test_a_message_brings_what_is_associated(self) -> None:
        brought = (
            '<dataOutput id="dout" name="body"/><dataOutputAssociation id="oa"><sourceRef>dout'
            "</sourceRef><targetRef>oref</targetRef></dataOutputAssociation>"
        )
        catch = node("intermediateCatchEvent", "c", brought + MESSAGE)
        play = Play(diagram(_object("doc"), start(), catch, chain("s", "c")))

        play.send("msg", body="b", other=1)

        assert play.variables == {"doc": "b"}

    def test_a_signal_carries_its_inputs_within_the_case_too(self) -> None:
        mapped = _parameters(inputParameter={"amount": "=total * 2"})
        throw = node("endEvent", "t", mapped + SIGNAL)
        outs = _parameters(outputParameter={"got": "=amount"})
        catch = node("intermediateCatchEvent", "c", outs + SIGNAL)
        file = diagram(
            start(), node("parallelGateway", "g"), user("a"), throw, catch,
            chain("s", "g", "a", "t"), chain("g", "c"),
        )  # fmt: skip
        play = Play(file, variables={"total": 2})

        play.do("a")

        assert play.thrown == [("signal", "sig", {"amount": 4})]
        assert play.variables == {"total": 2, "got": 4}


def _input_of_event(source: str) -> str:
    return (
        '<dataInput id="din"/><dataInputAssociation id="ia">'
        f"<sourceRef>{source}</sourceRef><targetRef>din</targetRef></dataInputAssociation>"
    )


def _parameters(**kinds: dict[str, str]) -> str:
    """Return `camunda:inputOutput`."""
    found = "".join(
        f'<camunda:{kind} name="{name}">{text}</camunda:{kind}>'
        for kind, values in kinds.items()
        for name, text in values.items()
    )
    return extensions(f"<camunda:inputOutput>{found}</camunda:inputOutput>")


class TestParametersOfEvents:
    """Inputs are seen by the event alone; outputs see the payload."""

    def test_a_timer_reads_its_inputs_which_end_with_it(self) -> None:
        mapped = _parameters(inputParameter={"hours": "=base + 1"})
        event = node(
            "intermediateCatchEvent", "t", mapped + timer('duration("PT" + string(hours) + "H")')
        )
        play = Play(diagram(start(), event, end(), chain("s", "t", "e")), variables={"base": 2})
        assert str(play.due["t"]) == "3:00:00"

        play.fire("t")

        assert play.variables == {"base": 2}

    def test_a_condition_reads_its_inputs(self) -> None:
        mapped = _parameters(inputParameter={"limit": "=5"})
        event = node("intermediateCatchEvent", "c", mapped + condition("amount > limit"))
        play = Play(diagram(start(), event, user("u"), chain("s", "c", "u")))

        play.put(amount=5)
        assert play.waiting == []
        play.put(amount=6)

        assert play.waiting == ["u"]

    def test_outputs_may_be_lists_and_maps(self) -> None:
        shaped = (
            '<camunda:outputParameter name="both"><camunda:list><camunda:value>=a</camunda:value>'
            "<camunda:value>b</camunda:value></camunda:list></camunda:outputParameter>"
        )
        mapped = extensions(f"<camunda:inputOutput>{shaped}</camunda:inputOutput>")
        catch = node("intermediateCatchEvent", "c", mapped + MESSAGE)
        play = Play(diagram(start(), catch, user("u"), chain("s", "c", "u")))

        play.send("msg", a=1)

        assert play.variables == {"both": [1, "b"]}

    def test_an_output_of_the_name_of_an_input_leaves_the_event(self) -> None:
        mapped = _parameters(inputParameter={"x": "=1"}, outputParameter={"x": "=x + y"})
        catch = node("intermediateCatchEvent", "c", mapped + MESSAGE)
        play = Play(diagram(start(), catch, user("u"), chain("s", "c", "u")))

        play.send("msg", y=2)

        assert play.variables == {"x": 3}

    def test_an_event_without_a_type_maps_too(self) -> None:
        mapped = _parameters(inputParameter={"x": "=1"}, outputParameter={"y": "=x + 1"})
        throw = node("intermediateThrowEvent", "t", mapped)
        play = Play(diagram(start(), throw, user("u"), chain("s", "t", "u")))

        assert play.variables == {"y": 2}

    def test_a_start_event_maps_its_outputs(self) -> None:
        begin = start("s", _parameters(outputParameter={"stage": "intake"}))

        assert Play(diagram(begin, user("u"), chain("s", "u"))).variables == {"stage": "intake"}

    @pytest.mark.parametrize(
        "drawn",
        [
            node("exclusiveGateway", "x", _parameters(outputParameter={"a": "1"})),
            node("intermediateThrowEvent", "x",
                 _parameters(inputParameter={"a": "1"}) + "<compensateEventDefinition/>"),
        ],
    )  # fmt: skip
    def test_where_nothing_would_read_them_are_refused(self, drawn: str) -> None:
        with pytest.raises(DiagramRefused, match="input-output-place"):
            Play(diagram(start(), drawn, user("u"), chain("s", "x", "u")))

    def test_inputs_of_boundary_events_and_behind_gateways_are_refused(self) -> None:
        mapped = _parameters(inputParameter={"a": "1"})
        late = boundary("late", "u", mapped + timer("P1D"))
        behind = node("intermediateCatchEvent", "m", mapped + MESSAGE)
        gate = node("eventBasedGateway", "g") + node("intermediateCatchEvent", "n", MESSAGE2)

        with pytest.raises(DiagramRefused, match="input-output-place"):
            Play(diagram(start(), user("u"), late, chain("s", "u")))
        with pytest.raises(DiagramRefused, match="input-output-place"):
            Play(diagram(start(), gate, behind, chain("s", "g", "m"), flow("g", "n")))


class TestADataStore:
    """A data store is part of the case's file: every process that draws it shares it."""

    CALLED = a_process(_store("register"), start("cs"), user("c"), end("ce"),
                       chain("cs", "c", "ce"), process="Q")  # fmt: skip

    def test_is_shared_by_the_processes_that_draw_it(self) -> None:
        caller = a_process(
            _store("register", "store2"), start(), node("callActivity", "call", calledElement="Q"),
            user("after"), chain("s", "call", "after"),
        )  # fmt: skip
        play = Play(bpmn(caller, self.CALLED), variables={"register": ["first"], "own": 1})
        assert play.instance.visible(play.item("c").id) == {"register": ["first"]}

        play.do("c", register=["first", "second"], local=2)

        assert play.variables == {"register": ["first", "second"], "own": 1}
        assert play.instance.visible(play.item("after").id)["register"] == ["first", "second"]

    def test_is_not_seen_by_a_process_that_does_not_draw_it(self) -> None:
        caller = a_process(
            start(), node("callActivity", "call", calledElement="Q"), user("after"),
            chain("s", "call", "after"),
        )  # fmt: skip
        play = Play(bpmn(caller, self.CALLED))
        play.do("c", register="kept")

        assert play.instance.visible(play.item("after").id) == {}
        assert play.variables == {"register": "kept"}

    def test_without_a_name_has_that_of_the_store_it_refers_to(self) -> None:
        file = bpmn(
            a_process('<dataStoreReference id="r" dataStoreRef="ds"/>', start(), user("a"),
                      chain("s", "a")),
            roots='<dataStore id="ds" name="archive"/>',
        )  # fmt: skip

        assert Play(file).variables == {"archive": None}


class TestACallsBinding:
    """What is called is what the files hold; a version or tag that is asked for must be theirs."""

    def _file(self, *, tag: str = "", version: str = "", **binding: str) -> bytes:
        held = extensions(
            "<camunda:properties>"
            f'<camunda:property name="version" value="{version}"/></camunda:properties>'
        )
        called = a_process(start("cs"), user("c"), chain("cs", "c"), process="Q").replace(
            'id="Q"', f'id="Q" camunda:versionTag="{tag}"'
        ).replace('isExecutable="true">', f'isExecutable="true">{held}')  # fmt: skip
        given = {f"camunda_calledElement{key}": value for key, value in binding.items()}
        call = node("callActivity", "call", calledElement="Q", **given)
        return bpmn(a_process(start(), call, chain("s", "call")), called)

    @pytest.mark.parametrize(
        "file",
        [
            {},
            {"Binding": "latest"},
            {"Binding": "deployment"},
            {"Binding": "version", "Version": "3", "version": "3"},
            {"Binding": "versionTag", "VersionTag": "2026-04", "tag": "2026-04"},
        ],
    )
    def test_runs_where_the_files_hold_it(self, file: dict[str, str]) -> None:
        assert Play(self._file(**file)).waiting == ["c"]

    @pytest.mark.parametrize(
        ("file", "says"),
        [
            ({"Binding": "version", "Version": "3", "version": "2"}, "has '2'"),
            ({"Binding": "version", "version": "2"}, "asks for"),
            ({"Binding": "versionTag", "VersionTag": "new", "tag": "old"}, "has 'old'"),
            ({"Binding": "newest"}, "is none"),
        ],
    )
    def test_is_refused_where_they_do_not(self, file: dict[str, str], says: str) -> None:
        with pytest.raises(DiagramRefused, match=says) as refused:
            Play(self._file(**file))

        assert [f.element for f in refused.value.findings] == ["call"]


class TestMessageFlows:
    """A message that is thrown says where its message flows lead."""

    def test_lead_to_a_node_a_pool_or_a_closed_pool(self) -> None:
        first = a_process(
            start(), node("intermediateThrowEvent", "t", MESSAGE),
            node("sendTask", "t2", messageRef="M2"), end("e", MESSAGE), chain("s", "t", "t2", "e"),
        )  # fmt: skip
        second = a_process(start("s2", MESSAGE), user("u"), chain("s2", "u"), process="Q")
        pools = (
            '<collaboration id="c"><participant id="pp" processRef="P"/>'
            '<participant id="pq" processRef="Q"/><participant id="closed"/>'
            '<messageFlow id="m1" sourceRef="t" targetRef="s2"/>'
            '<messageFlow id="m2" sourceRef="t2" targetRef="pq"/>'
            '<messageFlow id="m3" sourceRef="e" targetRef="closed"/></collaboration>'
        )
        file = bpmn(first, second).replace(b"<process", pools.encode() + b"<process", 1)

        thrown = Play(file).step.thrown

        assert [
            (t.element, [(to.participant, to.process, to.element) for to in t.targets])
            for t in thrown
        ] == [("t", [("pq", "Q", "s2")]), ("t2", [("pq", "Q", "")]), ("e", [("closed", "", "")])]
        assert Play(file, process="Q", message="msg").waiting == ["u"]

    def test_are_none_where_none_is_drawn(self) -> None:
        file = diagram(start(), end("e", MESSAGE), chain("s", "e"))

        assert [t.targets for t in Play(file).step.thrown] == [()]
