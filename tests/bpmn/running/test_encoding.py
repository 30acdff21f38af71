from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn import feel
from bpmn.running import StepFailed
from bpmn.running.encoding import decode, encode
from tests.bpmn.diagrams import chain, diagram, start, user
from tests.bpmn.running.playing import Play

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"))
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.sampled_from([UTC, ZoneInfo("Asia/Shanghai")]))
    | st.timedeltas()
)
_KEYS = st.text(st.characters(codec="utf-8")) | st.sampled_from(["$", "v", "typename"])
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(_KEYS, inner),
    max_leaves=20,
)


class _Colour(StrEnum):
    RED = "red"


class TestEncoding:
    """A variable comes back from the state as it went in, in value and in type."""

    @given(_VALUES)
    def test_loses_nothing(self, value: Any) -> None:
        back = decode(orjson.loads(orjson.dumps(encode(value))))

        assert back == value
        assert type(back) is type(value)

    @pytest.mark.parametrize(
        "value",
        [
            feel.compile_expression(source).evaluate({})
            for source in (
                'duration("P1Y2M")',
                'duration("P3DT4H")',
                'date("2026-04-08")',
                'date and time("2026-04-08T09:00:00@Asia/Shanghai")',
                'time("09:00:00Z")',
                "[1..10)",
            )
        ],
    )
    def test_keeps_the_values_of_feel(self, value: Any) -> None:
        assert decode(orjson.loads(orjson.dumps(encode(value)))) == value

    def test_keeps_which_of_two_equal_local_times_is_meant(self) -> None:
        twice = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))

        back = decode(encode(twice))

        assert back.fold == 1
        assert back.utcoffset() == timedelta(hours=1)

    def test_takes_enumerations_as_texts_and_tuples_as_lists(self) -> None:
        assert decode(encode({"c": _Colour.RED, "t": (1, 2)})) == {"c": "red", "t": [1, 2]}

    @pytest.mark.parametrize(
        "value",
        [
            b"x", {1}, object(), float("nan"), float("inf"), Decimal("NaN"), {1: 2}, "\ud800",
            {"\ud800": 1}, print, feel.compile_expression("function(x) x").evaluate({}),
        ],
    )  # fmt: skip
    def test_refuses_what_no_variable_can_be(self, value: Any) -> None:
        with pytest.raises(ValueError, match=r"variable|context"):
            encode({"x": value})

    def test_refuses_nesting_without_end(self) -> None:
        deep: list[Any] = []
        deep.append(deep)
        with pytest.raises(ValueError, match="nested"):
            encode(deep)

    def test_refuses_a_type_that_no_release_wrote(self) -> None:
        with pytest.raises(ValueError, match="unknown type"):
            decode({"$": "UUID", "v": 1})


class TestVariables:
    """Values of every kind survive a step."""

    def test_come_back_as_they_went_in(self) -> None:
        values = {
            "n": 3,
            "f": 0.5,
            "sum": Decimal("1.50"),
            "day": date(2026, 4, 8),
            "at": datetime(2026, 4, 8, 1, tzinfo=UTC),
            "clock": time(9, 30),
            "length": timedelta(days=1, hours=2),
            "nested": {"$": [None, True, {"$": 1}]},
        }
        play = Play(diagram(start(), user("a", "b"), chain("s", "a", "b")), variables=values)

        play.do("a")

        assert play.instance.visible(play.item("b").id) == values

    def test_that_cannot_be_kept_fail_the_step(self) -> None:
        play = Play(diagram(start(), user("a", "b"), chain("s", "a", "b")))

        with pytest.raises(StepFailed, match="cannot hold"):
            play.do("a", picture=b"...")
        with pytest.raises(ValueError, match="name of a variable"):
            play.do("a", **{"": 1})
