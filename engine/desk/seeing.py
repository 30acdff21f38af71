"""Which right opens a part of the file: the list is one thing, what lies behind it another."""

from __future__ import annotations

from engine.desk.desk import Desk
from engine.desk.holders import SUBJECT, participants
from engine.desk.rights import Right
from engine.store.tables import Attachment, CaseRow, WorkItemRow

CONFIDENTIAL = "confidential"
"""The property of a step whose answers and files are for the investigation only."""


def is_confidential(item: WorkItemRow) -> bool:
    """Return whether a step belongs to the investigation alone. Source: SUP-016."""
    return str(item.properties.get(CONFIDENTIAL, "")).lower() == "true"


def right_to_open(desk: Desk, case: CaseRow, row: Attachment) -> Right:
    """Return the right that an attachment is opened by, from inside the office.

    Evidence of the investigation is for its members; what the subject handed in for the
    defence or the appeal is for who investigates, reviews or has the step now.

    Source: SUP-016 (调查阶段案卷对调查组外不可见), SUP-068 (访问权限限复查组).
    """
    if row.investigation_only:
        return Right.SEE_INVESTIGATION
    if row.added_by in participants(desk, case, SUBJECT):
        return Right.SEE_DEFENCE
    return Right.SEE_FILE
