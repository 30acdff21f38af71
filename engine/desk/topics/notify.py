"""Topic `wenze.notify`: tell those whom the element names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bpmn
from engine.desk.desk import Desk
from engine.desk.notices import tell_parts
from engine.store.tables import CaseRow


def notify(
    desk: Desk, case: CaseRow, item: bpmn.Item, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Tell the roles in the property `notify` by the procedure's notice `notice`."""
    tell_parts(desk, case, item.properties.get("notify", ""), item.properties.get("notice", ""))
    return {}
