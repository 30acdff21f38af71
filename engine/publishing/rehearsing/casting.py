"""A cast for a procedure that has none yet: somebody for each of its roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from engine.model.roles import Scope

if TYPE_CHECKING:
    from engine.model.procedure_rules import ProcedureRules

STEMS = "甲丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
OFFICE, OUTSIDE = "机关", "基层单位"
SUBJECT = "乙某"


def usual_cast(rules: ProcedureRules) -> bytes:
    """Return `scenarios/cast.yaml`: one person for each role of an office, and a subject.

    Roles of participants are given in a case, so nobody holds them beforehand.
    """
    people: dict[str, Any] = {}
    number = 0
    for key, role in rules.roles.items():
        if role.scope is Scope.PARTICIPANT:
            continue
        name = f"{STEMS[number % len(STEMS)]}某" + ("" if number < len(STEMS) else f"{number}")
        number += 1
        unit = OFFICE if role.scope is Scope.AUTHORITY else OUTSIDE
        people[name] = {"unit": unit, "title": role.title.zh, "roles": [str(key)]}
    people[SUBJECT] = {"unit": OUTSIDE, "title": "干部"}
    cast = {
        "authority": {"name": "某机关", "short": "某"},
        "units": {OFFICE: "", OUTSIDE: OFFICE},
        "people": people,
    }
    text = yaml.safe_dump(cast, allow_unicode=True, sort_keys=False, default_flow_style=None)
    return ("# 演练人员：姓名、单位、职务、角色。\n" + text).encode()
