"""Topic `wenze.read-effects`: what holds against the subject today, for the diagram."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bpmn
from engine.desk.desk import Desk
from engine.desk.holders import SUBJECT, participants
from engine.desk.restricting import restrictions_on
from engine.model.sanctions import EffectKind
from engine.store.tables import CaseRow


def read_effects(
    desk: Desk, case: CaseRow, item: bpmn.Item, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Give `effects` in force today and `bars_equal_post_until`, a day or null.

    Source: procedures C19; S3 L59§10; SUP-023.
    """
    today = desk.calendar(case.authority_id).day_of(desk.now())
    held = [
        one
        for person_id in participants(desk, case, SUBJECT)
        for one in restrictions_on(desk, person_id)
        if one.holds_on(today)
    ]
    until = [one.last_day for one in held if one.kind == EffectKind.BARS_EQUAL_POST]
    return {
        "effects": [
            {
                "kind": one.kind,
                "measure": one.measure,
                "until": one.last_day,
                "source": one.source,
                "case_number": one.case_number,
            }
            for one in held
        ],
        "bars_equal_post_until": max(until, default=None),
    }
