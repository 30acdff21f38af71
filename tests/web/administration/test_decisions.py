"""决策试算：输入若干值，看命中哪几条规则；命中的行点亮。"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from engine.desk.views.trial import ValueNotRead, trial
from engine.errors import NotFound, Refusal
from engine.publishing.folders import read_folder
from tests.office import P01, PROCESSES, Town
from tests.web.administration.test_procedures import draft


def lit(page: str) -> list[int]:
    """Return the numbers of the rows that are lit."""
    rows = re.findall(r'<tr class="is-lit"><th scope="row" class="num">(.*?)</th>', page, re.DOTALL)
    return [int(re.sub(r"\D", "", re.sub(r"<[^>]+>|命中", "", row))) for row in rows]


def tried(town: Town, table: str, **given: str) -> Any:
    query = {"table": table, **{f"in.{path}": value for path, value in given.items()}}
    return town.visit("方某").get("/admin/decisions", query_string=query)


class TestArticle5:
    """情节与损害定档：严重而影响重大，取较低一档并须说明（DT-CA-2 第 6 条）。"""

    def test_serious_and_major_lights_the_sixth_row(self, town: Town) -> None:
        page = tried(
            town, "DT-CA-2", **{"report.severity": '"serious"', "report.impact": '"major"'}
        ).text

        assert lit(page) == [6]
        assert "命中 1 条" in page
        assert "&#34;T2&#34;" in page

    def test_without_quotes_a_text_is_a_text(self, town: Town) -> None:
        page = tried(town, "DT-CA-2", **{"report.severity": "minor", "report.impact": "small"}).text

        assert lit(page) == [1]

    def test_nothing_typed_matches_nothing_and_says_so(self, town: Town) -> None:
        page = tried(town, "DT-CA-2", **{"report.severity": "", "report.impact": ""}).text

        assert lit(page) == []
        assert "没有规则命中" in page

    def test_a_value_outside_of_those_allowed_gives_a_warning(self, town: Town) -> None:
        page = tried(
            town, "DT-CA-2", **{"report.severity": '"huge"', "report.impact": '"major"'}
        ).text

        assert lit(page) == []
        assert "wz-note-near" in page

    def test_before_anything_was_typed_no_result_is_shown(self, town: Town) -> None:
        page = town.visit("方某").get("/admin/decisions?table=DT-CA-2").text

        assert 'id="result"' not in page
        assert "唯一命中" in page


class TestArticle6:
    """从重情形：表里的条件读案件的几个值，每个值一个输入框（DT-CA-3-HEAVIER）。"""

    def test_a_repeated_offender_lights_a_row(self, town: Town) -> None:
        page = tried(town, "DT-CA-3-HEAVIER", repeat_offender="true").text

        assert 'name="in.repeat_offender"' in page
        assert 'name="in.report.heavier"' in page
        assert len(lit(page)) == 1

    def test_what_is_no_value_is_refused_with_a_remedy(self, town: Town) -> None:
        page = tried(town, "DT-CA-3-HEAVIER", repeat_offender="true and").text

        assert "“repeat_offender”的值 true and 看不懂" in page
        assert lit(page) == []

    def test_a_value_cannot_run_without_end(self, town: Town) -> None:
        page = tried(
            town,
            "DT-CA-3-HEAVIER",
            repeat_offender="count(for i in 1..100000, j in 1..100000 return i)",
        ).text

        assert "超出了允许的步数" in page


class TestChoosing:
    """先选版本，再选表；草稿也可试算。"""

    def test_a_draft_can_be_tried_before_it_is_approved(self, town: Town) -> None:
        row = draft(town, passed=True)

        page = town.visit("丁某").get(f"/admin/decisions?version={row.id}&table=DT-CA-2").text

        assert "第 2 版" in page
        assert "情节与问责方式" in page

    def test_an_unknown_table_asks_to_choose(self, town: Town) -> None:
        assert "请在左边选一张决策表" in town.visit("方某").get("/admin/decisions?table=none").text

    def test_an_unknown_version_is_not_found(self, town: Town) -> None:
        assert town.visit("方某").get("/admin/decisions?version=none").status_code == 404

    def test_too_long_a_value_is_refused(self, town: Town) -> None:
        row = draft(town, passed=True)

        with pytest.raises(ValueNotRead):
            town.ask("方某", trial, row.id, "DT-CA-2", {"report.severity": "x" * 2001})


class TestEveryTable:
    """每张表都可试算；空着的输入按 null 计，不出故障。"""

    @pytest.mark.parametrize(
        "table",
        [
            "DT-CA-1",
            "DT-CA-2",
            "DT-CA-3",
            "DT-CA-3-EXEMPT",
            "DT-CA-3-HEAVIER",
            "DT-CA-3-LIGHTER",
            "DT-CA-3-TIERS",
            "DT-CA-4",
            "DT-CA-5",
            "DT-CM-ADMISSIBLE",
            "DT-ROUTE",
        ],
    )
    def test_it_can_be_tried_with_nothing_typed(self, town: Town, table: str) -> None:
        browser = town.visit("方某")
        shown = browser.get(f"/admin/decisions?table={table}").text
        fields = re.findall(r'name="(in\.[^"]+)"', shown)
        assert fields

        page = browser.get(
            "/admin/decisions", query_string={"table": table, **dict.fromkeys(fields, "")}
        )

        assert page.status_code == 200
        assert 'id="result"' in page.text

    def test_a_day_a_list_and_a_truth_are_values(self, town: Town) -> None:
        page = tried(
            town,
            "DT-CA-3-EXEMPT",
            **{"report.exempt": '["a", "b"]'},
        ).text

        assert 'id="result"' in page

    def test_a_value_that_runs_out_of_bounds_while_evaluated_is_refused(self, town: Town) -> None:
        row = draft(town, passed=True)
        much = "for i in 1..100000 return for j in 1..100000 return i"

        with pytest.raises(Refusal) as refused:
            town.ask("方某", trial, row.id, "DT-CA-3-HEAVIER", {"repeat_offender": much})

        assert refused.value.message_id == "trial.bounds"


EXTRA = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="extra" name="extra"
    namespace="urn:wenze:tests:extra">
  <inputData id="i_n" name="n"><variable name="n"/></inputData>
  <inputData id="i_kind" name="kind"><variable name="kind"/></inputData>
  <inputData id="i_limit" name="limit"><variable name="limit"/></inputData>
  <decision id="DT-EXTRA" name="extra"><variable name="extra"/>
    <informationRequirement id="r1"><requiredInput href="#i_n"/></informationRequirement>
    <informationRequirement id="r2"><requiredInput href="#i_kind"/></informationRequirement>
    <informationRequirement id="r3"><requiredInput href="#i_limit"/></informationRequirement>
    <decisionTable id="t" hitPolicy="FIRST">
      <input id="c1" label="n"><inputExpression typeRef="number"><text>n</text></inputExpression>
        <inputValues><text>[1..1000000]</text></inputValues></input>
      <input id="c2" label="kind"><inputExpression><text>kind</text></inputExpression></input>
      <output id="o" name="extra"/>
      <rule id="a"><inputEntry><text>&lt; limit</text></inputEntry>
        <inputEntry><text>"few"</text></inputEntry>
        <outputEntry><text>n + 1</text></outputEntry></rule>
      <rule id="b"><inputEntry><text>-</text></inputEntry>
        <inputEntry><text>"many"</text></inputEntry>
        <outputEntry><text>count(for i in 1..n, j in 1..n return i)</text></outputEntry></rule>
    </decisionTable></decision>
</definitions>"""


