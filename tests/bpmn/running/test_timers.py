from datetime import UTC, date, datetime, timedelta

import pytest

from bpmn.running import NotWaiting, StepFailed
from bpmn.running.timing import (
    Length,
    deadline_key,
    deadline_name,
    is_literal,
    read_cycle,
    read_instant,
    read_length,
)
from tests.bpmn.diagrams import boundary, chain, diagram, end, node, start, timer, user
from tests.bpmn.running.playing import NOON, Play


def _catch(text: str, form: str = "timeDuration") -> bytes:
    catch = node("intermediateCatchEvent", "t", timer(text, form))
    return diagram(start(), catch, end(), chain("s", "t", "e"))


class TestATimer:
    """A timer arms an instant, which the caller keeps; only `fire` lets it go on."""

    @pytest.mark.parametrize(
        ("text", "form", "due"),
        [
            ("P15D", "timeDuration", timedelta(days=15)),
            ("PT1H30M", "timeDuration", timedelta(minutes=90)),
            ("P1M", "timeDuration", timedelta(days=31)),  # 2 March to 2 April
            ("2026-03-03T12:00:00+08:00", "timeDate", timedelta(days=1)),
            ("2026-03-03T12:00:00", "timeDate", timedelta(days=1)),
            ("2026-03-03", "timeDate", timedelta(hours=12)),
            ("x", "timeDate", timedelta(hours=36)),
            ("y", "timeDuration", timedelta(days=2)),
            ("z", "timeDate", timedelta(hours=1)),
            ("=z", "timeDate", timedelta(hours=1)),
        ],
    )
    def test_is_due_at_an_aware_instant_in_utc(self, text: str, form: str, due: timedelta) -> None:
        variables = {"x": date(2026, 3, 4), "y": "P2D", "z": NOON + timedelta(hours=1)}
        play = Play(_catch(text, form), variables=variables)

        (armed,) = play.step.armed
        assert (armed.process, armed.element, armed.repeat) == ("P", "t", None)
        assert armed.due_at is not None
        assert armed.due_at.utcoffset() == timedelta()
        assert play.due == {"t": due}
        play.fire("t")
        assert play.over

    def test_that_names_a_deadline_has_no_instant_of_its_own(self) -> None:
        play = Play(_catch('deadline("DL-CA-3")', "timeDate"))

        assert play.due == {"t": "DL-CA-3"}
        assert play.step.armed[0].due_at is None

    def test_may_name_its_deadline_by_a_variable(self) -> None:
        text = "=deadline(policy.deadline)"
        play = Play(_catch(text, "timeDate"), variables={"policy": {"deadline": "DL-X-1"}})

        assert play.due == {"t": "DL-X-1"}
        assert play.step.armed[0].due_at is None

    @pytest.mark.parametrize("key", [None, "", 7])
    def test_fails_the_step_when_that_variable_holds_no_key(self, key: object) -> None:
        with pytest.raises(StepFailed, match="gives no text"):
            Play(_catch("deadline(key)", "timeDate"), variables={"key": key})

    def test_does_not_go_on_by_itself(self) -> None:
        play = Play(_catch("P1D"))
        play.now += timedelta(days=9)

        play.put(x=1)

        assert not play.over

    def test_fires_once(self) -> None:
        play = Play(_catch("P1D"))
        key = play.step.armed[0].id
        play.fire("t")

        with pytest.raises(NotWaiting, match="waits no longer"):
            play.instance.fire(key)

    def test_fails_the_step_when_its_expression_gives_no_time(self) -> None:
        for value in (True, None, "soon", [1]):
            with pytest.raises(StepFailed) as failed:
                Play(_catch("x", "timeDate"), variables={"x": value})
            assert failed.value.incident.element == "t"


