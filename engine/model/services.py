"""Service (送达): how and when a document reached a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.errors import Refusal
from engine.model.identifiers import DocumentId

WITNESSES = 2
SERVICE_SOURCE = "S3 L59§18;procedures C09"


class ServiceWay(StrEnum):
    """How a document is served. Source: procedures C09; the list is proposed."""

    IN_PERSON = "in_person"
    POST = "post"
    ELECTRONIC = "electronic"
    THROUGH_UNIT = "through_unit"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Service:
    """One document served on one addressee.

    Attributes:
        recipient: Whom it is meant for: a person or a unit, by id.
        way: How; `left` is what follows a refusal (拒收留置).
        received_on: The day that counts as received: of the signature, of the delivery
            by post, of the arrival in the pages of the addressee, or of the leaving.
            Periods that begin with receipt count from it.
        received_by: Who signed for it; the name as written. Empty only when it was left.
        served_by: Who served it.
        witnesses: Who saw it left, by name.
    """

    document: DocumentId
    recipient: str
    way: ServiceWay
    received_on: date
    received_by: str
    served_by: str
    witnesses: tuple[str, ...] = ()


def must_be_proved(service: Service, *, issued_on: date, today: date) -> None:
    """Refuse a service that its entries do not prove.

    Raises:
        Refusal: The day lies before the document's issue or in the future, nobody
            signed, or a refusal has fewer than two witnesses other than who served it
            and who refused.

    Source: procedures C09 (登记送达方式、时间、签收人; two witnesses proposed).
    """
    if service.received_on < issued_on:
        raise _refusal("service.before_issue", service, issued_on=issued_on.isoformat())
    if service.received_on > today:
        raise _refusal("service.in_future", service, today=today.isoformat())
    if service.way is not ServiceWay.LEFT:
        if not service.received_by.strip():
            raise _refusal("service.unsigned", service)
        return
    names = {name.strip() for name in service.witnesses if name.strip()}
    others = names - {service.served_by, service.received_by, service.recipient}
    if len(others) < WITNESSES:
        raise _refusal("service.witnesses_missing", service, needed=WITNESSES, given=len(others))


def _refusal(message_id: str, service: Service, **params: object) -> Refusal:
    return Refusal(
        message_id,
        rule=SERVICE_SOURCE,
        way=service.way.value,
        received_on=service.received_on.isoformat(),
        **params,
    )
