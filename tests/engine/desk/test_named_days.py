"""限期到某日的期限在案件里：写明的日期来自案件，早于起算日的不能起算。"""

from __future__ import annotations

from engine.publishing.checks import check_folder
from engine.publishing.folders import Folder
from tests.engine.publishing.small import RULES, SCENARIO, changed, scenario, small

FORM = "loop/forms/clue.form"
FIRST = '{"type": "textarea", "id": "f1", "key": "summary"'
DAY = '{"type": "datetime", "id": "f0", "key": "day", "subtype": "date", "dateLabel": "限期到"}'


def with_limit(*steps: str) -> Folder:
    group = f'{{"type": "group", "id": "g", "path": "limit", "components": [{DAY}]}},'
    folder = changed(small(), FORM, FIRST, group + FIRST)
    starts = "    starts: registered"
    folder = changed(folder, RULES, starts, f"    until: limit.day\n{starts}")
    return Folder(
        folder.procedure,
        folder.files,
        {**folder.scenarios, SCENARIO: scenario(*steps)},
    )


def opened(day: str) -> str:
    answers = f"{{summary: 计时, limit: {{day: {day}}}}}" if day else "{summary: 计时}"
    return f"- {{open: loop, by: 甲, subject: 丙, answers: {answers}}}"


def failures(folder: Folder) -> list[str]:
    [result] = check_folder(folder).scenarios
    return [one.zh for one in result.failures]


class TestTheDayOfTheCase:
    """案件登记时写明的日期，就是期限的届满日。"""

    def test_is_the_last_day(self) -> None:
        # 2026年3月8日是星期日
        then = "- then: {deadline: {DL-LP-1: {last_day: '2026-03-08', state: running}}}"
        assert failures(with_limit(opened("2026-03-08"), then)) == []

    def test_without_one_the_period_counts(self) -> None:
        # 3月2日星期一之后 15 个工作日
        then = "- then: {deadline: {DL-LP-1: {last_day: '2026-03-23'}}}"
        assert failures(with_limit(opened(""), then)) == []

    def test_a_day_before_the_fact_is_refused(self) -> None:
        refused = opened("2026-02-27")[:-1] + ", refused: deadline.day_past}"
        assert failures(with_limit(refused)) == []
