from tests.bpmn.diagrams import chain, diagram, node, start, user
from tests.bpmn.running.playing import Play


def _ad_hoc(condition: str = "", body: str = "", **attributes: str) -> bytes:
    """Return a process with an ad-hoc sub-process of `a` and `b`; `c` follows `a`."""
    drawn = body or user("a", "b", "c") + chain("a", "c")
    if condition:
        drawn += (
            f'<completionCondition xsi:type="tFormalExpression">{condition}</completionCondition>'
        )
    sub = node("adHocSubProcess", "x", drawn, **attributes)
    return diagram(start(), sub, user("z"), chain("s", "x", "z"))


class TestAnAdHocSubProcess:
    """Who works decides on the order (BPMN 2.0.2, 13.3.5)."""

    def test_offers_what_has_no_incoming_flow(self) -> None:
        assert Play(_ad_hoc()).waiting == ["a", "b"]

    def test_without_condition_has_each_done_once_and_what_follows(self) -> None:
        play = Play(_ad_hoc())

        play.do("b")
        assert play.waiting == ["a"]
        play.do("a")
        assert play.waiting == ["c"]
        play.do("c")

        assert play.waiting == ["z"]

    def test_offers_again_until_its_condition_holds(self) -> None:
        play = Play(_ad_hoc("n > 2"), variables={"n": 0})

        for n in (1, 2):
            play.do("b", n=n)
            assert sorted(play.waiting) == ["a", "b"]
        play.do("a", n=2)
        assert sorted(play.waiting) == ["a", "b", "c"]
        step = play.do("c", n=3)

        assert len(step.withdrawn) == 2
        assert play.waiting == ["z"]

    def test_may_let_the_rest_be_finished(self) -> None:
        play = Play(_ad_hoc("n > 2", cancelRemainingInstances="false"), variables={"n": 0})

        play.do("b", n=3)
        assert play.waiting == ["a"]
        play.do("a")
        play.do("c")

        assert play.waiting == ["z"]

    def test_in_sequence_has_what_follows_done_before_it_offers_more(self) -> None:
        play = Play(_ad_hoc("n > 2", ordering="Sequential"), variables={"n": 0})

        play.do("a")
        assert play.waiting == ["c"]
        play.do("c")
        assert sorted(play.waiting) == ["a", "b"]
        play.do("b", n=3)
        assert play.waiting == ["z"]

    def test_in_sequence_without_condition_has_each_done_once(self) -> None:
        play = Play(_ad_hoc(ordering="Sequential"))

        play.do("a")
        assert play.waiting == ["c"]
        play.do("c")
        assert play.waiting == ["b"]
        play.do("b")

        assert play.waiting == ["z"]
