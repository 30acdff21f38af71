"""场景中的会议、纪要和影响期查询的步骤 (docs/scenarios.md)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.publishing.scenarios import ScenarioRefused
from engine.publishing.scenarios.step_reading import read_steps
from engine.publishing.scenarios.steps import Ask, Decide, Dissent, Meet, Minutes

NAMES = {"甲", "乙", "陈某"}


def read(*steps: dict[str, Any]) -> tuple[Any, ...]:
    return read_steps({}, "p/scenarios", NAMES, list(steps), file="p/scenarios/s.yaml")


class TestReading:
    """各步骤的写法；写错的指明是哪一步、错在哪里。"""

    def test_a_meeting_from_its_call_to_the_decision(self) -> None:
        meet, dissent, minutes, decide = read(
            {
                "meet": "ut_decide",
                "by": "甲",
                "held_at": "2026-03-20 09:00",
                "place": "三楼",
                "agenda": "讨论",
                "chair": "甲",
                "recorder": "乙",
            },
            {"dissent": "ut_decide", "by": "乙", "reasons": "证据不足"},
            {"minutes": "ut_decide", "by": "甲", "signed_by": ["甲", "乙"]},
            {"decide": "ut_decide", "by": "甲"},
        )
        assert isinstance(meet, Meet)
        assert (str(meet.held_at), meet.recorder) == ("2026-03-20 09:00:00", "乙")
        assert isinstance(dissent, Dissent)
        assert isinstance(minutes, Minutes)
        assert minutes.signed_by == ("甲", "乙")
        assert isinstance(decide, Decide)

    def test_questions_to_the_register(self) -> None:
        award, appoint = read(
            {"award": "陈某", "by": "甲", "year": 2026, "expect": "blocked"},
            {"appoint": "陈某", "by": "甲", "post": "处长", "equal": True, "on": "2026-12-01"},
        )
        assert isinstance(award, Ask)
        assert (award.year, award.post, award.expected) == (2026, "", "blocked")
        assert (appoint.post, appoint.equal, appoint.on) == ("处长", True, date(2026, 12, 1))

    @pytest.mark.parametrize(
        ("step", "said"),
        [
            ({"award": "陈某", "by": "甲", "year": "soon"}, "must be a year"),
            ({"award": "陈某", "by": "甲", "year": 2026, "expect": "yes"}, "granted or blocked"),
            ({"minutes": "ut_decide", "by": "甲", "signed_by": ["丙"]}, "not in the cast"),
        ],
    )
    def test_a_mistake_is_told(self, step: dict[str, Any], said: str) -> None:
        with pytest.raises(ScenarioRefused, match=said):
            read(step)
