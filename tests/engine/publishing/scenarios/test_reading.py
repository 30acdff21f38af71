"""场景文件里的每一处错误都要指明文件、步骤和改法。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from engine.publishing.scenarios import ScenarioRefused, read_cast, read_scenario, scenario_paths
from engine.publishing.scenarios.mistakes import Page
from engine.publishing.scenarios.step_reading import read_steps
from engine.publishing.scenarios.steps import Ballot, Do, Extend, Filing, Move, Open, Recuse, Then
from tests.engine.publishing.small import CAST, DO, OPEN, SCENARIO, small


def _mistakes(*steps: str, **options: object) -> list[str]:
    """Return what is said of a scenario with these steps."""
    with pytest.raises(ScenarioRefused) as caught:
        read_scenario(small(*steps, **options).scenarios, SCENARIO)  # type: ignore[arg-type]
    return [str(one) for one in caught.value.mistakes]


def _of_cast(text: str) -> list[str]:
    with pytest.raises(ScenarioRefused) as caught:
        read_cast({"c.yaml": text.encode()}, "c.yaml")
    return [str(one) for one in caught.value.mistakes]


class TestAScenario:
    """given、when、then：时间、人员、步骤和期望。"""

    def test_says_when_it_begins_and_who_plays(self) -> None:
        read = read_scenario(small(OPEN, DO).scenarios, SCENARIO)

        assert read.begins == datetime(2026, 3, 2, 9)
        assert [person.name for person in read.cast.people] == ["甲", "乙", "丙", "己"]
        assert (read.id, read.title.zh) == ("SC", "一个场景")

    def test_has_steps_of_every_kind(self) -> None:
        read = read_scenario(
            small(
                OPEN,
                "- {at: 2026-03-03 10:00}",
                "- {at: 2026-03-04}",
                "- {serve: ut_step, by: 甲}",
                "- {vote: a, by: 甲, opinions: {乙: {vote: 同意, reasons: 好}}, absent: {丙: 病}}",
                "- {file: appeal, by: 丙, on: 2026-03-03, for: 丙, proof: 邮戳}",
                "- {extend: DL-LP-1, by: 甲, approved_by: 乙, reasons: 复杂, granted: false}",
                "- {recuse: 乙, by: 丙, decided_by: 甲, reasons: 原下属}",
                "- {then: {open: [ut_step]}}",
            ).scenarios,
            SCENARIO,
        )

        kinds = [type(step) for step in read.steps]
        assert kinds == [Open, Move, Move, Do, Ballot, Filing, Extend, Recuse, Then]

    def test_a_bare_day_means_nine_o_clock(self) -> None:
        read = read_scenario(small(OPEN, "- {at: 2026-03-04}").scenarios, SCENARIO)

        assert isinstance(read.steps[1], Move)
        assert read.steps[1].to == datetime(2026, 3, 4, 9)

    def test_a_vote_may_be_written_in_chinese(self) -> None:
        step = "- {vote: ut_step, by: 甲, opinions: {乙: {vote: 弃权, reasons: 不明}}}"
        read = read_scenario(small(step).scenarios, SCENARIO)

        assert isinstance(read.steps[0], Ballot)
        assert read.steps[0].opinions[0].vote == "abstain"

    def test_uses_parts_in_their_places(self) -> None:
        folder = small("- {use: begun}", DO, parts={"begun": "- {use: opened}", "opened": OPEN})
        read = read_scenario(folder.scenarios, SCENARIO)

        assert [(step.file.rpartition("/")[2], step.place) for step in read.steps] == [
            ("opened.yaml", "1.1.1"),
            ("one.yaml", "2"),
        ]

    def test_is_told_from_casts_and_parts(self) -> None:
        assert scenario_paths(small(parts={"a": OPEN}).scenarios) == [SCENARIO]

    def test_names_earlier_sanctions_parameters_and_switches(self) -> None:
        given = (
            ", earlier_sanctions: [{person: 丙, decided_on: 2025-05-20, measures: [talk]}]"
            ", parameters: {a: 1}, switches: {b: true}"
        )
        read = read_scenario(small(OPEN, given=given).scenarios, SCENARIO)

        assert read.earlier[0].decided_on == date(2025, 5, 20)
        assert (read.parameters, read.switches) == ({"a": 1}, {"b": True})


class TestMistakes:
    """每处错误都说清：哪个文件、第几步、怎么改。"""

    @pytest.mark.parametrize(
        ("step", "place", "said"),
        [
            ("- {dance: ut_step}", "1", "exactly one of"),
            ("- {do: ut_step, claim: ut_step, by: 甲}", "1", "exactly one of"),
            ("- 3", "1", "must be a mapping of names"),
            ("- {do: ut_step, by: 丁}", "1", "'丁' is not in the cast"),
            ("- {do: ut_step}", "1", "by is missing"),
            ("- {do: ut_step, by: 甲, answer: {}}", "1", "'answer' means nothing here"),
            ("- {do: ut_step, by: 甲, signed: maybe}", "1", "signed must be true or false"),
            ("- {do: [ut_step], by: 甲}", "1", "do must be a text"),
            ("- {at: soon}", "1", "must be written 2026-03-05 09:00"),
            ("- {file: appeal, by: 丙, on: soon}", "1", "on must be written 2026-03-05"),
            ("- {use: nothing}", "1", "There is no loop/scenarios/parts/nothing.yaml"),
            ("- {then: {opens: [a]}}", "1 then", "'opens' means nothing here"),
            ("- {vote: a, by: 甲, opinions: {丁: {vote: agree}}}", "1", "'丁' is not in the cast"),
            ("- {vote: a, by: 甲, opinions: {乙: {}}}", "1 opinions 乙", "vote is missing"),
        ],
    )
    def test_are_told_with_their_place(self, step: str, place: str, said: str) -> None:
        (mistake, *_) = _mistakes(step)

        assert mistake.startswith(f"{SCENARIO} {place}: ")
        assert said in mistake

    def test_all_are_told_at_once(self) -> None:
        assert len(_mistakes("- {do: ut_step, by: 丁}", "- {claim: ut_step, by: 戊}")) == 2

    def test_parts_that_use_each_other_without_end(self) -> None:
        assert "5 deep at most" in _mistakes("- {use: a}", parts={"a": "- {use: a}"})[0]

    def test_a_part_that_is_no_list(self) -> None:
        assert "list of steps" in _mistakes("- {use: a}", parts={"a": "do: x"})[0]

    def test_no_steps_no_title_no_id(self) -> None:
        folder = small()
        scenarios = {
            **folder.scenarios,
            SCENARIO: b"title: {de: x}\ngiven: {clock: 2026-03-02}\nsteps:\n",
        }
        with pytest.raises(ScenarioRefused) as caught:
            read_scenario(scenarios, SCENARIO)

        said = str(caught.value)
        assert all(word in said for word in ("title must be", "id is missing", "no steps"))

    def test_a_file_that_is_not_there_or_no_yaml(self) -> None:
        folder = small()
        for content, said in ((None, "no such file"), (b"a: [", "not YAML")):
            scenarios = dict(folder.scenarios)
            scenarios.pop("loop/scenarios/cast.yaml")
            if content is not None:
                scenarios["loop/scenarios/cast.yaml"] = content
            with pytest.raises(ScenarioRefused, match=said):
                read_scenario(scenarios, SCENARIO)

    def test_an_earlier_sanction_without_its_day(self) -> None:
        given = ", earlier_sanctions: [{person: 丙, measures: talk}]"

        assert any("decided_on is missing" in one for one in _mistakes(OPEN, given=given))

    def test_another_cast_is_a_file_of_its_name(self) -> None:
        folder = small(OPEN, given=", cast: big")
        scenarios = {**folder.scenarios, "loop/scenarios/big.yaml": CAST.encode()}

        assert read_scenario(scenarios, SCENARIO).cast.short == "某司"


class TestTheCast:
    """单位、人员、岗位、关系。"""

    def test_posts_have_dates_and_units(self) -> None:
        cast = read_cast({"c.yaml": CAST.encode()}, "c.yaml")

        (post,) = cast.people[1].posts
        assert (post.role, post.since, post.until) == ("clerk", date(2026, 1, 1), date(2026, 3, 31))
        assert cast.units == {"机关": "", "车间": "机关"}
        assert cast.relations[0].kind == "superior"

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("authority: {short: x}", "name is missing"),
            ("authority: {name: x, short: x, zone: Moon/Sea}", "no time zone"),
            ("authority: {name: x, short: x, zone: ../etc}", "no time zone"),
            ("units: {甲: 乙}", "'乙' above '甲' is not among"),
            ("people: {甲: {unit: 无}}", "'无' is not among the units"),
            ("people: {甲: {posts: {}}}", "posts must be a list"),
            ("people: {甲: {posts: [{unit: x}]}}", "role is missing"),
            ("people: {甲: {posts: [{role: x, from: soon}]}}", "from must be written"),
            ("relations: [{person: 甲, other: 乙, kind: friend}]", "no relation 'friend'"),
            ("friends: []", "'friends' means nothing here"),
        ],
    )
    def test_its_mistakes(self, text: str, said: str) -> None:
        assert any(said in one for one in _of_cast(text))

    def test_days_may_be_instants_or_text(self) -> None:
        page = Page("f", "", {"a": datetime(2026, 3, 2, 9), "b": "2026-03-02", "c": None})

        assert page.day("a") == page.day("b") == date(2026, 3, 2)
        assert page.day("c") is None
        assert page.moment("a") == datetime(2026, 3, 2, 9)


class TestStepsElsewhere:
    """示例案件也用同样的步骤。"""

    def test_are_read_alone(self) -> None:
        steps = read_steps({}, "x", {"甲"}, [{"claim": "ut_step", "by": "甲"}], file="s.yaml")

        assert [(step.words, step.by, step.file) for step in steps] == [
            ("claim: ut_step", "甲", "s.yaml")
        ]

    def test_or_refused(self) -> None:
        with pytest.raises(ScenarioRefused, match="not in the cast"):
            read_steps({}, "x", set(), [{"claim": "ut_step", "by": "甲"}], file="s.yaml")

    def test_line_ends_of_windows_are_no_matter(self) -> None:
        folder = small()
        crlf = folder.scenarios[SCENARIO].replace(b"\n", b"\r\n")

        assert scenario_paths(replace(folder, scenarios={SCENARIO: crlf}).scenarios) == [SCENARIO]
