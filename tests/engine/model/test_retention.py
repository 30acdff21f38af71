"""流程可以写明案件办结后至少保存多少年；原文均未规定，故须标明为平台默认或者出处。"""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.procedures import ProcedureFault, procedure_rules
from engine.model.retention import Retention
from tests.engine.model.test_procedures import DATA


def flaws_of(stated: dict[str, Any], **besides: Any) -> list[str]:
    with pytest.raises(ProcedureFault) as found:
        procedure_rules({**DATA, **besides, "retention": stated})
    return [flaw.path for flaw in found.value.flaws]


class TestReadingIt:
    """procedure.yaml 的 retention：1 至 100 年。"""

    def test_a_procedure_that_says_nothing_keeps_nothing_longer(self) -> None:
        assert procedure_rules(DATA).retention is None

    def test_it_is_a_number_of_years_with_its_source(self) -> None:
        rules = procedure_rules({**DATA, "retention": {"years": 30, "source": "S3 L27"}})
        assert rules.retention == Retention(30, "S3 L27")

    @pytest.mark.parametrize("years", [1, 100])
    def test_without_a_source_it_says_that_it_is_proposed(self, years: int) -> None:
        rules = procedure_rules({**DATA, "retention": {"years": years, "proposed": True}})
        assert rules.retention == Retention(years)
        assert flaws_of({"years": years}) == ["retention.source"]

    @pytest.mark.parametrize("years", [0, -1, 101, "thirty", True, 1.5, None])
    def test_what_is_no_number_of_years_is_a_flaw(self, years: object) -> None:
        assert flaws_of({"years": years, "proposed": True}) == ["retention.years"]

    def test_no_case_runs_by_a_shared_folder(self) -> None:
        assert flaws_of({"years": 30, "proposed": True}, kind="shared") == ["retention"]
