"""What is asked for in a case and what was served: extensions, services, masked values."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.holders import names_of, people_in_role
from engine.desk.rights import Right, permits
from engine.desk.views.seeing import seen
from engine.store.tables import DeadlineRow, ExtensionRequest, Participant, ServiceRow, VaultField

REPORTER = "reporter"


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """A request to extend a deadline.

    Attributes:
        key: The deadline's key.
        may_decide: The reader may grant or reject it.
    """

    row: ExtensionRequest
    key: str
    asked_by: str
    decided_by: str
    may_decide: bool


@dataclass(frozen=True, slots=True)
class MaskedLine:
    """A confidential value that the case holds; never the value itself.

    Attributes:
        reference: Its id, by which it is asked for.
        field: The way to it in the answers, such as ``reporter_contact.name``.
        may_reveal: The reader may look, with a reason.
    """

    reference: str
    field: str
    kind: str
    may_reveal: bool


def extension_requests(desk: Desk, case_id: str) -> tuple[ExtensionLine, ...]:
    """Return the requests to extend deadlines of a case, the newest first.

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    case = seen(desk, case_id, (Right.SEE, Right.WATCH))
    found = desk.session.execute(
        sa.select(ExtensionRequest, DeadlineRow.key)
        .join(DeadlineRow, DeadlineRow.id == ExtensionRequest.deadline_id)
        .where(ExtensionRequest.case_id == case.id)
        .order_by(ExtensionRequest.requested_at.desc())
    ).all()
    people = {row[0].requested_by for row in found} | {
        row[0].decided_by for row in found if row[0].decided_by
    }
    names = names_of(desk, people)
    decides = permits(Right.DECIDE, desk.standing(case).relations)
    lines = []
    for request, key in found:
        policy = desk.version(case).deadline(key).extension
        approvers = (
            people_in_role(desk, case, str(policy.approver))
            if policy is not None and request.state == "pending"
            else []
        )
        lines.append(
            ExtensionLine(
                row=request,
                key=key,
                asked_by=names.get(request.requested_by, ""),
                decided_by=names.get(request.decided_by or "", ""),
                may_decide=decides
                and desk.actor.person_id in approvers
                and desk.actor.person_id != request.requested_by,
            )
        )
    return tuple(lines)


def services(desk: Desk, case_id: str) -> tuple[ServiceRow, ...]:
    """Return how and when documents of a case were served.

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    case = seen(desk, case_id, (Right.SEE, Right.WATCH))
    query = sa.select(ServiceRow).where(ServiceRow.case_id == case.id)
    return tuple(desk.session.scalars(query.order_by(ServiceRow.received_on, ServiceRow.id)))


def masked(desk: Desk, case_id: str) -> tuple[MaskedLine, ...]:
    """Return the confidential values of a case that exist, for whoever sees the case.

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.

    Source: SUP-014; the matrix of rights.
    """
    case = seen(desk, case_id, (Right.SEE,))
    relations = desk.standing(case).relations
    rows = desk.session.execute(
        sa.select(VaultField.id, VaultField.field, VaultField.kind)
        .where(VaultField.case_id == case.id)
        .order_by(VaultField.made_at, VaultField.id)
    )
    parts = desk.session.scalars(
        sa.select(Participant)
        .where(
            Participant.case_id == case.id,
            Participant.role == REPORTER,
            Participant.person_id != desk.actor.person_id,
        )
        .order_by(Participant.since_at, Participant.id)
    )
    named = permits(Right.REVEAL_REPORTER, relations)
    people = tuple(MaskedLine(one.id, REPORTER, REPORTER, named) for one in parts)
    return people + tuple(
        MaskedLine(
            row.id,
            row.field,
            row.kind,
            permits(
                Right.REVEAL_REPORTER if _is_reporters(row.kind, row.field) else Right.REVEAL,
                relations,
            ),
        )
        for row in rows
    )


def _is_reporters(kind: str, field: str) -> bool:
    return kind.startswith(REPORTER) or field.split(".", maxsplit=1)[0].startswith(REPORTER)
