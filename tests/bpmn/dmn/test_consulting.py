"""Why a decision fell as it did can be said years later, from what was kept of it."""

from hashlib import sha256

import pytest

from bpmn.dmn import UnknownDecision, consulted, read_decisions
from tests.bpmn.dmn.drawing import decision, definitions, input_data, literal, read, table

REPORT = {"severity": "serious", "harm": "large", "facts": "陈某于四月三日……", "times": 2}
LEVELS = decision(
    "level",
    table(
        ["report.severity"],
        ["level"],
        ['"slight" => 1 // 第五条第一项', '"serious" => 2 // 第五条第二项'],
        annotations=["依据"],
    ),
    inputs=["i_report"],
)
MEASURES = decision(
    "measure",
    table(["level", 'get value(report, "times")'], ["measure"], ['2 | > 1 => "dismiss"']).replace(
        '"r1"', '"m1"'
    ),
    requires=["d_level"],
    inputs=["i_report", "i_unused"],
)
CONTENT = definitions(input_data("report"), input_data("unused"), LEVELS, MEASURES)


class TestWhatIsKept:
    """The version, the inputs, the rules that matched, and what they gave."""

    def test_the_file_and_its_digest_say_which_version_of_the_table_it_was(self) -> None:
        model = read_decisions(CONTENT, name="levels.dmn")

        kept = consulted(model, model.evaluate("measure", {"report": REPORT, "unused": "x"}))

        assert kept.file == "levels.dmn"
        assert kept.digest == sha256(CONTENT).hexdigest()

    def test_the_rules_of_the_decisions_that_it_needed_come_first(self) -> None:
        model = read_decisions(CONTENT, name="levels.dmn")

        kept = consulted(model, model.evaluate("measure", {"report": REPORT, "unused": "x"}))

        assert [(one.decision, one.index, one.annotation) for one in kept.matched] == [
            ("d_level", 2, "第五条第二项"),
            ("d_measure", 1, ""),
        ]
        assert kept.results == {"d_level": 2}

    def test_of_a_report_only_what_is_read_and_of_an_input_that_nobody_reads_nothing(self) -> None:
        model = read_decisions(CONTENT, name="levels.dmn")

        kept = consulted(model, model.evaluate("measure", {"report": REPORT, "unused": "x"}))

        assert kept.inputs == {"report": {"severity": "serious", "times": 2}}

    def test_each_of_a_list_of_contexts_likewise(self) -> None:
        model = read(decision("d", literal("count(people.role) + count(people)")))
        trimmed = read(decision("d", literal("people.role")))
        people = [{"role": "a", "name": "陈某"}, {"role": "b", "name": "李某"}]

        whole = consulted(model, model.evaluate("d", {"people": people}))
        kept = consulted(trimmed, trimmed.evaluate("d", {"people": people}))

        assert whole.inputs == {"people": people}
        assert kept.inputs == {"people": [{"role": "a"}, {"role": "b"}]}

    def test_a_component_of_what_has_none_is_kept_with_it(self) -> None:
        model = read(decision("d", literal("x.year")))

        assert consulted(model, model.evaluate("d", {"x": 5})).inputs == {"x": 5}

    def test_the_warnings_of_all_of_them(self) -> None:
        model = read_decisions(CONTENT, name="levels.dmn")

        kept = consulted(model, model.evaluate("measure", {"report": {"severity": 5}}))

        assert {one.id for one in kept.warnings} >= {"dmn-missing-input"}
        assert kept.matched == ()

    def test_a_decision_that_is_not_there_reads_nothing(self) -> None:
        model = read_decisions(CONTENT, name="levels.dmn")

        assert model.parts("measure")["report"] == frozenset({"severity", "times"})
        with pytest.raises(UnknownDecision):
            model.parts("d_other")

    def test_inputs_of_an_imported_file_are_kept_whole(self) -> None:
        imported = definitions(input_data("report"), namespace="urn:base")
        model = read(
            '<import name="base" namespace="urn:base" '
            'importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
            decision("d", literal("base.report.times"), inputs=["urn:base#i_report"]),
            imports={"base.dmn": imported},
        )

        outcome = model.evaluate("d", {"report": {"times": 2, "facts": "x"}})

        assert outcome.value == 2
        assert consulted(model, outcome).inputs == {"report": {"times": 2, "facts": "x"}}
