"""Acts `transfer`, `record_receipt` and `dun`: a matter goes to another organ; work is urged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.dunning import dun, next_notice
from engine.desk.papers import ISSUED, SERVED, newest_of
from engine.desk.reported import must_not_reach_unit
from engine.desk.values import day_of
from engine.errors import Refusal
from engine.store.tables import CaseRow, Transfer, WorkItemRow

TRANSFERS = "transfer"
SOURCE = "S2 L54"
SENT, RECEIVED, RETURNED = "sent", "received", "returned"


class TransferMatter:
    """`transfer`: the matter and its papers go to the organ that is to deal with it (移送)."""

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse a transfer to nobody, to the reported's unit, without its letter, or dated ahead.

        Source: S2 L54; procedures C14, C15, P27; SUP-013.
        """
        if not str(answers.get("organ") or "").strip():
            raise Refusal("transfer.no_organ", rule=SOURCE)
        must_not_reach_unit(desk, case, str(answers["organ"]))
        if item.properties.get("document") and _document(desk, case, item) is None:
            raise Refusal(
                "document.not_issued", rule=SOURCE, document=str(item.properties["document"])
            )
        _must_not_lie_ahead(desk, case, _day(desk, case, answers, "sent_on"))

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Keep the transfer, which waits for its receipt; give `transfer`."""
        row = Transfer(
            authority_id=case.authority_id,
            case_id=case.id,
            kind=str(item.properties.get("kind") or "other"),
            organ=str(answers["organ"]).strip(),
            document_id=_document(desk, case, item),
            materials=str(answers.get("materials") or ""),
            sent_on=_day(desk, case, answers, "sent_on"),
            sent_by=desk.actor.person_id,
            sent_at=desk.now(),
        )
        desk.session.add(row)
        desk.session.flush()
        desk.record(
            case,
            Fact.MATTER_TRANSFERRED,
            transfer=row.id,
            kind=row.kind,
            organ=row.organ,
            document=row.document_id,
            sent_on=row.sent_on.isoformat(),
        )
        return {
            "transfer": {
                "id": row.id,
                "kind": row.kind,
                "organ": row.organ,
                "sent_on": row.sent_on,
            }
        }


class RecordReceipt:
    """`record_receipt`: the receiving organ took the matter, or sent it back with reasons.

    Where the case has no transfer that waits for its receipt, the answers are kept like any.

    Source: SUP-028; procedures P27: 受理部门签收/退回(理由).
    """

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse a receipt from before the transfer or ahead, and a return without reasons."""
        row = _waiting(desk, case, item)
        if row is None:
            return
        day = _received_on(desk, case, answers)
        _must_not_lie_ahead(desk, case, day)
        if day < row.sent_on:
            raise Refusal(
                "transfer.receipt_before",
                rule=SOURCE,
                day=day.isoformat(),
                sent_on=row.sent_on.isoformat(),
            )
        if answers.get("accepted") is False and not str(answers.get("reasons") or "").strip():
            raise Refusal("reasons.missing", rule=SOURCE)

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Close the transfer that waits longest; give `receipt`."""
        row = _waiting(desk, case, item)
        if row is None:
            return {}
        row.state = RETURNED if answers.get("accepted") is False else RECEIVED
        row.received_on = _received_on(desk, case, answers)
        row.received_by = str(answers.get("received_by") or "")
        row.receipt_number = str(answers.get("receipt_number") or "")
        row.reasons = str(answers.get("reasons") or "")
        row.recorded_by, row.recorded_at = desk.actor.person_id, desk.now()
        desk.record(
            case,
            Fact.RECEIPT_RECORDED,
            transfer=row.id,
            kind=row.kind,
            organ=row.organ,
            state=row.state,
            received_on=row.received_on.isoformat(),
        )
        return {
            "receipt": {
                "transfer": row.id,
                "received_on": row.received_on,
                "accepted": row.state == RECEIVED,
            }
        }


class Dun:
    """`dun`: a reminder notice for the open work of the element in the property `of`.

    Who has this step may send it; all else is as `send_dunning` says.

    Source: S2 L80; SUP-011.
    """

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse a notice that may not be sent now."""
        next_notice(desk, case, _late(desk, case, item), str(answers.get("reasons") or ""))

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Send it; give `dunning`."""
        return {"dunning": dun(desk, case, _late(desk, case, item), str(answers["reasons"]))}


def _late(desk: Desk, case: CaseRow, item: WorkItemRow) -> WorkItemRow:
    element = str(item.properties.get("of") or "")
    row = desk.session.scalar(
        sa.select(WorkItemRow)
        .where(
            WorkItemRow.case_id == case.id,
            WorkItemRow.element == element,
            WorkItemRow.state.in_(("open", "claimed")),
        )
        .order_by(WorkItemRow.opened_at.desc(), WorkItemRow.id.desc())
        .limit(1)
    )
    if row is None:
        raise Refusal("dunning.item_over", rule=SOURCE, item=element)
    return row


def _document(desk: Desk, case: CaseRow, item: WorkItemRow) -> str | None:
    row = newest_of(desk, case, str(item.properties.get("document") or ""), ISSUED, SERVED)
    return row.id if row is not None else None


def _waiting(desk: Desk, case: CaseRow, item: WorkItemRow) -> Transfer | None:
    query = sa.select(Transfer).where(Transfer.case_id == case.id, Transfer.state == SENT)
    kind = item.properties.get("kind")
    if kind:
        query = query.where(Transfer.kind == str(kind))
    return desk.session.scalar(query.order_by(Transfer.sent_at, Transfer.id).limit(1))


def _received_on(desk: Desk, case: CaseRow, answers: Mapping[str, Any]) -> date:
    found = day_of(answers.get("received_on"))
    return found or _day(desk, case, answers, "receipt_on")


def _day(desk: Desk, case: CaseRow, answers: Mapping[str, Any], key: str) -> date:
    return day_of(answers.get(key)) or desk.calendar(case.authority_id).day_of(desk.now())


def _must_not_lie_ahead(desk: Desk, case: CaseRow, day: date) -> None:
    today = desk.calendar(case.authority_id).day_of(desk.now())
    if day > today:
        raise Refusal("fact.in_future", day=day.isoformat(), today=today.isoformat())