class TestABoundaryTimer:
    """On an activity that takes too long (BPMN 2.0.2, 13.5.3)."""

    @staticmethod
    def _file(text: str, form: str = "timeDuration", *, interrupts: bool) -> bytes:
        late = boundary("late", "a", timer(text, form), interrupts=interrupts)
        return diagram(
            start(), user("a", "b"), late, end(), chain("s", "a", "e"), chain("late", "b")
        )

    def test_that_interrupts_withdraws_the_work(self) -> None:
        play = Play(self._file("P1D", interrupts=True))

        step = play.fire("late")

        assert len(step.withdrawn) == 1
        assert play.waiting == ["b"]
        assert ("a", "cancelled") in play.trace
        assert ("late", "fired") in play.trace

    def test_that_does_not_interrupt_leaves_the_work(self) -> None:
        play = Play(self._file("P1D", interrupts=False))

        play.fire("late")

        assert play.waiting == ["a", "b"]
        assert play.timers == {}

    def test_is_disarmed_when_the_work_is_done_in_time(self) -> None:
        play = Play(self._file("P1D", interrupts=True))

        step = play.do("a")

        assert len(step.disarmed) == 1
        assert play.over

    def test_repeats_as_often_as_its_cycle_says(self) -> None:
        play = Play(self._file("R3/PT10H", "timeCycle", interrupts=False))

        for turn in (1, 2, 3):
            assert play.due == {"late": timedelta(hours=10)}
            play.fire("late")
            assert play.count("b") == turn

        assert play.timers == {}
        assert play.waiting == ["a", "b", "b", "b"]

    def test_keeps_its_rhythm_when_it_fires_late(self) -> None:
        play = Play(self._file("R/P1D", "timeCycle", interrupts=False))

        play.fire("late", late=timedelta(hours=5))

        assert play.due == {"late": timedelta(hours=19)}
        assert play.step.armed[0].repeat == "R/P1D"

    def test_with_a_cycle_that_interrupts_fires_once(self) -> None:
        play = Play(self._file("R3/PT10H", "timeCycle", interrupts=True))

        play.fire("late")

        assert play.waiting == ["b"]
        assert play.timers == {}

    def test_fails_the_step_when_its_cycle_is_over_before_it_begins(self) -> None:
        for cycle in ("R0/PT1H", "R/P1D/2026-03-01T00:00:00Z"):
            with pytest.raises(StepFailed, match="over before it begins"):
                Play(self._file(cycle, "timeCycle", interrupts=False))

    def test_stops_at_the_end_of_its_cycle(self) -> None:
        play = Play(self._file("R/PT10H/2026-03-02T23:00:00Z", "timeCycle", interrupts=False))

        play.fire("late")

        assert play.timers == {}


class TestLiterals:
    """ISO 8601 durations, instants and repetitions; nothing else passes for one."""

    @pytest.mark.parametrize(
        ("text", "months", "exact"),
        [
            ("P1Y2M", 14, timedelta()),
            ("P2W", 0, timedelta(weeks=2)),
            ("PT0.5S", 0, timedelta(milliseconds=500)),
            ("P1DT2H", 0, timedelta(days=1, hours=2)),
        ],
    )
    def test_durations(self, text: str, months: int, exact: timedelta) -> None:
        assert read_length(text) == Length(months, exact)

    @pytest.mark.parametrize("text", ["P", "PT", "-PT1H", "P1", "1D", "P99999999999D"])
    def test_what_is_no_duration(self, text: str) -> None:
        with pytest.raises(ValueError, match="duration"):
            read_length(text)

    def test_a_month_ends_on_the_last_day_that_there_is(self) -> None:
        # Saturday 31 January 2026, 12:00 in Beijing, and one month: 28 February, 12:00.
        begins = datetime(2026, 1, 31, 4, tzinfo=UTC)

        after = Length(1, timedelta()).after(begins, UTC)

        assert after == datetime(2026, 2, 28, 4, tzinfo=UTC)

    @pytest.mark.parametrize("text", ["2026-13-01", "tomorrow", "2026-01-01Tnoon"])
    def test_what_is_no_instant(self, text: str) -> None:
        with pytest.raises(ValueError, match="ISO 8601"):
            read_instant(text, UTC)

    @pytest.mark.parametrize("text", ["R3", "R3/", "R3/P1D/a/b", "0 0 * * *", "R/PT0S"])
    def test_what_is_no_repetition(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"repeti|parts|between|duration|time"):
            read_cycle(text, UTC)

    def test_a_repetition_may_have_a_start(self) -> None:
        cycle = read_cycle("R2/2026-01-01T00:00:00Z/P1D", UTC)

        assert (cycle.turns, cycle.begins_at) == (2, datetime(2026, 1, 1, tzinfo=UTC))

    def test_the_key_of_a_deadline_is_found_only_when_it_stands_alone(self) -> None:
        assert deadline_key('deadline("DL-1")') == "DL-1"
        assert deadline_key(' = deadline( "DL-1" ) ') == "DL-1"
        assert deadline_key('deadline("DL-1") + duration("P1D")') is None
        assert deadline_key("deadline(key)") is None
        assert deadline_name("deadline(policy.key)") == "policy.key"
        assert deadline_name('deadline("DL-1")') is None
        assert deadline_name("deadline(a) + deadline(b)") is None

    def test_feel_is_no_literal(self) -> None:
        assert not is_literal('deadline("DL-1")')
        assert not is_literal("PT15M + x")
        assert is_literal(" P15D ")
