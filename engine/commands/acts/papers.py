"""Acts on documents: draft, issue, serve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.acts.collective import original_of
from engine.desk import Desk, Fact
from engine.desk.advance import visible
from engine.desk.holders import SUBJECT, names_of, participants
from engine.desk.notices import tell
from engine.desk.papers import (
    ISSUED,
    PREPARED,
    SERVED,
    data_of,
    draft,
    issue,
    missing_in,
    newest_of,
    rule_of,
)
from engine.desk.publications import PUBLISHES, must_be_publishable, publish
from engine.desk.topics.sanctions import must_be_approved
from engine.desk.values import day_of
from engine.errors import Refusal
from engine.model.identifiers import DocumentId
from engine.model.services import Service, ServiceWay, must_be_proved
from engine.store.tables import CaseRow, DocumentRow, ServiceRow, WorkItemRow

DRAFTS, ISSUES, SERVES = "draft_document", "issue_document", "serve_document"
SIGN_SOURCE = "S3 L59§17"
WAYS = {"direct": ServiceWay.IN_PERSON, "unit": ServiceWay.THROUGH_UNIT}


class DraftDocument:
    """`draft_document`: the draft takes what the form adds; nothing is numbered yet."""

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse a draft whose required fields are missing, each named (procedures §6)."""
        rule = rule_of(desk, case, _key(item))
        data = data_of(desk, case, rule, {**visible(desk, case, item), **answers})
        missing = missing_in(rule, data)
        if missing:
            raise Refusal("document.incomplete", rule="procedures C08", missing=missing)

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Bring the draft up to date."""
        draft(desk, case, _key(item), {**visible(desk, case, item), **answers})
        return {}


class IssueDocument:
    """`issue_document`: signed, with its number and the digest of its stored bytes."""

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse a document that is not prepared for today, or is not signed for.

        A decision's letter is not issued while an organ has still to approve (SUP-070).

        Source: procedures C08; signing is proposed.
        """
        if not desk.actor.has_signed:
            raise Refusal("signature.missing", rule=SIGN_SOURCE)
        if rule_of(desk, case, _key(item)).right_notice:
            decision = original_of(desk, case)
            if decision is not None:
                must_be_approved(desk, case, decision)
        if item.properties.get(PUBLISHES):
            must_be_publishable(desk, case, item, {**visible(desk, case, item), **answers})
        row = newest_of(desk, case, _key(item), PREPARED)
        today = desk.calendar(case.authority_id).day_of(desk.now())
        if row is None or not row.pdf or row.issued_on != today:
            raise Refusal("document.not_prepared", rule="procedures C08", document=_key(item))

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Issue the stored bytes."""
        row = newest_of(desk, case, _key(item), PREPARED)
        assert row is not None  # noqa: S101 -- `check` holds it in this transaction
        issue(desk, case, row)
        if item.properties.get(PUBLISHES):
            seen = {**visible(desk, case, item), **answers}
            publish(desk, case, item, seen, number=row.number or "")
        return {
            "issued": {
                "id": row.id,
                "number": row.number or "",
                "on": row.issued_on,
                "title": row.title,
            }
        }


class ServeDocument:
    """`serve_document`: how and when it reached the person; the proved day counts."""

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse a service that its entries do not prove.

        Source: procedures C09; SUP-057.
        """
        row = newest_of(desk, case, _key(item), ISSUED, SERVED)
        if row is None or row.issued_on is None:
            raise Refusal("document.not_issued", rule="procedures C09", document=_key(item))
        today = desk.calendar(case.authority_id).day_of(desk.now())
        service = service_of(desk, case, row, answers)
        must_be_proved(service, issued_on=row.issued_on, today=today)

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Record the service and tell the person where the document is."""
        row = newest_of(desk, case, _key(item), ISSUED, SERVED)
        assert row is not None  # noqa: S101 -- `check` holds it in this transaction
        service = service_of(desk, case, row, answers)
        keep_service(desk, case, row, service)
        return {"served_on": service.received_on}


def keep_service(desk: Desk, case: CaseRow, row: DocumentRow, service: Service) -> None:
    """Record how a document reached the subject, and tell where it is."""
    subjects = participants(desk, case, SUBJECT)
    desk.session.add(
        ServiceRow(
            authority_id=case.authority_id,
            case_id=case.id,
            document_id=row.id,
            person_id=subjects[0] if subjects else None,
            addressee=service.recipient,
            way=service.way.value,
            received_on=service.received_on,
            received_by=service.received_by,
            witnesses=list(service.witnesses),
            recorded_by=desk.actor.person_id,
            recorded_at=desk.now(),
        )
    )
    row.state = SERVED
    desk.record(
        case,
        Fact.DOCUMENT_SERVED,
        document=row.id,
        way=service.way.value,
        received_on=service.received_on.isoformat(),
        witnesses=len(service.witnesses),
    )
    tell(desk, case, subjects, "document.served", title=row.title)


def _key(item: WorkItemRow) -> str:
    return str(item.properties.get("document") or "")


def service_of(desk: Desk, case: CaseRow, row: DocumentRow, answers: Mapping[str, Any]) -> Service:
    """Return the service that answers tell of; not proved yet.

    Raises:
        Refusal: The day is missing, or the way is unknown.
    """
    subjects = participants(desk, case, SUBJECT)
    names = names_of(desk, [*subjects, desk.actor.person_id])
    way = str(answers.get("way", ""))
    refused = answers.get("refused") is True
    witnesses = answers.get("witnesses") or []
    received_on = day_of(answers.get("received_on"))
    if received_on is None:
        raise Refusal("service.day_missing", rule="procedures C09")
    return Service(
        document=DocumentId(row.id),
        recipient=names.get(subjects[0], "") if subjects else "",
        way=ServiceWay.LEFT if refused else _way(way),
        received_on=received_on,
        received_by=str(answers.get("received_by") or ""),
        served_by=names.get(desk.actor.person_id, ""),
        witnesses=tuple(_name(one) for one in witnesses),
    )


def _way(way: str) -> ServiceWay:
    try:
        return WAYS.get(way) or ServiceWay(way)
    except ValueError as unknown:
        raise Refusal("service.way_unknown", rule="procedures C09", way=way) from unknown


def _name(witness: object) -> str:
    return str(witness.get("name", "")) if isinstance(witness, Mapping) else str(witness)
