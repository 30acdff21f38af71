"""Deadlines as pages show them: the strip of days, and days and lengths in words."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from web import wording
from web.toolkit import (
    MOST_CELLS,
    CellGap,
    CellState,
    ClockView,
    DayCell,
    Lamp,
    MeterView,
    Unit,
    day_strip,
)

TUESDAY = date(2026, 10, 13)
PAST, NOW, TODO, OVER = CellState.PAST, CellState.NOW, CellState.TODO, CellState.OVER


def october(*days: int) -> list[date]:
    return [date(2026, 10, day) for day in days]


class TestDayStrip:
    """One cell a counted day; a small gap is a weekend, a wide one a holiday (pages/README.md)."""

    def test_past_today_and_to_come(self) -> None:
        cells = day_strip(october(12, 13, 14), TUESDAY)
        assert [cell.state for cell in cells] == [PAST, NOW, TODO]

    def test_a_weekend_is_a_small_gap(self) -> None:
        cells = day_strip(october(16, 19), TUESDAY)
        assert [cell.before for cell in cells] == [CellGap.NONE, CellGap.WEEKEND]

    def test_a_holiday_is_a_wide_gap(self) -> None:
        """30 September is followed by 8 October, Thursday to Thursday."""
        cells = day_strip([date(2026, 9, 30), date(2026, 10, 8)], TUESDAY)
        assert [cell.before for cell in cells] == [CellGap.NONE, CellGap.HOLIDAY]

    def test_a_make_up_saturday_leaves_a_weekend_of_one_day(self) -> None:
        """Friday 9, make-up Saturday 10, Monday 12 October."""
        cells = day_strip(october(9, 10, 12), TUESDAY)
        assert [cell.before for cell in cells] == [CellGap.NONE, CellGap.NONE, CellGap.WEEKEND]

    def test_the_last_days_were_granted(self) -> None:
        cells = day_strip(october(12, 13, 14, 15), TUESDAY, extension=2)
        assert [cell.extension for cell in cells] == [False, False, True, True]

    def test_what_is_overrun_follows(self) -> None:
        cells = day_strip(october(8, 9), TUESDAY, over=october(10, 12, 13))
        assert [cell.state for cell in cells] == [PAST, PAST, OVER, OVER, OVER]
        assert [cell.extension for cell in cells] == [False] * 5

    def test_no_day_gives_no_cell(self) -> None:
        assert day_strip([], TUESDAY) == ()

    def test_today_need_not_be_counted(self) -> None:
        """Sunday 18 October lies between two counted days."""
        cells = day_strip(october(16, 19), date(2026, 10, 18))
        assert [cell.state for cell in cells] == [PAST, TODO]

    def test_forty_days_have_forty_cells(self) -> None:
        days = [date.fromordinal(TUESDAY.toordinal() + ahead) for ahead in range(MOST_CELLS)]
        assert len(day_strip(days, TUESDAY)) == MOST_CELLS

    def test_more_have_one_cell_a_week(self) -> None:
        """41 days from Tuesday 13 October end on Sunday 22 November: six calendar weeks."""
        days = [date.fromordinal(TUESDAY.toordinal() + ahead) for ahead in range(41)]
        cells = day_strip(days, date(2026, 10, 21), extension=7)
        assert cells == (
            DayCell(PAST),
            DayCell(NOW),
            DayCell(TODO),
            DayCell(TODO),
            DayCell(TODO),
            DayCell(TODO, extension=True),
        )

    def test_a_week_with_an_overrun_day_is_overrun(self) -> None:
        days = [date.fromordinal(TUESDAY.toordinal() + ahead) for ahead in range(41)]
        cells = day_strip(days, date(2026, 11, 24), over=[date(2026, 11, 23), date(2026, 11, 24)])
        assert [cell.state for cell in cells] == [PAST] * 6 + [OVER]


class TestMeter:
    """A bar with a tick at the threshold."""

    def test_seven_of_nine_with_six_needed(self) -> None:
        meter = MeterView(7, 6, 9, "法定 6 人", "到会7人")
        assert (meter.value_percent, meter.threshold_percent) == (77.8, 66.7)

    def test_never_leaves_the_bar(self) -> None:
        meter = MeterView(12, -1, 9, "", "")
        assert (meter.value_percent, meter.threshold_percent) == (100.0, 0.0)

    def test_nothing_cannot_be_divided(self) -> None:
        with pytest.raises(ValueError, match="above 0"):
            MeterView(0, 0, 0, "", "")


@pytest.fixture
def words() -> Iterator[None]:
    """An application to speak in; Chinese unless a test forces another language."""
    app = Flask("words")
    app.config["BABEL_DEFAULT_LOCALE"] = "zh_Hans_CN"
    Babel(app)
    with app.app_context(), app.test_request_context():
        yield


def clock(lamp: Lamp, remaining: int | None, **more: object) -> ClockView:
    return ClockView("调查", lamp, TUESDAY, remaining=remaining, **more)  # type: ignore[arg-type]


@pytest.mark.usefixtures("words")
class TestDays:
    """`10月16日 周五`, with a year where it is not this one."""

    def test_of_this_year(self) -> None:
        assert wording.weekday_text(date(2026, 10, 16), TUESDAY) == "10月16日 周五"

    def test_of_another_year(self) -> None:
        assert wording.weekday_text(date(2027, 1, 15), TUESDAY) == "2027年1月15日 周五"

    def test_in_full(self) -> None:
        assert wording.full_weekday_text(date(2026, 10, 16)) == "2026年10月16日 周五"


@pytest.mark.usefixtures("words")
class TestRemaining:
    """Remaining days do not count today; on the last day it reads 今天到期, not 0."""

    @pytest.mark.parametrize(
        ("view", "text"),
        [
            (clock(Lamp.NEAR, 3), "剩 3 个工作日"),
            (clock(Lamp.NEAR, 0), "今天到期"),
            (clock(Lamp.RED, -5), "超 5 个工作日"),
            (clock(Lamp.OK, 30, unit=Unit.DAYS), "剩 30 日"),
            (clock(Lamp.HELD, 6, held_days=77), "已中止 77 个工作日"),
            (clock(Lamp.HELD, 6), "已中止"),
            (clock(Lamp.NONE, None), "无期限"),
            (clock(Lamp.DONE, None), "已办结"),
            (clock(Lamp.DONE, 1), "提前 1 个工作日办结"),
            (clock(Lamp.DONE, 0), "最后一日办结"),
            (clock(Lamp.DONE, -2), "超 2 个工作日办结"),
        ],
    )
    def test_in_a_row(self, view: ClockView, text: str) -> None:
        assert wording.remaining_text(view) == text

    @pytest.mark.parametrize(
        ("view", "markup"),
        [
            (clock(Lamp.NEAR, 3), "<span>剩</span><b>3</b><span>个工作日</span>"),
            (clock(Lamp.YELLOW, -1), "<span>超</span><b>1</b><span>个工作日</span>"),
            (clock(Lamp.HELD, 6), "<span>剩</span><b>6</b><span>个工作日，已中止</span>"),
            (clock(Lamp.NEAR, 0), "<b>今天到期</b>"),
            (clock(Lamp.NONE, None), "<b>无期限</b>"),
            (clock(Lamp.DONE, 0), "<span>最后一日办结</span>"),
        ],
    )
    def test_on_a_card_the_number_stands_large(self, view: ClockView, markup: str) -> None:
        assert wording.headline(view) == markup

    @pytest.mark.parametrize(
        ("view", "sentence"),
        [
            (clock(Lamp.NEAR, 3, counted=20), "共 20 个工作日，剩 3 个工作日"),
            (clock(Lamp.RED, -5, counted=15), "共 15 个工作日，已超 5 个工作日"),
            (clock(Lamp.HELD, 6, counted=15), "共 15 个工作日，已中止"),
            (clock(Lamp.DONE, None, counted=15), "共 15 个工作日"),
        ],
    )
    def test_the_strip_says_the_same(self, view: ClockView, sentence: str) -> None:
        assert wording.strip_text(view) == sentence

    def test_a_lamp_has_its_word(self) -> None:
        assert [wording.lamp_word(lamp) for lamp in Lamp] == [
            "正常",
            "临期",
            "黄牌",
            "红牌",
            "中止",
            "已办结",
            "无期限",
        ]

    def test_another_language_without_a_catalogue_falls_back_to_chinese(self) -> None:
        with force_locale("fr"):
            assert wording.remaining_text(clock(Lamp.NEAR, 3)) == "剩 3 个工作日"
