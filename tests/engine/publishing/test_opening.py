"""案件怎样开立：登记表单问渠道，开立别的流程的案件须在 opens 中写明。"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bpmn import Severity
from engine.publishing.checks import look_over
from engine.publishing.checks.opening import check
from engine.publishing.checks.rules import check as check_rules
from engine.publishing.folders import Folder
from tests.engine.publishing.small import DIAGRAM, RULES, changed, small, with_file

FORM = "loop/forms/clue.form"
START = "form: clue, roles"
CHANNELS = "channels:\n  L1: {title: 举报, source: S0}\noutcomes:"
FIELD = '{"type": "select", "id": "f0", "key": "channel", "label": "渠道", "values": []},\n  '
FIRST = '{"type": "textarea", "id": "f1", "key": "summary"'


def said(folder: Folder) -> list[tuple[str, str, str, Severity]]:
    found = check(folder, check_rules(folder)[1])
    return [(one.rule, one.file, one.element, one.severity) for one in found]


def with_channels() -> Folder:
    return changed(small(), RULES, "outcomes:", CHANNELS)


def opening(name: str, opens: str = "") -> Folder:
    task = '<bpmn:userTask id="ut_step" name="办理一步" camunda:formRef="step">'
    step = (
        '<bpmn:serviceTask id="st_open" camunda:type="external" camunda:topic="wenze.open-case">'
        "<bpmn:extensionElements><camunda:properties>"
        f'<camunda:property name="procedure" value="{name}"/>'
        "</camunda:properties></bpmn:extensionElements></bpmn:serviceTask>"
    )
    folder = changed(small(), DIAGRAM, task, step + task)
    return changed(folder, RULES, "outcomes:", f"{opens}outcomes:")


class TestTheChannel:
    """有渠道的流程，登记时须问是哪一个渠道；没有这一问的，任何案件都登记不了。"""

    def test_a_start_form_that_does_not_ask_is_refused_with_the_remedy(self) -> None:
        folder = with_channels()

        [found] = [one for one in look_over(folder) if one.severity is Severity.ERROR]
        assert (found.rule, found.file, found.element) == ("channel-not-asked", FORM, "channel")
        assert "valuesKey 写 channels_options" in found.zh
        assert "valuesKey channels_options" in found.en.replace("\n", " ")

    def test_one_that_asks_passes(self) -> None:
        assert said(changed(with_channels(), FORM, FIRST, FIELD + FIRST)) == []

    def test_a_procedure_without_channels_need_not_ask(self) -> None:
        assert said(small()) == []

    def test_the_calendar_that_opens_the_cases_may_name_it(self) -> None:
        timer = "timer: {every: month, day: 1, answers: {channel: L1}}, " + START
        assert said(changed(with_channels(), RULES, START, timer)) == []
        silent = "timer: {every: month, day: 1}, " + START
        assert said(changed(with_channels(), RULES, START, silent))

    def test_a_form_of_a_shared_folder_is_looked_at_too(self) -> None:
        folder = changed(with_channels(), RULES, START, 'form: "shared/intake:clue", roles')
        rules = "id: intake\nkind: shared\ntitle: 受理\nprocess: intake\n"
        folder = with_file(folder, "shared/intake/procedure.yaml", rules)
        folder = with_file(folder, "shared/intake/forms/clue.form", small().files[FORM].decode())

        assert [file for _, file, _, _ in said(folder)] == ["shared/intake/forms/clue.form"]

    @pytest.mark.parametrize("content", ["no json", "{}"])
    def test_a_form_that_cannot_be_read_is_left_to_its_own_check(self, content: str) -> None:
        assert said(with_file(with_channels(), FORM, content)) == []

    def test_a_form_that_is_not_there_is_left_to_its_own_check(self) -> None:
        assert said(changed(with_channels(), RULES, START, "form: none, roles")) == []


class TestCasesOfOthers:
    """一案开立另一案的，流程须存在，且在 opens 中写明。"""

    def test_a_procedure_that_is_nowhere_is_told(self) -> None:
        folder = opening("person-decison", "opens: [person-decison]\n")

        assert said(folder) == [("opens-unknown", RULES, "opens", Severity.WARNING)]

    def test_one_that_stands_beside_passes(self) -> None:
        other = replace(small(), procedure="person-decision")
        folder = opening("person-decision", "opens: [person-decision]\n")

        assert said(replace(folder, opens=(other,))) == []

    def test_one_that_is_not_named_under_opens_is_refused(self) -> None:
        assert said(opening("person-decision")) == [
            ("opens-undeclared", DIAGRAM, "st_open", Severity.ERROR)
        ]

    def test_a_call_that_leaves_it_to_its_shared_folder_needs_no_word(self) -> None:
        calls = "calls:\n  ca_persons: {organ: clerk}\noutcomes:"

        assert said(changed(small(), RULES, "outcomes:", calls)) == []

    @pytest.mark.parametrize("name", ["loop", "=policy.procedure", ""])
    def test_its_own_cases_and_what_only_the_case_knows_need_no_word(self, name: str) -> None:
        assert said(opening(name)) == []

    def test_what_a_call_opens_is_named_too(self) -> None:
        calls = "calls:\n  ca_persons: {procedure: person-decision}\noutcomes:"
        folder = changed(small(), RULES, "outcomes:", calls)

        assert said(folder) == [("opens-undeclared", RULES, "ca_persons", Severity.ERROR)]

    def test_a_diagram_that_cannot_be_read_is_left_to_its_own_check(self) -> None:
        assert said(with_file(small(), DIAGRAM, "<x/>")) == []


def test_rules_that_cannot_be_read_are_left_to_their_own_check() -> None:
    assert said(with_file(small(), RULES, "id: [")) == []