class TestATableOfAnyKind:
    """输入的值域可以是区间；格子里可读别的值；不写类型的，文字可不加引号。"""

    @pytest.fixture
    def version_id(self, town: Town) -> str:
        folder = read_folder(PROCESSES / P01)
        files = {**folder.files, f"{P01}/extra.dmn": EXTRA.encode()}
        return str(town.draft(replace(folder, files=files)).id)

    def test_what_only_a_cell_reads_is_asked_for_too(self, town: Town, version_id: str) -> None:
        found = town.ask("丁某", trial, version_id, "DT-EXTRA")

        assert [one.path for one in found.fields] == ["n", "kind", "limit"]
        assert found.fields[0].options == ()

    def test_a_name_without_quotes_is_a_text(self, town: Town, version_id: str) -> None:
        given = {"n": "3", "limit": "5", "kind": "few"}

        found = town.ask("丁某", trial, version_id, "DT-EXTRA", given)

        assert (found.result, found.matched) == ("4", 1)

    def test_an_evaluation_without_end_is_refused(self, town: Town, version_id: str) -> None:
        given = {"n": "1000000", "limit": "1", "kind": "many"}

        with pytest.raises(Refusal) as refused:
            town.ask("丁某", trial, version_id, "DT-EXTRA", given)

        assert refused.value.message_id == "trial.bounds"

    def test_an_unknown_table_is_not_found(self, town: Town, version_id: str) -> None:
        with pytest.raises(NotFound):
            town.ask("丁某", trial, version_id, "DT-NONE")
