"""定时在边缘处的判断。"""

from __future__ import annotations

import pytest

from bpmn.lint.timers import is_literal, looks_like_literal
from tests.bpmn.lint.drawing import END, START, flows, told


class TestTimers:
    """ISO 8601 literals are told from FEEL, and good ones from bad ones."""

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("timeDate", "2026-03-05"),
            ("timeDate", "2026-03-05T09:00:00+08:00"),
            ("timeDuration", "P15D"),
            ("timeDuration", "P1Y2M3W4DT5H6M7.5S"),
            ("timeDuration", "PT10H"),
            ("timeCycle", "R3/PT10H"),
            ("timeCycle", "R/P1D"),
            ("timeCycle", "R3/2026-03-05T09:00:00Z/P1D"),
            ("timeCycle", "R3/P1D/2026-03-05T09:00:00Z"),
        ],
    )
    def test_a_good_literal_is_taken(self, kind: str, text: str) -> None:
        assert looks_like_literal(text)
        assert is_literal(kind, text)

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("timeDate", "2026-02-30"),
            ("timeDate", "P15D"),
            ("timeDate", "2026-03-05T25:00"),
            ("timeDuration", "P15WD"),
            ("timeDuration", "-PT1H"),
            ("timeDuration", "P15D "),
            ("timeDuration", "PT"),
            ("timeDuration", "R3/P1D"),
            ("timeCycle", "P1D"),
            ("timeCycle", "R3"),
            ("timeCycle", "R3/P1D/P1D"),
            ("timeCycle", "R3/P1D/P1D/P1D"),
            ("timeCycle", "R9999999/P1D"),
        ],
    )
    def test_a_bad_literal_is_refused(self, kind: str, text: str) -> None:
        assert not is_literal(kind, text)

    @pytest.mark.parametrize("text", ['deadline("DL-1")', "Plazo", "R + 1", 'date("2026-01-01")'])
    def test_feel_is_no_literal(self, text: str) -> None:
        assert not looks_like_literal(text)

    def test_a_timer_without_a_time_is_told(self) -> None:
        event = '<intermediateCatchEvent id="w"><timerEventDefinition/></intermediateCatchEvent>'

        assert told(START, event, END, flows("s>w>e")) == [("timer-text", "w")]
