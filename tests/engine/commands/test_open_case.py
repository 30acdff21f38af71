"""立案登记：线索到达，编号、计时、分派。"""

from __future__ import annotations

from datetime import date

from tests.engine.commands.conftest import Town


class TestRegistering:
    """受理岗登记线索；初核期限自登记起算（S0篇1§7；DL-CA-1）。"""

    def test_the_first_case_of_2026_gets_number_1(self, town: Town) -> None:
        assert town.open().number == "某集问〔2026〕1号"
        assert town.open().number == "某集问〔2026〕2号"

    def test_the_verifiers_get_the_first_step(self, town: Town) -> None:
        case = town.open()

        item = town.item(case, "ut_verify")
        assert item.state == "open"
        assert item.candidates == [f"r:{town.authority_id}:verifier"]
        assert town.case(case).status == "verifying"

    def test_sc_023_registered_mon_9_february_verified_by_sat_28_february(self, town: Town) -> None:
        case = town.open()

        assert town.deadline(case, "DL-T-1").last_day == date(2026, 2, 28)
