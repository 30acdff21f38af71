"""What goes into FEEL from Python, and what comes out."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from bpmn.feel import (
    Date,
    DateTime,
    DaysTime,
    Environment,
    Range,
    Time,
    Warned,
    YearsMonths,
    compile_expression,
    equal,
    normalise,
    satisfies,
    to_python,
    to_text,
    type_of,
)
from bpmn.feel.errors import LimitExceeded
from bpmn.feel.values.kinds import type_in_chinese

PEKING = timezone(timedelta(hours=8))


class TestNormalise:
    """Python's values have one meaning each in FEEL."""

    @pytest.mark.parametrize(
        ("python", "feel"),
        [
            (1, Decimal(1)),
            (0.1, Decimal("0.1")),
            (Decimal(1) / 3 * 1, Decimal("0.3333333333333333333333333333")),
            (Decimal("1." + "1" * 40), Decimal("1." + "1" * 33)),
            (True, True),
            ("a", "a"),
            ((1, 2), [Decimal(1), Decimal(2)]),
            ({"a": 1}, {"a": Decimal(1)}),
            (MappingProxyType({"a": None}), {"a": None}),
            (date(2026, 4, 8), Date(2026, 4, 8)),
            (time(10, 30, tzinfo=UTC), Time(10, 30, 0, 0, 0)),
            (datetime(2026, 4, 8, 10, 30), DateTime(Date(2026, 4, 8), Time(10, 30, 0))),
            (
                datetime(2026, 4, 8, 10, 30, 0, 5, tzinfo=PEKING),
                DateTime(Date(2026, 4, 8), Time(10, 30, 0, 5000, 28_800)),
            ),
            (
                datetime(2026, 4, 8, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
                DateTime(Date(2026, 4, 8), Time(10, 30, 0, zone="Asia/Shanghai")),
            ),
            (timedelta(days=1, microseconds=1), DaysTime(86_400_000_001_000)),
        ],
    )
    def test_a_value_of_python(self, python: object, feel: object) -> None:
        assert normalise(python) == feel

    def test_what_is_feel_already_stays_the_same_object(self) -> None:
        value = [{"a": [Decimal(1), "x", None]}, Date(2026, 4, 8)]
        assert normalise(value) is value

    def test_a_text_of_another_class_becomes_a_plain_one(self) -> None:
        class Name(str):
            __slots__ = ()

        assert type(normalise(Name("a"))) is str

    @pytest.mark.parametrize(
        "value",
        [
            object(),
            float("nan"),
            float("inf"),
            Decimal("NaN"),
            {1: 2},
            b"x",
            {1, 2},
            pytest.param(10**7000, id="huge"),
        ],
    )
    def test_what_feel_does_not_have_is_refused(self, value: object) -> None:
        with pytest.raises(ValueError, match=r"FEEL|key"):
            normalise(value)

    def test_too_deep_a_structure_is_refused(self) -> None:
        deep: list[object] = []
        for _ in range(200):
            deep = [deep]
        with pytest.raises(ValueError, match="deep"):
            normalise(deep)

    def test_a_variable_that_cannot_be_read_is_null_with_a_warning(self) -> None:
        found: list[Warned] = []
        assert compile_expression("x").evaluate({"x": object()}, warnings=found) is None
        assert found[0].id == "value"


class TestToPython:
    """Results leave as Python's own values."""

    @pytest.mark.parametrize(
        "value",
        [
            date(2026, 4, 8),
            time(10, 30, tzinfo=UTC),
            time(10, 30, tzinfo=PEKING),
            time(10, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
            datetime(2026, 4, 8, 10, 30, 0, 5),
            timedelta(days=1, microseconds=1),
            [date(2026, 4, 8), {"a": timedelta(1)}],
            Decimal(1),
            "a",
            None,
        ],
    )
    def test_a_value_comes_back(self, value: object) -> None:
        assert to_python(normalise(value)) == value

    def test_python_has_no_such_year(self) -> None:
        with pytest.raises(ValueError, match="year"):
            to_python(Date(10_000, 1, 1))


class TestKinds:
    """Every value has a kind, with a name in both languages."""

    @pytest.mark.parametrize(
        ("value", "kind", "chinese"),
        [
            (None, "Null", "空值"),
            (True, "boolean", "布尔值"),
            (Decimal(1), "number", "数值"),
            (YearsMonths(1), "years and months duration", "年月时长"),
            (Range(1, 2), "range", "区间"),
            ({}, "context", "上下文"),
        ],
    )
    def test_a_kind(self, value: object, kind: str, chinese: str) -> None:
        assert type_of(value) == kind
        assert type_in_chinese(kind) == chinese


class TestImpossible:
    """There are no such dates and times."""

    @pytest.mark.parametrize(
        "parts", [(2026, 13, 1), (2026, 0, 1), (2026, 2, 30), (2026, 1, 0), (10**9, 1, 1)]
    )
    def test_no_such_day(self, parts: tuple[int, int, int]) -> None:
        with pytest.raises(ValueError, match="no such day"):
            Date(*parts)

    @pytest.mark.parametrize(
        "parts",
        [(24, 0, 0), (0, 60, 0), (0, 0, 60), (-1, 0, 0)],
    )
    def test_no_such_time(self, parts: tuple[int, int, int]) -> None:
        with pytest.raises(ValueError, match="no such time"):
            Time(*parts)

    def test_no_such_fraction_or_offset(self) -> None:
        with pytest.raises(ValueError, match="no such time"):
            Time(0, 0, 0, 10**9)
        with pytest.raises(ValueError, match="no such time"):
            Time(0, 0, 0, 0, 70_000)


class TestOutside:
    """The public comparisons, for those who hold values outside an expression."""

    def test_they_need_no_evaluation(self) -> None:
        assert equal([Decimal(1)], [Decimal(1)])
        assert satisfies(Decimal(1), [Decimal(1), Decimal(2)])
        assert to_text([Decimal("1.0"), "a"]) == '[1, "a"]'

    def test_they_are_bounded_too(self) -> None:
        one: list[object] = [Decimal(1)]
        two: list[object] = [Decimal(1)]
        for _ in range(40):
            one, two = [one, one], [two, two]
        with pytest.raises(LimitExceeded):
            equal(one, two)

    def test_a_scope_may_be_any_mapping(self) -> None:
        scope: Mapping[str, object] = MappingProxyType({"a": 1})
        assert compile_expression("a + a").evaluate(scope, Environment()) == 2
