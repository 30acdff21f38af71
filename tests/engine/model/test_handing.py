"""谁可以接手、谁可以会签：默认只有本角色；流程另有允许的除外，必经环节不许出本角色。"""

from __future__ import annotations

from copy import deepcopy

import pytest

from engine.model.handing import NO_HANDING, HandingRules
from engine.model.identifiers import RoleKey
from engine.model.procedures import ProcedureFault, procedure_rules
from tests.engine.model.test_procedures import BOARD, DATA

VERIFIER, CHAIR, POOL = RoleKey("verifier"), RoleKey("chair"), RoleKey("pool")
RULES = HandingRules(transfer={VERIFIER: frozenset({POOL})}, signers={VERIFIER: frozenset({CHAIR})})


class TestWhoMayTakeOver:
    """转办、委派、代理出本角色的，须流程写明；必经环节一律不许。"""

    @pytest.mark.parametrize(
        ("roles", "held", "mandatory", "may"),
        [
            (["verifier"], ["pool"], False, True),
            (["verifier"], ["chair"], False, False),
            (["another"], ["pool"], False, False),
            (["another", "verifier"], ["pool"], False, True),
            (["verifier"], [], False, False),
            (["verifier"], ["pool"], True, False),
        ],
    )
    def test_only_the_roles_that_are_named(
        self, roles: list[str], held: list[str], *, mandatory: bool, may: bool
    ) -> None:
        assert RULES.may_take_over(roles, held, is_mandatory=mandatory) is may

    def test_by_default_nobody(self) -> None:
        assert not NO_HANDING.may_take_over(["verifier"], ["verifier"], is_mandatory=False)
        assert not NO_HANDING.may_sign(["verifier"], ["chair"])


class TestWhoMaySign:
    """会签可请流程写明的其他角色。"""

    def test_only_the_roles_that_are_named(self) -> None:
        assert RULES.may_sign(["verifier"], ["chair"])
        assert not RULES.may_sign(["verifier"], ["pool"])


class TestReadingIt:
    """procedure.yaml 的 handing：角色须在 roles 中登记。"""

    def test_it_is_read_by_role(self) -> None:
        data = deepcopy(DATA)
        data["handing"] = {"transfer": {"intake_clerk": [BOARD]}, "signers": {BOARD: [BOARD]}}
        rules = procedure_rules(data).handing

        assert rules.transfer == {RoleKey("intake_clerk"): frozenset({RoleKey(BOARD)})}
        assert rules.may_sign([BOARD], [BOARD])

    def test_without_it_nothing_is_allowed(self) -> None:
        assert procedure_rules(DATA).handing == NO_HANDING

    def test_an_unknown_role_is_a_flaw(self) -> None:
        data = deepcopy(DATA)
        data["handing"] = {"transfer": {"nobody": [BOARD]}}
        with pytest.raises(ProcedureFault) as fault:
            procedure_rules(data)
        assert [flaw.path for flaw in fault.value.flaws] == ["handing.transfer.nobody"]
