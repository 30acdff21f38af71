"""流程版本：装入一次，各案共用；值以版本为准。"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bpmn import feel
from engine.errors import Fault
from engine.model.calendars import WorkingCalendar
from engine.model.texts import Text
from engine.workflow import VersionLibrary, host_functions, load_version
from engine.workflow import versions as library

TINY = Path(__file__).parents[1] / "commands" / "tiny"
PARAMETERS = """
parameters:
  repeat.window: {value: 1, unit: years, source: S0篇1§6}
  repeat.threshold: {value: 2, source: S0篇1§6}
switches:
  reform.pre_notice: {default: true, title: 事先告知, source: S3 L51}
"""
SHARED = """
id: intake
kind: shared
title: 受理
process: intake
law:
  - {id: S0篇1, title: 《领导干部问责制》篇1}
articles:
  S0篇1§7: {title: 问责程序, text: 通过以下渠道反映}
policy: {intake: intake_clerk, deadline: none}
lanes: {受理室: intake_clerk}
"""


@dataclass(frozen=True)
class Given:
    procedure: str = "tiny"
    number: int = 1
    manifest: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


def given(**manifest: Any) -> Given:
    files = {
        f"tiny/{path.relative_to(TINY).as_posix()}": path.read_bytes()
        for path in TINY.rglob("*")
        if path.is_file()
    }
    files["tiny/procedure.yaml"] += PARAMETERS.encode()
    files["tiny/procedure.yaml"] += b"calls: {ca_intake: {deadline: DL-T-1}}\n"
    files["shared/intake/procedure.yaml"] = SHARED.encode()
    files["shared/intake/forms/note.form"] = b'{"components": []}'
    files["shared/intake/documents/letter.typ"] = b"x"
    return Given(manifest=manifest, files=files)


class TestLoading:
    """一个版本含自己的和所用公共子流程的全部文件。"""

    def test_forms_are_found_in_the_elements_own_folder_first(self) -> None:
        version = load_version("v", given())

        assert version.form("tiny", "") is None
        for process, ref, key in (
            ("tiny", "verify", "tiny:verify"),
            ("intake", "note", "intake:note"),
            ("intake", "verify", "tiny:verify"),
            ("tiny", "shared/intake:note", "intake:note"),
        ):
            found = version.form(process, ref)
            assert found is not None
            assert found.key == key
        with pytest.raises(Fault, match="no form"):
            version.form("tiny", "note")

    def test_values_of_the_version_go_before_those_of_the_folder(self) -> None:
        plain = load_version("v", given())
        other = load_version(
            "w",
            given(parameters={"repeat.threshold": 3}, switches={"reform.pre_notice": False}),
        )

        assert plain.parameters["repeat"] == {"window": 1, "threshold": 2}
        assert other.parameters["repeat"]["threshold"] == 3
        assert other.rules.parameters["repeat.threshold"].value == 3
        assert other.switches == {"reform": {"pre_notice": False}}

    def test_lanes_policy_articles_and_files_come_from_both(self) -> None:
        version = load_version("v", given())
        call = next(iter(version.definition.elements.values()))
        element = replace(call, id="ca_intake", process="tiny", called_element="intake")

        assert version.role_of_lane("tiny", "监事会") == "supervisory_board"
        assert version.role_of_lane("intake", "受理室") == "intake_clerk"
        assert version.role_of_lane("intake", "无") == ""
        assert version.policy_for(element) == {"intake": "intake_clerk", "deadline": "DL-T-1"}
        article = version.article("S0篇1§7")
        assert article is not None
        assert article.title == Text("问责程序")
        assert version.folder_with("documents/letter.typ") == "shared/intake"
        with pytest.raises(Fault, match="no file"):
            version.folder_with("documents/none.typ")
        with pytest.raises(Fault, match="no deadline"):
            version.deadline("DL-X")

    def test_without_rules_there_is_no_procedure(self) -> None:
        with pytest.raises(Fault, match=r"procedure\.yaml"):
            load_version("v", Given(files={"other/procedure.yaml": SHARED.encode()}))


class TestTheLibrary:
    """各版本读一次，内存中只留最近用过的。"""

    def test_a_version_is_read_once_until_it_is_forgotten(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(library, "KEPT", 1)
        reads: list[str] = []

        def read(_session: object, version_id: str) -> Given:
            reads.append(version_id)
            return given()

        shelf = VersionLibrary(read)
        first = shelf.get(None, "a")
        assert shelf.get(None, "a") is first
        shelf.get(None, "b")
        shelf.get(None, "a")
        shelf.forget("a")
        shelf.get(None, "a")

        assert reads == ["a", "b", "a", "a"]


class TestHostFunctions:
    """表达式可用的工作日函数。"""

    CALENDAR = WorkingCalendar(
        ZoneInfo("Asia/Shanghai"), {date(2026, 2, 14): True}, frozenset({2026})
    )

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ('workdays(date("2026-02-09"), date("2026-02-14"))', 5),
            ('workdays("2026-02-09", "x")', None),
            ('workdays(through: "2026-02-14", after: "2026-02-09")', 5),
            ('string(workdays(5)) = string(@"2026-02-14T16:00:00Z")', True),
            ('string(workdays(n: 1)) = string(@"2026-02-10T16:00:00Z")', True),
            ("workdays(0)", None),
            ("workdays(null)", None),
            ("workdays(1, 2, 3)", None),
            ('string(add workdays(date("2026-02-09"), 5))', "2026-02-14"),
            ('add workdays("2026-02-09", 0)', None),
            ("add workdays(5, 1)", None),
            ('add workdays("2026-02-09", "many")', None),
            ('is workday("2026-02-14")', True),
            ('is workday(date and time("2026-02-15T09:00:00"))', False),
            ("is workday(null)", None),
            ('deadline("DL-X")', None),
        ],
    )
    def test_they_count_by_the_authoritys_calendar(self, source: str, value: object) -> None:
        over = datetime(2026, 3, 1, tzinfo=UTC)
        monday = datetime(2026, 2, 9, 3, tzinfo=UTC)
        functions = host_functions(
            self.CALENDAR, lambda key: over if key == "DL-CA-1" else None, lambda: monday
        )
        environment = feel.Environment(functions=functions)
        expression = feel.compile_expression(source, names=list(functions))

        assert expression.evaluate({}, environment) == value
